"""What a day of the index is made of: added up in the database where entries are exact, else event by event.

Where an event reads otherwise then (see then.py), its part is always worked out from its reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from apps.core.replica import reading
from apps.events.models import Event
from apps.timelines import tension
from apps.timelines.models import Entry
from apps.timelines.queries import stored
from apps.timelines.queries.readings import readings
from apps.timelines.queries.scope import Scope

# An event's public id and its load, the largest first.
Loads = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Parts:
    """Loads of one day: the largest, how many there are in all, and what they come to."""

    largest: Loads
    count: int = 0
    total: float = 0.0
    gross: float = 0.0  # whatever their signs
    conflict: float = 0.0  # those above zero

    def with_others(self, loads: Loads, most: int | None) -> "Parts":
        """Return these and other loads together, the largest `most` by name (None: all)."""
        values = [load for _, load in loads]
        return Parts(
            sorted([*self.largest, *loads], key=lambda pair: (-abs(pair[1]), pair[0]))[:most],
            self.count + len(loads),
            self.total + sum(values),
            self.gross + sum(map(abs, values)),
            self.conflict + sum(value for value in values if value > 0),
        )


def standing(scope: Scope, day: date, most: int) -> Parts:
    """Return what the events of `day` and before it add to its load, `most` of them by name. Two queries."""
    return _parts(scope, day, most, _STANDING)


# What remains of an event's equal parts: a geometric row, as tension.contributions() adds it up part by part.
# Beyond a thousand half-lives nothing remains, for numbers as computers have them too.
_REMAINS: Final = """CASE WHEN %(day)s - least(last, %(day)s) > 1000 * half THEN 0 ELSE
  middle / (last - first + 1) * power(0.5, (%(day)s - least(last, %(day)s)) / half)
  * (1 - power(0.5, (least(last, %(day)s) - first + 1) / half)) / (1 - power(0.5, 1 / half)) END"""
_STANDING: Final = (_REMAINS, "first <= %(day)s")
_FALLEN: Final = ("middle / (last - first + 1)", "first <= %(day)s AND last >= %(day)s")
_LOADS: Final = """
WITH parts AS MATERIALIZED (
  SELECT key, {load} AS load FROM (
    SELECT e.public_id AS key, e.start AS first, e."end" AS last, n.middle,
      CASE WHEN n.middle >= 0 THEN %(conflict)s ELSE %(cooperation)s END::float8 AS half
    FROM {entries} n JOIN {events} e ON e.id = n.event_id
    WHERE n.timeline_id = %(timeline)s AND n.middle <> 0 AND e.status = 'published'
      AND (%(moment)s::timestamptz IS NULL OR e.first_public_at <= %(moment)s)
      AND NOT e.id = ANY(%(otherwise)s)
  ) found WHERE {days}
)
SELECT (SELECT json_agg(json_build_array(key, load)) FROM (
    SELECT * FROM parts WHERE load <> 0 ORDER BY abs(load) DESC, key LIMIT %(most)s) largest),
  count(*), sum(load), sum(abs(load)), sum(load) FILTER (WHERE load > 0)
FROM parts WHERE load <> 0
"""


def _parts(scope: Scope, day: date, most: int | None, asked: tuple[str, str]) -> Parts:
    """Add up what is asked for, `asked` being the load of an event and which days it has."""
    otherwise = scope.then.by_event
    if not scope.version:
        return Parts([]).with_others(_loads(readings(scope.public, otherwise), day, asked), most)
    name = f"parts of {day} {most} {asked[1]}"
    kept = stored.kept(scope.version_now, name, lambda: _kept(scope, day, most, asked))
    if not otherwise:
        return kept
    changed = readings(scope.public.filter(pk__in=list(otherwise)), otherwise)
    return kept.with_others(_loads(changed, day, asked), most)


def _loads(found: Sequence[tension.Reading], day: date, asked: tuple[str, str]) -> Loads:
    if asked is _FALLEN:
        return list(tension.falling(found, day).items())
    return [(part.key, part.load) for part in tension.contributions(found, day)]


def _kept(scope: Scope, day: date, most: int | None, asked: tuple[str, str]) -> Parts:
    load, days = asked
    statement = _LOADS.format(
        load=load, days=days, entries=Entry._meta.db_table, events=Event._meta.db_table
    )
    values: dict[str, Any] = {
        "day": day,
        "conflict": tension.CONFLICT_HALF_LIFE,
        "cooperation": tension.COOPERATION_HALF_LIFE,
        "timeline": scope.timeline.pk,
        "moment": scope.moment,
        "otherwise": list(scope.then.by_event),
        "most": most,
    }
    with reading().cursor() as cursor:
        cursor.execute(statement, values)
        largest, count, *sums = cursor.fetchone() or ((), 0)
    found = [(key, float(part)) for key, part in largest or ()]
    return Parts(found, count, *(value or 0.0 for value in sums))


def change(scope: Scope, day: date) -> tension.Change:
    """Return what came and what faded between the day before `day` and `day`. Four queries."""
    before = standing(scope, day - timedelta(days=1), 0)
    return tension.Change(
        dict(_parts(scope, day, None, _FALLEN).largest),
        conflict=before.conflict * (tension.decay(1.0) - 1),
        cooperation=(before.total - before.conflict) * (tension.decay(-1.0) - 1),
    )
