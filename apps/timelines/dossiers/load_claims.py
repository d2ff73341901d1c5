"""How citations, claims and links of a dossier's events stand in the database (see load_kinds.py).

Rows are created as proposals; load.py has `events.curate` publish them.
"""

from functools import cached_property
from typing import Any, ClassVar

from apps.actors.models import Actor
from apps.core.dossier import Dossier
from apps.events.models import Claim, Event, Evidence, Link, Standing
from apps.timelines.dossiers.load_events import Touched, day_of
from apps.timelines.dossiers.load_kinds import (
    Kind,
    SourceKind,
    Values,
    day,
    ids,
    key_of,
    midnight,
    save,
)


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
    fields = ("publisher", "carries")
    later: ClassVar[Values] = {"carries": ""}
    days = {"published_on": "published_on", "known_on": "known_at"}

    def items(self) -> dict[str, Values]:
        """See Kind."""
        names = {source["id"]: source["name"] for source in self.dossier.sources}
        return {
            key_of(event["id"], citation["url"]): {
                "event": event["id"],
                "url": citation["url"],
                "publisher": _publisher(names[citation["source"]], citation["carries"]),
                "carries": citation["carries"],
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
            "carries": row.carries,
            "published_on": day(row.published_on),
            "known_on": day_of(row.known_at),
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
                carries=values["carries"],
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


def _but(values: Values, name: str) -> Values:
    return {key: value for key, value in values.items() if key != name}


def _publisher(name: str, carries: str) -> str:
    return f"{name} ({carries})" if carries else name


class ClaimKind(OfEvent):
    """Claims, keyed by their id in the event."""

    model = "events.claim"
    fields = ("speaker_text", "act", "field", "value", "number")
    days = ("said_from", "said_to")
    later: ClassVar[Values] = {"answers": None}

    def items(self) -> dict[str, Values]:
        """See Kind."""
        return {
            key_of(event["id"], claim["id"]): {
                "event": event["id"],
                "key": claim["id"],
                **{
                    name: claim[name]
                    for name in (*self.fields, "speaker", "source", "url", "answers")
                },
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
        rows = rows.select_related("event", "speaker", "evidence", "answers")
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
            "answers": row.answers.key if row.answers else None,
            **{name: day(getattr(row, name)) for name in self.days},
            "known": day_of(row.known_at),
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
        if "answers" in values:
            key = values["answers"]
            found["answers"] = event.claims.filter(key=key).first() if key else None
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
                **self._references(_but(values, "answers"), self.events[values["event"]], actors),
            )
            for values in items.values()
        )
        # Once all claims are there: one may answer another of the same file.
        for values in items.values():
            if values["answers"]:
                claims = self.events[values["event"]].claims
                claims.filter(key=values["key"]).update(answers=claims.get(key=values["answers"]))

    def write(self, row: Claim, changes: Values) -> None:
        """See Kind."""
        super().write(row, changes)
        plain = {name: changes[name] for name in self.days if name in changes}
        save(row, plain | self._references(changes, row.event, ids(Actor)))


class LinkKind(OfEvent):
    """How events stand to each other."""

    model = "events.link"
    fields = ("note",)
    later: ClassVar[Values] = {"known": None}

    def items(self) -> dict[str, Values]:
        """See Kind."""
        return {
            key_of(event["id"], link["kind"], link["to"]): {
                "event": event["id"],
                "kind": link["kind"],
                "to": link["to"],
                "note": link["note"],
                "known": day(link["known"]),
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
            "known": day_of(row.known_at),
            "standing": row.standing,
        }

    def create(self, items: dict[str, Values]) -> None:
        """See Kind."""
        for values in items.values():
            self.touch(self.events[values["event"]])
        made = Link.objects.bulk_create(
            Link(
                source=self.events[values["event"]],
                target=self.events[values["to"]],
                kind=values["kind"],
                note=values["note"],
                known_at=midnight(values["known"]) if values["known"] else None,
            )
            for values in items.values()
        )
        for link in made:
            self.touched.links.setdefault(link.source.key or "", []).append(link)

    def write(self, row: Link, changes: Values) -> None:
        """See Kind."""
        self.touch(row.source)
        save(row, {name: value for name, value in changes.items() if name in self.fields})
        if "known" in changes:
            save(row, {"known_at": midnight(changes["known"]) if changes["known"] else None})
