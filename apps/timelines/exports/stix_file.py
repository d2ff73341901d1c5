"""STIX 2.1: a bundle with an `incident` for each event (docs/exports.md says why, and what stands for what).

Ids follow from what an object stands for, so that the same event is the same object in every bundle; created
and modified are known times, not the time of the file.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from apps.places.models import Place
from apps.timelines import wording
from apps.timelines.exports.about import MAKER, About
from apps.timelines.exports.json_file import dumped, joined
from apps.timelines.exports.shapes import Party, Row, Said, Source

Members = dict[str, Any]
NAMESPACE: Final = UUID("5e0c7d52-2a55-4b0b-9d0c-6a1f1c9f3b1e")
# Objects that have no known time of their own: actors, places, the maker. One time, so that they never differ.
ALWAYS: Final = datetime(2020, 1, 1, tzinfo=UTC)
# Of appendix A of the standard: high, medium, low.
CONFIDENCE: Final = {"high": 85, "medium": 50, "low": 15}
CLASSES: Final = {
    "person": "individual",
    "population": "group",
    "armed_group": "group",
    "placeholder": "unknown",
}
TIES: Final = {"initiator": "attributed-to", "target": "targets", "other": "related-to"}


def write(about: About, rows: Iterator[Row]) -> Iterator[bytes]:
    """Yield the bundle, one object at a time, in UTF-8."""
    bundle = _id("bundle", f"{about.url} {about.made}")
    yield b'{"type": "bundle", "id": ' + dumped(bundle) + b',\n"objects": ['
    yield from joined(_Bundle(about).objects(rows))
    yield b"\n]}\n"


class _Bundle:
    """The objects of one bundle: actors and places once each, whoever names them first."""

    def __init__(self, about: About) -> None:
        self.about = about
        self.maker = _id("identity", MAKER)
        self.marking = _id("marking-definition", about.licence)
        self._told: set[str] = set()
        self._incidents: list[str] = []

    def objects(self, rows: Iterator[Row]) -> Iterator[Members]:
        yield {
            **_core("identity", self.maker, ALWAYS),
            "name": MAKER,
            "identity_class": "system",
        }
        yield {
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": self.marking,
            "created": _time(ALWAYS),
            "created_by_ref": self.maker,
            "definition_type": "statement",
            "definition": {"statement": self.about.licence},
        }
        for row in rows:
            yield from self.of_event(row)
        yield from self.report()

    def of_event(self, row: Row) -> Iterator[Members]:
        """Yield an event, those that it names for the first time, and how they stand to it."""
        incident = _id("incident", row.id)
        self._incidents.append(incident)
        yield self.incident(row, incident)
        for party in row.parties:
            actor = _id("identity", f"actor {party.slug}")
            yield from self._once(self.actor(party, actor))
            yield self.tie(row, incident, TIES[party.role], actor)
        if row.place:
            place = _id("location", row.place.slug)
            yield from self._once(self.place(row.place, place))
            yield self.tie(row, incident, "located-at", place)
        for link in row.links:
            other = _id("incident", link.event)
            told = {"description": f"{link.words}. {link.note}".strip()}
            yield {**self.tie(row, incident, link.kind.replace("_", "-"), other), **told}
        for claim in row.claims:
            yield self.claim(row, incident, claim)

    def incident(self, row: Row, incident: str) -> Members:
        days = wording.days(row.start, row.end, row.precision)
        known = wording.precision_in_words(row.start, row.end, row.precision)
        told = [f"{days} ({known}).", wording.type_in_words(row.type, row.mode) + ".", row.summary]
        references = [
            {"source_name": MAKER, "external_id": row.id, "url": self.about.base + row.page}
        ]
        return {
            **self._own("incident", incident, row.known_at, row.told_at),
            "name": row.title,
            "description": " ".join(filter(None, told)),
            "labels": [row.type.lower(), *([row.mode] if row.mode else [])],
            "confidence": CONFIDENCE[row.confidence],
            "external_references": [*references, *filter(None, map(_reference, row.sources))],
        }

    def actor(self, party: Party, actor: str) -> Members:
        page = {
            "source_name": MAKER,
            "external_id": party.slug,
            "url": self.about.base + party.page,
        }
        return {
            **self._own("identity", actor, ALWAYS, ALWAYS),
            "name": party.name,
            "identity_class": CLASSES.get(party.kind, "organization"),
            "external_references": [page],
        }

    def place(self, place: Place, found: str) -> Members:
        return {
            **self._own("location", found, ALWAYS, ALWAYS),
            "name": place.name,
            "latitude": place.lat,
            "longitude": place.lon,
            "precision": place.radius_km * 1000,  # metres
        }

    def tie(self, row: Row, source: str, kind: str, target: str) -> Members:
        found = _id("relationship", f"{source} {kind} {target}")
        return {
            **self._own("relationship", found, row.known_at, row.told_at),
            "relationship_type": kind,
            "source_ref": source,
            "target_ref": target,
        }

    def claim(self, row: Row, incident: str, claim: Said) -> Members:
        key = f"{row.id} {claim.known_at.isoformat()} {claim.speaker} {claim.field} {claim.words}"
        source = {"source_name": claim.speaker, "url": claim.source}
        return {
            **self._own("note", _id("note", key), claim.known_at, claim.known_at),
            "abstract": claim.field,
            "content": f"{claim.speaker} {claim.words}",
            "authors": [claim.speaker],
            "object_refs": [incident],
            **({"external_references": [source]} if claim.source else {}),
        }

    def report(self) -> Iterator[Members]:
        """Yield the report that holds the events together; none where there is no event to hold."""
        about = self.about
        if not self._incidents:
            return
        told = [about.period_words, about.filters_words, about.known_words, about.formula]
        found = _id("report", f"{about.url} {about.made}")
        yield {
            **self._own("report", found, about.made_at, about.made_at),
            "name": about.title,
            "description": ". ".join(told),
            "published": _time(about.made_at),
            "report_types": ["incident"],
            "object_refs": self._incidents,
            "external_references": [{"source_name": MAKER, "url": about.url}],
        }

    def _once(self, found: Members) -> Iterator[Members]:
        if found["id"] not in self._told:
            self._told.add(found["id"])
            yield found

    def _own(self, kind: str, found: str, created: datetime, modified: datetime) -> Members:
        """What every object made here has: its maker and its licence."""
        return {
            **_core(kind, found, created, modified),
            "created_by_ref": self.maker,
            "object_marking_refs": [self.marking],
        }


def _core(kind: str, found: str, created: datetime, modified: datetime | None = None) -> Members:
    return {
        "type": kind,
        "spec_version": "2.1",
        "id": found,
        "created": _time(created),
        "modified": _time(modified or created),
    }


def _id(kind: str, key: str) -> str:
    return f"{kind}--{uuid5(NAMESPACE, f'{kind} {key}')}"


def _time(value: datetime) -> str:
    """Return an aware moment with the three digits of a second that the standard asks of these fields."""
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}Z"


def _reference(source: Source) -> Members | None:
    """Return a source as a reference; None where neither its publisher nor its address is known."""
    name = source.publisher or source.title or source.url
    if not name:
        return None
    told = {"source_name": name, "url": source.url, "description": source.quote}
    return {name: value for name, value in told.items() if value}
