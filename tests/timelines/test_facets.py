"""What each filter asks for, and that the number beside an option is what ticking it would show."""

from datetime import UTC, date, datetime
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from apps.actors.models import Relation
from apps.articles.models import Article
from apps.events import lineages
from apps.events.models import Event
from apps.sources.models import Source
from apps.timelines import rollups
from apps.timelines.asof import AsOf
from apps.timelines.models import Timeline
from apps.timelines.queries.facets import Facets, facets
from apps.timelines.queries.selection import Selection, select
from tests.factories import (
    make_actor,
    make_article,
    make_claim,
    make_dyad,
    make_event,
    make_evidence,
    make_place,
    make_quote,
    make_timeline,
    relate,
)

pytestmark = pytest.mark.django_db
LATER = datetime(2020, 6, 1, tzinfo=UTC)


@pytest.fixture
def timeline() -> Timeline:
    """Two states with a force each, and events that differ in all that can be filtered."""
    us, iran = make_actor("us-gov", name="United States"), make_actor("iran-gov", name="Iran")
    guards, bloc = make_actor("guards"), make_actor("bloc")
    relate(guards, Relation.Kind.PART_OF, iran)
    relate(us, Relation.Kind.MEMBER_OF, bloc, until=date(2020, 1, 31))
    timeline = make_timeline(actors=[us, iran])
    make_dyad(timeline, "us-iran", [us], [iran])
    iraq = make_place("iraq", kind="country")
    baghdad = make_place("baghdad", parent=iraq)
    airport = make_place("airport", name="Baghdad airport", parent=baghdad)
    strike = make_event(
        "The strike", start=date(2020, 1, 3), by=[us], at=[guards], place=airport, killed=10
    )
    make_evidence(strike, url="https://other.example/strike")
    make_evidence(strike, url="https://third.example/strike", known_at=LATER)
    make_event(
        "A week of raids", start=date(2020, 1, 6), end=date(2020, 1, 12), precision="week",
        by=[guards], at=[us], place=iraq, contested=True,
    )  # fmt: skip
    make_event("A threat", start=date(2020, 2, 3), type="THREATEN", by=[iran], at=[us])
    make_event("Talks in Vienna", start=date(2020, 2, 4), type="CONSULT", by=[us], mode="visit")
    rollups.rebuild(timeline)
    return timeline


def chosen(timeline: Timeline, query: str = "", as_of: AsOf | None = None) -> Selection:
    found = select(timeline, QueryDict(query), as_of or AsOf())
    assert found.faults == []
    return found


def titles(timeline: Timeline, query: str, as_of: AsOf | None = None) -> set[str]:
    return set(chosen(timeline, query, as_of).events.values_list("title", flat=True))


def options(timeline: Timeline, query: str = "", as_of: AsOf | None = None) -> Facets:
    found = chosen(timeline, query, as_of)
    return facets(found.scope, found.filters, found.actors)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("actor=iran-gov", {"The strike", "A week of raids", "A threat"}),
        ("actor=iran-gov&alone=1", {"A threat"}),
        ("actor=bloc", {"The strike", "A week of raids"}),  # a member in January only
        ("place=iraq", {"The strike", "A week of raids"}),
        ("place=baghdad", {"The strike"}),
        ("precision=week", {"A week of raids"}),
        ("precision=week&precision=day&place=iraq", {"The strike", "A week of raids"}),
        ("reports=2", {"The strike"}),
        ("reports=4", set()),
        ("contested=1", {"A week of raids"}),
        ('q="week of"', {"A week of raids"}),
        ("q=“of+week”", set()),
        ("q=week+raids", {"A week of raids"}),
        ("q=airport", {"The strike"}),
        ("severity=4&type=CONSULT", {"Talks in Vienna"}),  # towards cooperation counts too
        ("severity=10", {"The strike"}),
    ],
)
def test_each_filter_asks_for_what_its_name_says(timeline, query, shown):
    assert titles(timeline, query) == shown


def every_option(found: Facets) -> list[tuple[str, str, int]]:
    groups = {
        "dyad": found.dyads, "actor": found.actors, "type": found.types, "place": found.places,
        "precision": found.precisions, "severity": found.severities, "reports": found.reports,
    }  # fmt: skip
    rows = [
        (key, o.value, o.count) for key, group in groups.items() for o in group if not o.checked
    ]
    return [*rows, ("contested", "1", found.contested)]


@pytest.mark.parametrize(
    "query", ["", "type=ASSAULT", "place=iraq&severity=4", "reports=2&alone=1", "precision=week"]
)
@pytest.mark.parametrize("day", [None, date(2020, 1, 31)], ids=["now", "as of a day"])
def test_the_number_beside_an_option_is_what_it_alone_would_show(timeline, query, day):
    """Of several values of one filter each shows its own: the number leaves the others of the filter out."""
    as_of = AsOf(day)
    found = options(timeline, query, as_of)
    for key, value, count in every_option(found):
        rest = [(k, v) for k, v in QueryDict(query).items() if k != key]
        assert count == len(titles(timeline, urlencode([*rest, (key, value)]), as_of)), (key, value)


def test_what_would_show_nothing_is_left_out_unless_ticked(timeline):
    found = options(timeline, "type=THREATEN&place=baghdad")
    assert [o.value for o in found.precisions] == []
    assert [(o.value, o.count, o.checked) for o in found.places] == [("baghdad", 0, True)]
    assert [o.value for o in found.types if not o.checked] == ["ASSAULT"]
    assert [o.value for o in found.types if o.checked] == ["THREATEN"]
    assert [o.value for o in options(timeline, "reports=7").reports] == ["2", "3", "7"]


def test_long_lists_fold_what_is_neither_ticked_nor_frequent(timeline):
    us = timeline.actors.get(slug="us-gov")
    for number in range(12):
        make_event(by=[us, make_actor(f"group-{number}")])
    group = options(timeline, "actor=group-11").actor_group
    assert group.shown[0].value == "group-11"
    assert len(group.shown) == 8
    assert len(group.shown) + len(group.folded) == len(group.options) == 16


def test_reports_are_the_independent_ones_as_of_the_day(timeline):
    strike = Event.objects.get(title="The strike")
    assert strike.reports == lineages.counts([strike])[strike.pk].reports == 3
    assert titles(timeline, "reports=3") == {"The strike"}
    before = AsOf(date(2020, 5, 31))
    assert titles(timeline, "reports=3", before) == set()
    assert titles(timeline, "reports=2", before) == {"The strike"}
    make_evidence(strike, url="https://wire.example/a", carries="Reuters")
    make_evidence(strike, url="https://wire.example/b", carries="Reuters")
    rollups.rebuild(timeline)
    strike.refresh_from_db()
    assert strike.reports == 4  # two pages of one wire are one report


def test_severity_is_what_it_was_as_of_the_day(timeline):
    threat = Event.objects.get(title="A threat")
    us = timeline.actors.get(slug="us-gov")
    make_claim(threat, us, field="killed", number=900, known_at=LATER)
    Event.objects.filter(pk=threat.pk).update(killed=900)
    rollups.rate([threat.pk])
    threat.refresh_from_db()
    most = int(threat.severity)
    assert titles(timeline, f"severity={most}") >= {"A threat"}
    assert "A threat" not in titles(timeline, f"severity={most}", AsOf(date(2020, 5, 31)))


@pytest.mark.parametrize("query", ["", "type=ASSAULT&place=iraq&severity=2&actor=us-gov"])
def test_counting_takes_no_more_queries_for_more_events(timeline, query):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            options(timeline, query)
        return len(found)

    first = queries()
    us, iran = timeline.actors.order_by("-slug")
    for number in range(3):
        make_event(by=[us], at=[iran], place=make_place(f"place-{number}"))
    rollups.rebuild(timeline)
    assert queries() <= first


def test_reports_are_counted_again_where_a_publisher_turns_out_to_carry_a_wire(timeline):
    strike = Event.objects.get(title="The strike")
    for name in ("other", "third"):
        Source.objects.create(slug=name, name=name, domain=f"{name}.example")
    Source.objects.update(wire_family="AP")
    rollups.refresh()
    strike.refresh_from_db()
    assert strike.reports == 2


def test_reports_are_counted_again_where_two_articles_turn_out_to_be_one_story(timeline):
    strike = Event.objects.get(title="The strike")
    versions = [make_article("Rockets hit the base."), make_article("Rockets hit the base again.")]
    for version in versions:
        make_quote(strike, version, "Rockets hit the base")
    rollups.rate([strike.pk])
    strike.refresh_from_db()
    before = strike.reports
    Article.objects.filter(pk=versions[1].article_id).update(story=versions[0].article.story)
    rollups.refresh()
    strike.refresh_from_db()
    assert strike.reports == before - 1
