"""What the sample dispatches and the gold articles tell: which words are about which event of the dossier.

Three lists together. The dossier editors' review of the dispatches (`dispatches/reviewed.yaml`). The gold
articles' events, mapped to the dossier's by hand (`events_truth.json`: article, number of the gold event ->
event; what is not listed is in no dossier), each with the places of its quotes. And sentences judged by hand
because the machine attached them in some run and neither list has them (`judged`: article, where the sentence
begins -> events it tells). The file holds ids and numbers only, no text of the articles.
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MAPPING = Path(__file__).with_name("events_truth.json")
ARTICLES = "gold_articles_dev.jsonl"


@dataclass(frozen=True)
class Told:
    """Characters `start` to `end` of an article tell an event (its key); `sure`: it must be found."""

    start: int
    end: int
    event: str
    sure: bool


class Truth:
    """Which events each article tells, and where."""

    def __init__(self, told: dict[str, list[Told]], judged: dict[str, dict[int, set[str]]]) -> None:
        self._told = told
        self._judged = judged

    def of(self, article: str, start: int, end: int) -> set[str]:
        """Return the events (keys) that a stretch of an article tells."""
        found = {t.event for t in self._told.get(article, ()) if t.start < end and start < t.end}
        for begin, events in self._judged.get(article, {}).items():
            if start <= begin < end:
                found |= events
        return found

    def wanted(self, events: Iterable[str]) -> set[tuple[str, str]]:
        """Return the (article, event) pairs that must be found where `events` (keys) are known."""
        known = set(events)
        return {
            (article, told.event)
            for article, rows in self._told.items()
            for told in rows
            if told.sure and told.event in known
        }

    def spans(self, article: str, event: str) -> list[tuple[int, int]]:
        """Return where an article tells an event for sure."""
        rows = self._told.get(article, ())
        return [(t.start, t.end) for t in rows if t.sure and t.event == event]


def corpora() -> Path:
    """Return the folder of third-party gold; SystemExit with a sentence where it is missing."""
    folder = Path(os.environ.get("CORPORA", ROOT.parent / "shared" / "corpora"))
    if not (folder / ARTICLES).is_file():
        raise SystemExit(
            f"There is no {ARTICLES} in {folder}: set CORPORA to the folder that has it. "
            "The measure of matching needs it, and the project does not ship it."
        )
    return folder


def gold_articles() -> list[dict[str, Any]]:
    """Return the gold articles with their labels, as their file has them."""
    lines = (corpora() / ARTICLES).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def published(article: dict[str, Any]) -> datetime:
    """Return the day a gold article was published (aware UTC)."""
    return datetime.fromisoformat(article["published_at"]).replace(tzinfo=UTC)


def truth(reviewed: Iterable[dict[str, Any]], texts: dict[str, str]) -> Truth:
    """Put the three lists together; `texts` are the articles as taken in, by dispatch or gold id."""
    told: dict[str, list[Told]] = defaultdict(list)
    for line in reviewed:
        start = texts[line["dispatch"]].index(line["quote"])
        sure = line["as"] == "evidence"
        end = start + len(line["quote"])
        told[line["dispatch"]].append(Told(start, end, line["event"], sure))
    mapping = json.loads(MAPPING.read_text(encoding="utf-8"))
    for article in gold_articles():
        events = mapping["gold_events"].get(article["id"], {})
        for gold in article["gold"]["events"]:
            event = events.get(str(gold["n"]))
            for quote in gold["quotes"] if event else ():
                start = texts[article["id"]].find(quote)
                if start >= 0:
                    told[article["id"]].append(Told(start, start + len(quote), event, sure=True))
    judged = {
        article: {int(start): set(events) for start, events in rows.items()}
        for article, rows in mapping["judged"].items()
    }
    return Truth(told, judged)
