"""What a line of search words asks for. Plain: values in, values out."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 200
MOST_TERMS: Final = 12
# From so many letters on, the last word may be the beginning of one.
PREFIX_FROM: Final = 3
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_TERM = re.compile(r'(?<!\S)(-?)(?:"([^"]*)"|(\S+))')
_LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase; `without`: what has it is not wanted; `prefix`: it may be a word's beginning."""

    text: str
    phrase: bool = False
    without: bool = False
    prefix: bool = False

    @property
    def tokens(self) -> list[str]:
        """Its words: letters and digits only, lower case, accents gone."""
        return re.findall(r"[^\W_]+", plain(self.text))


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: what must be there, what must not, and the line as it is repeated to the reader."""

    text: str = ""
    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    cut: bool = False  # not all of the line was read


def plain(text: str) -> str:
    """Return text in lower case without accents, as `search_plain` in the database does."""
    parts = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in parts if not "\u0300" <= letter <= "\u036f")


def parse(line: str) -> Asked:
    """Read words, "phrases" and -unwanted words; whatever the line holds, something sensible is asked for."""
    # What no text can hold (NUL, half of a pair of surrogates) stands for a space.
    clean = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff\ue000\ue001]", " ", line).translate(_QUOTES)
    text = " ".join(clean.split())
    short = text[:LONGEST].strip()
    found = [_term(*match) for match in _TERM.findall(short)]
    terms = [term for term in found if _LETTER.search(term.text)]
    read = terms[:MOST_TERMS]
    wanted = [term for term in read if not term.without]
    if wanted and read[-1] is wanted[-1]:
        wanted[-1] = _last(wanted[-1])
    return Asked(
        text=short,
        wanted=tuple(wanted),
        unwanted=tuple(term for term in read if term.without),
        cut=len(short) < len(text) or len(read) < len(terms),
    )


def _term(minus: str, phrase: str, word: str) -> Term:
    words = " ".join((phrase or word).replace('"', " ").split())
    return Term(words, phrase=bool(phrase) and " " in words, without=bool(minus))


def _last(term: Term) -> Term:
    """The word that is perhaps still being typed."""
    tokens = term.tokens
    if term.phrase or not tokens or len(tokens[-1]) < PREFIX_FROM:
        return term
    return Term(term.text, prefix=True)
