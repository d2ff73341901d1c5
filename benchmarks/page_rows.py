"""A dossier of any number of published events for the benchmark of the public pages."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

from django.db import connection, transaction

from apps.actors.models import Actor
from apps.core import plover
from apps.events.models import Event, Evidence, Link, Participation, Standing
from apps.places.models import Place
from apps.timelines import rollups
from apps.timelines.models import Dyad, Timeline
from apps.timelines.queries.readings import FIELDS, reading, severity

FIRST_DAY, LAST_DAY = date(2018, 5, 8), date(2020, 12, 31)
DAYS = (LAST_DAY - FIRST_DAY).days
KNOWN = datetime(2020, 12, 31, tzinfo=UTC)
SIDES, PLACES, BATCH = 8, 40, 10_000
LENGTHS = {"day": 1, "week": 7, "month": 30}


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

    @staticmethod
    def _place(name: str, n: int, kind: str, parent: Place | None = None) -> Place:
        slug = f"{name}-{n}"
        return Place(
            slug=slug, name=slug.title(), kind=kind, country="XXX", lat=n, lon=n, parent=parent
        )

    def fill(self, total: int) -> None:
        """Publish events until there are `total`, and bring what is kept of them up to date."""
        # The history of rows that were never another way is no part of what is measured.
        self._triggers("DISABLE")
        while self._count < total:
            self._publish(min(BATCH, total - self._count))
        self._triggers("ENABLE")
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO timelines_touch (event) VALUES (NULL)")
        rollups.rebuild(self.timeline)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    @staticmethod
    def _triggers(what: str) -> None:
        with connection.cursor() as cursor:
            for model in (Event, Participation, Evidence, Link):
                cursor.execute(f"ALTER TABLE {model._meta.db_table} {what} TRIGGER USER")

    @transaction.atomic
    def _publish(self, count: int) -> None:
        events = Event.objects.bulk_create(self._events(count))
        Participation.objects.bulk_create(self._parts(events))
        Evidence.objects.bulk_create(
            Evidence(
                event=event,
                url=f"https://example.org/{event.public_id}",
                known_at=event.first_public_at or KNOWN,
                standing=Standing.PUBLISHED,
                origin="dossier",
            )
            for event in events
        )
        in_order = sorted(events, key=lambda event: event.start)
        pairs = zip(in_order[1::10], in_order[0::10], strict=False)
        Link.objects.bulk_create(
            Link(source=later, target=earlier, kind="responds_to", standing=Standing.PUBLISHED)
            for later, earlier in pairs
        )
        self._count += count

    def _events(self, count: int) -> Iterator[Event]:
        pick = self._random
        for n in range(self._count, self._count + count):
            day = FIRST_DAY + timedelta(days=pick.randrange(DAYS - 31))
            precision = pick.choices(list(LENGTHS), [90, 7, 3])[0]
            type_ = pick.choice(list(plover.TYPES))
            deadly = plover.QUAD[type_] == 4 and pick.random() < 0.3
            killed = int(pick.paretovariate(1.2)) if deadly else None
            event = Event(
                public_id=f"BENCH-{n}",
                title=f"Party {n % SIDES} acts near town {n % PLACES}, the {n}th time",
                summary="What was reported of it, in a sentence or two, as dossiers have them.",
                type=type_,
                start=day,
                end=day + timedelta(days=LENGTHS[precision] - 1),
                precision=precision,
                edtf=day.isoformat(),
                status=Event.Status.PUBLISHED,
                confidence=pick.choice(["high", "high", "medium", "low"]),
                place=self.places[pick.randrange(PLACES)],
                first_public_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
                killed=killed,
                killed_low=killed and killed // 2,
                killed_high=killed and killed * 2,
                contested=pick.random() < 0.1,
            )
            event.severity = severity(reading({name: getattr(event, name) for name in FIELDS}))
            yield event

    def rows(self, count: int) -> list[dict[str, str]]:
        """Return events as other timelines take them: id, title, and days in ISO 8601."""
        events = Event.objects.order_by("pk")[:count]
        return [
            {
                "id": event.public_id,
                "content": event.title,
                "start": event.start.isoformat(),
                "end": (event.end + timedelta(days=1)).isoformat(),
            }
            for event in events
        ]

    def _parts(self, events: Sequence[Event]) -> Iterator[Participation]:
        pick = self._random
        for event in events:
            one, other = pick.sample(self.actors[: SIDES + 4], 2)
            if one not in self.actors[:SIDES]:
                other = self.actors[pick.randrange(SIDES)]
            yield Participation(event=event, actor=one, role="initiator")
            yield Participation(event=event, actor=other, role="target")
