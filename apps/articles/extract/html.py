"""Web pages: the article's text and what the page says about itself."""

import re

import trafilatura
from lxml.html import HtmlElement
from trafilatura.settings import Document
from trafilatura.utils import load_html

from apps.articles.extract import addresses, dates
from apps.articles.extract.language import language_of
from apps.articles.extract.refusals import refusal
from apps.articles.extract.text import clean, decode
from apps.articles.extract.types import Extracted, ExtractError

_PAGE = re.compile(
    rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<article[\s>]|<p[\s>]", re.I
)
# The longest pages of news sites have a tenth; a page of a million would hold a worker for minutes.
_MOST_TAGS = 100_000
# The parser's time grows with the square of the attributes of one tag; real ones have some dozens.
_MOST_ATTRIBUTES = 2_000
_LONG_TAG = re.compile(rb"<[a-zA-Z][^<>]{8000,}")
_AGENCIES = {
    "AP": re.compile(r"\b(?:the )?associated press\b|\bAP\b", re.I),
    "Reuters": re.compile(r"\breuters\b", re.I),
    "AFP": re.compile(r"\bagence france[ -]presse\b|\bAFP\b", re.I),
    "dpa": re.compile(r"\bdeutsche presse-agentur\b|\bdpa\b", re.I),
    "Xinhua": re.compile(r"\bxinhua\b", re.I),
    "TASS": re.compile(r"\bTASS\b"),
    "IRNA": re.compile(r"\bIRNA\b"),
}


def looks_like_html(raw: bytes) -> bool:
    """Tell a page from a text by its first characters."""
    return bool(_PAGE.search(raw[:2048]))


def read(raw: bytes, *, charset: str = "", url: str = "") -> Extracted:
    """Extract a page's article. `url` is where it came from, "" for a file.

    Raises ExtractError where the page is no article (see refusals.py), has no text, or is all tags.
    """
    tags = raw.count(b"<")
    if tags > _MOST_TAGS:
        raise ExtractError(f"The page has {tags} tags; at most {_MOST_TAGS} are read.")
    most = max((tag[0].count(b"=") for tag in _LONG_TAG.finditer(raw)), default=0)
    if most > _MOST_ATTRIBUTES:
        raise ExtractError(
            f"A tag of the page has {most} attributes; at most {_MOST_ATTRIBUTES} are read."
        )
    html = decode(raw, charset)
    tree = load_html(html)
    if tree is None:
        raise ExtractError("The page is not HTML that can be read.")
    document = trafilatura.bare_extraction(
        html, url=url or None, with_metadata=True, include_comments=False
    )
    told = document if isinstance(document, Document) else None
    text = clean(told.text or "") if told else ""
    title = clean(told.title or "") if told else ""
    if why := refusal(tree, html, text, title, url):
        raise ExtractError(why)
    if told is None or not text:
        raise ExtractError("The page has no article text.")
    byline = clean(told.author or "")
    return Extracted(
        text=text,
        title=title,
        published=dates.of_page(tree, html, url),
        language=_language(tree) or language_of(text),
        agency=agency_of(byline),
        byline=byline[:300],
        canonical_url=_own_address(tree, url),
        source_name=clean(told.sitename or ""),
    )


def agency_of(byline: str) -> str:
    """Return the news agency that a byline names, "" where it names none."""
    return next((name for name, form in _AGENCIES.items() if form.search(byline)), "")


def _language(tree: HtmlElement) -> str:
    """The language that the page declares."""
    declared = next(iter(tree.xpath("/html/@lang")), "") or next(iter(tree.xpath("//@lang")), "")
    code = str(declared).strip().lower().replace("_", "-").partition("-")[0]
    return code if re.fullmatch(r"[a-z]{2,3}", code) else ""


def _own_address(tree: HtmlElement, url: str) -> str:
    """The canonical address that the page names, where it may be believed, else "".

    A page may speak for its own site only, or any page could pass for another's; and a front page named by an
    article is a mistake of the site's template.
    """
    for told in tree.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"):
        told = str(told).strip()
        try:
            named = addresses.canonical(told)
        except ValueError:
            continue
        front_page = re.fullmatch(r"https?://[^/]+/", named) is not None
        if not url:
            return "" if front_page else told
        own_site = addresses.site(named) == addresses.site(addresses.canonical(url))
        if own_site and not (front_page and addresses.canonical(url) != named):
            return told
    return ""
