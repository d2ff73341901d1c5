"""Who acts on whom: the picture, the counts, and the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.events.models import Event
from apps.timelines.drawing.network import MOST_PARTIES, MOST_TIES, WIDTH, Party, Tie, network
from apps.timelines.queries.network import ties
from tests.factories import make_actor, make_event, make_timeline

NAMES = [f"actor-{n}" for n in range(40)]
TIES = st.lists(
    st.builds(
        Tie,
        st.sampled_from(NAMES),
        st.sampled_from(NAMES),
        st.integers(1, 30),
        st.integers(0, 30),
    ),
    max_size=90,
    unique_by=lambda tie: (tie.by, tie.at),
)
PARTIES = {name: Party(name, name.title(), f"C{n % 4}") for n, name in enumerate(NAMES)}


class TestPicture:
    @given(TIES)
    def test_everybody_stands_inside_it_and_not_on_another(self, found):
        picture = network(PARTIES, found)
        assert len(picture.nodes) <= MOST_PARTIES
        assert len({curve.tie for curve in picture.curves}) <= MOST_TIES
        places = {(node.anchor, node.y) for node in picture.nodes}
        assert len(places) == len(picture.nodes)
        assert all(0 < n.x < WIDTH and 0 < n.y < picture.height for n in picture.nodes)

    @given(TIES)
    def test_the_order_of_the_counts_does_not_matter(self, found):
        assert network(PARTIES, found) == network(PARTIES, found[::-1])

    def test_the_way_there_and_the_way_back_are_two_lines(self):
        picture = network(
            PARTIES, [Tie("actor-0", "actor-1", 2, 0), Tie("actor-1", "actor-0", 1, 0)]
        )
        there, back = picture.curves
        assert there.path != back.path
        assert there.width > back.width


@pytest.fixture
def dossier(db):
    iran, us, iraq = make_actor("iran-gov"), make_actor("us-gov"), make_actor("iraq-gov")
    make_event("Missiles", by=[iran], at=[us, iraq])
    make_event("Sanctions", by=[us], at=[iran], type="SANCTION")
    make_event("Talks", by=[us], at=[iraq], type="CONSULT")
    make_event("A test", by=[iran])
    make_event("Proposed", by=[iran], at=[us], status="proposed")
    return make_timeline(actors=[iran, us])


def page(client, query="") -> str:
    answer = client.get(f"/timelines/us-iran-2020/network/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_event_counts_for_each_pair_of_doer_and_target(dossier):
    assert ties(Event.objects.as_of(None)) == [
        Tie("iran-gov", "iraq-gov", 1, 0),
        Tie("iran-gov", "us-gov", 1, 0),
        Tie("us-gov", "iran-gov", 1, 0),
        Tie("us-gov", "iraq-gov", 0, 1),
    ]


class TestPage:
    def test_a_pair_leads_to_its_events_and_keeps_the_view(self, client, dossier):
        shown = page(client, "?type=ASSAULT&type=SANCTION")
        assert "by=iran-gov&amp;at=us-gov#pair" in shown
        opened = page(client, "?type=ASSAULT&by=iran-gov&at=us-gov")
        listed = opened[opened.index('id="pair"') : opened.index('id="results"')]
        assert "Missiles" in listed
        assert "Sanctions" not in listed
        assert "/timelines/us-iran-2020/?type=ASSAULT&amp;event=" in listed

    def test_events_without_a_pair_are_counted(self, client, dossier):
        assert "In 1 event nobody acts on anybody by name." in page(client)

    def test_an_unknown_actor_is_said(self, client, dossier):
        assert "There is no actor “nobody”" in page(client, "?by=nobody&at=us-gov")

    def test_nothing_is_shown_before_it_was_known(self, client, dossier):
        assert "Missiles" not in page(client, "?as_of=2019-01-01")
        assert "No event matches" in page(client, "?as_of=2019-01-01")
