"""Speed and size: articles a second beside the plain full parser, memory of a worker, growth, installation."""

import gc
import json
import re
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, files

import spacy

from apps.annotations.pipeline.parse import MODEL
from apps.annotations.pipeline.run import Reader
from apps.annotations.pipeline.types import ActorEntry, ArticleInput
from benchmarks import annotation_gold as gold
from benchmarks.events_truth import ROOT
from benchmarks.measure import Measure

_SETS = ("news_iran_iraq.jsonl", "news_negatives_2020.jsonl")
_ROUNDS = 3
_STEP = 12  # every twelfth article a round
_BATCH = 8  # texts; the peer is fastest with about as many, its default is 1,000


def measures() -> list[Measure]:
    """Return throughput against the peer in the same run, then the bounds."""
    rows = [row for name in _SETS for row in gold.rows(name)]
    texts = [row["text"] for row in rows[:24]]
    return [
        _throughput(rows),
        Measure("ten times the text, time", "times", 12, round(_growth(texts), 1), "lower"),
        Measure("100 kB without a sentence", "s", 2, round(_blob(), 2), "lower"),
        Measure(
            "10,000 more actors in the lexicon, time of an article",
            "times",
            2,
            _crowd(texts),
            "lower",
        ),
        Measure(
            "hostile text against plain text of its length", "times", 5, _hostile(texts), "lower"
        ),
        Measure("memory of a worker that reads", "MB", 800, _memory(rows[::16]), "lower"),
        Measure("installed packages of `make run`", "MB", 400, installed(), "lower"),
    ]


def _throughput(rows: list[gold.Item]) -> Measure:
    """Articles a second over those of the full pipeline as it comes; the peer's column tells its best batch."""
    full = spacy.load(MODEL)
    for row in rows[-4:]:  # what is loaded and learnt once
        gold.reader().read(gold.article(row))
        full(row["text"])
    gc.collect()
    gc.freeze()  # what other rows left behind is nobody's cost
    plain, batched, speeds = [], [], []
    for number in range(_ROUNDS):
        sample = [gold.article(row) for row in rows[number::_STEP]]
        texts = [article.text for article in sample]
        ours = _seconds(lambda s=sample: [gold.reader().read(a) for a in s])  # type: ignore[misc]
        plain.append(_seconds(lambda t=texts: list(full.pipe(t))) / ours)  # type: ignore[misc]
        batches = _seconds(lambda t=texts: list(full.pipe(t, batch_size=_BATCH)))  # type: ignore[misc]
        batched.append(batches / ours)
        speeds.append(len(sample) / ours)
    best = f"{statistics.median(batched):.1f} times in batches of {_BATCH}"
    return Measure(
        "articles a second, times the plain full spaCy pipeline (median of 3)",
        "times",
        8,
        round(statistics.median(plain), 1),
        "higher",
        f"{statistics.median(speeds):.1f} articles/s ours; {best}",
    )


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


def _crowd(texts: list[str]) -> float:
    """Time with ten thousand made-up actors beside the dossier's, over that without them."""
    crowd = [
        ActorEntry(
            f"made-up-{n}", f"Brigade {n} of Umm {n % 97}", "organisation", "XXX", (f"Umm {n}",)
        )
        for n in range(10_000)
    ]
    known = gold.lexicon()
    crowded = Reader(replace(known, actors=(*known.actors, *crowd)))
    with_crowd = _seconds(lambda: [crowded.read(ArticleInput(t)) for t in texts])
    return round(
        with_crowd / _seconds(lambda: [gold.reader().read(ArticleInput(t)) for t in texts]), 1
    )


def _hostile(texts: list[str]) -> float:
    """The slowest of texts made to be slow (100,000 characters each), over news of that length."""
    length = 100_000
    kinds = [
        "\u201c'",
        "a\u0301\u0327",
        "((",
        "Iran said Iran, ",
        "on 1 May ",
        "the the ",
        "\n- ",
        "killed 3 ",
    ]
    made = [(kind * length)[:length] for kind in kinds]
    slowest = max(_seconds(lambda t=t: gold.reader().read(ArticleInput(t))) for t in made)  # type: ignore[misc]
    news = "\n\n".join(texts * 10)[:length]
    return round(slowest / _seconds(lambda: gold.reader().read(ArticleInput(news))), 1)


_OWN_PEAK = """
import sys
from pathlib import Path
from config.wsgi import application
from django.core.management import call_command
call_command("annotate_jsonl")
peak = next(l for l in Path("/proc/self/status").read_text().splitlines() if l.startswith("VmHWM"))
print(peak.split()[1], file=sys.stderr)
"""


def _memory(rows: list[gold.Item]) -> int:
    """Highest resident memory of the command that reads these rows, in MB, as it tells at its end (Linux)."""
    lines = "".join(json.dumps({"id": r["id"], "text": r["text"]}) + "\n" for r in rows)
    told = subprocess.run(  # noqa: S603 - the project itself
        [sys.executable, "-c", _OWN_PEAK],
        cwd=ROOT,
        input=lines.encode(),
        capture_output=True,
        check=True,
    )
    return int(told.stderr.split()[-1]) // 1024


def installed() -> int:
    """Return the megabytes of all packages pinned in requirements.txt, as their wheels unpacked."""
    pinned = re.findall(
        r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==", (ROOT / "requirements.txt").read_text(), re.MULTILINE
    )
    total = 0
    for name in set(pinned):
        try:
            listed = files(name) or []
        except PackageNotFoundError:
            continue  # pinned for another platform
        total += sum(f.size or 0 for f in listed)
    return total // 1_000_000
