"""Polling: a poll is read, recorded and handed on, whole or not at all."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.articles import entries
from apps.articles.models import IntakeItem
from apps.core.models import Change
from apps.sources.models import Feed, FeedPoll, Host, Source
from apps.sources.poll import poll, waiting
from tests.sources.server import answer, redirect
from tests.sources.test_feeds import RSS

pytestmark = pytest.mark.django_db


def take_nothing(feed, entries):
    return None


def test_a_poll_hands_its_entries_on_and_is_recorded(server, feed):
    server.routes["/feed"] = answer(
        RSS, kind="application/rss+xml", ETag='"1"', Last_Modified="Fri, 03 Jan 2020 00:00:00 GMT"
    )
    taken = []
    record = poll(feed, take=lambda f, entries: taken.extend(entries))
    assert len(taken) == 3
    assert (record.ok, record.items, record.error) == (True, 3, "")
    feed.refresh_from_db()
    assert (feed.etag, feed.failures, feed.last_error) == ('"1"', 0, "")
    assert feed.last_success is not None
    assert feed.next_due > timezone.now() + timedelta(minutes=25)


def test_the_next_poll_asks_whether_anything_changed(server, feed):
    server.routes["/feed"] = answer(
        RSS, kind="application/rss+xml", ETag='"1"', Last_Modified="Fri, 03 Jan 2020 00:00:00 GMT"
    )
    poll(feed, take=take_nothing)
    Feed.objects.update(next_due=timezone.now())
    feed.refresh_from_db()
    server.routes["/feed"] = answer(status=304)
    record = poll(feed, take=take_nothing)
    _, headers = server.asked[-1]
    assert headers["if-none-match"] == '"1"'
    assert headers["if-modified-since"] == "Fri, 03 Jan 2020 00:00:00 GMT"
    assert (record.ok, record.items) == (True, 0)
    feed.refresh_from_db()
    assert feed.etag == '"1"', "an answer without news does not forget the mark"


def test_each_failure_in_a_row_doubles_the_pause_and_a_success_ends_it(server, feed):
    server.routes["/feed"] = answer(status=503)
    pauses = []
    for _ in range(8):
        Feed.objects.update(next_due=timezone.now())
        feed.refresh_from_db()
        record = poll(feed, take=take_nothing)
        feed.refresh_from_db()
        pauses.append((feed.next_due - timezone.now()) / timedelta(minutes=1))
    assert not record.ok
    assert "the server answered 503" in record.error
    assert [round(p) for p in pauses[:3]] == [60, 120, 240]
    assert round(pauses[-1]) == 24 * 60
    assert feed.failures == 8
    server.routes["/feed"] = answer(RSS, kind="text/xml")
    Feed.objects.update(next_due=timezone.now())
    feed.refresh_from_db()
    poll(feed, take=take_nothing)
    feed.refresh_from_db()
    assert (feed.failures, feed.last_error) == (0, "")


def test_a_page_in_place_of_a_feed_is_a_failure_with_its_reason(server, feed):
    server.routes["/feed"] = answer(b"<html><body>Moved</body></html>")
    record = poll(feed, take=take_nothing)
    assert not record.ok
    assert f"{feed.url} could not be read: it is not a feed" in record.error


def test_entries_that_could_not_be_kept_are_not_marked_as_seen(server, feed):
    server.routes["/feed"] = answer(RSS, kind="text/xml", ETag='"1"')

    def take(feed, entries):
        Source.objects.create(slug="written", name="written before the crash")
        raise RuntimeError("disk full")

    record = poll(feed, take=take)
    feed.refresh_from_db()
    assert not record.ok
    assert "disk full" in record.error
    assert feed.etag == ""
    assert not Source.objects.filter(slug="written").exists()


def test_two_workers_do_not_poll_the_same_feed_at_once(server, feed):
    server.routes["/feed"] = answer(RSS, kind="text/xml")
    same = Feed.objects.get(pk=feed.pk)
    assert poll(feed, take=take_nothing) is not None
    assert poll(same, take=take_nothing) is None
    assert FeedPoll.objects.count() == 1


def test_only_active_feeds_that_are_due_wait(feed):
    later = timezone.now() + timedelta(hours=1)
    Feed.objects.create(source=feed.source, url="https://a.example/", active=False)
    Feed.objects.create(source=feed.source, url="https://b.example/", active=True, next_due=later)
    assert list(waiting()) == [feed]


def test_a_feed_at_a_private_address_is_not_asked(server, feed, settings):
    settings.FETCH_ALLOWED_PRIVATE = []
    record = poll(feed, take=take_nothing)
    assert "is not a public address" in record.error
    assert server.asked == []


def again(feed) -> FeedPoll | None:
    Feed.objects.update(next_due=timezone.now())
    feed.refresh_from_db()
    return poll(feed, take=take_nothing)


def test_a_feed_that_moved_for_good_is_asked_at_its_new_address(server, feed):
    server.routes["/feed"] = redirect("/new", status=301)
    server.routes["/new"] = answer(RSS, kind="text/xml")
    assert poll(feed, take=take_nothing).ok
    feed.refresh_from_db()
    assert feed.url == f"{server.url}/new"
    change = Change.objects.filter(table="sources_feed", row_id=feed.pk).latest("pk")
    assert (change.who, "redirects there for good" in change.why) == ("polling", True)


def test_a_feed_stays_where_it_is_when_it_only_is_elsewhere_today(server, feed):
    server.routes["/feed"] = redirect("/new", status=302)
    server.routes["/new"] = answer(RSS, kind="text/xml")
    assert poll(feed, take=take_nothing).ok
    feed.refresh_from_db()
    assert feed.url == f"{server.url}/feed"


def test_a_feed_does_not_move_to_what_is_no_feed_or_another_one(server, feed):
    server.routes["/feed"] = redirect("/new", status=301)
    server.routes["/new"] = answer(b"<html><body>We have a new site!</body></html>")
    assert not poll(feed, take=take_nothing).ok
    server.routes["/new"] = answer(RSS, kind="text/xml")
    Feed.objects.create(source=feed.source, url=f"{server.url}/new")
    assert again(feed).ok
    feed.refresh_from_db()
    assert feed.url == f"{server.url}/feed"


def test_the_pause_that_a_server_asks_for_is_kept(server, feed):
    server.routes["/feed"] = answer(status=429, Retry_After="7200")
    assert not poll(feed, take=take_nothing).ok
    feed.refresh_from_db()
    assert feed.next_due >= timezone.now() + timedelta(minutes=119)


def test_a_poll_that_died_leaves_a_failure(server, feed):
    """Else a feed that kills its readers would be read, and kill them, for ever."""
    server.routes["/feed"] = answer(RSS, kind="text/xml")
    Feed.objects.update(polling_since=timezone.now() - timedelta(hours=1))
    record = again(feed)
    assert (record.ok, record.error) == (
        False,
        "The worker died or was stopped while it read this feed.",
    )
    feed.refresh_from_db()
    assert (feed.failures, feed.polling_since) == (1, None)
    assert server.asked == []
    assert again(feed).ok


def test_a_poll_whose_host_is_busy_waits_and_is_no_failure(server, feed):
    server.routes["/feed"] = answer(RSS, kind="text/xml")
    until = timezone.now() + timedelta(minutes=5)
    Host.objects.create(name=server.host, next_at=until)
    assert poll(feed, take=take_nothing) is None
    feed.refresh_from_db()
    assert (feed.failures, feed.polling_since) == (0, None)
    assert feed.next_due >= until
    assert not FeedPoll.objects.exists()


def test_a_feed_of_fifty_thousand_entries_is_taken_whole(server, feed):
    items = "".join(
        f"<item><guid>{n}</guid><title>News {n}</title><link>https://a.example/{n}</link></item>"
        for n in range(50_000)
    )
    body = f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode()
    server.routes["/feed"] = answer(body, kind="text/xml")
    record = poll(feed, take=entries.take)
    assert (record.ok, record.items, record.fresh) == (True, 50_000, 0), "a first poll is no news"
    assert IntakeItem.objects.filter(feed=feed).count() == 50_000
