"""The timeline's figure: the index above, swim lanes with event marks below. Plain: values in, JSON out.

Colours and fonts stand in the figure as `var(--name)`: the browser puts in what the style sheet says, for
light, dark and paper.
"""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

import plotly.graph_objects as go
import plotly.io as pio

from apps.core import plover
from apps.timelines import wording
from apps.timelines.chart_frame import (
    LANE_LABEL,
    TRACK,
    Chart,
    LaneSpec,
    Layers,
    drawn,
    escaped,
    layers_of,
    layout,
)
from apps.timelines.packing import Fold, Mark
from apps.timelines.tension import Day

__all__ = ["Chart", "LaneSpec", "buckets", "figure_json", "tallness"]

MOST_BUCKETS: Final = 400
TALLEST_AT: Final = 15.0
VERBAL: Final = (1, 3)


def buckets(index: Sequence[Day], most: int = MOST_BUCKETS) -> list[Day]:
    """Return at most `most` days: the highest day of each equal span, so that no peak is lost."""
    step = -(-len(index) // most) or 1
    return [max(index[n : n + step], key=lambda day: day.value) for n in range(0, len(index), step)]


def figure_json(chart: Chart) -> str:
    """Return the figure as JSON for plotly.js."""
    layers = layers_of(chart)
    figure = go.Figure(
        data=[*_index_traces(chart), *_mark_traces(chart, layers), *_fold_traces(chart, layers)],
        layout=layout(chart, layers),
    )
    return str(pio.to_json(figure, engine="orjson", validate=False))


def _index_traces(chart: Chart) -> list[go.Scatter]:
    """The band as two lines with the space between filled, the line, and the matching events' line."""
    days = buckets(chart.index)
    x = [day.day.isoformat() for day in days]
    plain = {"x": x, "mode": "lines", "showlegend": False, "yaxis": "y"}
    edge = {**plain, "hoverinfo": "skip", "line": {"width": 0, "color": "var(--index-band)"}}
    traces = [
        go.Scatter(y=_rounded(day.high for day in days), name="high", **edge),
        go.Scatter(
            y=_rounded(day.low for day in days),
            name="low",
            fill="tonexty",
            fillcolor="var(--index-band)",
            **edge,
        ),
        go.Scatter(
            y=_rounded(day.value for day in days),
            name="Tension",
            line={"width": 1.6, "color": "var(--index-line)"},
            hovertext=[_index_words(day) for day in days],
            hovertemplate="%{hovertext}<extra></extra>",
            **plain,
        ),
    ]
    if chart.part:
        part = buckets(chart.part)
        traces.append(
            go.Scatter(
                **{**plain, "x": [day.day.isoformat() for day in part]},
                y=_rounded(day.value for day in part),
                name="Matching events",
                line={"width": 1.4, "color": "var(--index-part)", "dash": "3px,2px"},
                hovertemplate="Matching events alone: %{y:.0f}<extra></extra>",
            )
        )
    return traces


def _rounded(values: Any) -> list[float]:
    return [round(value, 2) for value in values]


def _index_words(day: Day) -> str:
    band = "" if day.high - day.low < 0.5 else f" ({day.low:.0f} to {day.high:.0f})"
    return f"{day.value:.0f}{band} · {wording.day(day.day)}"


def _bar(chart: Chart, start: date, end: date) -> tuple[str, int]:
    """Return a bar's first instant and its length in ms."""
    left, right = drawn(chart, start, end)
    return left.isoformat(), round((right - left).total_seconds() * 1000)


def tallness(severity: float) -> float:
    """Return a mark's height in pixels: from 3 for none to 15 for the most severe, either way."""
    return round(3 + 12 * min(1.0, abs(severity) / TALLEST_AT), 1)


def _bars(name: str, colour: str, **values: Any) -> go.Bar:
    return go.Bar(
        name=name,
        orientation="h",
        yaxis="y2",
        xaxis="x",
        showlegend=False,
        hovertemplate="%{hovertext}<extra></extra>",
        hoverlabel={"bordercolor": colour},
        **values,
    )


def _mark_traces(chart: Chart, layers: Layers) -> list[go.Bar]:
    """One trace for each quad class. Verbal classes are hollow, contested marks hatched."""
    ordered = sorted(chart.marks, key=lambda mark: mark.quad)
    return [
        _quad_trace(chart, layers, quad, list(marks))
        for quad, marks in groupby(ordered, key=lambda mark: mark.quad)
    ]


def _quad_trace(chart: Chart, layers: Layers, quad: int, marks: list[Mark]) -> go.Bar:
    colour = f"var(--quad-{quad})"
    fill = "var(--surface)" if quad in VERBAL else colour
    spans = [_bar(chart, mark.start, mark.end) for mark in marks]
    heights = [tallness(mark.severity) for mark in marks]
    feet = [
        layers.tops[mark.lane] + LANE_LABEL + TRACK * (layers.track[mark.key] + 1) - 1
        for mark in marks
    ]
    return _bars(
        plover.QUAD_NAMES[quad],
        colour,
        base=[base for base, _ in spans],
        x=[length for _, length in spans],
        y=feet,
        # The axis runs downwards: a mark stands on its foot and rises by its height.
        offset=[-height for height in heights],
        width=heights,
        customdata=[mark.key for mark in marks],
        hovertext=[_mark_words(mark) for mark in marks],
        marker={
            "color": [colour if mark.contested else fill for mark in marks],
            "line": {
                "color": [
                    "var(--focus)" if mark.key == chart.selected else colour for mark in marks
                ],
                "width": [3 if mark.key == chart.selected else 1.3 for mark in marks],
            },
            "pattern": {
                "shape": ["/" if mark.contested else "" for mark in marks],
                "fillmode": "replace",
                "fgcolor": colour,
                "bgcolor": "var(--surface)",
                "size": 5,
                "solidity": 0.45,
            },
        },
    )


def _mark_words(mark: Mark) -> str:
    lines = _wrapped(escaped(mark.title))
    facts = [wording.TYPE_WORDS[mark.type], *([escaped(mark.words)] if mark.words else [])]
    if mark.contested:
        facts.append("contested")
    days = wording.days(mark.start, mark.end, mark.precision)
    return f"{lines}<br>{days}<br>{' · '.join(facts)}"


def _wrapped(text: str, width: int = 48) -> str:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return "<br>".join(lines)


def _fold_traces(chart: Chart, layers: Layers) -> list[go.Bar]:
    """Counted marks: as wide as their span, their number written in them."""
    ordered = sorted(chart.folds, key=lambda fold: fold.quad)
    traces = []
    for quad, found in groupby(ordered, key=lambda fold: fold.quad):
        folds = list(found)
        spans = [_bar(chart, fold.start, fold.end) for fold in folds]
        colour = f"var(--quad-{quad})"
        hollow = quad in VERBAL
        traces.append(
            _bars(
                plover.QUAD_NAMES[quad],
                colour,
                base=[base for base, _ in spans],
                x=[length for _, length in spans],
                y=[layers.tops[fold.lane] + LANE_LABEL + TRACK for fold in folds],
                offset=[-TRACK] * len(folds),
                width=[TRACK] * len(folds),
                text=[str(fold.count) for fold in folds],
                textposition="inside",
                textangle=0,
                insidetextanchor="middle",
                textfont={
                    "color": f"var(--quad-{quad}-ink)" if hollow else "var(--surface)",
                    "size": 10,
                },
                customdata=[f"{f.start.isoformat()}/{f.end.isoformat()}" for f in folds],
                hovertext=[_fold_words(fold) for fold in folds],
                marker={
                    "color": "var(--surface)" if hollow else colour,
                    "line": {"width": 1, "color": colour if hollow else "var(--surface)"},
                },
            )
        )
    return traces


def _fold_words(fold: Fold) -> str:
    classes = [
        f"{count:,} {plover.QUAD_NAMES[quad].lower()}"
        for quad, count in reversed(list(enumerate(fold.counts, start=1)))
        if count
    ]
    head = f"{wording.counted(fold.count, 'event')}<br>{wording.days(fold.start, fold.end)}"
    return "<br>".join([head, *classes, "Click to zoom in"])
