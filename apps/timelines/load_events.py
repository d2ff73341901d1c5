"""How a dossier's events stand in the database, with their citations, claims and links (see load_kinds.py).

Rows are created as proposals; load.py has `events.curate` publish them.
"""

from datetime import datetime
from functools import cached_property
from typing import Any

from apps.actors.models import Actor
from apps.core.dossier import Dossier
from apps.events.models import Claim, Event, Evidence, Link, Participation, Standing
from apps.events.snapshot import snapshot
from apps.places.models import Place
from apps.timelines.load_kinds import Kind, SourceKind, Values, day, ids, key_of, midnight, save

ROLES = {"initiators": "initiator", "targets": "target", "others": "other"}


class Touched:
    """Events that this load writes to: their state before it, or None for new ones."""

    def __init__(self) -> None:
        self.before: dict[str, dict[str, Any] | None] = {}

    def new(self, key: str) -> None:
        """Note a new event."""
        self.before[key] = None

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
            "first_public": _day_of(row.first_public_at),
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


def _day_of(instant: datetime | None) -> str | None:
    """Known time as the files write it: the day alone, where it is that day's midnight in UTC."""
    if instant is None:
        return None
    text = day(instant.date())
    return text if instant == midnight(text) else instant.isoformat()


def _parts(event: Event, values: Values, actors: dict[str, int]) -> list[Participation]:
    return [
        Participation(event=event, actor_id=actors[slug], role=role, position=position)
        for name, role in ROLES.items()
        for position, slug in enumerate(values.get(name, []))
    ]


class OfEvent(Kind):
    """Items that hang on an event of the dossier; their keys begin with the event's."""

    def __init__(self, dossier: Dossier, touched: Touched) -> None:
        super().__init__(dossier)
        self.touched = touched

    @cached_property
    def events(self) -> dict[str, Event]:
        """The dossier's events that are there, by key."""
        keys = [event["id"] for event in self.dossier.events]
        return {event.key or "": event for event in Event.objects.filter(key__in=keys)}

    def touch(self, event: Event) -> None:
        """Note a change of what hangs on `event`, unless this load made it."""
        self.touched.old(event)

    def write(self, row: Any, changes: Values) -> None:
        """See Kind."""
        self.touch(row.event)
        super().write(row, changes)


class EvidenceKind(OfEvent):
    """Cited sources."""

    model = "events.evidence"
    fields = ("publisher",)
    days = {"published_on": "published_on", "known_on": "known_at"}

    def items(self) -> dict[str, Values]:
        """See Kind."""
        names = {source["id"]: source["name"] for source in self.dossier.sources}
        return {
            key_of(event["id"], citation["url"]): {
                "event": event["id"],
                "url": citation["url"],
                "publisher": _publisher(names[citation["source"]], citation["carries"]),
                "published_on": day(citation["published"]),
                "known_on": day(citation["published"] or event["first_public"]),
                "standing": Standing.PUBLISHED.value,
            }
            for event in self.dossier.events
            if event["id"] in self.events
            for citation in event["sources"]
        }

    def rows(self) -> dict[str, Evidence]:
        """See Kind."""
        rows = Evidence.objects.filter(event__key__isnull=False).exclude(url="")
        return {key_of(row.event.key or "", row.url): row for row in rows.select_related("event")}

    def values(self, row: Evidence) -> Values:
        """See Kind."""
        return {
            "event": row.event.key,
            "url": row.url,
            "publisher": row.publisher,
            "published_on": day(row.published_on),
            "known_on": _day_of(row.known_at),
            "standing": row.standing,
        }

    def create(self, items: dict[str, Values]) -> None:
        """See Kind."""
        for values in items.values():
            self.touch(self.events[values["event"]])
        Evidence.objects.bulk_create(
            Evidence(
                event=self.events[values["event"]],
                origin=Evidence.Origin.DOSSIER,
                url=values["url"],
                publisher=values["publisher"],
                published_on=values["published_on"],
                known_at=midnight(values["known_on"]),
                why="cited by the dossier",
            )
            for values in items.values()
        )

    def write(self, row: Evidence, changes: Values) -> None:
        """See Kind."""
        super().write(row, changes)
        if "published_on" in changes:
            save(row, {"published_on": changes["published_on"]})
        if "known_on" in changes:
            save(row, {"known_at": midnight(changes["known_on"])})


def _publisher(name: str, carries: str) -> str:
    return f"{name} ({carries})" if carries else name


class ClaimKind(OfEvent):
    """Claims, keyed by their id in the event."""

    model = "events.claim"
    fields = ("speaker_text", "act", "field", "value", "number")
    days = ("said_from", "said_to")

    def items(self) -> dict[str, Values]:
        """See Kind."""
        return {
            key_of(event["id"], claim["id"]): {
                "event": event["id"],
                "key": claim["id"],
                **{name: claim[name] for name in (*self.fields, "speaker", "source", "url")},
                **{name: day(claim[name]) for name in self.days},
                "known": day(claim["known"]),
                "standing": Standing.PUBLISHED.value,
            }
            for event in self.dossier.events
            if event["id"] in self.events
            for claim in event["claims"]
        }

    def rows(self) -> dict[str, Claim]:
        """See Kind."""
        rows = Claim.objects.filter(event__key__isnull=False).exclude(key="")
        rows = rows.select_related("event", "speaker", "evidence")
        return {key_of(row.event.key or "", row.key): row for row in rows}

    def values(self, row: Claim) -> Values:
        """See Kind."""
        return {
            **super().values(row),
            "event": row.event.key,
            "key": row.key,
            "speaker": row.speaker.slug if row.speaker else None,
            "source": self._source_slugs.get(row.source_id),
            "url": row.evidence.url if row.evidence else "",
            **{name: day(getattr(row, name)) for name in self.days},
            "known": _day_of(row.known_at),
            "standing": row.standing,
        }

    @cached_property
    def _source_ids(self) -> dict[str, int]:
        return {slug: row.pk for slug, row in SourceKind(self.dossier).rows().items()}

    @cached_property
    def _source_slugs(self) -> dict[int | None, str]:
        return {pk: slug for slug, pk in self._source_ids.items()}

    def _references(self, values: Values, event: Event, actors: dict[str, int]) -> Values:
        """Turn the slugs and the address of `values` into columns."""
        found: Values = {}
        if "speaker" in values:
            found["speaker_id"] = actors.get(values["speaker"])
        if "source" in values:
            found["source_id"] = self._source_ids.get(values["source"])
        if "url" in values:
            cited = event.evidence.filter(url=values["url"]) if values["url"] else None
            found["evidence"] = cited.first() if cited is not None else None
        if "known" in values:
            found["known_at"] = midnight(values["known"])
        return found

    def create(self, items: dict[str, Values]) -> None:
        """See Kind."""
        actors = ids(Actor)
        for values in items.values():
            self.touch(self.events[values["event"]])
        Claim.objects.bulk_create(
            Claim(
                event=self.events[values["event"]],
                key=values["key"],
                origin=Evidence.Origin.DOSSIER,
                **{name: values[name] for name in (*self.fields, *self.days)},
                **self._references(values, self.events[values["event"]], actors),
            )
            for values in items.values()
        )

    def write(self, row: Claim, changes: Values) -> None:
        """See Kind."""
        super().write(row, changes)
        plain = {name: changes[name] for name in self.days if name in changes}
        save(row, plain | self._references(changes, row.event, ids(Actor)))


class LinkKind(OfEvent):
    """How events stand to each other."""

    model = "events.link"
    fields = ("note",)

    def items(self) -> dict[str, Values]:
        """See Kind."""
        return {
            key_of(event["id"], link["kind"], link["to"]): {
                "event": event["id"],
                "kind": link["kind"],
                "to": link["to"],
                "note": link["note"],
                "standing": Standing.PUBLISHED.value,
            }
            for event in self.dossier.events
            for link in event["links"]
            if {event["id"], link["to"]} <= self.events.keys()
        }

    def rows(self) -> dict[str, Link]:
        """See Kind."""
        rows = Link.objects.filter(source__key__isnull=False, target__key__isnull=False)
        rows = rows.select_related("source", "target")
        return {key_of(row.source.key or "", row.kind, row.target.key or ""): row for row in rows}

    def values(self, row: Link) -> Values:
        """See Kind."""
        return {
            "event": row.source.key,
            "kind": row.kind,
            "to": row.target.key,
            "note": row.note,
            "standing": row.standing,
        }

    def create(self, items: dict[str, Values]) -> None:
        """See Kind."""
        Link.objects.bulk_create(
            Link(
                source=self.events[values["event"]],
                target=self.events[values["to"]],
                kind=values["kind"],
                note=values["note"],
            )
            for values in items.values()
        )

    def write(self, row: Link, changes: Values) -> None:
        """See Kind."""
        self.touch(row.source)
        save(row, {name: value for name, value in changes.items() if name in self.fields})
