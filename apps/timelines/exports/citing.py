"""How to cite what this site shows: as text, BibTeX and RIS. Plain: values in, values out.

A citation is in English in every language of the page: it is the same whoever makes it.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings
from django.utils import translation

from apps.timelines import wording

# What TeX would take for something else than a letter.
_TEX: Final = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "{}#$%&_"},
}


@dataclass(frozen=True, slots=True)
class Citation:
    """A page of this site that somebody cites.

    `key` names it in a list of references; `part` says in which work it stands ("" for a work of its own);
    `as_of` is the day by which everything on it was known, None for now.
    """

    key: str
    title: str
    part: str
    url: str
    licence: str
    as_of: date | None
    accessed: date
    site: str = "Tensionline"

    @property
    def year(self) -> int:
        """The year of what is cited: of the day as of which it speaks, else of the day it was read."""
        return (self.as_of or self.accessed).year

    @property
    def known(self) -> str:
        """As of when the page speaks, in words; "" for now."""
        return f"as known on {_day(self.as_of)}" if self.as_of else ""

    @property
    def text(self) -> str:
        """One line for a footnote."""
        work = ", ".join(filter(None, [self.part, self.site, self.known]))
        read = f"accessed {_day(self.accessed)}"
        return f"“{one_line(self.title)}”, {one_line(work)}, {self.url} ({read})."


def _day(value: date) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return wording.day(value)


def one_line(value: str) -> str:
    """Return text without line breaks and other control characters."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", value).split())


def tex(value: str) -> str:
    """Return text as TeX prints it, letter by letter."""
    return "".join(_TEX.get(sign, sign) for sign in one_line(value))


def as_text(cited: Citation) -> str:
    """Return one line for a footnote."""
    return f"{cited.text}\n"


def as_bibtex(cited: Citation) -> str:
    """Return an entry of BibTeX; the title keeps its capitals."""
    fields = {
        "title": f"{{{tex(cited.title)}}}",
        "author": f"{{{tex(cited.site)}}}",
        "year": str(cited.year),
        "howpublished": tex(cited.part),
        "note": tex("; ".join(filter(None, [cited.known, cited.licence]))),
        "url": cited.url,
        "urldate": cited.accessed.isoformat(),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    key = re.sub(r"[^A-Za-z0-9:-]", "-", cited.key)
    return "\n".join([f"@misc{{{key},", *lines, "}", ""])


def as_ris(cited: Citation) -> str:
    """Return a record of RIS; its lines end as the format asks."""
    fields = [
        ("TY", "ELEC"),
        ("ID", cited.key),
        ("TI", cited.title),
        ("T2", cited.part),
        ("AU", cited.site),
        ("PB", cited.site),
        ("PY", str(cited.year)),
        ("N1", "; ".join(filter(None, [cited.known, cited.licence]))),
        ("UR", cited.url),
        ("Y2", cited.accessed.strftime("%Y/%m/%d")),
    ]
    lines = [f"{tag}  - {one_line(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


# Ending of the file's name -> content type and writer.
CITED_AS: Final = {
    "txt": ("text/plain; charset=utf-8", as_text),
    "bib": ("application/x-bibtex; charset=utf-8", as_bibtex),
    "ris": ("application/x-research-info-systems; charset=utf-8", as_ris),
}
