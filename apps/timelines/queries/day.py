"""One day of a timeline's index taken apart: from its value to the events, and from these to the sentences."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Q

from apps.events.models import Event, Evidence
from apps.timelines import tension
from apps.timelines.filters import Filters, cleared
from apps.timelines.queries import day_parts
from apps.timelines.queries.events import Weighed, weigh
from apps.timelines.queries.evidence import Quote, evidence_of, quote
from apps.timelines.queries.index import index as read_index
from apps.timelines.queries.readings import readings
from apps.timelines.queries.selection import Selection

MOST_EVENTS = 12  # are told with their sentences; the others in sum
MOST_SENTENCES = 2
MOST_CITED = 3


@dataclass(frozen=True, slots=True)
class Row:
    """What one event adds to the day: every factor, and the first sentences that tell of it.

    `load` = severity x weight x `so_far` of its days x `left` of what has come.
    """

    event: Event
    load: float
    share: float  # of all that adds or takes away, 0 to 1
    weighed: Weighed
    confidence: float  # the weight of its confidence
    contested: float  # the weight of a denial that stands, 1 without one
    so_far: tuple[int, int]  # of its days, how many have come, and how many there are
    left: float  # of what has come, how much the memory keeps, 0 to 1
    since: int  # days since its first
    quotes: Sequence[Quote] = ()
    cited: Sequence[Evidence] = ()
    more: int = 0  # pieces of evidence beyond these


@dataclass(frozen=True, slots=True)
class Sum:
    """Events that are not told one by one."""

    count: int
    load: float
    share: float = 0.0


@dataclass(frozen=True)
class OpenDay:
    """A day's value, its band, where it came from, and what it is made of."""

    today: tension.Day
    before: tension.Day
    change: tension.Change
    rows: Sequence[Row]
    others: Sum
    added: Sequence[tuple[Event, float]]  # what fell on the day, the largest first
    added_others: Sum
    formula: str = field(default=tension.VERSION)

    @property
    def day(self) -> date:
        """The day."""
        return self.today.day

    @property
    def difference(self) -> float:
        """What the value changed since the day before, in points of the index."""
        return self.today.value - self.before.value

    @cached_property
    def bars(self) -> list[tuple[Row, float]]:
        """Each event with the length of its bar, 0 to 100: the largest is whole."""
        longest = max((row.share for row in self.rows), default=1.0)
        return [(row, 100 * row.share / longest) for row in self.rows]


def last_known(chosen: Selection) -> date:
    """Return the last day that the index is told of: the timeline's end, or the day as of which is asked."""
    return chosen.as_of.until(chosen.bounds.end)


def open_day(chosen: Selection, day: date, most: int = MOST_EVENTS) -> OpenDay:
    """Take `day` apart, from all public events of the timeline known then; a few queries of its own.

    The index is the timeline's: filters choose what is listed, never what it is made of.
    """
    scope = chosen.scope
    shown = Filters(day - timedelta(days=1), day)
    (before, today), _ = read_index(scope, shown, chosen.as_of, chosen.actor_ids)
    told = day_parts.standing(scope, day, most)
    change = day_parts.change(scope, day)
    first = [tension.Contribution(key, load, abs(load) / told.gross) for key, load in told.largest]
    named = sum(c.load for c in first), sum(c.share for c in first)
    falling = list(change.added.items())
    events = _events(chosen, {c.key for c in first} | {key for key, _ in falling[:most]})
    proofs = _evidence([events[c.key] for c in first], chosen)
    return OpenDay(
        today=today,
        before=before,
        change=change,
        rows=[_row(c, events[c.key], day, proofs.get(events[c.key].pk, [])) for c in first],
        others=Sum(told.count - len(first), told.total - named[0], 1 - named[1]),
        added=[(events[key], load) for key, load in falling[:most]],
        added_others=Sum(len(falling[most:]), sum(load for _, load in falling[most:])),
    )


def _events(chosen: Selection, keys: set[str]) -> Mapping[str, Event]:
    events = list(chosen.scope.public.select_related("place").filter(public_id__in=keys))
    chosen.scope.then.onto(events)
    return {event.public_id: event for event in events}


def _evidence(events: Sequence[Event], chosen: Selection) -> dict[int, list[Evidence]]:
    """Return the public evidence of events by event, in the order in which it became known; one query."""
    found: dict[int, list[Evidence]] = defaultdict(list)
    if events:
        for row in evidence_of(events, chosen.as_of.moment):
            found[row.event_id].append(row)
    return found


def _row(told: tension.Contribution, event: Event, day: date, proofs: Sequence[Evidence]) -> Row:
    weighed = weigh(event)
    days = (event.end - event.start).days + 1
    so_far = min(days, (day - event.start).days + 1)
    come = weighed.terms.total * weighed.weight * so_far / days
    quotes = _first_quotes(proofs)
    cited = [row for row in proofs if row.article_version_id is None]
    shown = cited[: MOST_CITED - len(quotes)]
    return Row(
        event=event,
        load=told.load,
        share=told.share,
        weighed=weighed,
        confidence=tension.CONFIDENCE_WEIGHT[event.confidence],
        contested=tension.DENIED_WEIGHT if weighed.denied else 1.0,
        so_far=(so_far, days),
        left=told.load / come,
        since=(day - event.start).days,
        quotes=quotes,
        cited=shown,
        more=len(proofs) - len(quotes) - len(shown),
    )


def _first_quotes(proofs: Sequence[Evidence]) -> list[Quote]:
    """Return the first sentence of each of the first articles that have one, samples last."""
    first: dict[int, Quote] = {}
    for row in proofs:
        found = quote(row)
        if found is not None:
            first.setdefault(found.article.pk, found)
    return sorted(first.values(), key=lambda q: q.article.project_written)[:MOST_SENTENCES]


@dataclass(frozen=True, slots=True)
class Peak:
    """A day that stands above its neighbours, and what fell on it that weighs most."""

    day: tension.Day
    event: Event | None


def whole_index(chosen: Selection) -> Sequence[tension.Day]:
    """Return the index of all days of the timeline, as far as they were known then."""
    whole = chosen.filters.changed(start=chosen.bounds.start, end=chosen.bounds.end)
    days, _ = read_index(chosen.scope, cleared(whole), chosen.as_of, chosen.actor_ids)
    return days


def peaks(chosen: Selection, most: int = 10) -> list[Peak]:
    """Return the highest days of the whole timeline, with what weighs most of what fell on them."""
    days = tension.peaks(whole_index(chosen), most)
    on_them = Q(pk__in=[])
    for day in days:
        on_them |= Q(start__lte=day.day, end__gte=day.day)
    found = readings(chosen.scope.public.filter(on_them), chosen.scope.then.by_event)
    heaviest = {day.day: next(iter(tension.falling(found, day.day)), "") for day in days}
    events = _events(chosen, set(heaviest.values()))
    return [Peak(day, events.get(heaviest[day.day])) for day in days]
