"""Bytes and their type to an article."""

from apps.articles.extract import html, pdf, record
from apps.articles.extract.language import language_of
from apps.articles.extract.text import clean, decode, guess_title
from apps.articles.extract.types import Extracted, ExtractError

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_JSON_TYPES = frozenset({record.CONTENT_TYPE, "application/json", "application/jsonl"})
_TEXT_TYPES = frozenset({"text/plain", "text/markdown"})


def extract(
    raw: bytes,
    *,
    content_type: str = "",
    charset: str = "",
    url: str = "",
    max_characters: int,
) -> Extracted:
    """Read the article in `raw`.

    `content_type` and `charset` are as declared ("" where unknown: the bytes tell), `url` is where the bytes
    came from. Raises ExtractError, with a sentence, where there is no article or one of more than
    `max_characters` characters.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == pdf.CONTENT_TYPE or pdf.looks_like_pdf(raw):
        found = pdf.read(raw)
    elif kind in _JSON_TYPES:
        found = record.read(raw).article
    elif kind in _HTML_TYPES or (kind not in _TEXT_TYPES and html.looks_like_html(raw)):
        found = html.read(raw, charset=charset, url=url)
    elif raw[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        raise ExtractError("It is XML (a feed or a data file), not an article.")
    else:
        found = _plain(raw, charset)
    if len(found.text) > max_characters:
        raise ExtractError(
            f"The text has {len(found.text)} characters; at most {max_characters} are taken "
            "(the setting ARTICLE_MAX_CHARACTERS)."
        )
    return found


def _plain(raw: bytes, charset: str) -> Extracted:
    text = clean(decode(raw, charset))
    if not text:
        raise ExtractError("The text is empty.")
    return Extracted(text=text, title=guess_title(text), language=language_of(text))
