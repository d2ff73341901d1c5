"""What the event page and the drawer show of one event. Everything starts from `.public()` or `.as_of()`."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from apps.accounts.models import named_by
from apps.core import plover
from apps.events.models import Decision, Event, Evidence, Link, Participation
from apps.events.undoing import undone_among
from apps.timelines import tension, wording
from apps.timelines.models import Timeline
from apps.timelines.queries import readings, then
from apps.timelines.queries import scope as queries
from apps.timelines.queries.evidence import Quote, in_context, quote
from apps.timelines.vocabulary import Words


@dataclass(frozen=True, slots=True)
class LinkRow:
    """Another event, how the two stand to each other, and the days between them."""

    event: Event
    words: str
    latency: str
    note: str
    quote: Quote | None  # the sentence that says so, where it is public


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A decision as the public may see it."""

    decision: Decision
    who: str
    times: int = 1  # how many neighbours said the same on the same day
    undone: bool = False  # taken back by a later one


def find(public_id: str) -> Event | None:
    """Return the public event of that id, following merges to where they lead; None where nothing is public."""
    events = Event.objects.select_related("place__parent")
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
    names = {
        "initiator": gettext("Initiators"),
        "target": gettext("Targets"),
        "other": gettext("Others involved"),
    }
    return [(name, parts[role]) for role, name in names.items() if parts[role]]


def written_later(event: Event, moment: datetime | None) -> bool:
    """Tell whether something became known of the event after the moment: its summary may tell of it."""
    if moment is None:
        return False
    return Event.objects.filter(then.hindsight(moment), pk=event.pk).exists()


def timelines_of(event: Event, moment: datetime | None = None) -> list[Timeline]:
    """Return the published timelines that the event belongs to, by rule or by pin."""
    return [
        scope.timeline
        for scope in queries.read_scopes(list(Timeline.objects.public()), moment)
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

    @property
    def adds(self) -> float:
        """What it adds to the load of its day: its severity, as much as it is believed."""
        return self.terms.total * self.weight


def weigh(event: Event) -> Weighed:
    """Return the terms of an event's severity and its weight, as the index reads the values it shows."""
    reading = readings.reading({name: getattr(event, name) for name in readings.FIELDS})
    code = (event.type, event.mode) if event.mode in plover.MODES[event.type] else (event.type, "")
    return Weighed(
        terms=tension.severity(reading),
        score=plover.score(event.type, event.mode),
        corrected=code in plover.CORRECTIONS,
        weight=tension.weight(reading),
        denied=reading.denied,
    )


BACKWARD_WORDS = Words(
    {
        Link.Kind.RETALIATES_FOR: gettext_lazy("is retaliated for by"),
        Link.Kind.RESPONDS_TO: gettext_lazy("is answered by"),
        Link.Kind.CARRIES_OUT_THREAT: gettext_lazy("holds the threat carried out by"),
        Link.Kind.VIOLATES: gettext_lazy("is violated by"),
        Link.Kind.PART_OF: gettext_lazy("has as a part"),
    }
)


# What is shown of the other event.
_ENDS = [
    f"{end}__{name}"
    for end in ("source", "target")
    for name in ("public_id", "title", "type", "start", "end", "precision")
]


def links_of(event: Event, moment: datetime | None = None) -> tuple[list[LinkRow], list[LinkRow]]:
    """Return what the event answers to, and what answers to it, as of a moment; both ends public."""
    ends = Q(source=event) | Q(target=event)
    rows = Link.objects.as_of(moment).filter(ends).select_related("source", "target")
    links = list(rows.only("kind", "note", "evidence", *_ENDS))
    resting = [link.evidence_id for link in links if link.evidence_id]
    told = Evidence.objects.as_of(moment).filter(pk__in=resting)
    quotes = {row.pk: quote(row) for row in in_context(told, moment)} if resting else {}
    before = [
        LinkRow(link.target, link.get_kind_display(), *_about(link, quotes))
        for link in sorted(links, key=lambda link: (link.target.start, link.pk))
        if link.source_id == event.pk
    ]
    after = [
        LinkRow(link.source, BACKWARD_WORDS[Link.Kind(link.kind)], *_about(link, quotes))
        for link in sorted(links, key=lambda link: (link.source.start, link.pk))
        if link.target_id == event.pk
    ]
    return before, after


def _about(link: Link, quotes: dict[int, Quote | None]) -> tuple[str, str, Quote | None]:
    return _latency(link), link.note, quotes.get(link.evidence_id or 0)


def _latency(link: Link) -> str:
    if link.kind == Link.Kind.PART_OF:
        return ""
    earlier, later = link.target, link.source
    exact = earlier.precision == later.precision == Event.Precision.DAY
    days = wording.latency((earlier.start, earlier.end), (later.start, later.end), exact)
    return wording.latency_in_words(*days)


def history_of(event: Event, moment: datetime | None = None) -> list[HistoryRow]:
    """Return the decisions about the event up to a moment, newest first; people by their part, not their name.

    Decisions of one day that follow each other and say the same are one row.
    """
    decisions = event.decisions.select_related("by").defer(*named_by("by")).order_by("-at", "-pk")
    if moment is not None:
        decisions = decisions.filter(at__lte=moment)
    found = list(decisions)
    gone = undone_among(found)
    runs = groupby(found, lambda d: (d.action, _who(d), d.reason, d.at.date(), d.group in gone))
    rows = []
    for (_, who, _, _, undone), run in runs:
        same = list(run)
        rows.append(HistoryRow(same[0], who, len(same), undone))
    return rows


def _who(decision: Decision) -> str:
    if decision.by is None:
        return decision.by_label
    return gettext("an administrator") if decision.by.is_superuser else gettext("an editor")
