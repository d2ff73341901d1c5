"""Canonical addresses: one article, one address."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apps.articles.extract.addresses import canonical, from_content, site, unwrap

SAME = [
    ("https://www.bbc.co.uk/news/world-1", "http://WWW.BBC.co.uk:80/news/world-1#share"),
    ("https://a.example/x?id=3", "https://a.example/x?utm_source=rss&id=3&utm_medium=feed"),
    ("https://a.example/x?a=1&b=2", "https://a.example/x?b=2&a=1"),
    ("https://a.example/x", "https://a.example/x?fbclid=IwAR0&gclid=1&_ga=2.3"),
    ("https://a.example/", "https://a.example"),
    ("https://a.example/x", "  https://a.example/\nx "),
    ("https://a.example/b", "https://a.example/a/../b"),
    ("https://a.example/~x", "https://a.example/%7ex"),
    ("https://a.example/%C3%BC", "https://a.example/ü"),
    ("https://xn--bcher-kva.example/", "https://BÜCHER.example/"),
    ("https://a.example/x", "https://user:pass@a.example:443/x"),
    (
        "https://apnews.example/abc?x=1",
        "https://web.archive.org/web/20200105120000/http://apnews.example/abc?x=1",
    ),
    ("https://apnews.example/abc", "https://web.archive.org/web/2020id_/https:/apnews.example/abc"),
    ("https://apnews.example/abc", "https://archive.is/20200103/https://apnews.example/abc"),
    (
        "https://apnews.example/x",
        "https://www.google.com/url?q=https%3A%2F%2Fapnews.example%2Fx&sa=D",
    ),
    (
        "https://www.bbc.com/news/1",
        "https://webcache.googleusercontent.com/search?q=cache:AbC_1:www.bbc.com/news/1",
    ),
    ("https://www.bbc.com/news/1", "https://www-bbc-com.cdn.ampproject.org/c/s/www.bbc.com/news/1"),
    ("https://www.bbc.com/news/1", "https://www.google.com/amp/s/www.bbc.com/news/1"),
    (
        "https://www.al-monitor.com/x",
        "https://www-al--monitor-com.translate.goog/x?_x_tr_sl=fa&_x_tr_tl=en",
    ),
    ("https://a.example/x", "https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2Fx&h=AT"),
    ("https://a.example/x", "https://12ft.io/https://a.example/x"),
    ("https://a.example/x", "https://a.example/a/%2E%2E/x"),
    ("https://a.example/x", "https://a.example/x?%75tm_source=rss"),
    ("https://a.example/x", 6 * "https://web.archive.org/web/2020/" + "https://a.example/x"),
    ("https://a.example/x", "https://t.umblr.com/redirect?z=https%3A%2F%2Fa.example%2Fx&t=1"),
    ("https://a.example/x", "https://duckduckgo.com/l/?uddg=https%3A%2F%2Fa.example%2Fx&rut=1"),
    ("https://a.example/x", "https://www.youtube.com/redirect?q=https%3A%2F%2Fa.example%2Fx"),
    ("https://a.example/x", "https://www.bing.com/amp/s/a.example/x"),
    (
        "https://a.example/x",
        "https://a-example.cdn.ampproject.org/v/s/a.example/x?amp_js_v=0.1&usqp=1",
    ),
    (
        "https://a.example/x",
        "https://12ft.io/https://web.archive.org/web/2020/https://a.example/x?utm_term=1",
    ),
]


@pytest.mark.parametrize(("wanted", "given_"), SAME)
def test_one_article_has_one_address(wanted, given_):
    assert canonical(given_) == wanted


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x?id=1", "https://a.example/x?id=2"),
        ("https://a.example/?p=1", "https://a.example/?p=2"),
        ("https://a.example/x?cid=1", "https://a.example/x?cid=2"),
        ("https://a.example/story", "https://a.example/Story"),
        ("https://a.example/a%2Fb", "https://a.example/a/b"),
        ("https://a.example:8080/x", "https://a.example/x"),
        ("https://a.example/x", "https://b.example/x"),
    ],
)
def test_two_articles_never_fall_together(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "ftp://a.example/",
        "mailto:a@b.c",
        "https://",
        "https://[bad/",
        "https://a.example:x/",
    ],
)
def test_what_is_no_web_address_is_told(text):
    with pytest.raises(ValueError, match="is not a web address"):
        canonical(text)


def test_an_address_too_long_to_be_kept_is_told():
    with pytest.raises(ValueError, match="at most 2000"):
        canonical("https://a.example/" + "x" * 3000)


def test_a_proxy_that_hides_the_original_is_left_as_it_is():
    proxy = "https://proxy9.example.com/servlet/redirect.srv/abcd/efgh/p2/"
    assert unwrap(proxy) == proxy


hosts = st.from_regex(r"[a-z][a-z0-9]{0,10}(\.[a-z][a-z0-9]{0,8}){1,3}", fullmatch=True)
segments = st.text(string.ascii_letters + string.digits + "-._~ %äé漢/:@!$&'()*+,;=", max_size=30)
parameters = st.lists(st.tuples(segments, segments), max_size=4)


@st.composite
def urls(draw):
    query = "&".join(f"{k}={v}" for k, v in draw(parameters))
    port = draw(st.sampled_from(["", ":80", ":443", ":8080"]))
    scheme = draw(st.sampled_from(["http", "https", "HTTP"]))
    return f"{scheme}://{draw(hosts)}{port}/{draw(segments)}?{query}"


def canonical_or_skip(url: str) -> str:
    try:
        return canonical(url)
    except ValueError:
        assume(False)
        raise


@given(urls())
def test_a_canonical_address_is_its_own(url):
    once = canonical_or_skip(url)
    assert canonical(once) == once


@given(urls())
def test_tracking_and_fragments_make_no_difference(url):
    plain = canonical_or_skip(url)
    assert canonical(f"{url}&utm_source=x&fbclid=1#top") == plain


@given(urls())
def test_a_canonical_address_is_plain_ascii_without_fragment(url):
    found = canonical_or_skip(url)
    assert found.isascii()
    assert "#" not in found
    assert " " not in found


@given(urls())
def test_an_archived_copy_is_the_original(url):
    plain = canonical_or_skip(url)
    assert canonical(f"https://web.archive.org/web/20200103000000/{plain}") == plain


@given(st.text(max_size=200))
def test_any_text_is_an_address_or_told_to_be_none(text):
    try:
        found = canonical(text)
    except ValueError:
        return
    assert found.startswith(("http://", "https://"))


def test_a_text_without_address_is_named_by_its_content():
    assert from_content("x") == from_content("x") != from_content("y")
    assert from_content("x").startswith("urn:sha256:")


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.bbc.co.uk/news", "bbc.co.uk"),
        ("https://edition.cnn.com/x", "cnn.com"),
        ("http://127.0.0.1:8000/x", "127.0.0.1"),
        ("http://intranet/x", "intranet"),
        ("urn:sha256:00", ""),
        ("", ""),
    ],
)
def test_the_site_of_an_address(url, domain):
    assert site(url) == domain
