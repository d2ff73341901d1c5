"""What a feed lists becomes intake, each entry once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from apps.articles import entries
from apps.articles.models import IntakeItem
from apps.articles.tasks import ingest_waiting, poll_due, poll_feed
from apps.sources.fetchers.feeds import FeedEntry
from apps.sources.models import Feed, FeedPoll, Source
from tests.articles.test_extract import HTML
from tests.sources.server import answer

pytestmark = pytest.mark.django_db
PUBLISHED = datetime(2020, 3, 13, 20, 30, tzinfo=UTC)


@pytest.fixture
def feed() -> Feed:
    source = Source.objects.create(slug="example", name="Example")
    return Feed.objects.create(source=source, url="https://news.example/feed", active=True)


def test_an_entry_becomes_an_item_that_is_still_to_be_fetched(feed):
    entry = FeedEntry("https://news.example/1", "Rockets", PUBLISHED, "instant")
    item = entries.take(feed, [entry]).items.get()
    assert (item.url, item.title, item.raw) == ("https://news.example/1", "Rockets", None)
    assert (item.published_at, item.published_precision) == (PUBLISHED, "instant")
    assert item.feed == feed


def test_an_entry_is_taken_once(feed):
    first = FeedEntry("https://news.example/1")
    entries.take(feed, [first])
    assert entries.take(feed, [first]) is None
    batch = entries.take(feed, [first, FeedEntry("https://news.example/2")])
    assert [item.url for item in batch.items.all()] == ["https://news.example/2"]


def test_an_entry_that_was_updated_since_is_taken_again(feed):
    entries.take(feed, [FeedEntry("https://news.example/1", updated=PUBLISHED)])
    assert entries.take(feed, [FeedEntry("https://news.example/1", updated=PUBLISHED)]) is None
    now = timezone.now()
    assert entries.take(feed, [FeedEntry("https://news.example/1", updated=now)]) is not None
    ahead = FeedEntry("https://news.example/1", updated=now + timedelta(hours=3))
    assert entries.take(feed, [ahead]) is None, "a time in the future would be new for ever"


def test_a_publication_time_in_the_future_is_not_believed(feed):
    ahead = timezone.now() + timedelta(days=3)
    entry = FeedEntry("https://news.example/1", published=ahead, precision="instant")
    item = entries.take(feed, [entry]).items.get()
    assert (item.published_at, item.published_precision) == (None, "")


def test_a_feed_s_articles_are_stored(server):
    source = Source.objects.create(slug="local", name="Local")
    feed = Feed.objects.create(source=source, url=f"{server.url}/feed", active=True)
    rss = (
        f"<rss version='2.0'><channel><item><title>Rockets hit base</title><link>{server.url}/a</link>"
        "<pubDate>Fri, 13 Mar 2020 20:30:00 GMT</pubDate></item></channel></rss>"
    )
    server.routes["/feed"] = answer(rss.encode(), kind="application/rss+xml")
    server.routes["/a"] = answer(HTML.encode())
    poll_feed(feed.pk)
    ingest_waiting()
    item = IntakeItem.objects.get()
    assert item.outcome == "new"
    assert item.article.source == source
    assert (item.article.published_at, item.article.published_how) == (PUBLISHED, "feed")
    assert FeedPoll.objects.get().ok


def test_the_feeds_that_are_due_are_polled(feed, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(
        "apps.core.stages.current_app.send_task",
        lambda name, args, **options: sent.append((name, args)),
    )
    with django_capture_on_commit_callbacks(execute=True):
        poll_due()
    assert sent == [("sources.poll_feed", (feed.pk,))]
