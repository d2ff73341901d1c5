"""Where every stage stands: what waits, runs, failed, how fast it goes and why it stops.

Asked every few seconds of tables with millions of rows that are done, so each question is answered by an index
and ends at a limit: `articles_intakeitem_open` and its like for what is not done, the one of `finished_at` for
the last hour. How many are done is counted as far as the limit and estimated beyond it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.core.stages import StageRun

MOST_COUNTED: Final = 100_000
MOST_DONE: Final = 10_000
MOST_REASONS_READ: Final = 1_000
MOST_REASONS: Final = 6
BARS: Final = 12
HOUR: Final = timedelta(hours=1)
# What makes two failures of the same kind differ: addresses, numbers, names in quotes.
_VARIES = re.compile(r"https?://\S+|'[^']{1,200}'|\"[^\"]{1,200}\"|\b[0-9a-f]{16,}\b|\d+")


@dataclass(frozen=True, slots=True)
class Count:
    """A number of rows; `more` where counting ended at its limit, `about` where it is an estimate."""

    number: int
    more: bool = False
    about: bool = False

    def __str__(self) -> str:
        before = "about " if self.about else ""
        return f"{before}{self.number:,}{'+' if self.more else ''}"

    def __bool__(self) -> bool:
        return self.number > 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why rows of a stage stopped: an example's words, how many, and how many of them are set aside."""

    text: str
    count: int
    quarantined: int


@dataclass(slots=True)
class Stage:
    """One stage at a moment. None for what it does not have: polls are not set aside, touches do not fail."""

    key: str  # the model's label in lower case
    name: str
    waiting: Count
    running: Count | None = None
    failed: Count | None = None
    quarantined: Count | None = None
    done: Count | None = None
    planned: Count | None = None  # waits for its time to come
    bars: Sequence[int] = ()  # ended in each twelfth of the last hour, oldest first
    oldest: datetime | None = None
    reasons: Sequence[Reason] = ()
    note: str = ""
    address: str = ""  # name of the admin's list
    may_release: bool = field(default=False)

    @property
    def hour(self) -> Count:
        """How many rows were done within the last hour."""
        return Count(sum(self.bars))

    @property
    def per_minute(self) -> float:
        """How many rows a minute were done within the last hour."""
        return self.hour.number / 60

    @property
    def drawn(self) -> list[tuple[int, float, float]]:
        """The bars as (x, y, height) in a picture of 60 by 20."""
        most = max(self.bars, default=0)
        heights = [max(1.5, 20 * number / most) if number else 0 for number in self.bars]
        return [(5 * n, round(20 - high, 1), round(high, 1)) for n, high in enumerate(heights)]

    @property
    def late(self) -> bool:
        """Tell whether something has waited for a minute and more."""
        return self.oldest is not None and timezone.now() - self.oldest >= timedelta(minutes=1)

    @property
    def idle(self) -> bool:
        """Nothing waits, runs or stopped."""
        return not any((self.waiting, self.running, self.failed, self.quarantined))

    @property
    def trouble(self) -> str:
        """How the stage stands, in a word: "bad" with rows set aside, "warn" with failures, else ""."""
        if self.quarantined:
            return "bad"
        return "warn" if self.failed else ""


def models() -> list[type[StageRun]]:
    """Return the models whose rows are worked on, in the order of the apps."""
    return [model for model in apps.get_models() if issubclass(model, StageRun)]


def stages(now: datetime) -> list[Stage]:
    """Return every stage as it stands at `now` (aware), in the order in which news passes through them."""
    found = _stages_of_rows(now)
    # Stages of another shape (feeds, touches) tell of themselves; see the setting.
    others: list[Callable[[datetime], Stage]] = [import_string(p) for p in settings.PIPELINE_ALSO]
    told = [*found, *(tell(now) for tell in others)]
    order = [config.label for config in apps.get_app_configs()]
    return sorted(told, key=lambda stage: order.index(stage.key.partition(".")[0]))


def _stages_of_rows(now: datetime) -> list[Stage]:
    counts, bars, reasons = _counts(now), _bars(now), _reasons()
    found = []
    for model in models():
        row, label = counts[model._meta.label_lower], model._meta.label_lower
        waiting = Count(min(row["due"], MOST_COUNTED), more=row["due"] > MOST_COUNTED)
        fresh = model.not_begun()
        if fresh is not None:
            more = fresh.count()
            limit = settings.PIPELINE_NEWEST
            waiting = Count(waiting.number + more, more=waiting.more or more >= limit)
        found.append(
            Stage(
                key=label,
                name=str(model._meta.verbose_name_plural).capitalize(),
                waiting=waiting,
                running=_limited(row["running"]),
                failed=_limited(row["failed"]),
                quarantined=_limited(row["quarantined"]),
                planned=_limited(row["planned"]) if row["planned"] else None,
                done=_done(row),
                bars=bars.get(label, [0] * BARS),
                oldest=row["oldest"],
                reasons=reasons.get(label, ()),
                address=f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist",
            )
        )
    return found


def _limited(number: int) -> Count:
    return Count(min(number, MOST_COUNTED), more=number > MOST_COUNTED)


def _done(row: Mapping[str, Any]) -> Count:
    """Count what is done as far as it goes, else estimate it from what the database keeps about the table."""
    if row["done"] <= MOST_DONE:
        return Count(row["done"])
    open_rows = sum(row[name] for name in ("due", "planned", "running", "failed", "quarantined"))
    return Count(max(row["total"] - open_rows, MOST_DONE), about=True)


def statements() -> dict[str, str]:
    """Return the three questions in SQL, each asked of all stages at once: counts, bars and reasons."""
    names = [(model._meta.label_lower, model._meta.db_table) for model in models()]
    return {
        name: " UNION ALL ".join(
            f"({sql.format(label=label, table=table)})" for label, table in names
        )
        for name, sql in (("counts", _COUNTS), ("bars", _BARS), ("reasons", _REASONS))
    }


def _limit(condition: str, most: int) -> str:
    rows = f'SELECT 1 FROM "{{table}}" WHERE {condition} LIMIT {most + 1}'  # noqa: S608
    return f"(SELECT count(*) FROM ({rows}) x)"  # noqa: S608


# Names of our own models and constants alone are put into these; what is asked for goes in as parameters.
_COUNTS = f"""
SELECT '{{label}}' AS label,
{_limit("status = 'waiting' AND next_try_at <= %(now)s", MOST_COUNTED)} AS due,
{_limit("status = 'waiting' AND next_try_at > %(now)s", MOST_COUNTED)} AS planned,
{_limit("status = 'running'", MOST_COUNTED)} AS running,
{_limit("status = 'failed'", MOST_COUNTED)} AS failed,
{_limit("status = 'quarantined'", MOST_COUNTED)} AS quarantined,
{_limit("status = 'done'", MOST_DONE)} AS done,
(SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '"{{table}}"'::regclass) AS total,
(SELECT next_try_at FROM "{{table}}" WHERE status = 'waiting' AND next_try_at <= %(now)s
 ORDER BY next_try_at LIMIT 1) AS oldest
"""  # noqa: S608
_BARS = f"""
SELECT '{{label}}' AS label,
least(floor(extract(epoch FROM finished_at - %(since)s) / 300)::int, {BARS - 1}) AS bar,
count(*) AS ended FROM (SELECT finished_at, status FROM "{{table}}" WHERE finished_at >= %(since)s
ORDER BY finished_at DESC LIMIT {MOST_COUNTED}) x WHERE status = 'done' GROUP BY bar
"""  # noqa: S608
_REASONS = f"""
SELECT '{{label}}' AS label, status, left(error, 400) AS error FROM (SELECT status, error FROM "{{table}}"
WHERE status IN ('failed', 'quarantined') ORDER BY next_try_at DESC LIMIT {MOST_REASONS_READ}) x
"""  # noqa: S608


def _ask(name: str, **values: datetime) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statements()[name], values)
        columns = [column.name for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _counts(now: datetime) -> dict[str, dict[str, Any]]:
    return {row["label"]: row for row in _ask("counts", now=now)}


def _bars(now: datetime) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in _ask("bars", since=now - HOUR):
        found.setdefault(row["label"], [0] * BARS)[max(row["bar"], 0)] += row["ended"]
    return found


def _reasons() -> dict[str, list[Reason]]:
    by_stage: dict[str, list[tuple[str, bool]]] = {}
    for row in _ask("reasons"):
        told = (row["error"], row["status"] == "quarantined")
        by_stage.setdefault(row["label"], []).append(told)
    return {label: grouped(rows) for label, rows in by_stage.items()}


def grouped(rows: Sequence[tuple[str, bool]]) -> list[Reason]:
    """Group (error, set aside) by reason, whatever addresses and numbers are in it; the commonest first."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for error, aside in rows:
        line = next(iter(error.strip().splitlines()), "") or "No reason was written down."
        found.setdefault(_VARIES.sub("…", line), []).append((line, aside))
    reasons = [
        Reason(members[0][0][:300], len(members), sum(aside for _, aside in members))
        for members in found.values()
    ]
    return sorted(reasons, key=lambda reason: -reason.count)[:MOST_REASONS]
