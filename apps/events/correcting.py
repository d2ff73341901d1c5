"""Deciding what a changed source means for what rests on it. Part of curate: it re-exports these.

What a later version says instead is new evidence and a new claim that answers the old one: both stay, so that
a view as of an earlier day shows what could be known then.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from apps.accounts.models import User
from apps.events.decide import (
    CurateError,
    close,
    decision,
    locked,
    reasoned,
    refuse_closed,
    refuse_without_support,
)
from apps.events.models import Claim, Correction, Decision, Event, Evidence, Link, Standing
from apps.events.rereading import Rereading, told
from apps.events.rewording import Place
from apps.events.snapshot import snapshot

Action = Decision.Action
Outcome = Correction.Outcome
_DIGITS = re.compile(r"[0-9]{1,3}(?:,?[0-9]{3})*")
_MOST = 2_147_483_647


def _opened(correction: Correction) -> tuple[Event, dict[str, Any]]:
    """Lock the event of a correction that still waits; return it with its state."""
    (event,) = locked(correction.event)
    correction.refresh_from_db()
    if correction.outcome != Outcome.OPEN:
        raise CurateError(f"This was decided already: {correction.get_outcome_display()}.")
    refuse_closed(event)
    return event, snapshot(event)


def _settle(
    event: Event,
    correction: Correction,
    outcome: Outcome,
    before: dict[str, Any],
    by: User | None,
    by_label: str,
    reason: str,
) -> Decision:
    """Close a correction, and those that have no object any more; write the decision."""
    now = timezone.now()
    correction.outcome, correction.decided_at, correction.decided_by = outcome, now, by
    correction.save(update_fields=["outcome", "decided_at", "decided_by"])
    if outcome != Outcome.KEPT:
        others = Correction.objects.open().filter(evidence=correction.evidence)
        others.update(outcome=Outcome.MOOT, decided_at=now)
    return close(
        event,
        Action.CORRECT,
        before,
        by,
        by_label,
        reason,
        correction={
            "cause": correction.get_cause_display(),
            "detail": correction.detail,
            "outcome": correction.get_outcome_display(),
            "was": correction.was,
            "now": correction.now,
        },
    )


@decision
def keep(
    correction: Correction, *, by: User | None = None, by_label: str = "", reason: str
) -> Decision:
    """Leave everything as it is, with the reason why the change does not matter."""
    reason = reasoned(reason)
    event, before = _opened(correction)
    return _settle(event, correction, Outcome.KEPT, before, by, by_label, reason)


@decision
def remove(
    correction: Correction, *, by: User | None = None, by_label: str = "", reason: str
) -> Decision:
    """Reject the evidence, the wordings it replaced, and the claims and links that rest on them.

    A published event keeps its last evidence: CurateError says to attach other evidence or reject the event.
    """
    reason = reasoned(reason)
    event, before = _opened(correction)
    falling = _lineage(correction.evidence)
    refuse_without_support(event, falling)
    Link.objects.filter(evidence__in=falling).update(standing=Standing.REJECTED)
    Claim.objects.filter(evidence__in=falling).update(standing=Standing.REJECTED)
    Evidence.objects.filter(pk__in=falling).update(standing=Standing.REJECTED)
    return _settle(event, correction, Outcome.REMOVED, before, by, by_label, reason)


def _lineage(evidence: Evidence) -> list[int]:
    """Ids of the evidence and of the earlier wordings that it took the place of."""
    found, fresh = [evidence.pk], [evidence.pk]
    while fresh:
        earlier = Evidence.objects.filter(replaced_by__in=fresh).exclude(pk__in=found)
        fresh = list(earlier.values_list("pk", flat=True))
        found += fresh
    return found


@decision
def take_over(
    correction: Correction,
    *,
    values: Mapping[int, str | None] | None = None,
    by: User | None = None,
    by_label: str = "",
    reason: str = "",
) -> Decision:
    """Let the evidence say what the new version says, and its claims what that gives.

    `values`: claim id -> what the new wording gives (digits of a toll, else words; None: nothing any more),
    for claims where the editor knows better than the machine, or the machine read nothing. A claim of the
    report itself that it gives no more is taken back; what it said others had said stays theirs.
    CurateError where there is no new wording, or nobody told what it gives for a claim.
    """
    event, before = _opened(correction)
    if correction.now_version is None or not correction.now:
        raise CurateError(
            "There is no new wording to take over: keep the evidence as it is, or remove it."
        )
    new = _new_evidence(correction, event, by)
    read = {row["claim"]: row["now"] for row in correction.changes if row["claim"]}
    given = {**read, **(values or {})}
    for claim in correction.claims.exclude(standing=Standing.REJECTED).order_by("pk"):
        _answer(claim, new, _given(claim, given, values or {}))
    Evidence.objects.filter(pk=correction.evidence_id).update(replaced_by=new)
    return _settle(event, correction, Outcome.TAKEN_OVER, before, by, by_label, reason)


def _given(
    claim: Claim, given: Mapping[int, str | None], told_by_editor: Mapping[int, str | None]
) -> str | None:
    """Return what the new wording gives for a claim; CurateError where nobody knows or it is no number."""
    value = given.get(claim.pk)
    if value is None:
        if claim.pk in told_by_editor:
            return None
        raise CurateError(
            f"The machine read nothing for “{claim.get_field_display()}” in the new wording: "
            "say what it gives, or that it gives nothing any more."
        )
    value = value.strip()[:500]
    if claim.number is not None:
        if not _DIGITS.fullmatch(value) or int(value.replace(",", "")) > _MOST:
            raise CurateError(f"“{value[:40]}” is no number of {claim.get_field_display()}.")
        return value.replace(",", "")
    if claim.value and not value:
        raise CurateError(f"Say what the new wording gives for “{claim.get_field_display()}”.")
    return value


def _new_evidence(correction: Correction, event: Event, by: User | None) -> Evidence:
    """Let the new version's sentence stand as the old one did: as the machine attached it, or as a new row."""
    old, version = correction.evidence, correction.now_version
    start, end = correction.now_start, correction.now_end
    if version is None or start is None or end is None:
        raise CurateError("There is no new wording to take over.")
    read = Rereading(version, Place(start, end, 100))
    row = read.proposed(old)
    if row is None:
        row = Evidence(
            event=event,
            article_version=version,
            start=start,
            end=end,
            quote=correction.now,
            stance=old.stance,
            candidate=read.candidate(),
            known_at=version.known_at,
            origin=Evidence.Origin.EDITOR if by else Evidence.Origin.MACHINE,
            why=f"Version {version.number} says this in place of what was quoted before.",
        )
    row.standing = old.standing
    row.save()
    return row


def _answer(claim: Claim, evidence: Evidence, value: str | None) -> None:
    """Write down what the new wording says in place of `claim`."""
    if value is None and claim.source is None:
        return  # the report does not repeat it; its speaker took nothing back
    answer = _found(claim, evidence, value) or Claim(
        event=claim.event,
        speaker=claim.speaker,
        source=claim.source,
        speaker_text=claim.speaker_text,
        field=claim.field,
        origin=evidence.origin,
    )
    answer.act = Claim.Act.RETRACTS if value is None else claim.act
    answer.number = int(value) if value is not None and claim.number is not None else None
    answer.value = "" if value is None else value
    answer.evidence, answer.known_at = evidence, evidence.known_at
    answer.answers, answer.standing = claim, claim.standing
    answer.save()


def _found(claim: Claim, evidence: Evidence, value: str | None) -> Claim | None:
    """The claim that the machine proposed from the new version already, where it says just this."""
    version = evidence.article_version
    if version is None or value is None:
        return None
    found = Rereading(version, Place(0, len(version.text), 100)).claim(claim)
    return found if found is not None and told(found) == value else None


@decision
def withdraw(
    correction: Correction, *, by: User | None = None, by_label: str = "", reason: str
) -> Decision:
    """Take back the machine's own proposal whose source does not say it any more, without asking an editor.

    A proposed event that nothing supports then is rejected with it.
    """
    event, before = _opened(correction)
    correction.claims.filter(standing=Standing.PROPOSED).update(standing=Standing.REJECTED)
    Evidence.objects.filter(pk=correction.evidence_id).update(standing=Standing.REJECTED)
    left = event.evidence.exclude(standing=Standing.REJECTED)
    supported = left.exclude(stance=Evidence.Stance.CONTRADICTS).exists()
    if event.status == Event.Status.PROPOSED and not supported:
        _take_status(event, Event.Status.REJECTED)
    return _settle(event, correction, Outcome.REMOVED, before, by, by_label, reason)


@decision
def restore(
    correction: Correction, *, by: User | None = None, by_label: str = "", reason: str
) -> Decision:
    """Propose again what `withdraw` took back, because its source says it again."""
    (event,) = locked(correction.event)
    before = snapshot(event)
    correction.claims.filter(standing=Standing.REJECTED).update(standing=Standing.PROPOSED)
    Evidence.objects.filter(pk=correction.evidence_id).update(standing=Standing.PROPOSED)
    if event.status == Event.Status.REJECTED:
        _take_status(event, Event.Status.PROPOSED)
    return _settle(event, correction, Outcome.MOOT, before, by, by_label, reason)


def _take_status(event: Event, status: Event.Status) -> None:
    event.status = status
    event.save(update_fields=["status", "updated_at"])


@decision
def reword(
    correction: Correction, *, by: User | None = None, by_label: str = "", reason: str
) -> Decision:
    """Move a mere proposal to the new version's wording, its claims to what that gives.

    Readers never saw the old one, so nothing of it is kept; a claim that the new wording does not give is
    rejected.
    """
    event, before = _opened(correction)
    version, start, end = correction.now_version, correction.now_start, correction.now_end
    if version is None or start is None or end is None:
        raise CurateError("There is no new wording to move the proposal to.")
    row = correction.evidence
    row.article_version, row.start, row.end, row.quote = version, start, end, correction.now
    row.known_at = version.known_at
    row.candidate = Rereading(version, Place(start, end, 100)).candidate()
    row.save()
    read = {change["claim"]: change["now"] for change in correction.changes if change["claim"]}
    for claim in correction.claims.filter(standing=Standing.PROPOSED):
        value = read.get(claim.pk)
        claim.known_at = version.known_at
        if value is None:
            claim.standing = Standing.REJECTED
        elif claim.number is not None:
            claim.number, claim.value = int(value), value
        else:
            claim.value = value
        claim.save()
    return _settle(event, correction, Outcome.TAKEN_OVER, before, by, by_label, reason)
