"""Links between events as arcs from the earlier mark to the later one. Plain."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from apps.timelines.drawing.chart_frame import LANE_LABEL, Arc, Chart, Layers, Trace, drawn, escaped
from apps.timelines.drawing.marks import foot, lines, tallness, wrapped
from apps.timelines.drawing.packing import Mark

POINTS: Final = 9
LEAST_LIFT: Final = 14
MOST_LIFT: Final = 46  # more for arcs that reach across the whole width


def arc_traces(chart: Chart, layers: Layers) -> list[Trace]:
    """Return one trace of the arcs of the open event and one of the others; none where there are none.

    An arc whose ends are not both drawn as marks is left out.
    """
    marks = {mark.key: mark for mark in chart.marks}
    whole = [arc for arc in chart.arcs if arc.source in marks and arc.target in marks]
    opened = [arc for arc in whole if chart.selected in (arc.source, arc.target)]
    others = [arc for arc in whole if arc not in opened]
    return [
        _trace(chart, layers, marks, arcs, colour, width)
        for arcs, colour, width in ((others, "var(--arc)", 1.1), (opened, "var(--focus)", 2))
        if arcs
    ]


def _trace(
    chart: Chart,
    layers: Layers,
    marks: dict[str, Mark],
    arcs: Iterable[Arc],
    colour: str,
    width: float,
) -> Trace:
    x: list[str | None] = []
    y: list[float | None] = []
    words: list[str] = []
    sizes: list[int] = []
    for arc in arcs:
        earlier, later = marks[arc.source], marks[arc.target]
        for at, height in _curve(
            _crown(chart, layers, earlier), _crown(chart, layers, later), chart
        ):
            x.append(at.isoformat(timespec="seconds"))
            y.append(round(height, 1))
        x.append(None)
        y.append(None)
        words += [_words(arc, earlier, later)] * POINTS + [""]
        sizes += [0] * (POINTS - 1) + [8, 0]
    return lines(
        "arcs",
        mode="lines+markers",
        yaxis="y2",
        x=x,
        y=y,
        hoverinfo="text",
        hovertext=words,
        hovertemplate="%{hovertext}<extra></extra>",
        hoverlabel={"bordercolor": colour},
        line={"color": colour, "width": width, "shape": "spline", "smoothing": 1},
        # Only the last point of an arc has a size: the head that says which way the link goes.
        marker={
            "symbol": "arrow",
            "angleref": "previous",
            "size": sizes,
            "color": colour,
            "line": {"width": 0},
        },
    )


def _crown(chart: Chart, layers: Layers, mark: Mark) -> tuple[datetime, float]:
    """Return the middle of a mark's upper edge."""
    left, right = drawn(chart, mark.start, mark.end)
    return left + (right - left) / 2, foot(layers, mark) - tallness(mark.severity)


def _curve(
    start: tuple[datetime, float], end: tuple[datetime, float], chart: Chart
) -> list[tuple[datetime, float]]:
    """Return points of a parabola over both ends, the higher the further they are apart."""
    (left, low), (right, high) = start, end
    reach = abs((right - left).days) / max(1, (chart.end - chart.start).days)
    top = max(1.0, min(low, high) - LEAST_LIFT - MOST_LIFT * reach - LANE_LABEL / 2)
    points = []
    for n in range(POINTS):
        part = n / (POINTS - 1)
        height = (1 - part) ** 2 * low + 2 * part * (1 - part) * top + part**2 * high
        points.append((left + (right - left) * part, height))
    return points


def _words(arc: Arc, earlier: Mark, later: Mark) -> str:
    one, other = (later, earlier) if arc.backward else (earlier, later)
    # Read downwards: the title that the words start from stands first, whichever day it has.
    return "<br>".join(
        [wrapped(escaped(one.title)), f"↓ {escaped(arc.words)}", wrapped(escaped(other.title))]
    )
