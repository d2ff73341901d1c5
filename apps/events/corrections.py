"""The stage that brings what changed at a source to the fields that rest on it, and to nothing else.

Each change is a SourceChange (see source_changes.py). `propagate()` puts a Correction on the desk for each
published piece of evidence that it concerns, and settles by itself what was only proposed. Safe to repeat.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.annotations.models import Annotation
from apps.articles.models import Article, ArticleVersion
from apps.core.history import noted
from apps.core.stages import StageStatus, attempt
from apps.events import curate, desk
from apps.events.models import Assembly, Cause, Correction, Event, Evidence, SourceChange, Standing
from apps.events.numbering import lock_events
from apps.events.rereading import Rereading
from apps.events.resting import resting_on
from apps.events.rewording import Place, stands, successor
from apps.events.source_changes import concerned, detail, trust, withdrawn

WHO = "pipeline: corrections"
Outcome = Correction.Outcome
_COPIES_SHOWN = 20


def waiting() -> QuerySet[SourceChange]:
    """Changes that are due, oldest first; a new version once the machine has read it, or never will."""
    ended = [StageStatus.DONE, StageStatus.QUARANTINED]
    version = OuterRef("version")
    assembled = Assembly.objects.filter(annotation__article_version=version, status__in=ended)
    unread = Annotation.objects.filter(article_version=version, status=StageStatus.QUARANTINED)
    newer = ArticleVersion.objects.filter(
        article=OuterRef("article"), number__gt=OuterRef("version__number")
    )
    ready = Q(version__isnull=True) | Exists(assembled) | Exists(unread) | Exists(newer)
    return SourceChange.objects.due().filter(ready).order_by("pk")


def propagate(change: SourceChange) -> SourceChange:
    """Bring one change to what rests on it; return its row, whose status tells whether that worked."""
    counts = attempt(change, lambda: _propagate(change))
    if counts is not None:
        SourceChange.objects.filter(pk=change.pk).update(
            corrections=counts.queued, withdrawn=counts.settled
        )
    change.refresh_from_db()
    return change


def again(article: Article) -> int:
    """Let an article's changes be looked at again, for what came to rest on it since; return how many."""
    return SourceChange.objects.filter(article=article).release()


@dataclass(slots=True)
class _Counts:
    queued: int = 0
    settled: int = 0


def _propagate(change: SourceChange) -> _Counts:
    # Not while an article is assembled: what it attaches to an older text must be there, or see the newer one.
    lock_events()
    counts, events = _Counts(), set()
    latest = change.version is None or change.version == change.version.article.latest()
    for evidence in concerned(change) if latest else ():
        told = _told(change, evidence)
        if told is None:
            _stands_again(evidence)
        elif evidence.standing != Standing.REJECTED:
            quiet = _is_machines_alone(evidence)
            correction = _queue(change, evidence, told, quiet=quiet)
            if correction is not None and quiet:
                _settle(correction)
            counts.settled += correction is not None and quiet
            counts.queued += correction is not None and not quiet
            events.add(evidence.event_id)
    desk.refresh(events)
    return counts


def _told(change: SourceChange, evidence: Evidence) -> dict[str, Any] | None:
    """Return a correction's columns about the change; None where the evidence stands as it was."""
    told: dict[str, Any] = {"was": evidence.quote, "detail": detail(change)[:300]}
    if change.version is None:
        # What is decided about a retraction or an empty address is decided for as long as it lasts.
        key = change.key if change.cause == Cause.RATING else change.cause
        return {**told, "cause_key": key}
    old, text = evidence.article_version, change.version.text
    if (
        old is None
        or evidence.start is None
        or evidence.end is None
        or stands(evidence.quote, text)
    ):
        return None
    place = successor(old.text, evidence.start, evidence.end, text)
    now = text[place.start : place.end] if place else ""
    # The same new wording in a still later version is the same change.
    told |= {
        "cause_key": f"wording:{sha256(now.encode()).hexdigest()}",
        "now_version": change.version,
    }
    span = {"now_start": place.start, "now_end": place.end} if place else {}
    return {**told, "now": now, "now_start": None, "now_end": None, **span}


def _queue(
    change: SourceChange, evidence: Evidence, told: dict[str, Any], *, quiet: bool
) -> Correction | None:
    """Write the correction, or bring the one that waits up to date; None where an editor decided it before."""
    of_cause = Correction.objects.filter(evidence=evidence, cause=change.cause)
    row = of_cause.filter(cause_key=told["cause_key"]).first()
    if row is not None and row.outcome not in (Outcome.OPEN, Outcome.MOOT):
        return None
    row = row or of_cause.open().first()
    row = row or Correction(evidence=evidence, event=evidence.event, cause=change.cause)
    found = resting_on(evidence)
    row.fields, row.alone, row.quiet = found.fields, found.alone, quiet
    row.outcome, row.decided_at, row.decided_by = Outcome.OPEN, None, None
    row.changes = []
    for column, value in told.items():
        setattr(row, column, value)
    if row.now_version is not None and row.now_start is not None and row.now_end is not None:
        place = Place(row.now_start, row.now_end, 100)
        row.changes = Rereading(row.now_version, place).changes(evidence, found.claims)
    row.save()
    row.claims.set(found.claims)
    return row


def _is_machines_alone(evidence: Evidence) -> bool:
    """Tell whether it is a proposal of the machine that no editor has touched."""
    if evidence.standing != Standing.PROPOSED or evidence.origin != Evidence.Origin.MACHINE:
        return False
    if evidence.event.status == Event.Status.PUBLISHED:
        return True
    return not evidence.event.decisions.filter(by__isnull=False).exists()


def _settle(correction: Correction) -> None:
    """Move a proposal to the new wording, or take it back where there is none or the machine has it already."""
    reason = f"{correction.get_cause_display().capitalize()}. {correction.detail}".strip()
    place, version = correction.now_start, correction.now_version
    if version is None or place is None or correction.now_end is None:
        curate.withdraw(correction, by_label=WHO, reason=reason)
        return
    reading = Rereading(version, Place(place, correction.now_end, 100))
    settle = curate.withdraw if reading.proposed(correction.evidence) else curate.reword
    settle(correction, by_label=WHO, reason=reason)


def _stands_again(evidence: Evidence) -> None:
    """The text says again what it said: nothing is left to decide, and a proposal taken back returns."""
    of_wording = evidence.corrections.filter(cause=Cause.NEW_VERSION)
    _moot(of_wording.open())
    _restore(of_wording)


def _restore(corrections: QuerySet[Correction]) -> None:
    for row in withdrawn().filter(pk__in=corrections.values("pk")).select_related("event"):
        last = row.event.decisions.first()
        if row.event.status != Event.Status.REJECTED or (last and last.by_label == WHO):
            curate.restore(row, by_label=WHO, reason="The source says it again.")


def _moot(corrections: QuerySet[Correction]) -> set[int]:
    """Close corrections that nothing is left to decide of; return the events they were about."""
    rows = list(corrections.values_list("pk", "event_id"))
    Correction.objects.filter(pk__in=[pk for pk, _ in rows]).update(
        outcome=Outcome.MOOT, decided_at=timezone.now()
    )
    events = {event for _, event in rows}
    desk.refresh(events)
    return events


@transaction.atomic
def close_moot() -> int:
    """Close what waits although its cause is gone or nothing rests on it any more; return on how many events.

    An article that is back or not retracted any more, a rating raised again, evidence rejected or replaced
    since. What was withdrawn for a retraction that was taken back is proposed again.
    """
    with noted(who=WHO):
        return len(_close_moot())


def _close_moot() -> set[int]:
    waiting = Correction.objects.open()
    article = {Cause.GONE: "gone_at", Cause.RETRACTED: "retracted_at"}
    over = Q(evidence__standing=Standing.REJECTED) | Q(evidence__replaced_by__isnull=False)
    for cause, column in article.items():
        standing = Article.objects.filter(**{f"{column}__isnull": False})
        over |= Q(cause=cause) & ~(
            Q(evidence__article_version__article__in=standing)
            | Q(evidence__url__in=standing.values("url"))
            | Q(evidence__url__in=standing.values("canonical_url"))
        )
    raised = [row.pk for row in waiting.filter(cause=Cause.RATING) if _is_trusted_again(row)]
    events = _moot(waiting.filter(over | Q(pk__in=raised)))
    back = Q(evidence__article_version__article__retracted_at__isnull=True)
    _restore(Correction.objects.filter(back, cause=Cause.RETRACTED))
    return events


def _is_trusted_again(correction: Correction) -> bool:
    lowered = SourceChange.objects.select_related("source", "change").get(key=correction.cause_key)
    if lowered.source is None or lowered.change is None:
        return False
    before = (lowered.change.before or {})["reliability"]
    return trust(lowered.source.reliability) >= trust(before)


def copies_still(correction: Correction) -> list[Article]:
    """Return the other articles of the same story whose newest text still has the old wording, at most 20."""
    version = correction.evidence.article_version
    if version is None or not correction.was:
        return []
    copies = (
        ArticleVersion.objects.latest_of_each()
        .filter(article__story=version.article.story_id, article__retracted_at__isnull=True)
        .exclude(article=version.article_id)
        .select_related("article__source")
        .defer("raw")
        .order_by("article_id")
    )[:_COPIES_SHOWN]
    return [copy.article for copy in copies if stands(correction.was, copy.text)]
