"""The index as a picture for paper: line, band, a scale, and where events lie. Plain: values in, values out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from apps.timelines.tension import Day

WIDTH: Final = 720
HEIGHT: Final = 230
LEFT: Final = 30
TOP: Final = 8
FOOT: Final = 200  # where 0 lies
LEVELS: Final = (0, 25, 50, 75, 100)
MOST_LABELS: Final = 13
MOST_POINTS: Final = 720


@dataclass(frozen=True, slots=True)
class Level:
    """A line of the scale."""

    value: int
    y: float


@dataclass(frozen=True, slots=True)
class Label:
    """The first day of a month (or of every few) with its place."""

    day: date
    year: bool  # the first label of its year
    x: float


@dataclass(frozen=True, slots=True)
class Picture:
    """The parts of an SVG of WIDTH x HEIGHT: path data, and where words stand."""

    line: str
    band: str
    part: str
    levels: tuple[Level, ...]
    labels: tuple[Label, ...]
    end: (
        float  # where the index ends: a day as of which is asked may come before the last day shown
    )
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    foot: int = FOOT
    top: int = TOP


def picture(index: Sequence[Day], part: Sequence[Day], start: date, end: date) -> Picture:
    """Draw the index of the days `start` to `end`; `part` is that of the matching events, empty for none."""
    days = max(1, (end - start).days)

    def x(day: date) -> float:
        return round(LEFT + (day - start).days / days * (WIDTH - LEFT), 1)

    top = [f"{x(day.day)} {_y(day.high)}" for day in _thinned(index)]
    low = [f"{x(day.day)} {_y(day.low)}" for day in _thinned(index)]
    return Picture(
        line=_path([f"{x(day.day)} {_y(day.value)}" for day in _thinned(index)]),
        band=f"{_path([*top, *reversed(low)])}Z" if top else "",
        part=_path([f"{x(day.day)} {_y(day.value)}" for day in _thinned(part)]),
        levels=tuple(Level(value, _y(value)) for value in LEVELS),
        labels=tuple(_labels(start, end, x)),
        end=x(index[-1].day) if index else LEFT,
    )


def spots(days: Sequence[Day], start: date, end: date) -> list[tuple[float, float]]:
    """Return where days of the index stand in the picture of the days `start` to `end`."""
    whole = max(1, (end - start).days)
    return [
        (round(LEFT + (day.day - start).days / whole * (WIDTH - LEFT), 1), _y(day.value))
        for day in days
    ]


def _y(value: float) -> float:
    return round(FOOT - value / 100 * (FOOT - TOP), 1)


def _path(points: Sequence[str]) -> str:
    return "M" + "L".join(points) if points else ""


def _thinned(index: Sequence[Day]) -> list[Day]:
    """Return at most 720 days, of each span the highest and always the last."""
    step = -(-len(index) // MOST_POINTS) or 1
    if step == 1:
        return list(index)
    spans = (index[n : n + step] for n in range(0, len(index), step))
    kept = [max(span, key=lambda day: day.value) for span in spans]
    return kept if kept[-1] is index[-1] else [*kept, index[-1]]


def _labels(start: date, end: date, x: Callable[[date], float]) -> list[Label]:
    """Return a label for each first of a month, as many as leave room; the first day where there is none."""
    months = [day for day in _days(start, end) if day.day == 1] or [start]
    step = -(-len(months) // MOST_LABELS)
    step = next(n for n in (1, 2, 3, 4, 6, 12, 24, 60, 120, 1200) if n >= step)
    shown = [day for day in months if (day.year * 12 + day.month - 1) % step == 0] or months[:1]
    years: set[int] = set()
    found = []
    for day in shown:
        found.append(Label(day, day.year not in years, x(day)))
        years.add(day.year)
    return found


def _days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]
