"""Feeds: bytes in, entries out."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.sources.fetchers.feeds import FeedError, looks_like_feed, read

RSS = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Example</title><link>https://news.example/</link>
<item><title>Rockets  hit
 base</title><link>https://news.example/1</link><pubDate>Fri, 03 Jan 2020 01:30:00 +0300</pubDate></item>
<item><title>Day only</title><link>/2</link><pubDate>2020-01-04</pubDate></item>
<item><title>No date</title><link>https://news.example/3</link></item>
<item><title>No link</title></item>
<item><title>Script</title><link>javascript:alert(1)</link></item>
<item><title>Twice</title><link>https://news.example/1</link></item>
</channel></rss>"""

ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>E</title>
<entry><title>A</title><link href="https://news.example/a"/><id>1</id>
<published>2020-01-08T02:00:00Z</published><updated>2020-01-08T05:00:00Z</updated></entry>
<entry><title>B</title><link href="https://news.example/b"/><id>2</id>
<updated>2020-01-09T05:00:00Z</updated></entry></feed>"""


def test_rss_entries_have_address_title_and_time():
    entries = read(RSS, "https://news.example/feed")
    assert [e.url for e in entries] == [f"https://news.example/{n}" for n in (1, 2, 3)]
    assert entries[0].title == "Rockets hit base"
    assert entries[0].published == datetime(2020, 1, 2, 22, 30, tzinfo=UTC)


def test_the_precision_is_what_the_feed_wrote():
    assert [e.precision for e in read(RSS, "https://news.example/")] == [
        "instant",
        "day",
        "unknown",
    ]


def test_an_undated_entry_stays_undated():
    assert read(RSS, "https://news.example/")[2].published is None


def test_atom_tells_published_and_updated_apart():
    first, second = read(ATOM)
    assert first.published == datetime(2020, 1, 8, 2, tzinfo=UTC)
    assert first.updated == datetime(2020, 1, 8, 5, tzinfo=UTC)
    assert second.published == second.updated == datetime(2020, 1, 9, 5, tzinfo=UTC)


def test_json_feed():
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {"id": 1, "url": "/x", "title": "X", "date_published": "2020-01-03T00:30:00+03:00"},
            {"id": 2, "url": "https://news.example/y"},
            "not an item",
        ],
    }
    entries = read(json.dumps(feed).encode(), "https://news.example/feed.json")
    assert [e.url for e in entries] == ["https://news.example/x", "https://news.example/y"]
    assert entries[0].published == datetime(2020, 1, 2, 21, 30, tzinfo=UTC)


def test_news_sitemap():
    entries = read(
        b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
        <url><loc>https://news.example/s</loc><news:news><news:publication_date>2020-06-05
        </news:publication_date><news:title>S</news:title></news:news></url></urlset>"""
    )
    assert [(e.url, e.title, e.precision) for e in entries] == [
        ("https://news.example/s", "S", "day")
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html><body>a page</body></html>",
        b"plain text",
        b"/etc/hostname",  # a file name to whoever opens what they are given
        b'{"version": "1", "items": []}',
        b'{"version": "https://jsonfeed.org/version/1", "items": 3}',
        b"{not json",
    ],
)
def test_what_is_no_feed_is_told(raw):
    with pytest.raises(FeedError):
        read(raw)


def test_an_entity_bomb_is_not_unfolded():
    levels = "".join(f'<!ENTITY a{n} "{"".join([f"&a{n - 1};"] * 10)}">' for n in range(1, 10))
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "x">{levels}]><rss version="2.0"><channel>'
        "<item><title>&a9;</title><link>https://news.example/1</link></item></channel></rss>"
    )
    assert all(len(entry.title) < 10_000 for entry in read(bomb.encode()))


def test_an_external_entity_is_not_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    feed = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY s SYSTEM "file://{secret}">]><rss version="2.0">'
        "<channel><item><title>&s;</title><link>https://news.example/1</link></item></channel></rss>"
    )
    assert "SECRET" not in str(read(feed.encode()))


@pytest.mark.parametrize(
    ("raw", "feed"),
    [
        (RSS, True),
        (ATOM, True),
        (b'\xef\xbb\xbf{"version": "https://jsonfeed.org/version/1.1"}', True),
        (b"<!doctype html><html><a href='/rss'>rss</a>", False),
        (b'{"text": "an article"}', False),
        (b"BAGHDAD (AP) - Rockets", False),
        (b"", False),
    ],
)
def test_a_feed_is_told_from_a_page_by_its_content(raw, feed):
    assert looks_like_feed(raw) is feed


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(raw):
    try:
        entries = read(b"<rss version='2.0'><channel><item>" + raw)
    except FeedError:
        return
    assert all(e.url.startswith(("http://", "https://")) for e in entries)


def test_json_nested_without_end_is_no_feed():
    head = b'{"version": "https://jsonfeed.org/version/1.1", "items": '
    with pytest.raises(FeedError, match="not valid JSON"):
        read(head + b"[" * 200_000)


def test_an_address_that_no_database_keeps_is_no_address():
    urls = ["https://a.example/\x00", "https://a.example/\ud800", "https://a.example/good"]
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"url": url} for url in urls]}
    assert [entry.url for entry in read(json.dumps(feed).encode())] == ["https://a.example/good"]
