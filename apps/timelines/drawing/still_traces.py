"""The traces of a figure in its still SVG: bars along the days, lines, areas and arcs. Plain."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby, pairwise
from math import atan2, degrees
from typing import Any, Final

from apps.timelines.drawing.chart_frame import Trace
from apps.timelines.drawing.svg import Frame, dashes, percent, plain, tag, text

ACROSS: Final = 1000  # units across in the boxes of lines, which are stretched to the width
LIKELY_WIDTH: Final = 900  # pixels, for the slant of an arc's head

Point = tuple[float, float]


def drawn_trace(frame: Frame, trace: Trace, before: Sequence[Trace]) -> Iterable[str]:
    """Draw a trace; `before` are those below it, the last of which a filled one reaches down to."""
    if trace["type"] == "bar":
        return _bars(frame, trace)
    return _lines(frame, trace, before[-1] if "fill" in trace else None)


def _of(value: Any, number: int) -> Any:
    """Return what a setting says of one mark: it has one value for all, or one for each."""
    return value[number] if isinstance(value, list) else value


def _hatch(marker: dict[str, Any]) -> str:
    """Return the name of the pattern that hatches marks of this colour."""
    return "hatch-" + "".join(c for c in marker["pattern"]["fgcolor"] if c.isalnum())


def hatches(traces: Sequence[Trace]) -> Iterator[str]:
    """Define the patterns of hatched marks."""
    markers = [t["marker"] for t in traces if t["type"] == "bar" and "pattern" in t["marker"]]
    patterns = {_hatch(marker): marker["pattern"] for marker in markers}
    drawn = [
        tag(
            "pattern",
            tag("path", d=f"M0 0H{p['size']}V{p['size']}H0Z", fill=p["bgcolor"])
            + tag("path", d=f"M0 0V{p['size']}", stroke=p["fgcolor"], stroke_width=3.2),
            id=name,
            width=p["size"],
            height=p["size"],
            patternUnits="userSpaceOnUse",
            patternTransform="rotate(45)",
        )
        for name, p in patterns.items()
    ]
    if drawn:
        yield tag("defs", "".join(drawn))


def _bars(frame: Frame, trace: Trace) -> Iterator[str]:
    marker, keys = trace["marker"], trace.get("customdata", ())
    milliseconds = (frame.end - frame.start).total_seconds() * 1000
    zero = frame.box(trace["yaxis"])[0]
    for n, base in enumerate(trace["base"]):
        left, width, height = frame.part(base), trace["x"][n] / milliseconds, trace["width"][n]
        y = zero + trace["y"][n] + trace["offset"][n]
        hatched = "pattern" in marker and _of(marker["pattern"]["shape"], n)
        words = tag("title", escape(plain(trace["hovertext"][n]), quote=False))
        box = tag(
            "rect",
            words,
            x=percent(left),
            y=y,
            width=percent(width),
            height=height,
            rx=min(marker["cornerradius"], height / 2) if marker.get("cornerradius") else None,
            fill=f"url(#{_hatch(marker)})" if hatched else _of(marker["color"], n),
            stroke=_of(marker["line"].get("color"), n),
            stroke_width=_of(marker["line"]["width"], n),
            data_key=keys[n] if keys else None,
        )
        if "text" in trace:
            box += _count(trace, n, left + width / 2, y + height / 2)
        single = bool(keys) and "/" not in keys[n]
        yield tag("a", box, href=f"#e-{keys[n]}", tabindex=-1) if single else box


def _count(trace: Trace, number: int, middle: float, y: float) -> str:
    """Write a counted mark's number into it, the smaller the longer it is."""
    words, font = trace["text"][number], trace["textfont"]
    return text(
        words,
        x=percent(middle),
        y=y + 3.5,
        text_anchor="middle",
        font_size=font["size"] - max(0, len(words) - 2),
        fill=font["color"],
        class_="still-count",
    )


def _lines(frame: Frame, trace: Trace, below: Trace | None) -> Iterator[str]:
    """Draw the lines of a trace in a box that is stretched to the width; `below` closes an area with it."""
    top, height = frame.box(trace["yaxis"])
    runs = _runs(frame, trace, top)
    line = trace["line"]
    drawn = ""
    if below is not None:
        outline = [*_joined(_runs(frame, below, top)), *reversed(_joined(runs))]
        drawn = tag("path", d=_path(outline) + "Z", fill=trace["fillcolor"]) if outline else ""
    if line["width"]:
        smooth = line.get("shape") == "spline"
        drawn += tag(
            "path",
            d="".join(_curve(run) if smooth else _path(run) for run in runs),
            fill="none",
            stroke=line["color"],
            stroke_width=line["width"],
            stroke_dasharray=dashes(line),
            stroke_linejoin="round",
        )
    if drawn:
        yield tag(
            "svg",
            drawn,
            y=top,
            width="100%",
            height=height,
            viewBox=f"0 0 {ACROSS} {height:g}",
            preserveAspectRatio="none",
            class_="still-lines",
        )
    if "markers" in trace["mode"]:
        yield from (_head(run, top, line["color"]) for run in runs)


def _runs(frame: Frame, trace: Trace, top: float) -> list[list[Point]]:
    """Return the places of a trace's lines in their box; a gap ends a line."""
    pairs = zip(trace["x"], trace["y"], strict=True)
    runs = [
        [(frame.part(x) * ACROSS, frame.y(trace["yaxis"], y) - top) for x, y in run]
        for gap, run in groupby(pairs, key=lambda pair: pair[0] is None)
        if not gap
    ]
    return [_steps(run) for run in runs] if trace["line"].get("shape") == "hv" else runs


def _steps(points: Sequence[Point]) -> list[Point]:
    """Return a line that keeps each height as far as the next point."""
    corners = [(right, height) for (_, height), (right, _) in pairwise(points)]
    after = [point for pair in zip(corners, points[1:], strict=True) for point in pair]
    return [*points[:1], *after]


def _joined(runs: list[list[Point]]) -> list[Point]:
    return [point for run in runs for point in run]


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(_at(point) for point in points)


def _curve(points: Sequence[Point]) -> str:
    """Return a path that is bent at each point but the two ends."""
    middles = [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in pairwise(points)]
    bends = "".join(
        f"Q{_at(point)} {_at(middle)}"
        for point, middle in zip(points[1:-1], middles[1:], strict=True)
    )
    return f"M{_at(points[0])}{bends}L{_at(points[-1])}"


def _at(point: Point) -> str:
    return f"{round(point[0], 1):g} {round(point[1], 1):g}"


def _head(run: Sequence[Point], top: float, colour: str) -> str:
    """Draw the head at an arc's end; its slant is right at a likely width."""
    (left, low), (right, high) = run[-2:]
    slant = degrees(atan2(high - low, (right - left) / ACROSS * LIKELY_WIDTH))
    head = tag("path", d="M-7-3.5L0 0L-7 3.5Z", transform=f"rotate({slant:.0f})", fill=colour)
    return tag("svg", head, x=percent(right / ACROSS), y=top + high, overflow="visible")
