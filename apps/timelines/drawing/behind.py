"""Signals behind the index: pale steps, as high as the busiest of the parts shown allows. Plain.

They have no scale of their own beside the index's: how many there were is said where one points, and in the
list. Their own picture shows conflict above a line and cooperation below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from apps.timelines import chart_words
from apps.timelines.drawing.chart_frame import Behind, Chart, Trace
from apps.timelines.drawing.marks import lines

HIGHEST: Final = 55.0  # of the index's 100: what lies behind must not hide it
WIDTH, HEIGHT, MIDDLE = 900, 160, 80


def behind_traces(chart: Chart) -> list[Trace]:
    """Return the steps with the space below them filled; none where nobody brought signals."""
    most = max((part.count for part in chart.behind), default=0)
    if not most:
        return []
    parts = chart.behind
    ends = (parts[-1].end + timedelta(days=1)).isoformat()
    x = [*(part.start.isoformat() for part in parts), ends]
    heights = [round(HIGHEST * part.count / most, 1) for part in parts]
    edge = {"x": x, "yaxis": "y", "line": {"width": 0, "color": "var(--signals)", "shape": "hv"}}
    return [
        lines("foot", y=[0] * len(x), **edge),
        lines(
            str(chart_words.SIGNALS),
            y=[*heights, heights[-1]],
            fill="tonexty",
            fillcolor="var(--signals)",
            meta="signals",
            customdata=[*(part.count for part in parts), parts[-1].count],
            hoverinfo="text",
            hovertemplate=f"{chart_words.signals()}<extra></extra>",
            **edge,
        ),
    ]


@dataclass(frozen=True, slots=True)
class Column:
    """One part in the picture of its own: its bars above and below the line, in units of WIDTH x HEIGHT."""

    x: float
    width: float
    conflict: float
    cooperation: float
    part: Behind

    @property
    def conflict_top(self) -> float:
        """Where the upper bar begins."""
        return MIDDLE - self.conflict


def columns(parts: Sequence[Behind]) -> list[Column]:
    """Return the columns of the picture; both sides have one scale."""
    most = max((max(part.conflict, part.cooperation) for part in parts), default=0) or 1
    step = WIDTH / max(1, len(parts))
    scale = (MIDDLE - 2) / most
    return [
        Column(
            round(n * step, 2),
            round(max(step - 1, step * 0.8), 2),
            round(part.conflict * scale, 1),
            round(part.cooperation * scale, 1),
            part,
        )
        for n, part in enumerate(parts)
    ]
