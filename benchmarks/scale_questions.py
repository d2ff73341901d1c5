"""Questions of a dashboard, asked of the product over HTTP and of DuckDB in SQL: each time of other days."""

import http.client
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from statistics import median
from typing import Any
from urllib.parse import urlencode

import duckdb

from apps.signals.formats.row import kinds_of
from benchmarks.scale_rows import DAYS, FIRST, LAST, WORDS

TIMES = 15
SLUG = "us-iran-2020"
_TYPE, _SEVERITY = "ASSAULT", 5
_PARTS = (
    "SELECT date_trunc('{unit}', start) AS part, kind, source, count(*) FROM signal "
    "WHERE inside AND {where} GROUP BY ALL"
)
_LOUDEST = "SELECT * FROM signal WHERE inside AND {where} ORDER BY salience DESC, id DESC LIMIT 50"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question once: the days, what the address asks besides, the peer's condition."""

    first: date
    last: date
    query: Mapping[str, str]
    where: str

    @property
    def address(self) -> str:
        """The query string."""
        return urlencode({"from": self.first, "to": self.last, **self.query})

    @property
    def condition(self) -> str:
        """The peer's whole condition."""
        return f"start BETWEEN DATE '{self.first}' AND DATE '{self.last}' AND {self.where}"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: where, how, and what the peer is asked."""

    name: str
    ask: Callable[[Random, int], Asked]
    answer: str = "signals"
    peer: tuple[str, ...] = (_PARTS,)


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds at the median, ours and the peer's."""

    name: str
    ours: float
    peer: float


def questions(rare: str, frequent: str, lane: str) -> list[Question]:
    """Return the questions; `rare` and `frequent` are actors, `lane` a dyad, each by slug."""

    def of(days: int | None, query: dict[str, str] | None = None, where: str = "true") -> Any:
        def ask(pick: Random, n: int) -> Asked:
            first = FIRST + timedelta(days=n if days is None else pick.randrange(DAYS - days))
            last = LAST - timedelta(days=n) if days is None else first + timedelta(days=days - 1)
            return Asked(first, last, query or {}, where)

        return ask

    def word(pick: Random, n: int) -> Asked:
        chosen = WORDS[pick.randrange(len(WORDS))]
        return Asked(FIRST, LAST, {"q": chosen}, f"text ILIKE '%{chosen}%'")

    def known(pick: Random, n: int) -> Asked:
        day = LAST - timedelta(days=pick.randrange(1000))
        moment = day + timedelta(days=1)
        return Asked(
            FIRST, day, {"as_of": day.isoformat()}, f"known_at < TIMESTAMPTZ '{moment} 00:00:00Z'"
        )

    severe = ", ".join(str(kind) for kind in kinds_of([_TYPE], _SEVERITY))
    narrow = {"type": _TYPE, "severity": str(_SEVERITY)}
    return [
        Question("whole range", of(None)),
        Question("a year", of(365)),
        Question("a month", of(30)),
        Question("rare actor", of(None, {"actor": rare}, '"rare"')),
        Question("frequent actor", of(None, {"actor": frequent}, '"frequent"')),
        Question("dyad", of(None, {"dyad": lane}, f"lane = '{lane}'")),
        Question("type and severity", of(None, narrow, f"kind IN ({severe})")),
        Question("a word", word),
        Question("as known on a day", known),
        Question("list page", of(365), "signals/loudest", (_PARTS, _LOUDEST)),
        Question("index line", of(365), "signals/load", (_PARTS.replace("{unit}", "day"),)),
    ]


def measured(
    found: list[Question], port: int, peer: duckdb.DuckDBPyConnection, seed: int
) -> Iterator[Taken]:
    """Ask each question TIMES times of both and yield what they took; SystemExit where the counts differ."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for question in found:
        pick, ours, theirs = Random(seed), [], []  # noqa: S311  # no secret
        for n in range(-2, TIMES):  # two to warm up
            asked = question.ask(pick, n + 2)
            path = f"/api/v1/timelines/{SLUG}/{question.answer}?{asked.address}"
            took, told = _answer(line, path)
            before = time.perf_counter()
            counted = _peer(question, asked, peer)
            its = (time.perf_counter() - before) * 1000
            if question.answer != "signals/load" and told["total"] != counted:
                raise SystemExit(
                    f"{path} tells of {told['total']}, DuckDB of {counted}: {told['words']}"
                )
            if n >= 0:
                ours.append(took)
                theirs.append(its)
        yield Taken(question.name, round(median(ours), 1), round(median(theirs), 1))


def _answer(line: http.client.HTTPConnection, path: str) -> tuple[float, dict[str, Any]]:
    before = time.perf_counter()
    line.request("GET", path)
    answer = line.getresponse()
    body = answer.read()
    took = (time.perf_counter() - before) * 1000
    if answer.status != 200:
        raise SystemExit(f"{path} was answered {answer.status}: {body[:300]!r}")
    return took, json.loads(body)


def _peer(question: Question, asked: Asked, peer: duckdb.DuckDBPyConnection) -> int:
    unit = "day" if (asked.last - asked.first).days < 400 else "month"
    counted = 0
    for n, sql in enumerate(question.peer):
        rows = peer.execute(sql.format(unit=unit, where=asked.condition)).fetchall()
        counted = sum(row[3] for row in rows) if n == 0 else counted
    return counted
