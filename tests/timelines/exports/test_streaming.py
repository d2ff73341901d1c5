"""A file of many events comes in pieces: queries grow by the chunk, memory does not grow with the file."""

import weakref
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from apps.events.models import Event, Evidence
from apps.timelines.asof import AsOf
from apps.timelines.exports import rows
from apps.timelines.exports.about import about
from apps.timelines.exports.formats import FORMATS
from apps.timelines.models import Membership, Timeline
from apps.timelines.queries.selection import Selection, select
from tests.factories import make_actor, make_claim, make_event, make_place, make_timeline

MANY = 3000


def selection(timeline: Timeline, as_of: AsOf) -> Selection:
    return select(timeline, QueryDict(), as_of)


def add_events(timeline: Timeline, number: int) -> None:
    """Add copies of one event with its evidence to the timeline, in few statements."""
    first = make_event(f"First of {number}", summary="A summary. " * 40)
    made = [
        Event(
            **{
                name: getattr(first, name)
                for name in ("title", "summary", "type", "precision", "edtf", "status")
            },
            public_id=f"{first.public_id}-{n}",
            start=date(2020, 1, 1) + timedelta(days=n % 300),
            end=date(2020, 1, 1) + timedelta(days=n % 300),
            first_public_at=first.first_public_at,
        )
        for n in range(number - 1)
    ]
    found = [first, *Event.objects.bulk_create(made)]
    known = first.first_public_at
    Evidence.objects.bulk_create(
        Evidence(
            event=event, url=f"https://news.example/{event.public_id}", known_at=known,
            standing="published", origin="dossier", publisher="Example News",
        )
        for event in found[1:]
    )  # fmt: skip
    Membership.objects.bulk_create(
        Membership(timeline=timeline, event=event, kind=Membership.Kind.PINNED) for event in found
    )


@pytest.fixture
def timeline(db: None) -> Timeline:
    return make_timeline()


def queries_of(timeline: Timeline, as_of: AsOf) -> int:
    chosen = selection(timeline, as_of)
    with CaptureQueriesContext(
        connection,
    ) as found:
        list(rows.rows(chosen))
    return len(found)


@pytest.mark.parametrize("day", [None, date(2020, 2, 1)])
def test_the_number_of_queries_grows_by_the_chunk_only(timeline, monkeypatch, day):
    monkeypatch.setattr(rows, "CHUNK", 3)
    us, iran = make_actor("us-gov"), make_actor("iran-gov")
    timeline.actors.set([us, iran])
    counts = []
    for number in range(1, 7):
        place = make_place(f"place-{number}")
        event = make_event(by=[us], at=[iran], place=place, evidence=number)
        make_claim(event, us)
        make_claim(event, iran, act="denies")
        counts.append(queries_of(timeline, AsOf(day)))
    one, three, four, six = counts[0], counts[2], counts[3], counts[5]
    assert one == counts[1] == three
    assert four == counts[4] == six
    assert four - three <= 7


@pytest.fixture
def loaded(monkeypatch) -> weakref.WeakSet[Event]:
    """The events that are in memory."""
    found: weakref.WeakSet[Event] = weakref.WeakSet()
    read = rows._read

    def watched(chosen, events, reader):
        found.update(events)
        return read(chosen, events, reader)

    monkeypatch.setattr(rows, "_read", watched)
    return found


def pieces(timeline: Timeline, ending: str) -> Iterator[bytes]:
    write = FORMATS[ending].write
    assert write
    chosen = selection(timeline, AsOf())
    return write(about(chosen, "https://tension.example"), rows.rows(chosen))


def test_three_thousand_events_are_never_in_memory_together(timeline, loaded):
    add_events(timeline, MANY)
    size = most = 0
    with CaptureQueriesContext(connection) as found:
        for piece in pieces(timeline, "csv"):
            size += len(piece)
            most = max(most, len(loaded))
    assert size > MANY * 400
    assert most <= 2 * rows.CHUNK
    assert len(found) < 20 + 8 * MANY / rows.CHUNK


@pytest.mark.parametrize("ending", ["csv", "json", "geojson", "ics", "stix.json"])
def test_what_was_read_is_sent_before_more_is_read(timeline, monkeypatch, ending):
    read, chunks = rows._read, []

    def watched(chosen, events, reader):
        chunks.append(len(events))
        return read(chosen, events, reader)

    monkeypatch.setattr(rows, "CHUNK", 5)
    monkeypatch.setattr(rows, "_read", watched)
    add_events(timeline, 15)
    sent = pieces(timeline, ending)
    while b"First of 15" not in next(sent):
        assert len(chunks) <= 1
    assert chunks == [5]
    assert len(list(sent)) > 10
    assert chunks == [5, 5, 5]


def test_each_event_comes_once_and_in_order(timeline):
    add_events(timeline, 900)
    chosen = selection(timeline, AsOf())
    found = [(row.start, row.id) for row in rows.rows(chosen)]
    assert len(found) == len(set(found)) == 900
    assert found == sorted(found)
