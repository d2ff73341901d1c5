"""What the chart is drawn from: lanes by actor, type or place, arcs, and what was read on its days."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.http import QueryDict

from apps.actors.models import Actor
from apps.articles.models import Article, Story
from apps.events.models import Event, Link, Standing
from apps.sources.models import Feed, FeedPoll, Source
from apps.timelines.asof import AsOf
from apps.timelines.models import Timeline
from apps.timelines.queries.arcs import arcs
from apps.timelines.queries.coverage import Coverage, coverage, told
from apps.timelines.queries.lanes import lanes_of
from apps.timelines.queries.selection import select
from apps.timelines.queries.timeline import read_view
from tests.factories import make_actor, make_event, make_place, make_timeline, relate

pytestmark = pytest.mark.django_db
JANUARY = date(2020, 1, 1), date(2020, 1, 31)


@pytest.fixture
def usa() -> Actor:
    return make_actor("us-gov", name="United States")


@pytest.fixture
def timeline(usa: Actor) -> Timeline:
    return make_timeline(actors=[usa])


def drawn_in(timeline: Timeline, query: str) -> dict[str, str]:
    """Return for each event's title the label of its lane."""
    return {row.event.title: row.lane for row in read_view(chosen(timeline, query)).rows}


def chosen(timeline: Timeline, query: str = "", as_of: date | None = None) -> Any:
    return select(timeline, QueryDict(query), AsOf(as_of))


def test_an_event_is_in_the_lane_of_whom_its_first_initiator_acts_for(
    timeline: Timeline, usa: Actor
) -> None:
    army, general = make_actor("us-mil", kind="armed_forces"), make_actor("general", kind="person")
    relate(army, "part_of", usa)
    relate(general, "commands", army, until=date(2020, 1, 10))
    make_event("by the army", by=[army], at=[usa])
    make_event("by the general", by=[general], at=[usa])
    make_event("by the general, dismissed", by=[general], at=[usa], start=date(2020, 2, 1))
    make_event("by nobody", at=[usa])
    assert drawn_in(timeline, "lanes=actor") == {
        "by the army": "United States",
        "by the general": "United States",
        "by the general, dismissed": "General",
        "by nobody": "Other",
    }


def test_a_government_in_a_club_and_an_armed_group_in_an_army_stand_for_themselves(
    timeline: Timeline, usa: Actor
) -> None:
    club, army = make_actor("club", kind="organisation"), make_actor("army", kind="armed_forces")
    group = make_actor("group", kind="armed_group")
    relate(usa, "member_of", club)
    relate(group, "part_of", army)
    make_event("by the state", by=[usa])
    make_event("by the group", by=[group], at=[usa])
    lanes = drawn_in(timeline, "lanes=actor")
    assert lanes == {"by the state": "United States", "by the group": "Group"}


def test_places_are_lanes_by_country_and_types_by_class(timeline: Timeline, usa: Actor) -> None:
    iraq = make_place("iraq", kind="country")
    make_event("in the city", by=[usa], place=make_place(parent=iraq))
    make_event("at sea", by=[usa], type="AID", place=make_place("gulf", kind="sea"))
    make_event("nowhere", by=[usa], type="AID")
    places = drawn_in(timeline, "lanes=place")
    assert places == {"in the city": "Iraq", "at sea": "Gulf", "nowhere": "Other"}
    lanes = lanes_of(chosen(timeline).scope, chosen(timeline, "lanes=type").filters)
    assert [lane.slug for lane in lanes.shown({"AID", "ASSAULT"})] == ["ASSAULT", "AID"]


def test_the_most_frequent_actors_have_lanes_and_the_rest_share_one(
    timeline: Timeline, usa: Actor
) -> None:
    for n in range(11):
        for _ in range(2 if n else 1):
            make_event(
                f"of {n}", by=[make_actor(f"a{n}-{_}") if not n else _again(f"a{n}")], at=[usa]
            )
    lanes = drawn_in(timeline, "lanes=actor")
    assert lanes["of 0"] == "Other"
    assert lanes["of 10"] == "A10"


def _again(slug: str) -> Actor:
    return Actor.objects.filter(slug=slug).first() or make_actor(slug)


def linked(earlier: Event, later: Event, **values: Any) -> Link:
    values = {"kind": "responds_to", "standing": Standing.PUBLISHED, **values}
    return Link.objects.create(source=later, target=earlier, **values)


def test_links_are_arcs_from_the_earlier_event_to_the_later_where_asked_for() -> None:
    first, second = make_event(), make_event(start=date(2020, 1, 8))
    third = make_event(start=date(2020, 1, 9))
    linked(first, second)
    linked(second, third, standing=Standing.PROPOSED)
    shown = [first, second, third]
    (arc,) = arcs(shown, True, "", None)
    assert (arc.source, arc.target) == (first.public_id, second.public_id)
    assert arc.backward  # the words are those of the later event
    assert arcs(shown, False, "", None) == []
    assert arcs(shown, False, second.public_id, None) == [arc]
    assert arcs(shown, False, third.public_id, None) == []
    assert arcs([first, third], True, "", None) == []
    assert arcs(shown, True, "", datetime(2020, 1, 5, tzinfo=UTC)) == []


@pytest.fixture
def feed(timeline: Timeline) -> Feed:
    source = Source.objects.create(slug="wire", name="Wire")
    feed = Feed.objects.create(source=source, url="https://wire.example/feed")
    timeline.feeds.add(feed)
    return feed


def poll(feed: Feed, *days: int, ok: bool = True) -> None:
    for day in days:
        FeedPoll.objects.create(feed=feed, at=datetime(2020, 1, day, 6, tzinfo=UTC), ok=ok)


def article(feed: Feed, seen: datetime, published: datetime | None) -> None:
    number = Article.objects.count()
    Article.objects.create(
        source=feed.source,
        url=f"https://wire.example/{number}",
        canonical_url=f"https://wire.example/{number}",
        title="An article",
        first_seen_at=seen,
        published_at=published,
        published_precision="instant" if published else "unknown",
        story=Story.objects.create(title="An article"),
    )


def covered(timeline: Timeline, moment: datetime | None = None) -> Coverage:
    return coverage(timeline, *JANUARY, moment)


def test_days_without_a_feed_alive_are_told_in_words(timeline: Timeline, feed: Feed) -> None:
    poll(feed, 1, 2, *range(6, 32))
    poll(feed, 4, ok=False)
    found = covered(timeline)
    assert found.words == "No feed was alive 3–5 January 2020."
    assert [(part.start.day, part.alive, part.feeds) for part in found.parts[1:4]] == [
        (2, 1, 1),
        (3, 0, 1),
        (4, 0, 1),
    ]


def test_articles_count_on_the_day_they_were_published_or_first_seen(
    timeline: Timeline, feed: Feed
) -> None:
    noon = datetime(2020, 1, 7, 12, tzinfo=UTC)
    article(feed, noon, datetime(2020, 1, 3, 23, 30, tzinfo=UTC))
    article(feed, noon, None)
    days = {part.start.day: part for part in covered(timeline).parts}
    assert (days[3].articles, days[3].undated) == (1, 0)
    assert (days[7].articles, days[7].undated) == (0, 1), "it stands in no column"
    known = {p.start.day: p for p in covered(timeline, datetime(2020, 1, 5, tzinfo=UTC)).parts}
    assert (known[3].articles, known[7].articles) == (1, 0)


def test_polls_after_the_moment_are_not_known(timeline: Timeline, feed: Feed) -> None:
    poll(feed, 1, 2, 20)
    parts = covered(timeline, datetime(2020, 1, 10, tzinfo=UTC)).parts
    assert sum(part.alive for part in parts) == 2


def test_a_timeline_that_follows_no_feed_says_so(timeline: Timeline) -> None:
    found = covered(timeline)
    assert found.parts == ()
    assert found.words.startswith("No feed is followed for this timeline")
    assert read_view(chosen(timeline)).coverage_words == found.words


def test_many_days_are_drawn_in_few_parts(timeline: Timeline, feed: Feed) -> None:
    poll(feed, 1)
    parts = coverage(timeline, timeline.start, timeline.end, None).parts
    assert len(parts) <= 120
    assert (parts[0].start, parts[-1].end) == (timeline.start, timeline.end)


def test_only_the_longest_gaps_are_named() -> None:
    def gap(first: int, last: int) -> tuple[date, date]:
        return date(2020, 1, first), date(2020, 1, last)

    gaps = [gap(1, 1), gap(3, 5), gap(8, 9), gap(11, 14), gap(20, 20)]
    assert told(gaps, JANUARY) == (
        "No feed was alive 3–5 January 2020, 8–9 January 2020, 11–14 January 2020 and in 2 shorter gaps."
    )
    assert told([JANUARY], JANUARY) == "No feed was alive on any of these days."
    assert told([], JANUARY) == ""


def test_reading_a_view_takes_as_many_queries_for_three_events_as_for_one(
    timeline: Timeline, usa: Actor, feed: Feed, django_assert_max_num_queries: Any
) -> None:
    for n in (1, 3):
        while Event.objects.count() < n:
            make_event(by=[usa], place=make_place(f"p{Event.objects.count()}"))
        for lanes in ("actor", "place"):
            with django_assert_max_num_queries(30):
                read_view(chosen(timeline, f"lanes={lanes}&arcs=1"))
