"""What the tests of the pipeline share: one reader with the sample dossier's names, and short forms."""

from datetime import date
from functools import cache
from pathlib import Path

from apps.annotations.lexicon import lexicon_from_dossier
from apps.annotations.pipeline.run import Reader
from apps.annotations.pipeline.types import Annotations, ArticleInput, CodedEvent, Lexicon
from apps.core.dossier.reading import read

DOSSIER = Path(__file__).parents[2] / "dossiers" / "us-iran-2020"
PUBLISHED = date(2020, 3, 20)  # a Friday


@cache
def dossier_lexicon() -> Lexicon:
    return lexicon_from_dossier(read(DOSSIER))


@cache
def reader() -> Reader:
    return Reader(dossier_lexicon())


def read_text(text: str, published: date | None = PUBLISHED) -> Annotations:
    return reader().read(ArticleInput(text, published=published))


def events(text: str, published: date | None = PUBLISHED) -> list[CodedEvent]:
    return read_text(text, published).events


def only(text: str, type_: str) -> CodedEvent:
    """The single event of a type that the text tells."""
    found = [e for e in events(text) if e.type == type_]
    assert len(found) == 1, [(e.type, e.why) for e in events(text)]
    return found[0]
