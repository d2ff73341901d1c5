"""What a report or a proposal may be the same as: read by index, a bounded number, in few queries."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.events import curate, neighbours
from apps.events.counting import FEW, counts
from apps.events.known import read_world
from apps.events.matching import MERGE
from apps.events.models import Event, Rarity
from apps.events.neighbours import Decided, best_matches
from tests.events import make

pytestmark = pytest.mark.django_db

TUESDAY = date(2020, 11, 17)
ROCKETS = {"title": "Rockets hit the US embassy in Baghdad", "targets": ("us-gov",)}


@pytest.fixture(autouse=True)
def reference():
    make.actor("us-gov")
    make.actor("iran-gov", country="IRN")
    make.place("baghdad")


def rockets(day=TUESDAY, **fields):
    """A proposal of an attack on the embassy."""
    return make.event(place=make.place("baghdad"), start=day, **(ROCKETS | fields))


def published(day=TUESDAY, **fields):
    return make.published(place=make.place("baghdad"), start=day, **(ROCKETS | fields))


def test_the_best_matches_come_first_and_say_whether_to_merge():
    proposal = rockets()
    twin, cousin = published(), published(TUESDAY + timedelta(days=1))
    found = best_matches(proposal)
    assert [match.known.id for match in found] == [twin.pk, cousin.pk]
    assert found[0].score >= MERGE
    assert found[0].proposes_merge


def test_two_proposals_that_look_the_same_propose_a_merge():
    one, other = rockets(), rockets()
    assert [match.known.id for match in best_matches(one)] == [other.pk]
    assert best_matches(one)[0].proposes_merge


def test_another_event_of_that_week_does_not_propose_a_merge():
    make.published(
        title="Talks on the border crossings", type="CONSULT", start=TUESDAY, initiators=("us-gov",),
        targets=("iran-gov",),
    )  # fmt: skip
    assert not any(match.proposes_merge for match in best_matches(rockets()))


def test_what_does_not_stand_is_not_offered():
    proposal, gone = rockets(), published()
    curate.reject(gone, by=make.editor(), reason="An exercise.")
    merged = rockets()
    Event.objects.filter(pk=merged.pk).update(status="merged", merged_into=proposal)
    assert best_matches(proposal) == []


def test_no_more_than_asked_for():
    proposal = rockets()
    for _ in range(4):
        published()
    assert len(best_matches(proposal)) == 3
    assert len(best_matches(proposal, limit=1)) == 1


def queries(event):
    with CaptureQueriesContext(connection) as captured:
        best_matches(event)
    return len(captured)


def test_queries_do_not_grow_with_the_events():
    proposal = rockets()
    published()
    best_matches(proposal)  # counts are made on first use
    one = queries(proposal)
    published()
    published()
    assert queries(proposal) == one


def test_of_too_many_the_likeliest_are_read(monkeypatch):
    """Beyond a number, those nearest in days, of the same actors or place, or with a name: no others."""
    monkeypatch.setattr(neighbours, "AT_MOST", 6)
    monkeypatch.setattr(neighbours, "EACH_WAY", 2)
    proposal = rockets()
    far = [make.published(start=TUESDAY - timedelta(days=n), title="Floods") for n in range(2, 12)]
    mine = published(TUESDAY - timedelta(days=6))
    read = []
    monkeypatch.setattr(neighbours, "read_known", _noting(neighbours.read_known, read))
    best_matches(proposal)
    nearest, same_place = {far[0].pk, far[1].pk}, {mine.pk}
    assert set(read[-1]) == nearest | same_place


def _noting(read_known, read):
    def noted(events, world):
        known = read_known(events, world)
        read.append([one.id for one in known])
        return known

    return noted


def test_reports_are_measured_by_decided_events_alone():
    proposal, known = rockets(), published()
    world = read_world()
    matcher = Decided(world, TUESDAY).near(_reported(proposal, world))
    assert [m.known.id for m in matcher.ranked(_reported(proposal, world))] == [known.pk]


def test_a_proposal_that_somebody_touched_is_decided():
    proposal = rockets()
    evidence = make.cited(proposal)
    curate.publish_evidence(evidence, by=make.editor())
    world = read_world()
    matcher = Decided(world, TUESDAY).near(_reported(proposal, world))
    assert [m.known.id for m in matcher.ranked(_reported(proposal, world))] == [proposal.pk]


def _reported(event, world):
    (known,) = neighbours.read_known(Event.objects.filter(pk=event.pk), world)
    return neighbours.as_reported(known, TUESDAY)


def test_counts_are_made_once_and_again_after_many_decisions():
    rockets()
    assert counts().events == 0
    for _ in range(2):
        curate.publish(_supported(), by_label="An editor")
    assert counts().events == 0
    for _ in range(FEW):
        curate.publish(_supported(), by_label="An editor")
    assert counts().events == FEW + 2
    assert counts().actors == {"us-gov": FEW + 2}
    assert counts().words["embassy"] == FEW + 2
    assert Rarity.objects.count() == 1


def test_the_machines_own_decisions_are_no_reason_to_count():
    counts()
    for _ in range(FEW + 1):
        curate.propose(_supported(), by_label="pipeline 1")
    assert counts().events == 0


def _supported():
    event = rockets()
    make.cited(event)
    return event
