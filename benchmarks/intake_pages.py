"""Pages: text and publication day as extracted, beside trafilatura and htmldate called directly."""

import gzip
import json
import re
import statistics
import time
from collections import Counter
from pathlib import Path

import htmldate
import trafilatura
from lxml import html as lxml_html

from apps.articles.extract import paraphrase
from apps.articles.extract.run import extract
from apps.articles.extract.text import decode
from apps.articles.extract.types import Extracted, ExtractError
from benchmarks.events_truth import corpora
from benchmarks.measure import Measure

_SHINGLE = 4  # words
_MOST = 5_000_000  # characters of a text


def measures() -> list[Measure]:
    """Return quality and time against the libraries' own, in the same run."""
    return [*_texts(), *_days(), *_rewritten()]


def _rewritten() -> list[Measure]:
    """Texts that are marked as rewritten by a program: the garbled seed article is one, news is none."""
    files = ["news_iran_iraq", "news_negatives_2020", "news_passing_mention_2020", "ecbplus_docs"]
    texts = [
        str(json.loads(line)["text"])
        for name in files
        for line in (corpora() / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    seed = (corpora().parent / "dossier" / "seed-article.txt").read_text("utf-8")
    marked = sum(bool(paraphrase.note(text)) for text in texts)
    return [
        Measure("the garbled seed article, marked as rewritten", "", 1, bool(paraphrase.note(seed)), "higher"),
        Measure(f"of {len(texts)} reports marked as rewritten", "reports", 0, marked, "lower"),
    ]  # fmt: skip


def _texts() -> list[Measure]:
    pages = sorted((corpora() / "pages" / "readability").glob("*/source.html.gz"))
    ours, peer, took, took_peer, refused = [], [], [], [], 0
    for page in pages:
        raw = gzip.decompress(page.read_bytes())
        wanted = _expected(page.with_name("expected.html.gz"))
        start = time.perf_counter()
        direct = trafilatura.extract(decode(raw), include_comments=False) or ""
        middle = time.perf_counter()
        found = _article(raw, "")
        took.append(time.perf_counter() - middle)
        took_peer.append(middle - start)
        refused += found is None
        ours.append(_agreement(wanted, found.text if found else ""))
        peer.append(_agreement(wanted, direct))
    least = round(_f1(peer), 3)
    return [
        Measure(
            f"text of {len(pages)} pages, F1 of runs of {_SHINGLE} words", "", least,
            round(_f1(ours), 3), "higher", f"{least} (trafilatura)",
        ),
        Measure("of them refused as no article", "of pages", 0.01, round(refused / len(pages), 3), "lower"),
        Measure(
            "time of a page, times trafilatura's alone (medians)", "times", 2,
            round(statistics.median(took) / statistics.median(took_peer), 2), "lower",
        ),
    ]  # fmt: skip


def _days() -> list[Measure]:
    folder = corpora() / "pages"
    rows = json.loads((folder / "dated.json").read_text(encoding="utf-8"))
    right = peer = refused = 0
    for row in rows:
        raw = gzip.decompress((folder / "dated" / row["file"]).read_bytes())
        found = _article(raw, row["url"])
        refused += found is None
        told = found.published.day.isoformat() if found and found.published else ""
        right += told == row["date"]
        direct = htmldate.find_date(decode(raw), original_date=True, url=row["url"])
        peer += direct == row["date"]
    least = round(peer / len(rows), 3)
    return [
        Measure(
            f"publication day of {len(rows)} pages, exact", "of pages", least,
            round(right / len(rows), 3), "higher", f"{least} (htmldate)",
        ),
        Measure(
            f"of these {len(rows)} refused as no article", "of pages", 0.01,
            round(refused / len(rows), 3), "lower",
        ),
    ]  # fmt: skip


def _article(raw: bytes, url: str) -> Extracted | None:
    try:
        return extract(raw, content_type="text/html", url=url, max_characters=_MOST)
    except ExtractError:
        return None


def _expected(file: Path) -> Counter[tuple[str, ...]]:
    tree = lxml_html.fromstring(gzip.decompress(file.read_bytes()))
    return _shingles(" ".join(tree.itertext()))


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1))


def _agreement(wanted: Counter[tuple[str, ...]], text: str) -> tuple[float, float]:
    """Return precision and recall of a text's runs of words."""
    told = _shingles(text)
    common = sum((wanted & told).values())
    return common / max(sum(told.values()), 1), common / max(sum(wanted.values()), 1)


def _f1(pairs: list[tuple[float, float]]) -> float:
    precision, recall = (statistics.mean(side) for side in zip(*pairs, strict=True))
    return 2 * precision * recall / (precision + recall)
