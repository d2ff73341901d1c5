"""How each kind of item in a dossier's files stands in the database: read, create, write.

Values are plain JSON (dates as text, references as slugs), so that what was loaded can be kept in a
DossierRecord and compared with what the row says today and what the file says now.
"""

from datetime import date, datetime, time
from hashlib import sha256
from typing import Any, ClassVar

from django.db.models import Model
from django.utils import timezone

from apps.actors.models import Actor
from apps.core.dossier import Dossier
from apps.places.models import Place
from apps.sources.models import Source
from apps.timelines.models import Dyad, Timeline

Values = dict[str, Any]


def day(value: date | None) -> str | None:
    """Write a day as text."""
    return value.isoformat() if value else None


def midnight(value: str) -> datetime:
    """Return 00:00 UTC of a day written as text."""
    return timezone.make_aware(datetime.combine(date.fromisoformat(value), time()))


class Kind:
    """One kind of item. `model` names it in records and reports."""

    model: ClassVar[str]
    fields: ClassVar[tuple[str, ...]] = ()
    # What files can say that they could not when older installations loaded them, as rows had it then.
    later: ClassVar[Values] = {}

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier

    def items(self) -> dict[str, Values]:
        """Return what the files say, by key."""
        raise NotImplementedError

    def rows(self) -> dict[str, Any]:
        """Return the rows that are there, by key; those of the files and maybe more."""
        raise NotImplementedError

    def values(self, row: Any) -> Values:
        """Return what a row says, as the files would."""
        return {name: getattr(row, name) for name in self.fields}

    def create(self, items: dict[str, Values]) -> None:
        """Insert new items."""
        raise NotImplementedError

    def write(self, row: Any, changes: Values) -> None:
        """Change the given fields of a row."""
        save(row, {name: value for name, value in changes.items() if name in self.fields})


def key_of(*parts: str) -> str:
    """Join parts to a key of at most 200 characters; a longer one ends in a digest of the whole."""
    key = " ".join(parts)
    if len(key) <= 200:
        return key
    return f"{key[:167]} {sha256(key.encode()).hexdigest()[:32]}"


def save(row: Model, values: Values) -> None:
    """Set and save plain fields."""
    for name, value in values.items():
        setattr(row, name, value)
    if values:
        row.save(update_fields=list(values))


def ids(model: Any) -> dict[str, int]:
    """Return primary keys by slug."""
    return dict(model.objects.values_list("slug", "pk"))


class SourceKind(Kind):
    """Publishers. One with the same domain is the same, whatever its slug."""

    model = "sources.source"
    fields = ("name", "domain", "kind", "country", "reliability", "wire_family", "notes")

    def items(self) -> dict[str, Values]:
        """See Kind."""
        return {s["id"]: {name: s[name] for name in self.fields} for s in self.dossier.sources}

    def rows(self) -> dict[str, Source]:
        """See Kind."""
        stored = list(Source.objects.all())
        rows = {source.slug: source for source in stored}
        by_domain = {source.domain: source for source in stored if source.domain}
        for item in self.dossier.sources:
            if item["id"] not in rows and item["domain"] in by_domain:
                rows[item["id"]] = by_domain[item["domain"]]
        return rows

    def create(self, items: dict[str, Values]) -> None:
        """See Kind."""
        Source.objects.bulk_create(Source(slug=key, **values) for key, values in items.items())


class PlaceKind(Kind):
    """Places; the parent is set once all are there."""

    model = "places.place"
    fields = ("name", "kind", "country", "lat", "lon", "radius_km", "aliases", "notes")

    def items(self) -> dict[str, Values]:
        """See Kind."""
        names = (*self.fields, "parent")
        return {place["id"]: {name: place[name] for name in names} for place in self.dossier.places}

    def rows(self) -> dict[str, Place]:
        """See Kind."""
        return {place.slug: place for place in Place.objects.select_related("parent")}

    def values(self, row: Place) -> Values:
        """See Kind."""
        return super().values(row) | {"parent": row.parent.slug if row.parent else None}

    def create(self, items: dict[str, Values]) -> None:
        """See Kind."""
        Place.objects.bulk_create(
            Place(slug=key, **{name: values[name] for name in self.fields})
            for key, values in items.items()
        )
        known = {place.slug: place for place in Place.objects.all()}
        for key, values in items.items():
            known[key].parent = known.get(values["parent"])
        Place.objects.bulk_update([known[key] for key in items], ["parent"])

    def write(self, row: Place, changes: Values) -> None:
        """See Kind."""
        super().write(row, changes)
        if "parent" in changes:
            save(row, {"parent": Place.objects.filter(slug=changes["parent"]).first()})


class TimelineKind(Kind):
    """The timeline itself."""

    model = "timelines.timeline"
    fields = ("code", "title", "description", "formula_version", "licence", "published")
    days = ("start", "end", "focus_start", "focus_end")
    scope: ClassVar[dict[str, Any]] = {"actors": Actor, "places": Place}

    def items(self) -> dict[str, Values]:
        """See Kind."""
        timeline = self.dossier.timeline
        return {
            self.dossier.slug: {
                "code": timeline["code"],
                "title": timeline["title"],
                "description": timeline["description"],
                "formula_version": timeline["formula"],
                "licence": timeline["licence"],
                "published": True,
                **{name: day(timeline[name]) for name in self.days},
                **{name: sorted(timeline["scope"][name]) for name in self.scope},
            }
        }

    def rows(self) -> dict[str, Timeline]:
        """See Kind."""
        return {timeline.slug: timeline for timeline in Timeline.objects.all()}

    def values(self, row: Timeline) -> Values:
        """See Kind."""
        return {
            **super().values(row),
            **{name: day(getattr(row, name)) for name in self.days},
            **{
                name: sorted(getattr(row, name).values_list("slug", flat=True))
                for name in self.scope
            },
        }

    def create(self, items: dict[str, Values]) -> None:
        """See Kind."""
        for key, values in items.items():
            plain = {name: values[name] for name in (*self.fields, *self.days)}
            self.write(Timeline.objects.create(slug=key, **plain), values)

    def write(self, row: Timeline, changes: Values) -> None:
        """See Kind."""
        plain = (*self.fields, *self.days)
        save(row, {name: value for name, value in changes.items() if name in plain})
        for name, model in self.scope.items():
            if name in changes:
                getattr(row, name).set(model.objects.filter(slug__in=changes[name]))


class LaneKind(Kind):
    """Swim lanes of the timeline, in the order of the file."""

    model = "timelines.dyad"
    fields = ("label", "position")

    def items(self) -> dict[str, Values]:
        """See Kind."""
        return {
            lane["id"]: {
                "label": lane["label"],
                "position": position,
                "side_a": sorted(lane["a"]),
                "side_b": sorted(lane["b"]),
            }
            for position, lane in enumerate(self.dossier.timeline["lanes"])
        }

    def rows(self) -> dict[str, Dyad]:
        """See Kind."""
        lanes = Dyad.objects.filter(timeline__slug=self.dossier.slug)
        return {lane.slug: lane for lane in lanes.prefetch_related("side_a", "side_b")}

    def values(self, row: Dyad) -> Values:
        """See Kind."""
        return super().values(row) | {
            "side_a": sorted(actor.slug for actor in row.side_a.all()),
            "side_b": sorted(actor.slug for actor in row.side_b.all()),
        }

    def create(self, items: dict[str, Values]) -> None:
        """See Kind."""
        timeline = Timeline.objects.get(slug=self.dossier.slug)
        for key, values in items.items():
            plain = {name: values[name] for name in self.fields}
            self.write(Dyad.objects.create(timeline=timeline, slug=key, **plain), values)

    def write(self, row: Dyad, changes: Values) -> None:
        """See Kind."""
        super().write(row, changes)
        for side in ("side_a", "side_b"):
            if side in changes:
                getattr(row, side).set(Actor.objects.filter(slug__in=changes[side]))
