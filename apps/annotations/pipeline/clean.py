"""What of a text is an article: agency, dateline, title, and the boilerplate that is never annotated.

Offsets count code points of the input text. Nothing is rewritten: `blanked` gives the other stages a text
of the same length in which the removed runs are spaces.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from apps.annotations.pipeline import data_files
from apps.annotations.pipeline.types import Removed, Span

_HEAD_LINES = 8  # a dateline and a repeated headline stand among the first lines
_CREDIT_LINES = 4  # a credit stands among the first or the last lines
_LONGEST_MENU_LINE = 160
_QUOTES = "\"“”„«»'‘’"

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"“”]+", re.IGNORECASE)
_LINE = re.compile(r"[^\n]+")
_ENTITY = re.compile(r"&(?:#x?[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_ENTITY_TAIL = re.compile(  # at the beginning of a line, with its number sign, or of a usual code
    r"^#?\d{1,5};s?(?=[\s\w])|(?<![\w&])#\d{2,5};|(?<![\w&#.,:])(?:39|160|82(?:11|12|16|17|20|21|30));",
    re.MULTILINE,
)
_STRAY_QUOTE = re.compile(r"(?:(?<=\s)|^)[\"“”„«»](?=\s|$)", re.MULTILINE)
_CRUMB_MARK = re.compile(r"\s*(?:[>»›|·•/]|::)\s*")
_CREDIT = re.compile(
    r"[\s(\[]*(?P<name>[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,4} (?:Wire|News Agency|Press Agency|News Service))"
    r"[\s)\]]*"
)
_BYLINE = re.compile(
    r"(?:By|BY|Written by|Words by)\s+[A-Z][\w.'’-]+(?:[\s,]+(?:and\s+)?[\w.'’/|&-]+){0,11}\s*"
)
_CAPTION = re.compile(
    r".{20,500}\((?:[^()]{3,60}/[^()]{2,60}|[^()]{0,60}(?:Getty|Photo|photo)[^()]{0,40})\)\s*"
)
_PLACE = r"[A-Z][\w.'’-]*(?:[ -][A-Z][\w.'’-]*){0,3}"
_DAY = r"(?:(?:[A-Z][a-z]{2,8}\.?) \d{1,2}(?:, \d{4})?|\d{1,2} (?:[A-Z][a-z]{2,8}\.?)(?:,? \d{4})?)"
_DATELINE = re.compile(
    rf"\s*(?P<place>{_PLACE}(?:, {_PLACE}){{0,2}})?(?:[,/]\s*(?P<day>{_DAY}))?\s*"
    rf"(?:\((?P<credit>[A-Z][^()\n]{{1,40}}|dpa)\))?\s*(?P<dash>[–—_]|-{{1,2}}(?=\s))\s*"
)
_BRACKET_CREDIT = re.compile(
    r"\s*(?:(?P<place>[A-Z][\w.'’ ,-]{2,40}?)\s*)?\((?P<credit>[A-Z]{2,5}|[Dd]pa|Reuters|Xinhua)\)\s*:?\s*"
)
_TITLE_TAIL = re.compile(r"\s+[|–—-]\s+(?:[A-Z][\w.’']*\s*){1,5}$")


@dataclass(frozen=True, slots=True)
class Structure:
    """The article's frame. `title` is the given title or the likely one, `headline` its run in the text."""

    agency: str | None
    dateline: str | None
    removed: tuple[Removed, ...]
    title: str = ""
    headline: Span | None = None


def structure(text: str, title: str = "") -> Structure:
    """Find agency, dateline, title and boilerplate of `text`; never removes a sentence of the story."""
    body = [Span(m.start(), m.end()) for m in _LINE.finditer(text) if not m[0].isspace()]
    removed = [Removed(Span(m.start(), m.end()), "address") for m in _ADDRESS.finditer(text)]
    removed += _menus(text, body)
    removed += _phrases(text, body, {r.span for r in removed})
    gone = {r.span for r in removed}
    kept = [line for line in body if line not in gone]
    dateline, place, agency = _dateline(text, kept[:_HEAD_LINES])
    if dateline:
        removed.append(Removed(dateline, "dateline"))
    title, headline, repeats = _headline(text, kept, title, dateline)
    removed += [Removed(span, "repeated headline") for span in repeats]
    credit, agency = _credit(text, kept, agency)
    removed += [Removed(span, "credit") for span in credit]
    removed += _remnants(text)
    return Structure(agency, place, tuple(_merged(removed)), title, headline)


def blanked(text: str, removed: tuple[Removed, ...] | list[Removed]) -> str:
    """Return `text` with the removed runs as spaces: same length, same line breaks."""
    if not removed:
        return text
    parts: list[str] = []
    at = 0
    for item in sorted(removed, key=lambda r: r.span.start):
        start, end = max(item.span.start, at), item.span.end
        if end <= at:
            continue
        parts.append(text[at:start])
        parts.append(re.sub(r"[^\n]", " ", text[start:end]))
        at = end
    parts.append(text[at:])
    return "".join(parts)


def _merged(removed: list[Removed]) -> Iterator[Removed]:
    """Sorted, without empty runs and without runs that lie inside another."""
    end = -1
    for item in sorted(removed, key=lambda r: (r.span.start, -r.span.end)):
        if item.span.end > max(end, item.span.start):
            yield item
            end = item.span.end


def _folded(text: str) -> str:
    """Lower-case words of `text` alone, for comparing headlines and phrases."""
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def _menus(text: str, body: list[Span]) -> list[Removed]:
    """Lines of addresses with menu words, and trails of crumbs."""
    menu_words = data_files.words("navigation.txt")
    headlines = {_folded(line.of(text)) for line in body if len(line.of(text)) < 300}
    found = []
    for line in body:
        surface = line.of(text)
        if _ADDRESS.search(surface):
            rest = [_folded(part) for part in _ADDRESS.split(surface)]
            rest = [part for part in rest if part]
            if all(part in menu_words or part in headlines for part in rest):
                found.append(Removed(line, "navigation"))
        elif len(surface) < _LONGEST_MENU_LINE:
            parts = [part.strip().lower() for part in _CRUMB_MARK.split(surface) if part.strip()]
            if (
                len(parts) > 1
                and parts[0] in menu_words
                and _is_crumbs(parts, menu_words, headlines)
            ):
                found.append(Removed(line, "navigation"))
    return found


def _is_crumbs(parts: list[str], menu_words: frozenset[str], headlines: set[str]) -> bool:
    """All parts are menu words, the last may be the page's own headline."""
    last_fits = parts[-1] in menu_words or _folded(parts[-1]) in headlines
    return last_fits and all(part in menu_words for part in parts[:-1])


def _phrases(text: str, body: list[Span], known: set[Span]) -> list[Removed]:
    """Lines that are a link, a share bar, a caption, a byline or the like."""
    whole, starts, ends = _boilerplate()
    found = []
    for line in body:
        if line in known:
            continue
        surface = line.of(text).strip()
        low = surface.lower().replace("’", "'")
        why = whole.get(low.rstrip(":")) or _affix(low, starts, ends)
        if not why and re.fullmatch(r"[_*=~•·\s-]{3,}", surface):
            why = "separator"
        if not why and len(surface) < 120 and _BYLINE.fullmatch(surface):
            why = "byline"
        if not why and _CAPTION.fullmatch(surface):
            why = "caption"
        if why:
            found.append(Removed(line, why))
    return found


def _boilerplate() -> tuple[dict[str, str], list[tuple[str, str]], list[tuple[str, str]]]:
    rows = data_files.rows("boilerplate.csv")
    whole = {row["phrase"]: row["why"] for row in rows if row["match"] == "whole"}
    starts = [(row["phrase"], row["why"]) for row in rows if row["match"] == "start"]
    ends = [(row["phrase"], row["why"]) for row in rows if row["match"] == "end"]
    return whole, starts, ends


def _affix(low: str, starts: list[tuple[str, str]], ends: list[tuple[str, str]]) -> str | None:
    """The reason why a short line is boilerplate by its first or last words."""
    if len(low) > 400:
        return None
    for phrase, why in starts:
        if low.startswith(phrase):
            return why
    return next((why for phrase, why in ends if low.endswith(phrase)), None)


def _agency(name: str) -> str | None:
    """The agency's short name for any of its names."""
    for row in data_files.rows("agencies.csv"):
        if name.strip() in row["names"].split("|"):
            return row["agency"]
    return None


def _dateline(text: str, head: list[Span]) -> tuple[Span | None, str | None, str | None]:
    """The run of the dateline, its place and its agency, from the first lines."""
    for line in head:
        surface = line.of(text)[:160]
        match = _DATELINE.match(surface)
        if match and _is_dateline(match, surface):
            place, agency = _place_and_agency(match)
            return _run(line, match), place, agency
        match = _BRACKET_CREDIT.match(surface)
        if match and _is_place_or_none(match["place"]):
            return _run(line, match), match["place"], _agency(match["credit"])
    return None, None, None


def _place_and_agency(match: re.Match[str]) -> tuple[str | None, str | None]:
    """The dateline's place and its agency's short name; an agency may stand where a place does."""
    place, credit = match["place"], match["credit"] or ""
    if not credit and place and _agency(place):
        return None, _agency(place)
    return place, _agency(credit) or (credit if _CREDIT.fullmatch(credit) else None)


def _run(line: Span, match: re.Match[str]) -> Span:
    return Span(line.start + match.start(), line.start + len(match[0].rstrip()))


def _is_place_or_none(place: str | None) -> bool:
    return place is None or place.split(",")[0].isupper()


def _is_dateline(match: re.Match[str], surface: str) -> bool:
    """A place in capitals, or any place with a credit in brackets or a day, before a dash and a sentence."""
    if not surface[match.end() : match.end() + 1].strip(_QUOTES + " "):
        follows = surface[match.end() :].lstrip(_QUOTES + " ")
    else:
        follows = surface[match.end() :]
    if not follows[:1].isupper() and not follows[:1].isdigit():
        return False
    if match["credit"] or match["day"]:
        return True
    place = match["place"]
    if not place:
        return False
    first = place.split(",")[0]
    return (first.isupper() and len(first) > 3) or bool(_agency(place))


def _headline(
    text: str, kept: list[Span], given: str, dateline: Span | None
) -> tuple[str, Span | None, list[Span]]:
    """The title, its run where the text begins with it and no title was given, and its repetitions."""
    head = kept[:_HEAD_LINES]
    if given.strip():
        wanted = {_folded(given), _folded(_TITLE_TAIL.sub("", given))} - {""}
        return given.strip(), None, [line for line in head if _folded(line.of(text)) in wanted]
    if not head or (dateline and dateline.start <= head[0].end and head[0].start <= dateline.start):
        return "", None, []
    first = head[0]
    surface = first.of(text).strip()
    if len(surface) > 200 or surface[-1] in ".,;:" or len(kept) < 2 or len(surface.split()) < 3:
        return "", None, []
    wanted = {_folded(surface)}
    return surface, first, [line for line in head[1:] if _folded(line.of(text)) in wanted]


def _credit(text: str, kept: list[Span], agency: str | None) -> tuple[list[Span], str | None]:
    """Lines that only name an agency ("(TL Wire)", "The Associated Press"), and the agency named."""
    found = []
    for line in dict.fromkeys(kept[:_CREDIT_LINES] + kept[-_CREDIT_LINES:]):
        surface = line.of(text).strip()
        if len(surface) > 60:
            continue
        name = surface.strip("()[]–—- .")
        named = _agency(name)
        match = _CREDIT.fullmatch(surface) if surface[:1] in "([" else None
        if match and not named:
            named = match["name"]
        if named:
            found.append(line)
            agency = agency or named
    return found, agency


def _remnants(text: str) -> list[Removed]:
    """Character references, their tails and quotation marks that quote nothing."""
    found = [Removed(Span(m.start(), m.end()), "entity") for m in _ENTITY.finditer(text)]
    found += [Removed(Span(m.start(), m.end()), "entity") for m in _ENTITY_TAIL.finditer(text)]
    found += [Removed(Span(m.start(), m.end()), "stray quote") for m in _STRAY_QUOTE.finditer(text)]
    return found
