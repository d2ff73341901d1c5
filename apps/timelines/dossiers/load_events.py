"""How a dossier's events stand in the database, with who took part in them (see load_kinds.py).

Events are created as proposals; load.py has `events.curate` publish them.
"""

from datetime import datetime
from typing import Any

from apps.actors.models import Actor
from apps.core.dossier import Dossier
from apps.events.models import Event, Link, Participation
from apps.events.snapshot import snapshot
from apps.places.models import Place
from apps.timelines.dossiers.load_kinds import Kind, Values, day, ids, midnight, save

ROLES = {"initiators": "initiator", "targets": "target", "others": "other"}


class Touched:
    """Events that this load writes to: their state before it ({} for new ones), and their new links."""

    def __init__(self) -> None:
        self.before: dict[str, dict[str, Any]] = {}
        self.links: dict[str, list[Link]] = {}

    def new(self, key: str) -> None:
        """Note a new event."""
        self.before[key] = {}

    def old(self, event: Event) -> None:
        """Note an event that was there; call it before the first change."""
        key = event.key or ""
        if key not in self.before:
            self.before[key] = snapshot(event)


class EventKind(Kind):
    """Events with who took part in them."""

    model = "events.event"
    fields = (
        "public_id", "title", "summary", "type", "mode", "type_fit", "precision", "edtf", "date_note",
        "geo_precision", "rank", "soil", "confidence", "names", "notes",
    )  # fmt: skip
    days = ("start", "end")

    def __init__(self, dossier: Dossier, touched: Touched) -> None:
        super().__init__(dossier)
        self.touched = touched

    def items(self) -> dict[str, Values]:
        """See Kind."""
        return {
            event["id"]: {
                **{name: event[name] for name in self.fields},
                **{name: day(event[name]) for name in self.days},
                **{name: event[name] for name in ROLES},
                "place": event["place"],
                "first_public": day(event["first_public"]),
            }
            for event in self.dossier.events
        }

    def rows(self) -> dict[str, Event]:
        """See Kind."""
        rows = Event.objects.filter(key__isnull=False).select_related("place")
        return {event.key or "": event for event in rows.prefetch_related("participations__actor")}

    def values(self, row: Event) -> Values:
        """See Kind."""
        parts = sorted(row.participations.all(), key=lambda part: part.position)
        return {
            **super().values(row),
            **{name: day(getattr(row, name)) for name in self.days},
            **{
                name: [part.actor.slug for part in parts if part.role == role]
                for name, role in ROLES.items()
            },
            "place": row.place.slug if row.place else None,
            "first_public": day_of(row.first_public_at),
        }

    def create(self, items: dict[str, Values]) -> None:
        """See Kind."""
        places, actors = ids(Place), ids(Actor)
        events = Event.objects.bulk_create(
            Event(
                key=key,
                place_id=places.get(values["place"]),
                first_public_at=midnight(values["first_public"]),
                **{name: values[name] for name in (*self.fields, *self.days)},
            )
            for key, values in items.items()
        )
        Participation.objects.bulk_create(
            part for event in events for part in _parts(event, items[event.key or ""], actors)
        )
        for key in items:
            self.touched.new(key)

    def write(self, row: Event, changes: Values) -> None:
        """See Kind."""
        self.touched.old(row)
        plain = {n: v for n, v in changes.items() if n in (*self.fields, *self.days)}
        if "place" in changes:
            plain["place"] = Place.objects.filter(slug=changes["place"]).first()
        if "first_public" in changes:
            plain["first_public_at"] = midnight(changes["first_public"])
        save(row, plain)
        taking = {name: names for name, names in changes.items() if name in ROLES}
        row.participations.filter(role__in=[ROLES[name] for name in taking]).delete()
        Participation.objects.bulk_create(_parts(row, taking, ids(Actor)))


def day_of(instant: datetime | None) -> str | None:
    """Known time as the files write it: the day alone, where it is that day's midnight in UTC."""
    if instant is None:
        return None
    text = instant.date().isoformat()
    return text if instant == midnight(text) else instant.isoformat()


def _parts(event: Event, values: Values, actors: dict[str, int]) -> list[Participation]:
    return [
        Participation(event=event, actor_id=actors[slug], role=role, position=position)
        for name, role in ROLES.items()
        for position, slug in enumerate(values.get(name, []))
    ]
