"""PDF documents (press releases, statements): the text in reading order, its title and its day.

A PDF knows lines, not paragraphs: lines are joined into paragraphs, words that were hyphenated at a line's end
made whole, and what repeats at the head and foot of the pages is left out.
"""

import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from apps.articles.extract import dates
from apps.articles.extract.language import language_of
from apps.articles.extract.text import clean, guess_title, storable
from apps.articles.extract.types import Extracted, ExtractError, Published

CONTENT_TYPE = "application/pdf"
MOST_PAGES = 200
_REPEATED = 0.6  # of the pages: a line that stands at the edge of so many is no text
_EDGE = 2  # lines at head and foot that may repeat
_SHORT = 0.7  # of the usual line: a shorter one that ends a sentence ends a paragraph
_ENDS = re.compile(r"[.!?:؟。]['\"”»)]*$")
_NUMBER = re.compile(r"\d+")
_BARE_NUMBER = re.compile(
    r"^\W*(?:page|seite|صفحة|صفحه)?\W*\d+\W*(?:(?:of|/|von|من|از)\W*\d+\W*)?$", re.I
)
_HYPHENATED = re.compile(r"(\w)[-\u00ad\u2010]$")
_HEAD = 600  # characters among which a release names its day


def looks_like_pdf(raw: bytes) -> bool:
    """Tell a PDF by its mark, which may stand a little after the beginning."""
    return b"%PDF-" in raw[:1024]


def read(raw: bytes) -> Extracted:
    """Extract a document's text, its title and the day that its beginning names, else that of its metadata.

    Raises ExtractError where it is broken, locked, longer than MOST_PAGES pages, or holds pictures only.
    """
    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ExtractError("The PDF is locked by a password.")
        count = len(reader.pages)
        if count > MOST_PAGES:
            raise ExtractError(f"The PDF has {count} pages; at most {MOST_PAGES} are read.")
        pages = [page.extract_text().splitlines() for page in reader.pages]
        told = reader.metadata
        title, made = (told.title or "", told.creation_date) if told else ("", None)
    except DependencyError as error:
        raise ExtractError("The PDF is encrypted in a way that is not read here (AES).") from error
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        OverflowError,
    ) as error:
        raise ExtractError(f"The PDF is broken ({type(error).__name__}: {error}).") from error
    text = clean(storable("\n\n".join(paragraphs(without_edges(pages)))))
    if not text:
        raise ExtractError("The PDF holds no text: its pages are pictures, which are not read.")
    return Extracted(
        text=text,
        title=_title(title, text),
        published=_published(text, made),
        language=language_of(text),
    )


def without_edges(pages: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of all pages without numbers of pages and what repeats at their heads and feet.

    Lines count as the same whatever numbers stand in them. Of one or two pages nothing is known to repeat.
    """
    filled = [[" ".join(line.split()) for line in page if line.strip()] for page in pages]
    seen = Counter(_NUMBER.sub("0", line) for page in filled for line in {*_edges(page)})
    least = max(3, _REPEATED * len(filled))
    kept = []
    for page in filled:
        edges = {id(line) for line in _edges(page)}
        kept += [
            line
            for line in page
            if id(line) not in edges
            or not (_BARE_NUMBER.match(line) or seen[_NUMBER.sub("0", line)] >= least)
        ]
    return kept


def _edges(page: Sequence[str]) -> list[str]:
    return [*page[:_EDGE], *page[_EDGE:][-_EDGE:]]


def paragraphs(lines: Iterable[str]) -> list[str]:
    """Join lines into paragraphs: one ends where a sentence ends on a line that is shorter than is usual."""
    lines = list(lines)
    usual = sorted(map(len, lines))[len(lines) * 3 // 4] if lines else 0
    found, open_ = [], ""
    for line in lines:
        joined = f"{open_[:-1]}{line}" if _is_hyphenated(open_, line) else f"{open_} {line}".strip()
        if len(line) < _SHORT * usual and _ENDS.search(line):
            found.append(joined)
            joined = ""
        open_ = joined
    return [*found, open_] if open_ else found


def _is_hyphenated(before: str, line: str) -> bool:
    """Tell whether a word goes on in the next line, in small letters (a hyphen of a name stays)."""
    return bool(_HYPHENATED.search(before)) and line[:1].islower()


def _title(told: str, text: str) -> str:
    """The metadata's title where it is one (many name a file or a program), else the first line."""
    told = clean(storable(told))
    is_name = re.search(r"\.\w{2,4}$|^(?:microsoft word|untitled|document\d*)\b", told, re.I)
    return told if told and not is_name else guess_title(text)


def _published(text: str, made: datetime | None) -> Published | None:
    """The day that the document's beginning names, else that of its file, which may be later."""
    day = dates.of_text(text[:_HEAD])
    if day is not None or made is None:
        return day
    at = (made if made.tzinfo else made.replace(tzinfo=UTC)).astimezone(UTC)
    return Published(at.replace(hour=0, minute=0, second=0, microsecond=0), "day", "page")
