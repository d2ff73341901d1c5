"""The events' marks: an interval each, or many folded into a counted one. Plain.

What a mark shows, and by what: its days by its length; severity by height; conflict by square and cooperation
by round ends; material by filling and verbal by a hollow; a contested event by hatching; days known only to
the week, month or year by brackets around a faint band, because the event was on some day of them.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from apps.timelines import chart_words
from apps.timelines.drawing.chart_frame import (
    LANE_LABEL,
    TRACK,
    Chart,
    Layers,
    Trace,
    drawn,
    escaped,
)
from apps.timelines.drawing.packing import Fold, Mark

TALLEST_AT: Final = 15.0
VERBAL: Final = (1, 3)
COOPERATION: Final = (1, 2)
ROUND: Final = 7  # pixels: more than half of most marks' height
# A bracket's arm is this part of the width shown, about three pixels on a desk.
ARM_PART: Final = 1 / 300


def tallness(severity: float) -> float:
    """Return a mark's height in pixels: from 3 for none to 15 for the most severe, either way."""
    return round(3 + 12 * min(1.0, abs(severity) / TALLEST_AT), 1)


def foot(layers: Layers, mark: Mark) -> int:
    """Return where a mark stands, in pixels from the top of the lanes."""
    return layers.tops[mark.lane] + LANE_LABEL + TRACK * (layers.track[mark.key] + 1) - 1


def bars(name: str, **values: Any) -> Trace:
    """Return a trace of horizontal bars on the lanes' axis, which tell of themselves in `hovertext`."""
    return {
        "type": "bar",
        "name": name,
        "orientation": "h",
        "yaxis": "y2",
        "xaxis": "x",
        "showlegend": False,
        "hovertemplate": "%{hovertext}<extra></extra>",
        **values,
    }


def lines(name: str, **values: Any) -> Trace:
    """Return a trace of lines that say nothing of themselves unless told to."""
    return {
        "type": "scatter",
        "name": name,
        "mode": "lines",
        "hoverinfo": "skip",
        "showlegend": False,
        **values,
    }


def bar(chart: Chart, start: date, end: date) -> tuple[str, int]:
    """Return a bar's first instant and its length in ms."""
    left, right = drawn(chart, start, end)
    return left.isoformat(), round((right - left).total_seconds() * 1000)


def mark_traces(chart: Chart, layers: Layers) -> list[Trace]:
    """Return one trace of marks for each quad class, and one of brackets where days are imprecise."""
    ordered = sorted(chart.marks, key=lambda mark: mark.quad)
    traces: list[Trace] = []
    for quad, found in groupby(ordered, key=lambda mark: mark.quad):
        marks = list(found)
        traces.append(_quad_trace(chart, layers, quad, marks))
        loose = [mark for mark in marks if imprecise(mark)]
        if loose:
            traces.append(_brackets(chart, layers, quad, loose))
    return traces


def imprecise(mark: Mark) -> bool:
    """Tell whether the event was on some day of its span, nobody knows which."""
    return mark.precision != "day"


def _quad_trace(chart: Chart, layers: Layers, quad: int, marks: list[Mark]) -> Trace:
    spans = [bar(chart, mark.start, mark.end) for mark in marks]
    heights = [tallness(mark.severity) for mark in marks]
    return bars(
        chart_words.quad(quad),
        hoverlabel={"bordercolor": f"var(--quad-{quad})"},
        base=[base for base, _ in spans],
        x=[length for _, length in spans],
        y=[foot(layers, mark) for mark in marks],
        # The axis runs downwards: a mark stands on its foot and rises by its height.
        offset=[-height for height in heights],
        width=heights,
        customdata=[mark.key for mark in marks],
        hovertext=[_words(mark) for mark in marks],
        marker=_marker(chart, quad, marks),
    )


def _marker(chart: Chart, quad: int, marks: list[Mark]) -> dict[str, Any]:
    colour = f"var(--quad-{quad})"
    full = "var(--surface)" if quad in VERBAL else colour
    chosen = [mark.key == chart.selected for mark in marks]
    return {
        "color": [
            colour if mark.contested else f"var(--quad-{quad}-wash)" if imprecise(mark) else full
            for mark in marks
        ],
        "cornerradius": ROUND if quad in COOPERATION else 0,
        "line": {
            "color": ["var(--focus)" if picked else colour for picked in chosen],
            "width": [
                3 if picked else 0 if imprecise(mark) else 1.3
                for mark, picked in zip(marks, chosen, strict=True)
            ],
        },
        "pattern": {
            "shape": ["/" if mark.contested else "" for mark in marks],
            "fillmode": "replace",
            "fgcolor": colour,
            "bgcolor": "var(--surface)",
            "size": 5,
            "solidity": 0.45,
        },
    }


def _brackets(chart: Chart, layers: Layers, quad: int, marks: list[Mark]) -> Trace:
    """Draw the ends of imprecise marks: square for conflict, pointed for cooperation."""
    arm = (timedelta(days=(chart.end - chart.start).days + 1)) * ARM_PART
    x: list[str | None] = []
    y: list[float | None] = []
    for mark in marks:
        left, right = drawn(chart, mark.start, mark.end)
        low = foot(layers, mark)
        high = low - max(tallness(mark.severity), 7)
        for at, inward in ((left, arm), (right, -arm)):
            for instant, height in _bracket(at, inward, low, high, pointed=quad in COOPERATION):
                x.append(instant.isoformat(timespec="seconds"))
                y.append(height)
            x.append(None)
            y.append(None)
    return lines(
        "brackets", yaxis="y2", x=x, y=y, line={"color": f"var(--quad-{quad})", "width": 1.6}
    )


def _bracket(
    at: datetime, inward: timedelta, low: float, high: float, *, pointed: bool
) -> list[tuple[datetime, float]]:
    if pointed:
        return [(at + inward, low), (at, (low + high) / 2), (at + inward, high)]
    return [(at + inward, low), (at, low), (at, high), (at + inward, high)]


def _words(mark: Mark) -> str:
    return "<br>".join([wrapped(escaped(mark.title)), *map(escaped, chart_words.mark(mark))])


def wrapped(text: str, width: int = 48) -> str:
    """Return text in lines of about `width` characters for a label."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return "<br>".join(lines)


def fold_traces(chart: Chart, layers: Layers) -> list[Trace]:
    """Return counted marks: as wide as their span, their number written in them."""
    ordered = sorted(chart.folds, key=lambda fold: fold.quad)
    return [
        _fold_trace(chart, layers, quad, list(found))
        for quad, found in groupby(ordered, key=lambda fold: fold.quad)
    ]


def _fold_trace(chart: Chart, layers: Layers, quad: int, folds: Sequence[Fold]) -> Trace:
    spans = [bar(chart, fold.start, fold.end) for fold in folds]
    colour = f"var(--quad-{quad})"
    hollow = quad in VERBAL
    return bars(
        chart_words.quad(quad),
        hoverlabel={"bordercolor": colour},
        base=[base for base, _ in spans],
        x=[length for _, length in spans],
        y=[layers.tops[fold.lane] + LANE_LABEL + TRACK for fold in folds],
        offset=[-TRACK] * len(folds),
        width=[TRACK] * len(folds),
        text=[str(fold.count) for fold in folds],
        textposition="inside",
        textangle=0,
        insidetextanchor="middle",
        textfont={"color": f"var(--quad-{quad}-ink)" if hollow else "var(--surface)", "size": 10},
        customdata=[f"{f.start.isoformat()}/{f.end.isoformat()}" for f in folds],
        hovertext=["<br>".join(chart_words.fold(fold)) for fold in folds],
        marker={
            "color": "var(--surface)" if hollow else colour,
            "cornerradius": ROUND if quad in COOPERATION else 0,
            "line": {"width": 1, "color": colour if hollow else "var(--surface)"},
        },
    )
