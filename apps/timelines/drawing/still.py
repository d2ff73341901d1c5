"""The timeline's figure as an SVG that stands in the page: it is seen at once, and without JavaScript. Plain.

It draws the figure that plotly.js is given (charts.py), so that nothing moves when plotly.js takes over. Only
what those figures hold is known here: bars along the days, lines, lines of the frame, labels, two kinds of
vertical axis. Across, places are parts of the width, so that the SVG fits any; downwards they are pixels.
Colours stay `var(--name)`: the style sheet says what they are, on paper too.

What lies on days is one group, which chart.js stretches while the view of other days is on its way.
"""

from collections.abc import Iterator
from typing import Any, Final

from apps.timelines.drawing.chart_frame import Trace
from apps.timelines.drawing.still_traces import drawn_trace, hatches
from apps.timelines.drawing.svg import Frame, dashes, percent, plain, tag, text
from apps.timelines.drawing.ticks import ticks

LINE: Final = 14  # pixels from one line of a label to the next


def still(figure: dict[str, Any]) -> str:
    """Return the figure as the markup of an SVG; all text in it is escaped."""
    frame = Frame(figure["layout"])
    traces: list[Trace] = figure["data"]
    shapes, labels = frame.layout["shapes"], frame.layout["annotations"]
    days = [
        *_days(frame),
        *_shapes(frame, [shape for shape in shapes if not _across(shape)]),
        *(part for n, trace in enumerate(traces) for part in drawn_trace(frame, trace, traces[:n])),
        *_labels(frame, [label for label in labels if not _across(label)]),
    ]
    parts = [
        *hatches(traces),
        *_levels(frame),
        *_shapes(frame, [shape for shape in shapes if _across(shape)]),
        tag("g", tag("g", "".join(days), class_="still-days"), class_="still-frame"),
        *_labels(frame, [label for label in labels if _across(label)]),
    ]
    return tag("svg", "".join(parts), class_="still", width="100%", height=frame.height)


def _across(part: dict[str, Any]) -> bool:
    """Tell whether a line or label lies on parts of the width, and not on days."""
    return bool(part["xref"] == "paper")


def _levels(frame: Frame) -> Iterator[str]:
    axis = frame.layout["yaxis"]
    for value in axis["tickvals"]:
        y = frame.y("y", value)
        if value not in axis["range"]:  # the plot's own edges have no line
            yield tag("line", x1=0, x2="100%", y1=y, y2=y, stroke=axis["gridcolor"])
        yield text(str(value), x=-2, y=y + 4, text_anchor="end", font_size=12)
    foot = frame.top + frame.plot
    colour = frame.layout["xaxis"]["linecolor"]
    yield tag("line", x1=0, x2="100%", y1=foot, y2=foot, stroke=colour)


def _days(frame: Frame) -> Iterator[str]:
    axis, foot = frame.layout["xaxis"], frame.top + frame.plot
    for tick in ticks(frame.start, frame.end, axis["nticks"]):
        x = percent(frame.part(tick.at))
        lines = {"x1": x, "x2": x, "stroke": axis["gridcolor"]}
        mark = {**lines, "stroke": axis["tickcolor"]}
        yield tag(
            "g",
            tag("line", y1=frame.top, y2=foot, **lines)
            + tag("line", y1=foot, y2=foot + axis["ticklen"], **mark)
            + "".join(
                text(words, x=x, y=foot + 17 + n * LINE, text_anchor="middle", font_size=12)
                for n, words in enumerate(tick.words)
            ),
            class_="tick-between" if tick.between else None,
        )


def _shapes(frame: Frame, shapes: list[dict[str, Any]]) -> Iterator[str]:
    for shape in shapes:
        ends = shape["x0"], shape["x1"]
        left, right = ends if _across(shape) else map(frame.part, ends)
        line = shape["line"]
        yield tag(
            "line",
            x1=percent(left),
            x2=percent(right),
            y1=frame.y(shape["yref"], shape["y0"]),
            y2=frame.y(shape["yref"], shape["y1"]),
            stroke=line["color"],
            stroke_width=line["width"],
            stroke_dasharray=dashes(line),
        )


def _labels(frame: Frame, labels: list[dict[str, Any]]) -> Iterator[str]:
    for label in labels:
        font = label["font"]
        y = frame.y(label["yref"], label["y"])
        yield text(
            plain(label["text"]),
            x=percent(label["x"] if _across(label) else frame.part(label["x"])),
            y=y + (-4 if label["yanchor"] == "bottom" else font["size"] + 1),
            dx=2 if label["xanchor"] == "left" else -2,
            text_anchor={"left": "start", "right": "end"}[label["xanchor"]],
            font_size=font["size"],
            font_weight=font.get("weight"),
            fill=font["color"],
            class_="still-label",
        )
