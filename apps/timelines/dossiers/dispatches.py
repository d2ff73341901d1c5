"""A dossier's sample dispatches: into the intake, and the editors' review of what the machine made of them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from apps.actors.models import Actor, Relation
from apps.actors.upward import held
from apps.articles.extract import addresses
from apps.articles.incoming import Incoming, enqueue
from apps.articles.models import Article, ArticleVersion, IntakeBatch, IntakeItem
from apps.core.dossier import Dossier
from apps.events import curate
from apps.events.models import Claim, Event, Evidence, Standing
from apps.events.voices import Voices
from apps.timelines.kinship import Spell

EDITORS = "Dossier editors"
Item = dict[str, Any]


def enqueue_dispatches(dossier: Dossier) -> IntakeBatch | None:
    """Enqueue the dispatches whose present text was not brought in before; None where there is none."""
    names = {source["id"]: source["name"] for source in dossier.sources}
    fresh = [
        Incoming(
            label=f"{dossier.slug}: {dispatch['id']}",
            raw=dispatch["text"].encode(),
            url=dispatch["url"],
            content_type="text/plain; charset=utf-8",
            title=dispatch["title"],
            published_at=dispatch["published_at"],
            published_precision=dispatch["published_precision"],
            source_name=names[dispatch["source"]],
            project_written=True,
        )
        for dispatch in dossier.dispatches
        if not _was_brought(dispatch)
    ]
    return enqueue(fresh, label=f"dispatches of {dossier.slug}") if fresh else None


def _was_brought(dispatch: Item) -> bool:
    latest = IntakeItem.objects.filter(url=dispatch["url"]).order_by("-id").first()
    return latest is not None and bytes(latest.raw or b"") == dispatch["text"].encode()


@dataclass(slots=True)
class Reviewed:
    """How the machine's proposals compare with the review."""

    published: int = 0
    before: int = 0  # found in an earlier run, whatever became of it
    missed: list[Item] = field(default_factory=list)  # reviewed, not proposed
    refused: list[str] = field(default_factory=list)  # agreed, but curate would not
    left: int = 0  # proposed, not reviewed: the editors' queue


def apply_review(dossier: Dossier) -> Reviewed:
    """Publish the proposals that agree with the dossier editors' review; safe to repeat.

    A proposal agrees where it lies on the reviewed words of the same dispatch, hangs on the same event and,
    for a claim, says the same: speaker (or who speaks for it), act, field and number.
    """
    outcome = Reviewed()
    versions = _versions(dossier)
    same_speaker = _Speakers()
    for review in dossier.reviewed:
        rows = list(_agreeing(review, versions.get(review["dispatch"], []), same_speaker))
        proposed = [row for row in rows if row.standing == Standing.PROPOSED]
        for row in proposed:
            _publish(row, outcome)
        if not rows:
            outcome.missed.append(review)
        elif not proposed:
            outcome.before += 1
    every = [version for group in versions.values() for version in group]
    outcome.left = _left(every)
    return outcome


def _versions(dossier: Dossier) -> dict[str, list[ArticleVersion]]:
    """Return the versions of each dispatch that came through the intake, by the dispatch's id."""
    address = {addresses.canonical(item["url"]): item["id"] for item in dossier.dispatches}
    found: dict[str, list[ArticleVersion]] = {}
    for article in Article.objects.filter(canonical_url__in=address).prefetch_related("versions"):
        found[address[article.canonical_url]] = list(article.versions.all())
    return found


class _Speakers:
    """Whether two actors speak as one: the same government, or one acts for the other."""

    def __init__(self) -> None:
        self._voices = Voices()
        self._ids = {slug: actor.pk for slug, actor in Actor.objects.by_slug().items()}
        self._related: dict[tuple[str, str], list[Spell]] = defaultdict(list)
        related = Relation.objects.upward().values_list(
            "source__slug", "target__slug", "since", "until"
        )
        for source, target, since, until in related:
            self._related[source, target].append((since, until))

    def agree(self, one: str, other: str, on: date) -> bool:
        """Compare two slugs, as they stood on a day."""
        spells = [*self._related[one, other], *self._related[other, one]]
        if one == other or any(held(since, until, on) for since, until in spells):
            return True
        return self._voices.of(self._ids[one], on) == self._voices.of(self._ids[other], on)


def _agreeing(
    review: Item, versions: list[ArticleVersion], speakers: _Speakers
) -> Iterator[Evidence | Claim]:
    """Find the machine's rows that say what the review says."""
    for version in versions:
        start = version.text.find(review["quote"])
        if start < 0:
            continue
        span = Q(start__lt=start + len(review["quote"]), end__gt=start)
        event = Event.objects.filter(key=review["event"])
        evidence = Evidence.objects.filter(
            span, article_version=version, event__in=event, origin=Evidence.Origin.MACHINE
        )
        if review["as"] == "evidence":
            yield from evidence.exclude(stance=Evidence.Stance.CONTRADICTS)
            continue
        claims = Claim.objects.filter(
            evidence__in=evidence, act=review["act"], field=review["field"], speaker__isnull=False
        )
        for claim in claims.select_related("speaker", "event"):
            same_number = review["number"] is None or claim.number == review["number"]
            if same_number and speakers.agree(
                str(claim.speaker and claim.speaker.slug), review["speaker"], claim.event.start
            ):
                yield claim


def _publish(row: Evidence | Claim, outcome: Reviewed) -> None:
    """Have curate publish one row; it may have become public with an earlier one."""
    row.refresh_from_db()
    if row.standing != Standing.PROPOSED:
        return
    reason = "Agrees with the dossier editors' review of the sample dispatches."
    try:
        with transaction.atomic():
            if isinstance(row, Claim):
                curate.publish_claim(row, by_label=EDITORS, reason=reason)
            else:
                curate.publish_evidence(row, by_label=EDITORS, reason=reason)
    except curate.CurateError as error:
        outcome.refused.append(f"{row.event}: {error}")
        return
    outcome.published += 1


def _left(versions: list[ArticleVersion]) -> int:
    """Count the proposals of these dispatches that wait for an editor."""
    proposed = {"standing": Standing.PROPOSED}
    evidence = Evidence.objects.filter(article_version__in=versions, **proposed).count()
    claims = Claim.objects.filter(evidence__article_version__in=versions, **proposed).count()
    return evidence + claims
