"""Writing what an article says about an event: proposed evidence and claims, each once."""

import re
from collections.abc import Set
from datetime import UTC, datetime, time
from typing import Any, TypeVar

from django.db.models import Q

from apps.annotations.models import Candidate, ClaimCandidate, StoryEvent
from apps.articles.models import ArticleVersion
from apps.events.headline import TOLLS
from apps.events.known import World
from apps.events.models import Claim, Event, Evidence, Standing

Row = TypeVar("Row", Evidence, Claim)
_NUMBER = re.compile(r"\d[\d,]*")
# Figures that are none: what was read from them is told in the report's word.
_VAGUE = re.compile(r"\b(dozens|scores|hundreds|thousands|several)\b", re.IGNORECASE)


def attach_evidence(
    event: Event, mention: Candidate, why: str, score: float | None, kept: Set[int] = frozenset()
) -> Evidence:
    """Propose the mention's sentence as evidence; what lies there already stays as it is.

    Only what nobody decided about, and is none of the rows `kept` (ids), says from now on what is read now.
    """
    stance = Evidence.Stance.SUPPORTS
    if mention.modality != Candidate.Modality.ACTUAL:
        denied = any(c.field == "occurrence" and c.act == "denies" for c in mention.claims.all())
        stance = Evidence.Stance.CONTRADICTS if denied else Evidence.Stance.MENTIONS
    read = f"read as {mention.type}, {mention.get_modality_display()}: {mention.why}".rstrip(": ")
    return _evidence(
        event,
        mention.annotation.article_version,
        mention.start,
        mention.end,
        stance=stance,
        candidate=mention,
        why=f"{why}; {read}",
        match_score=score,
        kept=kept,
    )


def _evidence(
    event: Event,
    version: ArticleVersion,
    start: int,
    end: int,
    *,
    kept: Set[int] | None = None,
    **values: Any,
) -> Evidence:
    quote = version.text[start:end]
    same = Q(article_version=version, start__lt=end, end__gt=start)
    reprinted = Q(article_version__article=version.article, quote=quote)
    known = event.evidence.filter(same | reprinted).order_by("start").first()
    if known is not None:
        old = kept is None or known.pk in kept or known.start != start
        return known if old else _follow(known, event, values)
    return Evidence.objects.create(
        event=event,
        article_version=version,
        start=start,
        end=end,
        quote=quote,
        origin=Evidence.Origin.MACHINE,
        known_at=version.known_at,
        **values,
    )


def _follow(known: Row, event: Event, values: dict[str, Any]) -> Row:
    """Let a row that nobody decided about say what the reading says now."""
    if event.status != Event.Status.PROPOSED or event.settled_at is not None:
        return known
    if known.standing != Standing.PROPOSED or known.origin != Evidence.Origin.MACHINE:
        return known
    changed = [name for name, value in values.items() if getattr(known, name) != value]
    for name in changed:
        setattr(known, name, values[name])
    if changed:
        known.save(update_fields=changed)
    return known


def attach_claim(
    event: Event, said: ClaimCandidate, world: World, kept: Set[int] = frozenset()
) -> Claim:
    """Propose what somebody says about the event, resting on the sentence that says it."""
    version = said.annotation.article_version
    evidence = _evidence(
        event,
        version,
        said.start,
        said.end,
        stance=Evidence.Stance.MENTIONS,
        candidate=said.candidate,
        why="Says something about the event",
    )
    speaker = world.actors.get(said.speaker)
    field, value, number = valued(said)
    return _claim(
        event,
        evidence,
        speaker=speaker,
        speaker_text="" if speaker else said.speaker[:300],
        act=said.act if said.act in Claim.Act.values else Claim.Act.ASSERTS,
        field=field,
        number=number,
        value=value[:500],
        candidate=said,
        known_at=_said_at(event, said),
        kept=kept,
    )


def _said_at(event: Event, said: ClaimCandidate) -> datetime:
    """Return when the words were known: what a report only looks back on ("had first denied") is as old as
    the event's first report, so that it takes the place of nothing said since."""
    reported = said.annotation.article_version.known_at
    if not said.earlier:
        return reported
    first = event.first_public_at or datetime.combine(event.start, time.min, UTC)
    return min(first, reported)


def valued(said: ClaimCandidate) -> tuple[str, str, int | None]:
    """Return field, value and number; a toll without a figure ("dozens") is told in words."""
    field = said.field if said.field in Claim.Field.values else Claim.Field.OTHER
    if field not in TOLLS:
        return field, said.value, None
    found = _NUMBER.search(said.value)
    if found is not None:
        return field, said.value, int(found.group().replace(",", ""))
    if said.act in ("denies", "retracts", "declines"):
        return field, said.value, None
    return Claim.Field.OTHER, f"{field}: {said.value}", None


def attach_toll(
    event: Event, distinct: StoryEvent, evidence: Evidence, claimed: set[str]
) -> list[Claim]:
    """Propose the article's own figures, for the fields that nobody quoted in it speaks about.

    Only of its news: what it tells again of an older event is no new count.
    """
    if distinct.role != distinct.Role.MAIN:
        return []
    article = distinct.annotation.article_version.article
    who: dict[str, Any] = {"source": article.source, "speaker": None, "speaker_text": ""}
    if article.source is None:
        who["speaker_text"] = article.agency or distinct.annotation.agency or "the report"
    claims = []
    for field, number in (("killed", distinct.killed), ("wounded", distinct.wounded)):
        if number is None or field in claimed:
            continue
        vague = _VAGUE.search(evidence.quote)
        told: dict[str, Any] = {"field": field, "number": number, "value": str(number)}
        if vague is not None and str(number) not in evidence.quote:
            word = vague.group().lower()
            told = {"field": Claim.Field.OTHER, "number": None, "value": f"{field}: {word}"}
        claims.append(_claim(event, evidence, act=Claim.Act.ASSERTS, **told, **who))
    return claims


def _claim(
    event: Event, evidence: Evidence, *, kept: Set[int] | None = None, **values: Any
) -> Claim:
    """The same speaker saying the same thing in the same article is one claim, whatever became of it."""
    same = {key: values.get(key) for key in ("speaker", "source", "act", "field", "number")}
    same["speaker_text"] = values.get("speaker_text", "")
    if values["field"] == Claim.Field.OTHER:
        same["value"] = values["value"]
    article = evidence.article_version.article if evidence.article_version else None
    known = event.claims.filter(evidence__article_version__article=article, **same).first()
    if known is not None:
        return known if kept is None or known.pk in kept else _follow(known, event, values)
    return Claim.objects.create(
        event=event,
        evidence=evidence,
        origin=Evidence.Origin.MACHINE,
        **{"known_at": evidence.known_at, **values},
    )
