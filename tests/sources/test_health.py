"""How often a feed is asked, how it does, and what is kept of its polls."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from apps.core.models import Change
from apps.sources import health, pipeline_row
from apps.sources.habits import LONGEST, SHORTEST, next_pace, patience
from apps.sources.models import DEAD_AFTER, Feed, FeedDay, FeedPoll, ListedEntry
from apps.sources.poll import forget, poll
from tests.sources.server import answer
from tests.sources.test_poll import take_nothing

DAY = timedelta(days=1)


def rss(*numbers: int, title: str = "Example") -> bytes:
    items = "".join(
        f"<item><guid isPermaLink='false'>{n}</guid><title>News {n}</title><link>https://a.example/{n}</link></item>"
        for n in numbers
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>".encode()


def polled(server, feed: Feed, *numbers: int) -> Feed:
    server.routes["/feed"] = answer(rss(*numbers), kind="text/xml")
    Feed.objects.update(next_due=timezone.now())
    feed.refresh_from_db()
    assert poll(feed, take=take_nothing).ok
    feed.refresh_from_db()
    return feed


def state(feed: Feed) -> str:
    return Feed.objects.with_health(timezone.now()).get(pk=feed.pk).health


# --- the pace ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pace", "fresh", "minutes"),
    [(30, 0, 38), (30, 1, 30), (30, 2, 30), (30, 3, 20), (30, 50, 15), (5, 50, 5), (1440, 0, 1440)],
)
def test_much_news_shortens_the_pace_and_none_lengthens_it(pace, fresh, minutes):
    assert next_pace(pace, fresh) == minutes


@given(st.integers(1, 100_000), st.integers(0, 100_000))
def test_the_pace_stays_within_its_bounds(pace, fresh):
    assert SHORTEST <= next_pace(pace, fresh) <= LONGEST


@given(st.none() | st.floats(0, 1e6))
def test_no_feed_is_called_silent_within_two_days(per_day):
    assert 2 * DAY <= patience(per_day) <= 60 * DAY


def test_the_first_poll_tells_nothing_about_the_pace_and_later_ones_do(server, feed):
    polled(server, feed, *range(20))
    assert feed.pace_minutes == 30
    polled(server, feed, *range(20))
    assert feed.pace_minutes == 38
    polled(server, feed, *range(40))
    assert feed.pace_minutes == 19
    assert feed.next_due < timezone.now() + timedelta(minutes=20)


# --- what is noted -------------------------------------------------------------------------------


def test_a_feed_says_what_it_is_and_each_entry_is_listed_once(server, feed):
    polled(server, feed, 1, 2)
    polled(server, feed, 2, 3)
    assert feed.title == "Example"
    assert sorted(ListedEntry.objects.values_list("guid", flat=True)) == ["1", "2", "3"]
    assert list(FeedPoll.objects.order_by("pk").values_list("fresh", flat=True)) == [0, 1]


def test_what_polling_notes_is_no_change_of_the_history(server, feed):
    before = Change.objects.count()
    polled(server, feed, 1)
    polled(server, feed, 1, 2)
    server.routes["/feed"] = answer(status=410)
    Feed.objects.update(next_due=timezone.now())
    feed.refresh_from_db()
    poll(feed, take=take_nothing)
    assert Change.objects.count() == before
    Feed.objects.update(interval_minutes=60)
    assert Change.objects.count() == before + 1


# --- health --------------------------------------------------------------------------------------


def test_a_feed_is_off_new_healthy_and_silent(server, feed):
    assert state(feed) == "new"
    polled(server, feed, 1)
    assert state(feed) == "healthy"
    Feed.objects.update(silent_after=timezone.now() - DAY)
    assert state(feed) == "silent"
    polled(server, feed, 1)
    assert state(feed) == "silent", "an answer without news is no news"
    polled(server, feed, 1, 2)
    assert state(feed) == "healthy"
    Feed.objects.update(active=False, failures=3)
    assert state(feed) == "off"


def test_a_feed_fails_since_a_time_with_a_reason_dies_and_comes_back(server, feed):
    polled(server, feed, 1)
    server.routes["/feed"] = answer(status=503)
    for _ in range(DEAD_AFTER):
        Feed.objects.update(next_due=timezone.now())
        feed.refresh_from_db()
        poll(feed, take=take_nothing)
        if feed.failures == 0:
            failing = Feed.objects.with_health(timezone.now()).get()
            since = failing.failing_since
            assert failing.health == "failing"
            assert "1 failure since" in health.told(failing, timezone.now())
            assert "answered 503" in health.told(failing, timezone.now())
    feed.refresh_from_db()
    assert (state(feed), feed.failing_since) == ("dead", since)
    polled(server, feed, 1)
    assert (state(feed), feed.failing_since) == ("healthy", None)


def test_a_feed_that_is_gone_is_dead_at_once_and_asked_once_a_day(server, feed):
    server.routes["/feed"] = answer(status=410)
    poll(feed, take=take_nothing)
    feed.refresh_from_db()
    assert state(feed) == "dead"
    assert feed.next_due > timezone.now() + timedelta(hours=23)
    assert pipeline_row.row(timezone.now()).note == "1 dead"
    polled(server, feed, 1)
    assert (state(feed), feed.gone) == ("healthy", False)


def test_the_strip_shows_each_of_the_last_days():
    today = timezone.now().date()
    days = [
        {"day": today, "ok": 3, "fresh": 10},
        {"day": today - DAY, "ok": 3, "fresh": 0},
        {"day": today - 2 * DAY, "ok": 0, "fresh": 0},
    ]
    strip = health.strip(days, today)
    assert len(strip) == health.STRIP_DAYS
    assert [day.state for day in strip[-4:]] == ["none", "failed", "quiet", "news"]
    assert strip[-1].height == 20
    assert "nothing could be read on 1 of them" in health.strip_words(strip)


# --- what is kept --------------------------------------------------------------------------------


def test_old_polls_are_forgotten_and_their_days_stay(feed):
    now = timezone.now()
    for days, ok in ((40, True), (40, False), (1, True)):
        FeedPoll.objects.create(feed=feed, at=now - days * DAY, ok=ok, items=5)
    assert forget(30) == 2
    assert FeedPoll.objects.count() == 1
    assert forget(30) == 0
    day = FeedDay.objects.get(day=(now - 40 * DAY).date())
    assert (day.ok, day.failed, day.items) == (1, 1, 10)


def test_an_index_of_sitemaps_is_followed(server, feed):
    part = (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
        "<url><loc>https://a.example/{}</loc></url></urlset>"
    )
    places = "".join(f"<sitemap><loc>{server.url}/{n}.xml</loc></sitemap>" for n in range(9))
    server.routes["/feed"] = answer(
        f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{places}</sitemapindex>".encode(),
        kind="text/xml",
    )
    for n in (0, 2):
        server.routes[f"/{n}.xml"] = answer(part.format(n).encode(), kind="text/xml")
    taken = []
    assert poll(feed, take=lambda f, entries: taken.extend(entries)).items == 2
    assert [entry.url[-1] for entry in taken] == ["0", "2"]
    assert len(server.asked) == 4, "an index does not make a poll endless"


def test_the_list_begins_with_the_feeds_that_need_somebody(feed, admin_client):
    now = timezone.now()
    states = {
        "off": {"active": False}, "healthy": {"last_success": now}, "dead": {"gone": True},
        "failing": {"failures": 1}, "silent": {"last_success": now, "silent_after": now - timedelta(days=1)},
    }  # fmt: skip
    for name, columns in states.items():
        Feed.objects.create(
            source=feed.source, url=f"https://a.example/{name}", **{"active": True} | columns
        )
    feed.delete()
    page = admin_client.get("/admin/sources/feed/").content.decode()
    order = ["dead", "failing", "silent", "healthy", "off"]
    places = [page.index(f"https://a.example/{name}<") for name in order]
    assert places == sorted(places)
