"""What a feed says beside addresses and times: kept in every format, and known again by its guid."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.sources.fetchers.feed_types import plain
from apps.sources.fetchers.feeds import looks_like_feed, parse, read

RSS = """<?xml version="1.0" encoding="ENC"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Gulf &amp;amp; News</title><link>https://news.example/</link><language>fa</language>
<item><guid isPermaLink="false">g-1</guid><title>موشک &lt;b&gt;بغداد&lt;/b&gt;</title><link>https://news.example/1?utm=a</link>
<dc:creator>A. Writer</dc:creator><category>Iraq</category><category>Iraq</category><category>War</category>
<source url="https://wire.example/rss">The Wire</source>
<description><![CDATA[<p>First.</p><p>Second &amp; <i>la</i>st.</p><script>x</script>]]></description></item>
</channel></rss>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "utf-8-sig", "windows-1256"])
def test_an_entry_is_kept_whole_in_every_charset(encoding):
    name = encoding.removesuffix("-sig")
    raw = RSS.replace("ENC", name).replace("ی", "ي").encode(encoding)
    assert looks_like_feed(raw)
    document = parse(raw, "https://news.example/feed")
    assert (document.kind, document.title) == ("rss", "Gulf & News")
    assert (document.language, document.link) == ("fa", "https://news.example/")
    entry = document.entries[0]
    assert (entry.guid, entry.title) == ("g-1", "موشک بغداد")
    assert (entry.author, entry.agency, entry.language) == ("A. Writer", "The Wire", "fa")
    assert entry.categories == ("Iraq", "War")
    assert entry.summary == "First. Second & last."


def test_the_charset_of_the_answer_counts_where_the_file_names_none():
    raw = "<rss version='2.0'><channel><item><title>Căzut</title><link>https://a.example/</link></item>"
    headers = {"content-type": "text/xml; charset=iso-8859-2"}
    found = parse(f"{raw}</channel></rss>".encode("iso-8859-2"), "", headers)
    assert found.entries[0].title == "Căzut"


def test_json_feed_with_a_byte_order_mark_is_kept_whole():
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": "J", "home_page_url": "https://a.example/",
        "language": "en", "items": [{
            "id": "1", "external_url": "https://a.example/x", "authors": [{"name": "A"}, {"name": "B"}, 3],
            "content_html": "<p>One</p><p>two</p>", "tags": ["x", 4, "x"],
        }],
    }  # fmt: skip
    document = parse(json.dumps(feed).encode("utf-16"))
    entry = document.entries[0]
    assert (document.title, document.link) == ("J", "https://a.example/")
    assert (entry.url, entry.author, entry.summary) == ("https://a.example/x", "A, B", "One two")
    assert (entry.guid, entry.categories, entry.language) == ("1", ("x",), "en")


def test_an_index_of_sitemaps_names_the_newest_first_and_those_of_news_before_all():
    parts = [("a-2019", "2019-01-01"), ("a-2020", "2020-01-01"), ("news", "2018-01-01")]
    inside = "".join(
        f"<sitemap><loc>https://a.example/{name}.xml</loc><lastmod>{day}</lastmod></sitemap>"
        for name, day in parts
    )
    raw = (
        f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{inside}</sitemapindex>"
    )
    assert looks_like_feed(raw.encode())
    assert [p.rpartition("/")[2] for p in parse(raw.encode()).parts] == [
        "news.xml", "a-2020.xml", "a-2019.xml",
    ]  # fmt: skip


def items(*entries):
    inside = "".join(
        f"<item><guid>{guid}</guid><title>{title}</title><link>https://a.example/{link}</link></item>"
        for guid, title, link in entries
    )
    return f"<rss version='2.0'><channel>{inside}</channel></rss>".encode()


def test_one_guid_with_several_tracking_addresses_is_one_entry():
    found = read(items(("g", "Rockets", "1?from=rss"), ("g", "Rockets", "1?from=home")))
    assert [entry.url for entry in found] == ["https://a.example/1?from=rss"]


def test_a_guid_that_all_entries_share_hides_none():
    found = read(items(("0", "Rockets", "1"), ("0", "Talks", "2"), ("0", "Votes", "3")))
    assert len(found) == 3


def test_the_address_before_the_redirector_is_taken():
    raw = (
        "<rss version='2.0' xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'><channel><item>"
        "<title>A</title><link>https://proxy.example/~r/1</link>"
        "<feedburner:origLink>https://a.example/1</feedburner:origLink></item></channel></rss>"
    )
    assert read(raw.encode())[0].url == "https://a.example/1"


def test_a_created_time_stands_in_for_a_missing_published_one():
    raw = (
        "<rss version='2.0' xmlns:dcterms='http://purl.org/dc/terms/'><channel><item>"
        "<link>https://a.example/1</link><dcterms:created>2020-01-03T01:00:00Z</dcterms:created>"
        "</item></channel></rss>"
    )
    assert read(raw.encode())[0].published == datetime(2020, 1, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a <b>b</b>c", "a bc"),
        ("one<br>two", "one two"),
        ("5 < 6", "5 < 6"),
        ("&lt;b&gt; is bold", "<b> is bold"),
        ("safe<!-- hidden", "safe<!-- hidden"),
        ("x<style>p{}</style>y", "xy"),
        ("a\x00\x01b", "ab"),
        (None, ""),
    ],
)
def test_plain_text_of_markup(markup, text):
    assert plain(markup) == text


@given(st.text(max_size=400) | st.text(alphabet="<>/!-ab&;\"' ", max_size=400))
def test_plain_text_is_one_line_that_can_be_stored(markup):
    text = plain(markup)
    assert "\n" not in text
    assert "\x00" not in text
