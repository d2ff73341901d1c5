"""What the event page and the drawer show of one event. Everything starts from `.public()`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import F, Prefetch

from apps.actors.models import Actor
from apps.core import plover
from apps.events.headline import DISPUTABLE, FOR, TOLLS, ClaimValue, current
from apps.events.models import Claim, Decision, Event, Evidence, Link, Participation
from apps.events.voices import Voices
from apps.timelines import queries, readings, tension, wording
from apps.timelines.models import Timeline
from apps.timelines.queries_evidence import Quote, Reports

SUPERSEDABLE = (*TOLLS, *DISPUTABLE)


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim, and whether a later word of the same voice has replaced it."""

    claim: Claim
    says: str
    superseded: bool
    quote: Quote | None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """Another event, how the two stand to each other, and the days between them."""

    event: Event
    words: str
    latency: str
    note: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A decision as the public may see it."""

    decision: Decision
    who: str
    times: int = 1  # how many neighbours said the same on the same day


def find(public_id: str) -> Event | None:
    """Return the public event of that id, following merges to where they lead; None where nothing is public."""
    events = Event.objects.select_related("place__parent", "merged_into")
    event = events.filter(public_id=public_id).first()
    seen: set[int] = set()
    while event is not None and event.merged_into_id is not None and event.pk not in seen:
        seen.add(event.pk)
        event = events.filter(pk=event.merged_into_id).first()
    return event if event is not None and event.status == Event.Status.PUBLISHED else None


def actors_by_role(event: Event) -> list[tuple[str, list[Participation]]]:
    """Return the parts actors have in the event: initiators, targets, others; empty roles left out."""
    parts: dict[str, list[Participation]] = defaultdict(list)
    for part in event.participations.select_related("actor"):
        parts[part.role].append(part)
    names = {"initiator": "Initiators", "target": "Targets", "other": "Others involved"}
    return [(name, parts[role]) for role, name in names.items() if parts[role]]


def claims_of(event: Event, found: Reports, voices: Voices | None = None) -> list[ClaimRow]:
    """Return the event's public claims in the order they became known, the superseded ones marked."""
    rows = (
        Claim.objects.public()
        .filter(event=event)
        .select_related("speaker", "source")
        .prefetch_related(Prefetch("evidence", queryset=Evidence.objects.public()))
        .order_by(F("known_at").asc(nulls_last=True), "pk")
    )
    claims = list(rows)
    if not claims:
        return []
    words = says(claims)
    by_evidence = {q.evidence.pk: q for story in found.stories for q in story.quotes}
    values = (voices or Voices()).values(event, claims)
    replaced = _replaced(values)
    return [
        ClaimRow(
            claim=claim,
            says=words[claim.pk],
            superseded=id(value) in replaced,
            quote=by_evidence.get(claim.evidence_id) if claim.evidence_id else None,
        )
        for claim, value in zip(claims, values, strict=True)
    ]


def says(claims: Iterable[Claim]) -> dict[int, str]:
    """Return what each claim says, by its id; a value that is an actor's slug becomes the actor's name."""
    rows = list(claims)
    slugs = {claim.value for claim in rows if claim.value}
    names = dict(Actor.objects.filter(slug__in=slugs).values_list("slug", "name"))
    return {
        claim.pk: wording.says(
            claim.get_act_display(), claim.number, names.get(claim.value, claim.value)
        )
        for claim in rows
    }


def _replaced(values: list[ClaimValue]) -> set[int]:
    """Identities of claims whose voice says otherwise by now; the same said again replaces nothing."""
    latest = {
        (name, value.voice): (value.act, value.number)
        for name in SUPERSEDABLE
        for value in current(values, name)
    }
    return {
        id(value)
        for value in values
        if value.field in SUPERSEDABLE
        and value.act not in ("retracts", "declines")
        and latest.get((value.field, value.voice)) != (value.act, value.number)
    }


def contested_why(event: Event, rows: Iterable[ClaimRow]) -> list[str]:
    """Return in sentences why the event is contested: tolls that differ, what is both asserted and denied."""
    standing = [row.claim for row in rows if not row.superseded]
    why = [
        f"Figures of the {name} differ, from {low:,} to {high:,}."
        for name in TOLLS
        if (low := getattr(event, f"{name}_low")) is not None
        and (high := getattr(event, f"{name}_high")) is not None
        and low != high
    ]
    for name in DISPUTABLE:
        said = [c for c in standing if c.field == name and c.act in FOR]
        denied = [c for c in standing if c.field == name and c.act == Claim.Act.DENIES]
        if said and denied:
            label = str(Claim.Field(name).label).capitalize()
            why.append(f"{label}: stated by {_speakers(said)}; denied by {_speakers(denied)}.")
    return why


def _speakers(claims: list[Claim]) -> str:
    return ", ".join(dict.fromkeys(claim.speaker_name for claim in claims))


def timelines_of(event: Event) -> list[Timeline]:
    """Return the published timelines that the event belongs to, by rule or by pin."""
    return [
        scope.timeline
        for scope in queries.read_scopes(list(Timeline.objects.public()))
        if queries.members(scope).filter(pk=event.pk).exists()
    ]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What an event weighs in the index, term by term."""

    terms: tension.Severity
    score: float  # published by PLOVER, with the slips corrected
    corrected: bool
    weight: float
    denied: bool


def weigh(event: Event) -> Weighed:
    """Return the terms of a public event's severity and its weight, as the index reads it."""
    (reading,) = readings.readings(Event.objects.filter(pk=event.pk))
    code = (event.type, event.mode) if event.mode in plover.MODES[event.type] else (event.type, "")
    return Weighed(
        terms=tension.severity(reading),
        score=plover.score(event.type, event.mode),
        corrected=code in plover.CORRECTIONS,
        weight=tension.weight(reading),
        denied=reading.denied,
    )


BACKWARD_WORDS = {
    Link.Kind.RETALIATES_FOR: "is retaliated for by",
    Link.Kind.RESPONDS_TO: "is answered by",
    Link.Kind.CARRIES_OUT_THREAT: "holds the threat carried out by",
    Link.Kind.VIOLATES: "is violated by",
    Link.Kind.PART_OF: "has as a part",
}


def links_of(event: Event) -> tuple[list[LinkRow], list[LinkRow]]:
    """Return what the event answers to, and what answers to it; both ends public, the link published."""
    published = Link.objects.public().select_related("source", "target")
    before = [
        LinkRow(link.target, link.get_kind_display(), _latency(link), link.note)
        for link in published.filter(source=event).order_by("target__start", "pk")
    ]
    after = [
        LinkRow(link.source, BACKWARD_WORDS[Link.Kind(link.kind)], _latency(link), link.note)
        for link in published.filter(target=event).order_by("source__start", "pk")
    ]
    return before, after


def _latency(link: Link) -> str:
    if link.kind == Link.Kind.PART_OF:
        return ""
    earlier, later = link.target, link.source
    exact = earlier.precision == later.precision == Event.Precision.DAY
    days = wording.latency((earlier.start, earlier.end), (later.start, later.end), exact)
    return wording.latency_in_words(*days)


def history_of(event: Event) -> list[HistoryRow]:
    """Return the decisions about the event, newest first; people by their part, not by their name.

    Decisions of one day that follow each other and say the same are one row.
    """
    decisions = event.decisions.select_related("by").order_by("-at", "-pk")
    runs = groupby(decisions, lambda d: (d.action, _who(d), d.reason, d.at.date()))
    rows = []
    for (_, who, _, _), run in runs:
        same = list(run)
        rows.append(HistoryRow(same[0], who, len(same)))
    return rows


def _who(decision: Decision) -> str:
    if decision.by is None:
        return decision.by_label
    return "an administrator" if decision.by.is_superuser else "an editor"
