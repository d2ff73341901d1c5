"""Who acts for whom, and on which days."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from apps.actors.models import Relation, Role
from apps.actors.upward import held, leads_up
from tests.factories import make_actor, relate

FIRST, LAST = date(2019, 7, 23), date(2020, 11, 9)


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2019, 7, 22), False),
        (FIRST, True),
        (date(2020, 1, 3), True),
        (LAST, True),
        (date(2020, 11, 10), False),
    ],
)
@pytest.mark.django_db
def test_a_relation_leads_up_on_its_own_days(day, holds):
    secretary = make_actor("secretary", kind="person")
    relate(secretary, "commands", make_actor("department"), since=FIRST, until=LAST)
    assert Relation.objects.upward(day).exists() is holds
    assert Relation.objects.upward().exists()
    assert held(FIRST, LAST, day) is holds


@pytest.mark.django_db
def test_a_relation_without_days_always_holds():
    relate(make_actor("army"), "part_of", make_actor("state"))
    assert Relation.objects.upward(date(1850, 1, 1)).exists()


def test_an_event_of_several_days_shares_one_with_the_relation():
    assert held(FIRST, LAST, date(2019, 7, 1), FIRST)
    assert held(FIRST, LAST, LAST, date(2021, 1, 1))
    assert not held(FIRST, LAST, date(2019, 7, 1), date(2019, 7, 22))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", Relation.Kind.values)
@pytest.mark.parametrize("source_kind", ["person", "organisation"])
def test_the_database_and_plain_code_agree_on_what_leads_up(kind, source_kind):
    relate(make_actor("one", kind=source_kind), kind, make_actor("other"))
    assert Relation.objects.upward().exists() is leads_up(kind, source_kind)


@pytest.mark.django_db
class TestForm:
    """What an editor enters is checked before the database would refuse it."""

    @pytest.fixture
    def army(self):
        return make_actor("army")

    @pytest.fixture
    def state(self):
        return make_actor("state")

    def refused(self, **values):
        with pytest.raises(ValidationError) as refusal:
            Relation(**values).full_clean()
        return " ".join(refusal.value.messages)

    def test_days_are_in_order(self, army, state):
        told = self.refused(source=army, target=state, kind="part_of", since=LAST, until=FIRST)
        assert "It ends on 2019-07-23, before it begins on 2020-11-09." in told
        with pytest.raises(ValidationError, match="before it begins"):
            Role(person=army, title="Chief", since=LAST, until=FIRST).full_clean()

    def test_nobody_stands_in_a_relation_to_itself(self, army):
        assert "to itself" in self.refused(source=army, target=army, kind="ally_of")

    @pytest.mark.parametrize(
        ("since", "until", "fine"),
        [
            (None, None, False),
            (LAST, None, False),
            (None, FIRST, False),
            (date(2020, 1, 1), date(2020, 1, 2), False),
            (date(2020, 11, 10), None, True),
            (None, date(2019, 7, 22), True),
        ],
    )
    def test_the_same_is_not_said_twice_of_a_day(self, army, state, since, until, fine):
        relate(army, "part_of", state, since=FIRST, until=LAST)
        relation = Relation(source=army, target=state, kind="part_of", since=since, until=until)
        if fine:
            relation.full_clean()
        else:
            with pytest.raises(ValidationError, match="holds on some of these days already"):
                relation.full_clean()

    def test_a_whole_is_no_part_of_its_part(self, army, state):
        unit = make_actor("unit")
        relate(army, "part_of", state)
        relate(unit, "part_of", army)
        told = self.refused(source=state, target=unit, kind="part_of")
        assert told == "Unit is part of State: neither can hold the other."

    def test_a_relation_may_be_changed(self, army, state):
        relation = relate(army, "part_of", state, since=FIRST)
        relation.until = LAST
        relation.full_clean()
