"""Extraction: bytes to text, title, date, language, own address."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.articles.extract import record
from apps.articles.extract.language import language_of
from apps.articles.extract.run import extract
from apps.articles.extract.text import decode, guess_title
from apps.articles.extract.types import ExtractError

SENTENCES = [
    "Rockets struck a base north of Baghdad on Friday, wounding three soldiers, officials said.",
    "No group claimed responsibility for the attack, which came hours after a meeting in the capital.",
    "The base hosts troops of the coalition that fights the Islamic State group in Iraq and Syria.",
    "An Iraqi military statement said that the launcher was found on a truck in a nearby village.",
]
PAGE = """<!doctype html><html lang="en-GB"><head><title>Rockets hit base | Example News</title>
<meta charset="utf-8"><link rel="canonical" href="https://news.example/world/rockets?utm_source=x">
<meta property="og:site_name" content="Example News"><meta property="og:title" content="Rockets hit base">
<meta name="author" content="The Associated Press">
<meta property="article:published_time" content="2020-03-13T23:30:00+03:00"></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a> <a href="/sport">Sport</a></nav>
<article><h1>Rockets hit base</h1>{}</article><footer>Copyright, all rights reserved</footer></body></html>"""
HTML = PAGE.format("".join(f"<p>{s}</p>" for s in SENTENCES))


def read(raw: bytes, kind: str = "", **options):
    return extract(raw, content_type=kind, **{"max_characters": 100_000, **options})


def test_a_page_gives_its_article_without_navigation():
    found = read(HTML.encode(), "text/html")
    assert all(sentence in found.text for sentence in SENTENCES)
    assert "Sport" not in found.text
    assert "all rights reserved" not in found.text
    assert found.title == "Rockets hit base"
    assert found.language == "en"
    assert found.source_name == "Example News"
    assert found.agency == "AP"


def test_a_page_is_known_by_its_content_where_no_type_is_given():
    assert read(HTML.encode()).title == "Rockets hit base"


def test_a_page_s_publication_time_is_taken_with_its_precision():
    published = read(HTML.encode(), "text/html").published
    assert published.at == datetime(2020, 3, 13, 20, 30, tzinfo=UTC)
    assert (published.precision, published.how) == ("instant", "page")


def test_a_page_that_names_only_a_day_is_dated_to_the_day():
    published = read(HTML.replace("T23:30:00+03:00", "").encode(), "text/html").published
    assert published.at == datetime(2020, 3, 13, tzinfo=UTC)
    assert published.precision == "day"


def test_a_page_without_date_is_undated():
    undated = HTML.replace("article:published_time", "other")
    undated = undated.replace("2020-03-13T23:30:00+03:00", "nothing")
    assert read(undated.encode(), "text/html").published is None


def test_a_page_may_name_its_own_address():
    found = read(HTML.encode(), "text/html", url="http://www.news.example/amp/rockets")
    assert found.canonical_url.startswith("https://news.example/world/rockets")


@pytest.mark.parametrize(
    ("named", "url"),
    [
        ("https://news.example/world/rockets", "https://evil.example/x"),
        ("https://news.example/", "https://news.example/world/rockets"),
        ("not an address", "https://news.example/world/rockets"),
    ],
)
def test_a_page_cannot_name_another_site_s_address_or_its_front_page(named, url):
    page = HTML.replace("https://news.example/world/rockets?utm_source=x", named)
    assert read(page.encode(), "text/html", url=url).canonical_url == ""


@pytest.mark.parametrize("page", ["<html></html>", "<!doctype html>", "<html><body></body></html>"])
def test_a_page_without_article_is_told(page):
    with pytest.raises(ExtractError, match=r"no article text|not HTML"):
        read(page.encode(), "text/html")


def test_a_plain_text_is_kept_as_it_was_written():
    text = "Home  World\n\n“Nobody here wants it. We sleep badly, ”said she.\n\n7;s neighbours"
    assert read(text.encode()).text == text


def test_line_ends_are_unified_and_nul_is_removed():
    assert read(b"\xef\xbb\xbfone\r\ntwo\rthree\x00 \n").text == "one\ntwo\nthree"


def test_mojibake_is_repaired_and_nothing_else():
    garbled = "Iranâ€™s allies are “on alert” &amp; ready…"
    assert read(garbled.encode()).text == "Iran’s allies are “on alert” &amp; ready…"


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        ("Angela’s café – naïve", "utf-8", ""),
        ("Angela’s café – naïve", "utf-8", "iso-8859-1"),  # declared wrongly: valid UTF-8 is UTF-8
        ("Angela’s café", "cp1252", "iso-8859-1"),
        ("Angela’s café", "utf-16", ""),
        ("هجوم صاروخي", "cp1256", "windows-1256"),
        ("ракетный удар", "koi8-r", "koi8-r"),
    ],
)
def test_character_sets(text, encoding, declared):
    assert decode(text.encode(encoding), declared) == text


def test_one_broken_byte_does_not_change_the_character_set():
    raw = "Irans Führer und Israels Premier — größer".encode() + b"\xff"
    assert decode(raw, "utf-8") == "Irans Führer und Israels Premier — größer\ufffd"


@pytest.mark.parametrize("raw", [b"", b"   \n", b"\xef\xbb\xbf"])
def test_an_empty_text_is_told(raw):
    with pytest.raises(ExtractError, match="empty"):
        read(raw)


@pytest.mark.parametrize(
    "raw", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, b"PK\x03\x04" + bytes(2000), bytes(500)]
)
def test_a_binary_file_is_told(raw):
    with pytest.raises(ExtractError, match=r"not text|empty"):
        read(raw)


def test_xml_is_not_taken_for_a_text():
    with pytest.raises(ExtractError, match="It is XML"):
        read(b'<?xml version="1.0"?><rss><channel/></rss>', "application/xml")


def test_a_text_longer_than_allowed_is_refused_with_both_numbers():
    with pytest.raises(
        ExtractError, match=r"has 1001 characters; at most 1000 are taken.*ARTICLE_MAX"
    ):
        read(b"x" * 1001, max_characters=1000)
    assert len(read(b"x" * 1000, max_characters=1000).text) == 1000


def line(**fields) -> bytes:
    return json.dumps(fields).encode()


def test_a_record_s_text_is_kept_to_the_character():
    text = "  Iranâ€™s\r\n allies \u200b“x”  "
    found = record.read(
        line(id=7, text=text, title=" A  b ", published_at="2020-11-20", source="AP")
    )
    assert found.id == "7"
    assert found.article.text == text
    assert found.article.title == "A b"
    assert found.article.source_name == "AP"
    assert (found.article.published.precision, found.article.published.how) == ("day", "given")


def test_what_the_database_cannot_hold_is_removed_from_a_record():
    assert record.read(b'{"text": "a\\u0000b\\ud800c"}').article.text == "ab\ufffdc"


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"{not json", "not valid JSON"),
        (b"[1]", "not an object"),
        (b'"x"', "not an object"),
        (b"{}", "'text' is missing"),
        (b'{"text": " "}', "'text' is missing or empty"),
        (b'{"text": 3}', "'text' is int, not a string"),
        (b'{"text": "x", "published_at": "20 Nov"}', "'published_at' is '20 Nov'"),
        (b'{"text": "x", "url": []}', "'url' is list"),
        (b"\xff\xfe", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
    ],
)
def test_a_bad_record_is_told_with_field_and_fault(raw, fault):
    with pytest.raises(ExtractError, match=fault):
        record.read(raw)


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_extraction(raw):
    try:
        found = read(raw)
    except ExtractError:
        return
    assert found.text
    assert "\x00" not in found.text
    found.text.encode()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Rockets hit base\n\nBAGHDAD (AP) - Rockets struck.", "Rockets hit base"),
        (
            "Home https://proxy.example/ World\n\nAllies on alert in last weeks\n\nText.",
            "Allies on alert in last weeks",
        ),
        ("One sentence only.", "One sentence only."),
        ("x" * 10 + " word" * 60 + ".", "x" * 10 + " word" * 21 + " …"),
    ],
)
def test_a_title_is_guessed_from_the_first_lines(text, title):
    assert guess_title(text) == title


def test_languages():
    assert language_of(" ".join(SENTENCES)) == "en"
    assert language_of("Die Regierung in Teheran hat nach dem Angriff auf die Botschaft in der "
                       "Nacht erklärt, dass sie mit den Vorwürfen nichts zu tun hat und sich auf "
                       "eine Antwort der Vereinigten Staaten vorbereitet.") == "de"  # fmt: skip
    assert language_of("too short") == ""
    assert language_of("lorem ipsum dolor " * 20) == ""


SEED = Path(__file__).resolve().parents[3] / "shared" / "dossier" / "seed-article.txt"


@pytest.mark.skipif(not SEED.exists(), reason="the seed article is not part of the repository")
def test_the_seed_article_keeps_every_character_and_finds_its_title():
    found = read(SEED.read_bytes())
    assert found.text == SEED.read_text().strip()
    assert found.text.count(found.title) == 2  # once in the navigation, once as the headline
    assert found.title.startswith("Iran’s allies")
    assert found.language == "en"


def test_a_page_of_a_million_tags_is_refused_at_once():
    with pytest.raises(ExtractError, match="1000001 tags"):
        read(b"<html>" + b"<p>x" * 1_000_000, "text/html")


def test_a_tag_of_too_many_attributes_is_refused_at_once():
    attributes = " ".join(f'a{n}="{n}"' for n in range(100_000))
    with pytest.raises(ExtractError, match="has 100000 attributes; at most 2000"):
        read(f"<html><body><p {attributes}>Text.</p></body></html>".encode(), "text/html")


@pytest.mark.parametrize(
    ("html", "end"),
    [
        ("<p>" + "word " * 600_000, "at most 100000 are taken"),
        ("<div>" * 20_000 + "Text of a page." + "</div>" * 20_000, "no article text"),
        ("<p>" + SENTENCES[0] + "<p", ""),
        (
            '<script type="application/ld+json">'
            + "[" * 100_000
            + f"</script><p>{SENTENCES[0]}</p>",
            "",
        ),
    ],
    ids=["one paragraph of megabytes", "nested without end", "cut off", "data nested without end"],
)
def test_a_page_without_measure_ends_in_a_text_or_a_reason(html, end):
    page = f"<html><body>{html}".encode()
    if end:
        with pytest.raises(ExtractError, match=end):
            read(page, "text/html")
    else:
        assert SENTENCES[0] in read(page, "text/html").text
