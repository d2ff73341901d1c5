"""Bytes to text: character sets, mojibake, and what the database cannot hold."""

import codecs
import re

import charset_normalizer
import ftfy

from apps.articles.extract.types import ExtractError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What the web writes and means (WHATWG encodings): the left label is used for the right one.
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BINARY_SHARE = 0.02
# Of the bytes beyond ASCII, how many may be broken for it to be UTF-8 with an accident in it ...
_BROKEN_SHARE = 0.05
_LYING_SHARE = 0.3  # ... where it also says that it is UTF-8


def decode(raw: bytes, declared: str = "") -> str:
    """Return the text of `raw`: by its mark, as UTF-8, as declared, as its meta tag says, as it looks.

    `declared` is the charset of the Content-Type header. Raises ExtractError where the bytes are no text.
    """
    for mark, name in _BOMS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(name, errors="replace")
    try:
        # Bytes that are valid UTF-8 and not plain ASCII are hardly ever anything else, whatever is declared.
        return _checked(raw.decode("utf-8"))
    except UnicodeDecodeError:
        repaired = raw.decode("utf-8", errors="replace")
    broken = repaired.count("\ufffd") / sum(byte > 127 for byte in raw)
    if broken <= _BROKEN_SHARE:
        return _checked(repaired)
    meta = _META.search(raw[:4096])
    for label in (declared, meta[1].decode("ascii") if meta else ""):
        codec = _codec(label)
        if codec and (codec != "utf-8" or broken <= _LYING_SHARE):
            return _checked(raw.decode(codec, errors="replace"))
    guess = charset_normalizer.from_bytes(raw[:200_000]).best()
    if guess is None:
        raise ExtractError("The bytes are not text in any known character set.")
    return _checked(raw.decode(guess.encoding, errors="replace"))


def _codec(label: str) -> str | None:
    """Return Python's name for the text encoding that a label means, None where it knows none."""
    try:
        name = codecs.lookup(label).name
        "".encode(name)
    except (LookupError, ValueError, TypeError):
        return None
    return _MEANT.get(name, name)


def _checked(text: str) -> str:
    """Refuse what decodes and is not text (an image, an archive)."""
    controls = len(_CONTROLS.findall(text[:10_000]))
    if controls > _BINARY_SHARE * len(text[:10_000]) + 1:
        raise ExtractError(
            "The bytes are not text (control characters in it: is it a binary file?)."
        )
    return text


def storable(text: str) -> str:
    """Remove what PostgreSQL's text cannot hold (NUL, lone surrogates); nothing else changes."""
    return _SURROGATES.sub("\ufffd", text.replace("\x00", ""))


def clean(text: str) -> str:
    """Return the text ready to be kept: line ends and mojibake repaired, control characters removed.

    Only wrongly decoded characters are repaired; quotes, dashes, spaces and entities stay as they were written,
    because a repair that guesses can shift what a sentence says.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROLS.sub("", ftfy.fix_encoding(storable(text)))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def guess_title(text: str) -> str:
    """Return the first line that can be a headline, the beginning of the text where there is none."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for line in lines[:10]:
        if 8 <= len(line) <= 200 and "://" not in line and not line.endswith((".", ":", ",")):
            return line
    return beginning(text)


def beginning(text: str) -> str:
    """Return the first words of a text, which stand for a title where there is no headline."""
    start = " ".join(text.split())
    return start if len(start) <= 120 else start[:120].rsplit(" ", 1)[0] + " …"
