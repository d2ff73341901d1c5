"""The parts that the still chart's SVG is written with: elements, and places in a figure's frame. Plain."""

from datetime import datetime
from html import escape, unescape
from typing import Any


class Frame:
    """Where days and heights of a figure lie in its SVG."""

    def __init__(self, layout: dict[str, Any]) -> None:
        self.layout = layout
        self.height: int = layout["height"]
        self.top: int = layout["margin"]["t"]
        self.plot: int = self.height - self.top - layout["margin"]["b"]
        self.start, self.end = (datetime.fromisoformat(day) for day in layout["xaxis"]["range"])

    def part(self, at: str | datetime) -> float:
        """Return where an instant lies, from 0 to 1."""
        at = datetime.fromisoformat(at) if isinstance(at, str) else at
        return (at - self.start) / (self.end - self.start)

    def box(self, axis: str) -> tuple[float, float]:
        """Return the upper edge and the height of an axis ("y", "y2"), in pixels."""
        low, high = self.layout["yaxis" + axis[1:]]["domain"]
        return self.top + (1 - high) * self.plot, (high - low) * self.plot

    def y(self, axis: str, value: float) -> float:
        """Return where a value of an axis lies, or a part of the whole ("paper"), in pixels."""
        if axis == "paper":
            return self.top + (1 - value) * self.plot
        top, height = self.box(axis)
        foot, head = self.layout["yaxis" + axis[1:]]["range"]
        return top + (head - value) / (head - foot) * height


def tag(name: str, content: str = "", **attributes: object) -> str:
    """Return an element: `class_` is class, `font_size` font-size; None leaves an attribute out."""
    told = "".join(
        f' {key.strip("_").replace("_", "-")}="{escape(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{told}>{content}</{name}>" if content else f"<{name}{told}/>"


def _number(value: object) -> str:
    return f"{round(value, 2):g}" if isinstance(value, float) else str(value)


def percent(part: float) -> str:
    """Return a part of the width."""
    return f"{round(100 * part, 3):g}%"


def text(words: str, **attributes: object) -> str:
    """Return a text element; `words` are plain."""
    return tag("text", escape(words, quote=False), **attributes)


def plain(words: str) -> str:
    """Return a label of the figure, which has Plotly's few tags, as plain text."""
    return unescape(words.replace("<br>", "\n"))


def dashes(line: dict[str, Any]) -> str | None:
    """Return the dashes of a line of the figure."""
    return line["dash"].replace("px", "") if "dash" in line else None
