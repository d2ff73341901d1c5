"""What the parts of the pipeline are worth: trigger words alone, and the whole without each of its parts."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from unittest.mock import patch

from apps.annotations.pipeline import triggers_data
from apps.annotations.pipeline.run import Reader
from apps.annotations.pipeline.types import Lexicon
from apps.core import plover
from benchmarks import annotation_gold as gold
from benchmarks.annotation_articles import ARTICLES
from benchmarks.annotation_scores import (
    Counts,
    accuracy,
    claims_agree,
    events_agree,
    macro_f1,
    matched,
)

_PIPELINE = "apps.annotations.pipeline"
_WORD = re.compile(r"[a-z][a-z-]*")


@dataclass(frozen=True, slots=True)
class Baseline:
    """One row of the table of parts: events F1, claims F1, events told."""

    name: str
    events: float
    claims: float
    told: int


def by_words(text: str) -> str:
    """Return the type of the first word that is in the trigger lists: no grammar, no parties."""
    heads = _heads()
    return next((heads[w] for w in _WORD.findall(text.lower()) if w in heads), "ACCUSE")


@cache
def _heads() -> dict[str, str]:
    return {
        form: patterns[0].type
        for noun in (True, False)
        for head, patterns in triggers_data.patterns(noun).items()
        for form in triggers_data.inflected(head)
    }


def relations_by_words() -> tuple[float, float]:
    """Return macro-F1 of types and of quad classes where the first trigger word decides."""
    rows = gold.rows("plv_relations.jsonl")
    types = [by_words(r["text"]) for r in rows]
    told = [gold.OLD_NAMES.get(t, t) for t in types]
    quads = [str(plover.QUAD[t]) for t in types]
    return (
        macro_f1([r["type"] for r in rows], told),
        macro_f1([str(r["quad"]) for r in rows], quads),
    )


def types_by_words() -> float:
    """Return the accuracy on bare sentences where the first trigger word decides."""
    rows = gold.rows("plover_gsr.jsonl")
    return accuracy([r["event_2021"] for r in rows], [by_words(r["text"]) for r in rows])


def without_each_part() -> Iterator[Baseline]:
    """Yield the scores on the gold articles of the whole pipeline, then without each of its parts."""
    whole = gold.lexicon()
    yield _scored("whole", whole)
    yield _scored("without events that dates lean on", replace(whole, anchors=()))
    yield _scored("without offices", _without_roles(whole))
    yield _scored("without the dossier's places", replace(whole, places=()))
    for name, target, instead in _PARTS:
        with _replaced(target, instead):
            yield _scored(f"without {name}", whole)


def _without_roles(lexicon: Lexicon) -> Lexicon:
    return replace(lexicon, actors=tuple(replace(a, roles=()) for a in lexicon.actors))


def _nothing(*args: object, **kwargs: object) -> None:
    """Do nothing."""


def _actual(*args: object) -> tuple[str, str]:
    return "actual", ""


def _yes(*args: object) -> bool:
    return True


_PARTS: tuple[tuple[str, str, Callable[..., object]], ...] = (
    ("references (he, the group)", "names_coref.resolve", _nothing),
    ("names that the lexicon lacks", "names_unknown.add", _nothing),
    ("modality", "modality.of", _actual),
    ("dates shared between mentions", "story_dates.share", _nothing),
    ("actors completed from other mentions", "story_actors.complete", _nothing),
    ("the test of what makes an event", "story_kept.is_event", _yes),
)


@contextmanager
def _replaced(target: str, instead: Callable[..., object]) -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(patch(f"{_PIPELINE}.{target}", instead))
        yield


def _scored(name: str, lexicon: Lexicon) -> Baseline:
    reader, chains = Reader(lexicon), gold.chains()
    events, claims = Counts(), Counts()
    for row in gold.rows(ARTICLES):
        found = gold.reading(row, reader)
        told = [e for e in found["story_events"] if e["modality"] == "actual"]
        wanted = row["gold"]["events"]
        hits = matched(wanted, told, lambda g, p: events_agree(g, p, chains))
        events += Counts(len(hits), len(told), len(wanted))
        said = row["gold"]["claims"]
        text = row["text"]
        agreed = matched(said, found["claims"], lambda g, p, t=text: claims_agree(g, p, t, chains))  # type: ignore[misc]
        claims += Counts(len(agreed), len(found["claims"]), len(said))
    return Baseline(name, events.f1, claims.f1, events.predicted)


def table() -> str:
    """Return the parts as rows of RESULTS.md."""
    words, quads = relations_by_words()
    lines = [
        f"Trigger words alone: relation type {words:.3f}, quad class {quads:.3f}, "
        f"type of a bare sentence {types_by_words():.3f}.",
        "",
        "| pipeline | events F1 | claims F1 | events told |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {b.name} | {b.events:.3f} | {b.claims:.3f} | {b.told} |" for b in without_each_part()
    ]
    return "\n".join(lines)
