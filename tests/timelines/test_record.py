"""What an actor said, and which of it was contradicted later; whom it acts on; its roles as bars."""

from datetime import UTC, date, datetime

import pytest

from apps.actors.models import Role
from apps.timelines.drawing.spans import WIDTH, Span, spans
from apps.timelines.queries.counterparts import counterparts
from apps.timelines.queries.record import record_of
from tests.factories import make_actor, make_claim, make_event


def at(day: int) -> datetime:
    return datetime(2020, 1, day, tzinfo=UTC)


@pytest.fixture
def sides(db):
    return make_actor("us-gov"), make_actor("iran-gov")


class TestRecord:
    def test_a_later_denial_contradicts_an_earlier_one_does_not(self, sides):
        us, iran = sides
        event = make_event(by=[iran], at=[us], first_public_at=at(1))
        make_claim(event, us, field="occurrence", known_at=at(3))
        assert record_of(us).contradicted == ()
        make_claim(event, iran, act="denies", field="occurrence", known_at=at(5))
        record = record_of(us)
        assert (record.judged, record.by_others, record.by_itself) == (1, 1, 0)
        assert "denied it" in record.contradicted[0].how
        # On the 4th nobody had denied it.
        assert record_of(us, at(4)).contradicted == ()

    def test_a_figure_that_does_not_stand_is_contradicted_by_what_stands(self, sides):
        us, iran = sides
        event = make_event(by=[iran], at=[us], first_public_at=at(1))
        make_claim(event, iran, field="killed", number=80, known_at=at(2))
        make_claim(event, us, field="killed", number=0, known_at=at(3))
        assert record_of(iran).by_others == 1
        assert "0, not 80" in record_of(iran).contradicted[0].how
        assert record_of(us).contradicted == ()

    def test_its_own_later_word_is_counted_apart(self, sides):
        us, iran = sides
        event = make_event(by=[iran], at=[us], first_public_at=at(1))
        make_claim(event, us, field="wounded", number=0, known_at=at(2))
        make_claim(event, us, field="wounded", number=11, known_at=at(9))
        record = record_of(us)
        assert (record.judged, record.by_others, record.by_itself) == (2, 0, 1)

    def test_the_page_tells_the_count_its_meaning_and_the_list(self, client, sides):
        us, iran = sides
        event = make_event("The strike", by=[iran], at=[us], first_public_at=at(1))
        make_claim(event, us, field="occurrence", known_at=at(3))
        make_claim(event, iran, act="denies", field="occurrence", known_at=at(5))
        shown = client.get(us.get_absolute_url()).content.decode()
        assert "1 was later contradicted by others" in shown
        assert "A claim counts as contradicted where" in shown
        assert shown.count("The strike") >= 2


class TestCounterparts:
    def test_both_ways_are_counted_by_conflict_and_cooperation(self, client, sides):
        us, iran = sides
        make_event("Missiles", by=[iran], at=[us])
        make_event("Talks", by=[us], at=[iran], type="CONSULT")
        make_event("Alone", by=[us])
        (row,), more = counterparts(us)
        assert (row.actor, row.acts, row.acted_on, more) == (iran, (0, 1), (1, 0), 0)
        shown = client.get(f"{us.get_absolute_url()}?with=iran-gov").content.decode()
        assert "Events with Iran Gov" in shown
        assert "Alone" not in shown


class TestRoles:
    def test_bars_stand_in_order_of_time_inside_the_picture(self):
        rows = [
            Span("later", date(2018, 1, 1), None),
            Span("earlier", date(2010, 5, 1), date(2017, 1, 1)),
            Span("unknown", None, date(2012, 1, 1)),
        ]
        drawn = spans(rows, date(2020, 1, 1))
        assert [bar.span.label for bar in drawn.bars] == ["unknown", "earlier", "later"]
        assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH + 0.1 for bar in drawn.bars)
        assert drawn.bars[2].open_end
        assert drawn.bars[0].open_start

    def test_the_page_draws_them(self, client, db):
        person = make_actor("ghaani", kind="person")
        Role.objects.create(person=person, title="commander", since=date(2020, 1, 3))
        assert 'class="span-bar open-end"' in client.get(person.get_absolute_url()).content.decode()
