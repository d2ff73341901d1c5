"""Measures on single sentences: relation types, types without parties given, spans of the parties."""

import re
import time
from collections import Counter
from functools import cache

from apps.annotations.pipeline import events_bare, events_relation
from apps.core import plover
from benchmarks.annotation_gold import OLD_NAMES, Item, rows, taxonomy
from benchmarks.annotation_scores import (
    Counts,
    accuracy,
    macro_f1,
    matched,
    spans_agree,
    words_agree,
)
from benchmarks.annotation_told import Miss, Told
from benchmarks.measure import Measure

_RELATIONS = "plv_relations.jsonl"
_OLD_QUAD = {**{t: str(q) for t, q in plover.QUAD.items()}, "YIELD": "1"}


def relations() -> Told:
    """Score the relation coder, source and target given, against the rows and the peer's own answers."""
    gold = rows(_RELATIONS)
    start = time.perf_counter()
    types = [events_relation.code(r["text"], r["source"], r["target"]) for r in gold]
    speed = len(gold) / (time.perf_counter() - start)
    told = [OLD_NAMES.get(t, t) for t in types]
    wanted = [r["type"] for r in gold]
    quads, quads_told = [str(r["quad"]) for r in gold], [str(plover.QUAD[t]) for t in types]
    peer = macro_f1(wanted, [r["zsp_type"] for r in gold])
    peer_quad = macro_f1(quads, [str(r["zsp_quad"]) for r in gold])
    common = Counter(wanted).most_common(1)[0][0]
    measures = [
        Measure(
            f"relation type, macro-F1 of 15 ({len(gold)} rows)",
            "",
            0.85,
            round(macro_f1(wanted, told), 3),
            "higher",
            f"{peer:.3f} (ZSP); {macro_f1(wanted, [common] * len(gold)):.3f} (commonest type)",
        ),
        Measure(
            "relation quad class, macro-F1",
            "",
            0.92,
            round(macro_f1(quads, quads_told), 3),
            "higher",
            f"{peer_quad:.3f} (ZSP); {macro_f1(quads, [_commonest(quads)] * len(gold)):.3f} (commonest)",
        ),
        Measure("relations coded a second", "rows", 40, round(speed, 1), "higher"),
    ]
    misses = [
        Miss(r["id"], r["marked"], f"{w}", f"{t}")
        for r, w, t in zip(gold, wanted, told, strict=True)
        if w != t
    ]
    return Told(measures, misses)


def _commonest(labels: list[str]) -> str:
    return Counter(labels).most_common(1)[0][0]


def types() -> Told:
    """Score the surest type of a bare sentence, the parties found by themselves, and silence on no event.

    PETRARCH's own codes are those of its test dictionaries, which differ here and there from the published
    classes ("restored diplomatic ties" as shared intelligence): its row can only be read beside the other.
    """
    plover_rows, petrarch = _plover_rows(), _petrarch_rows()
    real = [row for row in petrarch if row[2] != "none"]
    quiet = [row for row in petrarch if row[2] == "none"]
    strict = Counts()
    for _, text, type_, parties in plover_rows:
        strict += _strict(text, type_, parties, events_bare.code(text)) if parties else Counts()
    silent = [_surest(text) == "none" for _, text, _, _ in quiet]
    measures = [
        _of_types("PLOVER sentences", plover_rows),
        _of_types("PETRARCH sentences", real),
        Measure("doer, type, target together, F1", "", 0.55, round(strict.f1, 3), "higher"),
        Measure(
            f"events told where there is none ({len(quiet)})",
            "of sentences",
            0.10,
            round(1 - sum(silent) / len(silent), 3),
            "lower",
        ),
    ]
    misses = [
        Miss(name, text, wanted, told)
        for name, text, wanted, _ in (*plover_rows, *petrarch)
        if (told := _surest(text)) != wanted
    ]
    return Told(measures, misses)


def _surest(text: str) -> str:
    found = events_bare.code(text)
    return found[0].type if found else "none"


def _of_types(name: str, gold: list["Sentence"]) -> Measure:
    wanted = [type_ for _, _, type_, _ in gold]
    right = accuracy(wanted, [_surest(text) for _, text, _, _ in gold])
    common = accuracy(wanted, [_commonest(wanted)] * len(gold))
    title = f"type of bare {name}, accuracy ({len(gold)})"
    return Measure(title, "", 0.75, round(right, 3), "higher", f"{common:.3f} (commonest type)")


Parties = tuple[list[str], list[str]]
Sentence = tuple[str, str, str, Parties | None]


def _plover_rows() -> list[Sentence]:
    return [
        (
            r["id"],
            r["text"],
            r["event_2021"],
            ([a["actorText"] for a in r["source"]], [a["actorText"] for a in r["target"]]),
        )
        for r in rows("plover_gsr.jsonl")
    ]


def _petrarch_rows() -> list[Sentence]:
    """Unit sentences whose CAMEO codes the published table maps to a type; codes of no class are left out."""
    found: list[Sentence] = []
    for row in rows("petrarch_unit_validation.jsonl"):
        if row["no_event"]:
            found.append((row["id"], row["text"], "none", None))
            continue
        codes = [event["eventcode"] for event in row["events"]]
        type_ = _plover_type(codes[0]) if codes else None
        if type_ is not None:
            found.append((row["id"], row["text"], type_, None))
    return found


@cache
def _codes() -> dict[str, str]:
    text = taxonomy("cameo2plover_2021.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^(\d{2,4}): ([A-Z]+)", text, re.MULTILINE))


def _plover_type(cameo: str) -> str | None:
    """The PLOVER type of a CAMEO code, else of the code above it; None for a code of neither."""
    for length in range(len(cameo), 1, -1):
        if cameo[:length] in _codes():
            type_ = _codes()[cameo[:length]]
            return type_ if type_ in plover.QUAD else None
    return None


def _strict(text: str, type_: str, gold: Parties, found: list[events_bare.Bare]) -> Counts:
    """One gold triple a doer and target; predicted triples of all events told."""
    wanted = [(s, t) for s in gold[0] or [""] for t in gold[1] or [""]]
    told = [
        (bare.type, s, t)
        for bare in found
        for s in [span.of(text) for span in bare.initiators[:1]] or [""]
        for t in [span.of(text) for span in bare.targets[:1]] or [""]
    ]

    def agree(one: tuple[str, str], other: tuple[str, str, str]) -> bool:
        same = (_same_party(o, p) for o, p in zip(one, other[1:], strict=True))
        return other[0] == type_ and all(same)

    return Counts(len(matched(wanted, told, agree)), len(told), len(wanted))


def _same_party(gold: str, told: str) -> bool:
    return not gold or (bool(told) and words_agree(gold, told))


def spans() -> Told:
    """Score the spans of doers and targets, and the five classes, on the sentences with span gold."""
    gold = [r for r in rows("cameo_penta_spans.jsonl") if r["has_span_gold"]]
    found = [events_bare.code(r["text"]) for r in gold]
    counts = Counts()
    classes, misses = [], []
    for row, bares in zip(gold, found, strict=True):
        wanted = _gold_spans(row)
        told = [(s.start, s.end) for b in bares[:1] for s in (*b.initiators[:1], *b.targets[:1])]
        hits = matched(wanted, told, spans_agree)
        counts += Counts(len(hits), len(told), len(wanted))
        classes.append(str(plover.QUAD[bares[0].type]) if bares else "0")
        if len(hits) < len(wanted) or classes[-1] != row["penta"]:
            shown = [row["text"][a:b] for a, b in told]
            expected = [row["text"][a:b] for a, b in wanted]
            misses.append(
                Miss(row["id"], row["text"], f"{row['penta']} {expected}", f"{classes[-1]} {shown}")
            )
    wanted_classes = [r["penta"] for r in gold]
    measures = [
        Measure(
            f"spans of doer and target, F1 at half of the words ({len(gold)})",
            "",
            0.70,
            round(counts.f1, 3),
            "higher",
        ),
        Measure(
            "class of five, macro-F1",
            "",
            0.80,
            round(macro_f1(wanted_classes, classes), 3),
            "higher",
            f"{macro_f1(wanted_classes, [_commonest(wanted_classes)] * len(gold)):.3f} (commonest)",
        ),
    ]
    return Told(measures, misses)


def _gold_spans(row: Item) -> list[tuple[int, int]]:
    """Where the gold's phrases stand; they are written with spaces between tokens."""
    found = []
    for key in ("source_spans", "target_spans", "reciprocal_spans"):
        for phrase in row[key] or ():
            spaced = r"\s*".join(re.escape(c) for c in phrase.replace(" ", ""))
            at = re.search(spaced, row["text"])
            if at:
                found.append(at.span())
    return found
