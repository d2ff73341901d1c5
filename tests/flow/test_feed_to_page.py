"""From a feed to the public page: a real server, real worker processes, a real database, a real HTTP client."""

import time
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import urlopen

from celery import current_app

from apps.accounts.models import User
from apps.actors.models import Actor, Alias
from apps.articles.models import IntakeItem
from apps.core.stages import StageStatus
from apps.events import curate
from apps.events.models import Assembly, Event
from apps.sources.models import Feed, FeedPoll
from tests.conftest import KINDS, over
from tests.factories import make_actor, make_place
from tests.sources.server import answer

SENTENCE = (
    "Iran fired ballistic missiles at American troops in Baghdad on Wednesday, killing two people."
)
PAGE = f"""<!doctype html><html lang="en"><head><title>Missiles hit base</title></head><body><article>
<h1>Missiles hit base</h1><p>BAGHDAD (AP) - {SENTENCE}</p>
<p>The attack came hours after a burial in the Iranian city of Kerman, state television reported, and
was the first of its kind in many years, according to officials who were not authorised to speak.</p>
<p>Oil prices rose in early trading and airlines changed their routes, while ministers in several
capitals were called to meetings and asked their citizens to leave the country for the time being.</p>
</article></body></html>"""
RSS = """<rss version="2.0"><channel><title>Example</title><item><title>Missiles hit base</title>
<link>{url}/missiles</link><pubDate>Thu, 09 Jan 2020 06:00:00 GMT</pubDate></item></channel></rss>"""


def make_known_names() -> None:
    """The actors and the place that the article speaks of."""
    iran = make_actor("iran", name="Iran", kind=Actor.Kind.STATE, country="IRN")
    usa = make_actor("usa", name="United States", kind=Actor.Kind.STATE, country="USA")
    Alias.objects.create(actor=iran, name="Iranian", kind=Alias.Kind.DEMONYM)
    Alias.objects.create(actor=usa, name="American", kind=Alias.Kind.DEMONYM)
    make_place("baghdad")


def eventually(found: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not found():
        told = list(IntakeItem.objects.values_list("status", "outcome", "error"))
        assert time.monotonic() < deadline, f"not within {seconds} s; intake: {told}"
        time.sleep(0.2)


def status_of(url: str) -> int:
    try:
        with urlopen(url) as response:
            return response.status
    except HTTPError as error:
        return error.code


def text_of(url: str) -> str:
    with urlopen(url) as response:
        return response.read().decode()


@over(*KINDS)
def test_a_feed_s_article_becomes_a_proposal_and_once_published_a_page(
    server, feed, start_worker, live_server
):
    start_worker()
    current_app.send_task("sources.poll_due")

    eventually(lambda: Assembly.objects.filter(status=StageStatus.DONE).exists())
    assert FeedPoll.objects.get().ok
    item = IntakeItem.objects.get()
    assert (item.outcome, item.article.source) == ("new", feed.source)
    attack = Event.objects.get(type="ASSAULT", participations__actor__slug="iran")
    assert attack.status == Event.Status.PROPOSED
    assert attack.start.isoformat() == "2020-01-08"
    quotes = list(attack.evidence.values_list("quote", flat=True))
    assert any(SENTENCE in quote for quote in quotes)
    assert all(quote in item.version.text for quote in quotes)

    page = f"{live_server.url}{attack.get_absolute_url()}"
    assert status_of(page) == 404, "nobody but an editor sees a proposal"

    editor = User.objects.create_superuser("editor", password="a long one")
    curate.publish(attack, by=editor, reason="clear report")

    shown = text_of(page)
    assert attack.title in shown
    assert "ballistic missiles" in shown
    assert "Example News" in shown


def test_a_second_poll_asks_for_news_only_and_brings_nothing_twice(server, feed, start_worker):
    start_worker()
    current_app.send_task("sources.poll_due")
    eventually(lambda: Assembly.objects.filter(status=StageStatus.DONE).exists())
    server.routes["/feed"] = answer(status=304)
    current_app.send_task("sources.poll_feed", args=[feed.pk])
    assert FeedPoll.objects.count() == 1, "not before the feed is due"
    Feed.objects.update(next_due=feed.next_due)
    current_app.send_task("sources.poll_feed", args=[feed.pk])
    eventually(lambda: FeedPoll.objects.count() == 2)
    asked = [headers for path, headers in server.asked if path == "/feed"]
    assert asked[-1]["if-none-match"] == '"1"'
    assert IntakeItem.objects.count() == 1
