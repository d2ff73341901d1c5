"""Pages that are no articles are refused, each with its reason; articles that tell of such things are not."""

import pytest

from apps.articles.extract.run import extract
from apps.articles.extract.types import ExtractError
from tests.articles.test_extract import SENTENCES

URL = "https://news.example/world/rockets"
ROBOT = "a person or a robot"
LOST = "no such page"
CONSENT = "consent to cookies"
PAID = "for subscribers"
SHELL = "a script fills"
LISTED = "a list of others"


def page(body: str, title: str = "Example News", head: str = "") -> str:
    return (
        f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    )


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


MENU = "".join(f'<a href="/{n}">Section {n}</a>' for n in range(20))
HEADLINES = "".join(
    f'<div><h3><a href="/story/{n}">Minister number {n} speaks to reporters again</a></h3>'
    f"<p>He said what he said {n} times before.</p></div>"
    for n in range(25)
)
COOKIES = (
    "We value your privacy. We and our 842 partners store and/or access information on a device, such as "
    "cookies, and process personal data for personalised ads.",
    "You may click to accept all, or manage preferences. You can withdraw your consent at any time.",
)
PAGES = [
    (page("<h1>Just a moment...</h1><p>Checking if the site is secure.</p>", "Just a moment..."), ROBOT),
    (page("<p>Please complete the check below to go on.</p><script>window._cf_chl_opt={}</script>"), ROBOT),
    (page("<h1>Access denied</h1><p>You do not have permission to see this page.</p>", "Access Denied"), ROBOT),
    (page(MENU + "<h1>Page not found</h1><p>Try our search or go to the front page.</p>"), LOST),
    (page("<p>It may have been moved or deleted by its author.</p>", "Error 404 - Example News"), LOST),
    (page("<h1>Sorry, the page you requested could not be found</h1><p>Go home.</p>"), LOST),
    (page("<p>Bitte nutzen Sie die Suche auf unserer Seite.</p>", "Seite nicht gefunden"), LOST),
    (page("<h1>الصفحة غير موجودة</h1><p>عد إلى الصفحة الرئيسية للموقع</p>"), LOST),
    (page("<h1>صفحه مورد نظر یافت نشد</h1><p>به صفحه اصلی بازگردید</p>"), LOST),
    (page(paragraphs(*COOKIES) + "<button>Accept all</button>"), CONSENT),
    (page(paragraphs(
        "Mit Ihrer Einwilligung nutzen wir und unsere Partner Cookies; berechtigtes Interesse ist möglich.",
        "Sie können alle akzeptieren oder Ihre Privatsphäre einstellen."), "Ihre Privatsphäre"), CONSENT),
    (page(f'<article><h1>Rockets hit base</h1>{paragraphs(*SENTENCES[:2])}</article>'
          '<div class="paywall-banner"><p>Subscribe now to continue reading.</p></div>'), PAID),
    (page(f"<article>{paragraphs(*SENTENCES[:2])}</article><aside>Already a subscriber? Log in.</aside>",
          head='<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", '
               '"isAccessibleForFree": "False"}]}</script>'), PAID),
    (page('<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>'), SHELL),
    (page("<p>This site requires JavaScript.</p>"), SHELL),
    (page(MENU + HEADLINES, "World news"), LISTED),
]  # fmt: skip


def read(html: str, url: str = URL):
    return extract(
        html.encode(), content_type="text/html", charset="utf-8", url=url, max_characters=10**6
    )


@pytest.mark.parametrize(("html", "why"), PAGES)
def test_a_page_that_is_no_article_is_refused_with_its_kind(html, why):
    with pytest.raises(ExtractError, match=why):
        read(html)


def test_a_consent_wall_is_known_by_its_host():
    with pytest.raises(ExtractError, match=CONSENT):
        read(page(paragraphs(*SENTENCES)), "https://consent.news.example/collect?x=1")


def test_a_front_page_is_a_list():
    html = page(MENU + HEADLINES + paragraphs(" ".join(SENTENCES)))
    with pytest.raises(ExtractError, match=LISTED):
        read(html, "https://news.example/")


LONG = paragraphs(
    *(" ".join(f"On day {n}, {s[0].lower()}{s[1:]}" for s in SENTENCES) for n in range(1, 5)),
    SENTENCES[0],
)
ARTICLES = {
    "a flash of one paragraph": page(f"<article><h1>Rockets hit base</h1><p>{SENTENCES[0]}</p></article>"),
    "a short press release": page(
        f"<main><h1>Statement on the attack</h1>{paragraphs(*SENTENCES[:2])}</main>", "Statement"
    ),
    "an article about cookies": page(
        f"<article><h1>Court rules on cookies</h1>{LONG}"
        "<p>Sites ask users to accept all cookies or manage preferences, the court said.</p></article>"
    ),
    "an article about missing pages": page(f"<article><h1>Page not found, and why</h1>{LONG}</article>"),
    "an article about robots": page(f"<article><h1>Are you a robot? The test that fails</h1>{LONG}</article>"),
    "an article that asks for subscriptions": page(
        f'<article><h1>Rockets hit base</h1>{LONG}</article><div class="paywall">Subscribe to read more</div>'
    ),
    "an article among many headlines": page(
        f"{MENU}<article><h1>Rockets hit base</h1>{LONG}</article><aside>{HEADLINES}</aside>"
    ),
    "a short article among many headlines": page(
        f"<article><h1>Rockets hit base</h1>{paragraphs(*SENTENCES)}</article><aside>{HEADLINES}</aside>",
        head='<meta property="og:type" content="article">',
    ),
    "an article on a page with a script notice": page(
        f"<noscript>Enable JavaScript for pictures.</noscript><article>{LONG}</article>"
    ),
}  # fmt: skip


@pytest.mark.parametrize("html", ARTICLES.values(), ids=ARTICLES)
def test_an_article_is_not_refused_for_what_stands_in_or_around_it(html):
    assert SENTENCES[0] in read(html).text
