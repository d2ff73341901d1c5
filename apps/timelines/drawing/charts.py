"""The timeline's figure: the index above, swim lanes with event marks below. Plain: values in, JSON out.

Colours and fonts stand in the figure as `var(--name)`: the browser puts in what the style sheet says, for
light, dark and paper.
"""

from collections.abc import Sequence
from typing import Any, Final

import plotly.io as pio

from apps.timelines import chart_words
from apps.timelines.drawing.arcs import arc_traces
from apps.timelines.drawing.behind import behind_traces
from apps.timelines.drawing.chart_frame import Chart, LaneSpec, Trace, layers_of, layout
from apps.timelines.drawing.marks import fold_traces, lines, mark_traces, tallness
from apps.timelines.drawing.strip import strip_traces
from apps.timelines.tension import Day

__all__ = ["Chart", "Figure", "LaneSpec", "as_json", "buckets", "figure", "figure_json", "tallness"]

MOST_BUCKETS: Final = 400
Figure = dict[str, Any]  # {"data": traces, "layout": layout}


def buckets(index: Sequence[Day], most: int = MOST_BUCKETS) -> list[Day]:
    """Return at most `most` days: the highest day of each equal span, so that no peak is lost."""
    step = -(-len(index) // most) or 1
    return [max(index[n : n + step], key=lambda day: day.value) for n in range(0, len(index), step)]


def figure(chart: Chart) -> Figure:
    """Return the figure as plotly.js takes it: its traces under `data`, its frame under `layout`."""
    layers = layers_of(chart)
    return {
        "data": [
            *behind_traces(chart),
            *_index_traces(chart),
            *arc_traces(chart, layers),
            *mark_traces(chart, layers),
            *fold_traces(chart, layers),
            *strip_traces(chart),
        ],
        "layout": layout(chart, layers),
    }


def figure_json(chart: Chart) -> str:
    """Return the figure as JSON for plotly.js."""
    return as_json(figure(chart))


def as_json(drawn: Figure) -> str:
    """Return a figure as JSON for plotly.js."""
    return str(pio.to_json(drawn, engine="orjson", validate=False))


def _index_traces(chart: Chart) -> list[Trace]:
    """The band as two lines with the space between filled, the line, and the matching events' line."""
    days = buckets(chart.index)
    x = [day.day.isoformat() for day in days]
    edge = {"x": x, "yaxis": "y", "line": {"width": 0, "color": "var(--index-band)"}}
    traces = [
        lines("high", y=_rounded(day.high for day in days), **edge),
        lines(
            "low",
            y=_rounded(day.low for day in days),
            fill="tonexty",
            fillcolor="var(--index-band)",
            **edge,
        ),
        lines(
            str(chart_words.TENSION),
            x=x,
            y=_rounded(day.value for day in days),
            yaxis="y",
            meta="index",
            line={"width": 1.6, "color": "var(--index-line)"},
            hoverinfo="text",
            hovertext=[chart_words.index_of(day) for day in days],
            hovertemplate="%{hovertext}<extra></extra>",
        ),
    ]
    if chart.part:
        part = buckets(chart.part)
        traces.append(
            lines(
                str(chart_words.MATCHING),
                x=[day.day.isoformat() for day in part],
                y=_rounded(day.value for day in part),
                yaxis="y",
                line={"width": 1.4, "color": "var(--index-part)", "dash": "3px,2px"},
                hoverinfo="text",
                hovertemplate=f"{chart_words.part()}<extra></extra>",
            )
        )
    return traces


def _rounded(values: Any) -> list[float]:
    return [round(value, 2) for value in values]
