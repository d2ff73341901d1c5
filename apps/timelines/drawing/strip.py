"""The coverage strip under the lanes: quiet is not blind. Plain.

Articles seen stand as columns on a thin line whose height is the part of the feeds that were alive; days on
which none was alive are hatched from top to foot.
"""

import math
from typing import Final

from apps.timelines import chart_words
from apps.timelines.drawing.chart_frame import STRIP, Chart, Covered, Trace, drawn
from apps.timelines.drawing.marks import bars

LINE: Final = 6  # pixels: all feeds alive
COLUMNS: Final = STRIP - LINE - 3


def strip_traces(chart: Chart) -> list[Trace]:
    """Return the strip's traces; none where nothing is known of what was read."""
    if not chart.coverage:
        return []
    most = max(part.articles for part in chart.coverage)
    alive = [part for part in chart.coverage if part.alive]
    blind = [part for part in chart.coverage if not part.alive]
    heights = [_column(part.articles, most) for part in alive]
    lines = [max(1.5, LINE * part.alive / max(part.alive, part.feeds)) for part in alive]
    traces = [
        _row(chart, alive, "articles", STRIP - LINE - 1, heights, "var(--coverage)"),
        _row(chart, alive, "feeds", STRIP, lines, "var(--coverage-line)"),
        _row(chart, blind, "blind", STRIP, [float(STRIP)] * len(blind), "var(--coverage-line)"),
    ]
    return [trace for trace, parts in zip(traces, (alive, alive, blind), strict=True) if parts]


def _column(articles: int, most: int) -> float:
    """Return a column's height in pixels: by the square root, so that a quiet day beside a busy one shows."""
    return round(COLUMNS * math.sqrt(articles / most), 1) if most else 0.0


def _row(
    chart: Chart, parts: list[Covered], name: str, foot: int, heights: list[float], colour: str
) -> Trace:
    spans = [_span(chart, part) for part in parts]
    hatch = {"shape": "/", "fillmode": "replace", "fgcolor": colour, "bgcolor": "var(--surface)"}
    return bars(
        name,
        yaxis="y3",
        base=[base for base, _ in spans],
        x=[length for _, length in spans],
        y=[foot] * len(parts),
        offset=[-round(height, 1) for height in heights],
        width=[round(height, 1) for height in heights],
        hovertext=[
            chart_words.covered(p.start, p.end, p.alive, p.feeds, p.articles, p.undated)
            for p in parts
        ],
        marker={
            "color": colour,
            "line": {"width": 0},
            **({"pattern": {**hatch, "size": 6, "solidity": 0.3}} if name == "blind" else {}),
        },
    )


def _span(chart: Chart, part: Covered) -> tuple[str, int]:
    """Return a part's first instant and its length in ms: its days, no wider."""
    left, right = drawn(chart, part.start, part.end, least_part=0)
    return left.isoformat(), round((right - left).total_seconds() * 1000)
