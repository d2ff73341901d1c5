"""What servers do wrong, played by a real one: each costs its own poll or entry, is told, and passes."""

import socket
import struct
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from apps.articles import entries
from apps.articles.models import IntakeItem
from apps.sources.models import Feed, ListedEntry
from apps.sources.poll import poll
from tests.sources.server import answer
from tests.sources.test_feeds import RSS

pytestmark = pytest.mark.django_db


def polled(server, feed, play):
    server.routes["/feed"] = play
    Feed.objects.update(next_due=timezone.now(), last_success=timezone.now())
    feed.refresh_from_db()
    return poll(feed, take=entries.take)


def rss(*items: str, head: str = '<?xml version="1.0"?>') -> bytes:
    return f"{head}<rss version='2.0'><channel><title>x</title>{''.join(items)}</channel></rss>".encode()


def entry(number: int, **fields: str) -> str:
    told = {"title": f"News {number}", "link": f"https://a.example/{number}"} | fields
    return (
        "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in told.items()) + "</item>"
    )


def test_a_connection_that_is_reset_in_the_body_is_a_failure_that_passes(server, feed):
    def reset(request):
        request.send_response(200)
        request.send_header("Content-Type", "text/xml")
        request.send_header("Content-Length", str(len(RSS)))
        request.end_headers()
        request.wfile.write(RSS[:200])
        request.wfile.flush()
        # Close with a RST, as a server does whose process died.
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.close_connection = True

    record = polled(server, feed, reset)
    assert not record.ok
    assert "the connection failed" in record.error
    assert not IntakeItem.objects.exists(), "half a feed is none"
    assert polled(server, feed, answer(RSS, kind="text/xml")).ok


def test_a_server_that_fails_for_a_while_is_read_when_it_recovers(server, feed):
    for failures in (1, 2):
        assert not polled(server, feed, answer(status=502)).ok
        feed.refresh_from_db()
        assert feed.failures == failures
    assert polled(server, feed, answer(RSS, kind="text/xml")).ok
    feed.refresh_from_db()
    assert (feed.failures, feed.last_error, feed.failing_since) == (0, "", None)
    assert IntakeItem.objects.count() == 3


@pytest.mark.parametrize("declared", ["utf-8", "utf-16", "nonsense-8", "iso-8859-1"])
def test_a_charset_that_is_wrongly_declared_does_not_garble_titles(server, feed, declared):
    body = rss(entry(1, title="Überfall in Köln"))
    assert polled(server, feed, answer(body, kind=f"text/xml; charset={declared}")).ok
    assert ListedEntry.objects.get().title == "Überfall in Köln"


def test_what_comes_before_broken_xml_is_taken(server, feed):
    body = rss(entry(1), entry(2), "<item><title>AT&T & <b>more</title><link>https://a.example/3")
    assert polled(server, feed, answer(body, kind="text/xml")).ok
    urls = set(IntakeItem.objects.values_list("url", flat=True))
    assert urls >= {"https://a.example/1", "https://a.example/2"}


def test_a_feed_under_a_wrong_content_type_is_read_and_a_picture_is_not(server, feed):
    assert polled(server, feed, answer(RSS, kind="text/html")).ok
    record = polled(server, feed, answer(b"\x89PNG", kind="image/png"))
    assert "image/png is not a type that is read here" in record.error


def test_an_entity_bomb_costs_its_poll_alone(server, feed):
    bomb = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a0 "ha">'
    bomb += "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)) + "]>"
    record = polled(server, feed, answer(rss(entry(1, title="&a11;"), head=bomb), kind="text/xml"))
    assert not record.ok or len(ListedEntry.objects.get().title) < 1000
    assert polled(server, feed, answer(RSS, kind="text/xml")).ok


def test_entries_that_share_a_guid_are_taken_each_once(server, feed):
    same = [entry(n, guid="tag:a.example,2020:same") for n in range(3)]
    for _ in range(2):
        assert polled(server, feed, answer(rss(*same, entry(0)), kind="text/xml")).ok
    assert sorted(IntakeItem.objects.values_list("url", flat=True)) == [
        f"https://a.example/{n}" for n in range(3)
    ]


DAY = datetime(2020, 1, 3, tzinfo=UTC)
FORMS = {
    "Fri, 03 Jan 2020 10:30:00 GMT": ("instant", 10),
    "Fri, 03 Jan 2020 13:30:00 +0300": ("instant", 10),
    "03 Jan 2020 10:30:00 +0000": ("instant", 10),
    "Fri, 3 Jan 20 10:30:00 EST": ("instant", 15),
    "2020-01-03T10:30:00Z": ("instant", 10),
    "2020-01-03T10:30:00.123+00:00": ("instant", 10),
    "2020-01-03T14:00:00+03:30": ("instant", 10),
    "2020-01-03 10:30:00": ("instant", 10),
    "Fri Jan  3 10:30:00 2020": ("instant", 10),
    "20200103T103000Z": ("day", 0),  # its time of day is not read, and so not told
    "2020-01-03": ("day", 0),
}


def test_dates_in_many_forms_are_one_day(server, feed):
    items = [entry(n, pubDate=form) for n, form in enumerate(FORMS)]
    assert polled(server, feed, answer(rss(*items), kind="text/xml")).ok
    found = dict(IntakeItem.objects.values_list("url", "published_at"))
    told = dict(IntakeItem.objects.values_list("url", "published_precision"))
    for n, (form, (precision, hour)) in enumerate(FORMS.items()):
        at = found[f"https://a.example/{n}"]
        assert at is not None, form
        assert (at.date(), at.hour) == (DAY.date(), hour), form
        assert told[f"https://a.example/{n}"] == precision, form


def test_a_date_in_the_future_or_in_no_calendar_is_not_believed(server, feed):
    tomorrow = timezone.now() + timedelta(days=3)
    forms = [
        f"{tomorrow:%Y-%m-%dT%H:%M:%SZ}",
        "Fri, 31 Feb 2020 10:00:00 GMT",
        "soon",
        "0000-00-00",
    ]
    items = [entry(n, pubDate=form) for n, form in enumerate(forms)]
    assert polled(server, feed, answer(rss(*items), kind="text/xml")).ok
    assert set(IntakeItem.objects.values_list("published_at", flat=True)) == {None}
    assert IntakeItem.objects.count() == 4, "the entries themselves are taken"
