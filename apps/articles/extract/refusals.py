"""Pages that answer like an article and are none: walls, challenges, empty shells, lists, "not found" with 200.

Each kind is told by what its pages say of themselves (data/refusals.toml) and by how little prose they hold. A
page of enough prose is an article whatever it says: articles tell of cookies, subscriptions and robots too.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

_FEW_WORDS = 150  # of a page that only says something about itself
_STUB_WORDS = 120  # what a paywall shows of an article
_SHELL_WORDS = 25
_LONG_PARAGRAPH = 200  # characters
_HEADLINE_WORDS = 4
_MANY_HEADLINES = 12
_LISTED = 0.6  # of the text's characters are headlines of other pages, or their teasers
_LIST = 5  # lines of that kind
_TEASER = 400  # characters of a headline's box

_CONSENT_HOST = re.compile(r"^(?:consent|guce|privacy|myprivacy|cmp)\.")
_WORDS = tomllib.loads((Path(__file__).parent / "data" / "refusals.toml").read_text("utf-8"))


def _form(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in _WORDS[name]), re.IGNORECASE)


_CHALLENGE_TITLE = _form("challenge_title")
_CHALLENGE_MARK = _form("challenge_mark")
_CONSENT = _form("consent")
_LOST = _form("lost_title")
_PAID = _form("paid")
_PAID_MARK = _form("paid_mark")
_SCRIPTED = _form("scripted")
_BEFORE_LOST = re.compile(r"^\W*(?:error|sorry|oops|whoops)?\W*", re.IGNORECASE)
_ROOT = "//*[@id='root' or @id='app' or @id='__next' or @id='__nuxt' or @id='app-root'][not(normalize-space())]"
_SPACE = re.compile(r"\s+")


def refusal(tree: HtmlElement, html: str, text: str, title: str, url: str = "") -> str:
    """Return, as a sentence, why a page is no article; "" where it is one, as far as can be told.

    `text` is what was extracted from it ("" for nothing), `title` what it calls itself.
    """
    page = _Page(tree, html, text, title, url)
    return next((why for judge, why in _JUDGES if judge(page)), "")


@dataclass
class _Page:
    tree: HtmlElement
    html: str
    text: str
    title: str
    url: str

    @cached_property
    def words(self) -> int:
        """Words of the extracted text."""
        return len(self.text.split())

    @cached_property
    def says(self) -> str:
        """All that can be read on the page, for a page of little prose: its beginning."""
        parts = self.tree.xpath("//body//text()[not(ancestor::script or ancestor::style)]")
        return _folded(" ".join(parts[:4000]))[:20_000]

    @cached_property
    def titles(self) -> list[str]:
        """What the page calls itself, in its head and in its first heading."""
        told = [
            self.title,
            *self.tree.xpath("//title/text()"),
            *(_text(h) for h in self.tree.xpath("//h1")),
        ]
        return [_folded(one) for one in told if one.strip()][:4]

    @cached_property
    def long_paragraphs(self) -> int:
        """Paragraphs of running text."""
        return sum(len(line) >= _LONG_PARAGRAPH for line in self.lines)

    @cached_property
    def lines(self) -> list[str]:
        """The extracted text's lines."""
        return [_folded(line).lstrip("-• ") for line in self.text.splitlines() if line.strip()]

    @cached_property
    def linked(self) -> set[str]:
        """The texts of links."""
        return {_folded(_text(link)) for link in self.tree.xpath("//a[@href]")}

    @cached_property
    def headlines(self) -> dict[str, HtmlElement]:
        """Links with as many words as a headline has, one for each page that they lead to."""
        links = (
            a for a in self.tree.xpath("//a[@href]") if len(_text(a).split()) >= _HEADLINE_WORDS
        )
        return {str(link.get("href")).partition("#")[0]: link for link in links}

    @cached_property
    def teasers(self) -> set[str]:
        """Paragraphs that stand with one headline, in a box of their own."""
        found: set[str] = set()
        for link in self.headlines.values():
            box = _box(link)
            if box is not None and len(_folded(_text(box))) <= _TEASER:
                found |= {_folded(_text(p)) for p in box.iter("p")}
        return found


def _box(link: HtmlElement) -> HtmlElement | None:
    """Return the largest box around a headline that holds no other."""
    largest = None
    for box in link.iterancestors("div", "li", "article", "section", "td"):
        linked = {a.get("href") for a in box.iter("a") if len(_text(a).split()) >= _HEADLINE_WORDS}
        if len(linked) > 1:
            break
        largest = box
    return largest


def _is_challenge(page: _Page) -> bool:
    if page.words >= _FEW_WORDS:
        return False
    named = any(_CHALLENGE_TITLE.match(title) for title in page.titles)
    return named or bool(_CHALLENGE_MARK.search(page.html))


def _is_shell(page: _Page) -> bool:
    if page.words >= _SHELL_WORDS:
        return False
    return bool(page.tree.xpath(_ROOT)) or bool(
        _SCRIPTED.search(page.says) and len(page.says) < 1_500
    )


def _is_consent(page: _Page) -> bool:
    if page.url and _CONSENT_HOST.match(urlsplit(page.url).hostname or "") and page.words < 600:
        return True
    if page.words >= 2 * _FEW_WORDS:
        return False
    own = [line for line in page.lines if _CONSENT.search(line)]
    asked = {found.lower() for found in _CONSENT.findall(page.text)}
    most = sum(map(len, own)) * 2 > sum(map(len, page.lines))
    return (len(asked) >= 2 and most) or (
        any(_CONSENT.search(title) for title in page.titles) and bool(asked)
    )


def _is_lost(page: _Page) -> bool:
    return page.words < _FEW_WORDS and any(
        _LOST.match(_BEFORE_LOST.sub("", title)) for title in page.titles
    )


def _is_paid(page: _Page) -> bool:
    if page.words >= _STUB_WORDS or _is_lost(page):
        return False
    asked = bool(_PAID.search(page.says))
    return asked and (_closed(page) or bool(_PAID.search(page.text)) or _wall(page))


def _closed(page: _Page) -> bool:
    """Tell whether the page's metadata say that it is not free (schema.org isAccessibleForFree)."""
    for script in page.tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            told = json.loads(script)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(told):
            if str(node.get("isAccessibleForFree", "")).lower() == "false":
                return True
    return False


def _nodes(told: Any) -> Iterable[dict[str, Any]]:
    """The objects of a JSON-LD block, those of its graph included."""
    listed = told if isinstance(told, list) else [told]
    for node in listed:
        if isinstance(node, dict):
            yield node
            graph = node.get("@graph")
            yield from (
                n for n in (graph if isinstance(graph, list) else []) if isinstance(n, dict)
            )


def _wall(page: _Page) -> bool:
    named = page.tree.xpath("//@class | //@id")
    return any(_PAID_MARK.search(str(name)) for name in named)


def _is_list(page: _Page) -> bool:
    """Many headlines that lead elsewhere and hardly a paragraph; it does not call itself an article."""
    if page.long_paragraphs > 1 or _says_article(page):
        return False
    if len(page.headlines) < _MANY_HEADLINES:
        return False
    if page.url and urlsplit(page.url).path in ("", "/"):
        return True
    listed = [line for line in page.lines if line in page.linked or line in page.teasers]
    most = sum(map(len, listed)) >= _LISTED * sum(map(len, page.lines))
    return most and len(listed) >= _LIST


def _says_article(page: _Page) -> bool:
    kinds = page.tree.xpath("//meta[@property='og:type']/@content")
    return any(str(kind).strip().lower().startswith("article") for kind in kinds)


def _text(node: HtmlElement) -> str:
    return str(node.text_content())


def _folded(text: str) -> str:
    return _SPACE.sub(" ", str(text)).strip()


_JUDGES: tuple[tuple[Callable[[_Page], bool], str], ...] = (
    (_is_challenge, "It is no article: the site asks whether a person or a robot reads it."),
    (_is_lost, "It is no article: the site says that there is no such page."),
    (
        _is_consent,
        "It is no article: the site asks for consent to cookies before it shows anything.",
    ),
    (_is_paid, "Only its beginning can be read: the article is for subscribers."),
    (_is_shell, "It is an empty page that a script fills in a browser: its text is not in it."),
    (_is_list, "It is no article but a list of others."),
)
