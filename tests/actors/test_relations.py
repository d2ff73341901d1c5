"""Who acts for whom, and on which days."""

from datetime import date

import pytest

from apps.actors.models import Relation
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
