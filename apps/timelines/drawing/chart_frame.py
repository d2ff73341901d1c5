"""The frame of the timeline's figure: how high each lane is, its axes, lines and labels. Plain.

Heights are pixels: one unit of the lanes' axis is one pixel.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from apps.timelines import chart_words
from apps.timelines.drawing.packing import Fold, Mark, tracks
from apps.timelines.tension import Day

INDEX_HEIGHT: Final = 150
GAP: Final = 18
LANE_LABEL: Final = 19
TRACK: Final = 17
LANE_FOOT: Final = 6
STRIP: Final = 32
STRIP_GAP: Final = 24  # with the strip's name in it
TOP: Final = 12
BOTTOM: Final = 38
# A day is drawn at least this part of the width, about seven pixels on a desk.
LEAST_PART: Final = 1 / 130
DAY: Final = timedelta(days=1)
Trace = dict[
    str, Any
]  # as plotly.js takes it; plain, since building checked ones takes longer than the rest


@dataclass(frozen=True, slots=True)
class LaneSpec:
    """A lane to draw, in order from the top; also one without a mark keeps its place."""

    slug: str
    label: str


@dataclass(frozen=True, slots=True)
class Arc:
    """A link between two marks, from the earlier event to the later one."""

    source: str  # the marks' keys
    target: str
    words: str  # the kind of link, as its mark's label says it: "retaliates for"
    backward: bool = False  # the words lead from the later event to the earlier one


@dataclass(frozen=True, slots=True)
class Covered:
    """What was read on some days: the most feeds that were alive at once, of all followed, and articles."""

    start: date
    end: date
    alive: int
    feeds: int
    articles: int
    undated: int  # beside the articles, first seen then; in no column


@dataclass(frozen=True, slots=True)
class Behind:
    """How many signals begin on some days, by which way they point."""

    start: date
    end: date
    conflict: int
    cooperation: int

    @property
    def count(self) -> int:
        """All of them."""
        return self.conflict + self.cooperation


@dataclass(frozen=True, slots=True)
class Chart:
    """All that one figure shows. Either `marks` or `folds` hold the events."""

    start: date
    end: date
    index: Sequence[Day]
    lanes: Sequence[LaneSpec]
    marks: Sequence[Mark] = ()
    folds: Sequence[Fold] = ()
    part: Sequence[Day] = ()  # the index of the matching events alone, where filters leave some out
    selected: str = ""
    arcs: Sequence[Arc] = ()
    coverage: Sequence[Covered] = ()
    behind: Sequence[Behind] = ()  # signals, in parts that follow one another
    today: date | None = None  # where it lies in the days shown
    opened: date | None = None  # the day that is taken apart, where it lies in the days shown


@dataclass(frozen=True, slots=True)
class Layers:
    """Where the lanes' parts stand, in pixels from the top of the lanes."""

    tops: dict[str, int]
    height: int
    track: dict[str, int]  # by mark


def drawn(
    chart: Chart, start: date, end: date, least_part: float = LEAST_PART
) -> tuple[datetime, datetime]:
    """Return from when to when a mark of these days is drawn.

    Its days whole, cut to those shown, and never so narrow that it cannot be seen or hit: at least
    `least_part` of the width.
    """
    first, last = _midnight(chart.start), _midnight(chart.end) + DAY
    left = max(first, _midnight(start))
    right = min(last, _midnight(end) + DAY)
    least = (last - first) * least_part
    if right - left < least:
        left = min(left, last - least)
        right = left + least
    return left, right


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001  # a local day has no zone


def layers_of(chart: Chart) -> Layers:
    """Return where each lane and each mark stands; a lane is as high as its marks need."""
    track: dict[str, int] = {}
    tops: dict[str, int] = {}
    height = 0
    for lane in chart.lanes:
        marks = sorted(
            (mark for mark in chart.marks if mark.lane == lane.slug), key=lambda mark: mark.start
        )
        chosen = tracks([drawn(chart, mark.start, mark.end) for mark in marks])
        track |= {mark.key: n for mark, n in zip(marks, chosen, strict=True)}
        tops[lane.slug] = height
        folded = any(fold.lane == lane.slug for fold in chart.folds)
        height += LANE_LABEL + TRACK * max(max(chosen, default=-1) + 1, int(folded)) + LANE_FOOT
    return Layers(tops, max(height, 1), track)


def escaped(text: str) -> str:
    """Return text for Plotly's labels, which read a few tags (of which only <br> gets by without styles)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def layout(chart: Chart, layers: Layers) -> dict[str, Any]:
    """Return plotly.js's layout: index, lanes and coverage below each other, one axis of days for all."""
    under = STRIP_GAP + STRIP if chart.coverage else 0
    plot = INDEX_HEIGHT + GAP + layers.height + under
    return {
        "template": {},
        "height": plot + TOP + BOTTOM,
        "margin": {"t": TOP, "b": BOTTOM, "l": 30, "r": 8, "pad": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "var(--sans)", "size": 12, "color": "var(--ink-3)"},
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": "var(--surface)",
            "font": {"family": "var(--sans)", "color": "var(--ink)", "size": 13},
            "align": "left",
        },
        "dragmode": "zoom",
        "barmode": "overlay",
        "showlegend": False,
        "shapes": [*_lane_lines(layers), *_day_lines(chart)],
        "annotations": [*_labels(chart, layers), *_strip_label(chart), *_today_label(chart)],
        "xaxis": _days_axis(chart),
        "yaxis": {
            "domain": [1 - INDEX_HEIGHT / plot, 1],
            "range": [0, 100],
            "tickvals": [0, 25, 50, 75, 100],
            "gridcolor": "var(--grid)",
            "zeroline": False,
            "fixedrange": True,
        },
        "yaxis2": _pixels([under / plot, (under + layers.height) / plot], layers.height),
        **({"yaxis3": _pixels([0, STRIP / plot], STRIP)} if chart.coverage else {}),
    }


def _pixels(domain: list[float], height: int) -> dict[str, Any]:
    """An axis that runs downwards, one unit a pixel."""
    return {"domain": domain, "range": [height, 0], "visible": False, "fixedrange": True}


def _day_lines(chart: Chart) -> list[dict[str, Any]]:
    """Today as a dashed line, the opened day as a whole one through its middle."""
    today = {"color": "var(--accent)", "width": 1.4, "dash": "4px,3px"}
    opened = {"color": "var(--focus)", "width": 1.4}
    return [
        *([_upright(_midnight(chart.opened) + DAY / 2, opened)] if chart.opened else []),
        *([_upright(_midnight(chart.today), today)] if chart.today else []),
    ]


def _upright(at: datetime, line: dict[str, Any]) -> dict[str, Any]:
    ends = {"x0": at.isoformat(), "x1": at.isoformat(), "y0": 0, "y1": 1}
    return {"type": "line", "xref": "x", "yref": "paper", "layer": "below", **ends, "line": line}


def _today_label(chart: Chart) -> list[dict[str, Any]]:
    if chart.today is None:
        return []
    left = (chart.today - chart.start) > (chart.end - chart.today)
    return [
        {
            "xref": "x",
            "x": chart.today.isoformat(),
            "yref": "paper",
            "y": 1,
            "xanchor": "right" if left else "left",
            "yanchor": "top",
            "showarrow": False,
            "text": str(chart_words.TODAY),
            "font": {"size": 11, "color": "var(--accent)"},
        }
    ]


def _strip_label(chart: Chart) -> list[dict[str, Any]]:
    if not chart.coverage:
        return []
    return [
        {
            "xref": "paper",
            "x": 0,
            "xanchor": "left",
            "showarrow": False,
            "align": "left",
            "yref": "y3",
            "y": 0,
            "yanchor": "bottom",
            "text": str(chart_words.COVERAGE),
            "font": {"size": 12, "color": "var(--ink-2)", "weight": 600},
        }
    ]


def _lane_lines(layers: Layers) -> list[dict[str, Any]]:
    common = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": "y2", "layer": "below"}
    line = {"color": "var(--grid)", "width": 1}
    tops = [*layers.tops.values(), layers.height]
    return [{**common, "y0": top, "y1": top, "line": line} for top in tops]


def _days_axis(chart: Chart) -> dict[str, Any]:
    last = chart.end + timedelta(days=1)
    return {
        "type": "date",
        "range": [chart.start.isoformat(), last.isoformat()],
        "anchor": "y3" if chart.coverage else "y2",
        "gridcolor": "var(--grid)",
        "linecolor": "var(--rule-strong)",
        "ticks": "outside",
        "ticklen": 5,
        "tickcolor": "var(--rule-strong)",
        "nticks": 12,
        "tickangle": 0,
        "tickformatstops": [
            {"dtickrange": ["M12", None], "value": "%Y"},
            {"dtickrange": ["M1", "M12"], "value": "%b\n%Y"},
            {"dtickrange": [None, "M1"], "value": "%-d %b\n%Y"},
        ],
        "zeroline": False,
        "hoverformat": "%-d %b %Y",
    }


def _labels(chart: Chart, layers: Layers) -> list[dict[str, Any]]:
    """A lane's name stands in its own line above its marks: it costs no width on a phone."""
    common = {"xref": "paper", "x": 0, "xanchor": "left", "showarrow": False, "align": "left"}
    counts = {
        lane.slug: sum(mark.lane == lane.slug for mark in chart.marks)
        + sum(fold.count for fold in chart.folds if fold.lane == lane.slug)
        for lane in chart.lanes
    }
    return [
        {
            **common,
            "yref": "y2",
            "y": layers.tops[lane.slug] + 2,
            "yanchor": "top",
            "borderpad": 1,
            "text": f"{escaped(lane.label)}  {counts[lane.slug]:,}",
            "font": {"size": 12, "color": "var(--ink-2)", "weight": 600},
            "bgcolor": "var(--surface)",
        }
        for lane in chart.lanes
    ]
