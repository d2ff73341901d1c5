"""Speed and size: articles a second beside the plain full parser, memory of a worker, growth, installation."""

import json
import re
import resource
import statistics
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, files

import spacy

from apps.annotations.pipeline.parse import MODEL
from apps.annotations.pipeline.types import ArticleInput
from benchmarks import annotation_gold as gold
from benchmarks.events_truth import ROOT
from benchmarks.measure import Measure

_SETS = ("news_iran_iraq.jsonl", "news_negatives_2020.jsonl")
_ROUNDS = 3
_STEP = 8  # every eighth article in all rounds together


def measures() -> list[Measure]:
    """Return throughput against the peer in the same run, then the bounds."""
    rows = [row for name in _SETS for row in gold.rows(name)]
    ratios, speeds = [], []
    full = spacy.load(MODEL)
    gold.reader().read(gold.article(rows[0]))  # loads what is loaded once
    for number in range(_ROUNDS):
        sample = [gold.article(row) for row in rows[number :: _STEP * _ROUNDS]]
        ours = _seconds(lambda s=sample: [gold.reader().read(a) for a in s])  # type: ignore[misc]
        peer = _seconds(lambda s=sample: list(full.pipe([a.text for a in s])))  # type: ignore[misc]
        ratios.append(peer / ours)
        speeds.append(len(sample) / ours)
    texts = [row["text"] for row in rows[:24]]
    return [
        Measure(
            "articles a second, times the plain full spaCy pipeline (median of 3)",
            "times",
            8,
            round(statistics.median(ratios), 1),
            "higher",
            f"{statistics.median(speeds):.1f} articles/s ours",
        ),
        Measure("ten times the text, time", "times", 12, round(_growth(texts), 1), "lower"),
        Measure("100 kB without a sentence", "s", 2, round(_blob(), 2), "lower"),
        Measure("memory of a worker that reads", "MB", 800, _memory(rows[::16]), "lower"),
        Measure("installed packages of `make run`", "MB", 400, installed(), "lower"),
    ]


def _seconds(work: object) -> float:
    start = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - start


def _growth(texts: list[str]) -> float:
    """Time for a text of ten articles over that for the mean of its parts."""
    parts = [_seconds(lambda t=t: gold.reader().read(ArticleInput(t))) for t in texts[:10]]  # type: ignore[misc]
    together = _seconds(lambda: gold.reader().read(ArticleInput("\n\n".join(texts[:10]))))
    return together / (sum(parts) / len(parts))


def _blob() -> float:
    return _seconds(lambda: gold.reader().read(ArticleInput("attack Iran rocket " * 5300)))


def _memory(rows: list[gold.Item]) -> int:
    """Highest resident memory of the command that reads these rows, in MB."""
    lines = "".join(json.dumps({"id": r["id"], "text": r["text"]}) + "\n" for r in rows)
    subprocess.run(
        [sys.executable, "manage.py", "annotate_jsonl"],
        cwd=ROOT,
        input=lines.encode(),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def installed() -> int:
    """Return the megabytes of all packages pinned in requirements.txt, as their wheels unpacked."""
    pinned = re.findall(
        r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==", (ROOT / "requirements.txt").read_text(), re.MULTILINE
    )
    total = 0
    for name in pinned:
        try:
            listed = files(name) or []
        except PackageNotFoundError:
            continue  # pinned for another platform
        total += sum(f.size or 0 for f in listed)
    return total // 1_000_000
