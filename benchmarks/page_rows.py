"""A dossier of any number of published events for the benchmark of the public pages."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

import psycopg
from django.conf import settings
from django.db import connection

from apps.actors.models import Actor
from apps.core import plover
from apps.core.embedded import postgres
from apps.events.models import Event, Participation
from apps.places.models import Place
from apps.timelines import entries, rollups
from apps.timelines.models import Dyad, Entry, Timeline
from apps.timelines.queries.readings import FIELDS, reading, severity

FIRST_DAY, LAST_DAY = date(2018, 5, 8), date(2020, 12, 31)
DAYS = (LAST_DAY - FIRST_DAY).days
SIDES, PLACES = 8, 40
LENGTHS = {"day": 1, "week": 7, "month": 30}
# All events are copies of so many, each on another day.
PATTERNS = 2000
_COPIED = "FROM events_event WHERE id > %(before)s AND id <= %(total)s"
_COPIES = (
    """INSERT INTO events_event SELECT made.* FROM generate_series(%(before)s + 1, %(total)s) number
    JOIN events_event pattern ON pattern.id = -1 - number %% %(patterns)s
    CROSS JOIN LATERAL (SELECT (hashint4(number) & 65535) %% %(days)s AS later) day
    CROSS JOIN LATERAL jsonb_populate_record(pattern, jsonb_build_object(
        'id', number, 'public_id', 'BENCH-' || number, 'status', 'published',
        'title', pattern.title || ', the ' || number || 'th time', 'edtf', pattern.start + later,
        'start', pattern.start + later, 'end', pattern."end" + later,
        'first_public_at', pattern.start + later || 'T12:00:00Z')) made""",
    """INSERT INTO events_participation (id, event_id, actor_id, role, position)
    SELECT 2 * number + (part.role = 'target')::int, number, part.actor_id, part.role, part.position
    FROM generate_series(%(before)s + 1, %(total)s) number
    JOIN events_participation part ON part.event_id = -1 - number %% %(patterns)s""",
    f"""INSERT INTO events_evidence (id, event_id, standing, stance, origin, quote, url, publisher, carries,
        known_at, why, created_at)
    SELECT id, id, 'published', 'supports', 'dossier', '', 'https://example.org/' || public_id, '', '',
        first_public_at, '', first_public_at {_COPIED}""",
    # One toll of ten became known a month after its event.
    f"""INSERT INTO events_claim (id, event_id, standing, origin, key, speaker_text, act, field, value, number,
        known_at, created_at)
    SELECT id, id, 'published', 'dossier', '', 'a spokesman', 'asserts', 'killed', '', killed,
        first_public_at + CASE WHEN id %% 10 = 0 THEN interval '30 days' ELSE interval '0' END,
        first_public_at {_COPIED} AND killed IS NOT NULL""",
    # Every tenth event answers the one before it.
    f"""INSERT INTO events_link (id, source_id, target_id, kind, standing, origin, note, why, created_at)
    SELECT id, id, earlier, 'responds_to', 'published', 'dossier', '', '', first_public_at FROM (
        SELECT *, lag(id) OVER days AS earlier, row_number() OVER days AS place {_COPIED}
        WINDOW days AS (ORDER BY start, id)) ordered WHERE place %% 10 = 0""",  # noqa: S608
)


class Dossier:
    """A timeline with four dyads that is filled step by step; the same rows every time."""

    def __init__(self) -> None:
        """Write the actors, places, lanes and the timeline."""
        self._random, self._count = Random(7), 0  # noqa: S311  # no secret
        self.actors = Actor.objects.bulk_create(
            Actor(slug=f"party-{n}", name=f"Party {n}", kind="government", country="XXX")
            for n in range(30)
        )
        lands = Place.objects.bulk_create(self._place("land", n, "country") for n in range(5))
        self.places = Place.objects.bulk_create(
            self._place("town", n, "city", lands[n % len(lands)]) for n in range(PLACES)
        )
        self.timeline = Timeline.objects.create(
            slug="bench",
            code="BENCH",
            title="Benchmark",
            start=FIRST_DAY,
            end=LAST_DAY,
            focus_start=date(2020, 1, 1),
            focus_end=date(2020, 11, 30),
            published=True,
        )
        self.timeline.actors.set(self.actors[:SIDES])
        for n in range(0, SIDES, 2):
            dyad = Dyad.objects.create(timeline=self.timeline, slug=f"dyad-{n}", label=f"Dyad {n}")
            dyad.side_a.add(self.actors[n])
            dyad.side_b.add(self.actors[n + 1])
        self._patterns()

    @staticmethod
    def _place(name: str, n: int, kind: str, parent: Place | None = None) -> Place:
        slug = f"{name}-{n}"
        return Place(
            slug=slug, name=slug.title(), kind=kind, country="XXX", lat=n, lon=n, parent=parent
        )

    def fill(self, total: int) -> None:
        """Publish events until there are `total`, and bring what is kept of them up to date."""
        with _superuser() as server:
            # The history of rows that were never another way is no part of what is measured, and what entries
            # rest on is told once for all rows.
            server.execute("SET LOCAL session_replication_role = replica")
            values = {
                "before": self._count,
                "total": total,
                "patterns": PATTERNS,
                "days": DAYS - 31,
            }
            for statement in _COPIES:
                server.execute(statement, values)
            server.execute("INSERT INTO timelines_touch (event) VALUES (NULL)")
        self._count = total
        _tidy("")
        rollups.recount(self.timeline)
        entries.forget()
        _tidy(Entry._meta.db_table)
        some = (
            Event.objects.public()
            .order_by("pk")
            .values_list("pk", flat=True)[: total : total // 100]
        )
        if rollups.rate(some):
            raise SystemExit("The benchmark's events are not rated as the product rates them.")

    def _patterns(self) -> None:
        """Write the events that all others are copies of, on other days: unpublished, with negative ids."""
        events = [self._event(number) for number in range(PATTERNS)]
        Event.objects.bulk_create(events)
        Participation.objects.bulk_create(self._parts(events))

    def _event(self, number: int) -> Event:
        pick = self._random
        precision = pick.choices(list(LENGTHS), [90, 7, 3])[0]
        type_ = pick.choice(list(plover.TYPES))
        deadly = plover.QUAD[type_] == 4 and pick.random() < 0.3
        killed = min(int(pick.paretovariate(1.2)), 1000) if deadly else None
        event = Event(
            pk=-1 - number,
            public_id=f"PATTERN-{number}",
            title=f"Party {number % SIDES} acts near town {number % PLACES}",
            summary="What was reported of it, in a sentence or two, as dossiers have them.",
            type=type_,
            start=FIRST_DAY,
            end=FIRST_DAY + timedelta(days=LENGTHS[precision] - 1),
            precision=precision,
            edtf=FIRST_DAY.isoformat(),
            confidence=pick.choice(["high", "high", "medium", "low"]),
            place=self.places[pick.randrange(PLACES)],
            killed=killed,
            killed_low=killed,
            killed_high=killed,
            contested=pick.random() < 0.1,
            reports=1,
        )
        event.severity = severity(reading({name: getattr(event, name) for name in FIELDS}))
        return event

    def _parts(self, events: Sequence[Event]) -> Iterator[Participation]:
        pick = self._random
        for event in events:
            one, other = pick.sample(self.actors[: SIDES + 4], 2)
            if one not in self.actors[:SIDES]:
                other = self.actors[pick.randrange(SIDES)]
            pk = 2 * event.pk
            yield Participation(pk=pk, event=event, actor=one, role="initiator")
            yield Participation(pk=pk + 1, event=event, actor=other, role="target")

    def rows(self, count: int) -> list[dict[str, str]]:
        """Return events as other timelines take them: id, title, and days in ISO 8601."""
        events = Event.objects.public().order_by("pk")[:count]
        return [
            {
                "id": event.public_id,
                "content": event.title,
                "start": event.start.isoformat(),
                "end": (event.end + timedelta(days=1)).isoformat(),
            }
            for event in events
        ]


def _superuser() -> psycopg.Connection:
    """Connect as the one who may leave the rules of rows out: a transaction, ended with the `with` block."""
    login = settings.DATABASES["default"]
    return psycopg.connect(
        host=login["HOST"], port=login["PORT"], dbname=login["NAME"], user=postgres.SUPERUSER
    )


def _tidy(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {table}")
