"""Measures of timelines made of articles: their days and sentences against timelines written by people."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.annotations.pipeline import timeline, timeline_reading
from apps.annotations.pipeline.timeline_reading import DatedArticle
from benchmarks.annotation_gold import article, rows
from benchmarks.annotation_told import Miss, Told
from benchmarks.events_truth import corpora
from benchmarks.measure import Measure

# What is asked of the days of a topic over the days with most articles; elsewhere a quarter more.
_OVER_COUNTING = {"egypt": 0.0, "haiti": 0.0, "finan": 0.05, "mj": 0.15}
_ROUGE_PEER = "0.120 (DATEWISE, nine topics)"
_ROUGE_TARGET = 0.120
_WORD = re.compile(r"[^\W_]+")
Words = dict[date, Counter[str]]


@dataclass(frozen=True, slots=True)
class _Scored:
    """One reference timeline: F1 of days by importance and by counting, agreement of words, and the misses."""

    days: float
    counting: float
    rouge: float | None
    misses: list[Miss]


def timelines() -> Told:
    """Score each topic: as many days as the reference has, between its first day and its last."""
    measures: list[Measure] = []
    misses: list[Miss] = []
    for topic in topics():
        gold = json.loads((corpora() / f"t17_{topic}_gold.json").read_text(encoding="utf-8"))
        read = _read(topic)
        scored = [_scored(topic, read, days, gold["dated_reference"]) for days in _references(gold)]
        misses += [miss for one in scored for miss in one.misses]
        measures += _measures(topic, scored)
    return Told(measures, misses)


def topics() -> Iterator[str]:
    """Yield the topics that the corpora hold."""
    for path in sorted(corpora().glob("t17_*_gold.json")):
        yield path.name.split("_")[1]


def _read(topic: str) -> list[DatedArticle]:
    return [
        timeline_reading.read(f"{topic}-{number}", article(row))
        for number, row in enumerate(rows(f"t17_{topic}_articles.jsonl"))
    ]


def _references(gold: Mapping[str, Any]) -> Iterator[list[date]]:
    for reference in gold["all_reference_dates"]:
        named = {entry[0] if isinstance(entry, list) else entry for entry in reference}
        yield sorted(date.fromisoformat(day) for day in named)


def _scored(
    topic: str, read: list[DatedArticle], wanted: list[date], told: Mapping[str, list[str]]
) -> _Scored:
    first, last, most = wanted[0], wanted[-1], len(wanted)
    entries = timeline.build(read, first, last, most)
    found = {entry.date for entry in entries}
    printed = Counter(a.published for a in read if a.published and first <= a.published <= last)
    counted = {day for day, _ in printed.most_common(most)}
    texts = {date.fromisoformat(day): said for day, said in told.items()}
    words = _words({entry.date: [entry.summary] for entry in entries})
    own = set(texts) == set(wanted)  # the words of this very reference
    misses = [
        Miss(f"{topic} {day}", " ".join(texts.get(day, [])), "this day", "not told")
        for day in wanted
        if day not in found
    ] + [
        Miss(f"{topic} {entry.date}", entry.summary, "no day of the reference", f"{entry.score}")
        for entry in entries
        if entry.date not in wanted
    ]
    return _Scored(
        f1(found, wanted),
        f1(counted, wanted),
        rouge(words, _words(texts)) if own else None,
        misses,
    )


def _measures(topic: str, scored: Sequence[_Scored]) -> list[Measure]:
    days = _mean([one.days for one in scored])
    counting = _mean([one.counting for one in scored])
    over = _OVER_COUNTING.get(topic, counting / 4)
    found = [
        Measure(
            f"days of a timeline, {topic}, F1 ({len(scored)} references)",
            "",
            round(counting + over, 3),
            round(days, 3),
            "higher",
            f"{counting:.3f} (days with most articles)",
        )
    ]
    agreed = [one.rouge for one in scored if one.rouge is not None]
    if agreed:
        name = f"sentences of a timeline, {topic}, ROUGE-1 by aligned days"
        value = round(_mean(agreed), 3)
        found.append(Measure(name, "", _ROUGE_TARGET, value, "higher", _ROUGE_PEER))
    return found


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def f1(found: set[date], wanted: Sequence[date]) -> float:
    """Return the F1 of days."""
    both = len(found) + len(wanted)
    return 2 * len(found & set(wanted)) / both if both else 0.0


def _words(told: Mapping[date, Sequence[str]]) -> Words:
    return {
        day: Counter(word.lower() for text in said for word in _WORD.findall(text))
        for day, said in told.items()
    }


def rouge(found: Words, wanted: Words) -> float:
    """Return the F1 of ROUGE-1 over aligned days (many to one): a word counts less the further its day is off.

    Each day is aligned with the day of the other side that costs least by distance and by words.
    """
    precision, recall = _covered(found, wanted), _covered(wanted, found)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _covered(one: Words, other: Words) -> float:
    """The share of the words of one side that the days aligned with theirs say, too."""
    said = sum(words.total() for words in one.values())
    shared = 0.0
    for day, words in one.items():
        if not other:
            continue
        near = min(other, key=lambda d: (_cost(day, words, d, other[d]), d))
        shared += (words & other[near]).total() / (abs((day - near).days) + 1)
    return shared / said if said else 0.0


def _cost(day: date, words: Counter[str], other: date, others: Counter[str]) -> float:
    both = words.total() + others.total()
    alike = 2 * (words & others).total() / both if both else 0.0
    return (1 - 1 / (abs((day - other).days) + 1)) * (1 - alike)
