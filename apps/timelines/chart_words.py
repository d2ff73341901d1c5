"""What the chart and its toolbar say, in the language of the page."""

from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext_lazy

from apps.timelines import wording
from apps.timelines.drawing.packing import Fold, Mark
from apps.timelines.tension import Day
from apps.timelines.vocabulary import QUAD_WORDS

STEPS: Final[dict[str, str | Promise]] = {
    "first": pgettext_lazy("days shown", "First"),
    "earlier": pgettext_lazy("days shown", "Earlier"),
    "later": pgettext_lazy("days shown", "Later"),
    "last": pgettext_lazy("days shown", "Last known"),
    "today": pgettext_lazy("days shown", "Today"),
    "closer": gettext_lazy("Zoom in"),
    "wider": gettext_lazy("Zoom out"),
}
LANES: Final[dict[str, str | Promise]] = {
    "dyad": pgettext_lazy("one lane for each", "Dyad"),
    "actor": pgettext_lazy("one lane for each", "Actor"),
    "type": pgettext_lazy("one lane for each", "Type"),
    "place": pgettext_lazy("one lane for each", "Place"),
}
TENSION: Final = gettext_lazy("Tension")
MATCHING: Final = gettext_lazy("Matching events")
COVERAGE: Final = gettext_lazy("Coverage")
SIGNALS: Final = gettext_lazy("Signals")
TODAY: Final = pgettext_lazy("a line in the chart", "today")


def whole(year: int) -> str:
    """Name all days of a timeline that begins in `year`."""
    return gettext("All since %(year)s") % {"year": year}


def quad(number: int) -> str:
    """Name a quad class, 1 to 4."""
    return str(QUAD_WORDS[number])


def index_of(day: Day) -> str:
    """Say the index of a day with its band, where that is wider than half a point."""
    value = f"{day.value:.0f}"
    if day.high - day.low >= 0.5:
        value = gettext("%(value)s (%(low)s to %(high)s)") % {
            "value": value,
            "low": f"{day.low:.0f}",
            "high": f"{day.high:.0f}",
        }
    return f"{value} · {wording.day(day.day)}"


def tick(at: date, *, days: bool, years: bool) -> tuple[str, ...]:
    """Return the lines of a date below the chart: "3 Jan" or "Jan" over its year, or the year alone."""
    if years:
        return (f"{at.year}",)
    return (wording.short(at, "j M" if days else "M"), f"{at.year}")


def part() -> str:
    """Say the index of the matching events alone; %{y} is filled in by the chart."""
    return gettext("Matching events alone: %(value)s") % {"value": "%{y:.0f}"}


def signals() -> str:
    """Say how many signals there were; %{customdata} is filled in by the chart."""
    return gettext("%(number)s machine-coded signals, unchecked") % {"number": "%{customdata:,}"}


def mark(found: Mark) -> list[str]:
    """Return the lines that tell of a mark below its title: its days, then its facts."""
    facts = [wording.TYPE_WORDS[found.type], *([found.words] if found.words else [])]
    if found.contested:
        facts.append(gettext("contested"))
    return [wording.days(found.start, found.end, found.precision), " · ".join(facts)]


def fold(found: Fold) -> list[str]:
    """Return the lines that tell of a counted mark."""
    classes = [
        f"{quad(number)}: {count:,}"
        for number, count in reversed(list(enumerate(found.counts, start=1)))
        if count
    ]
    return [
        wording.counted(found.count, "event"),
        wording.days(found.start, found.end),
        *classes,
        gettext("Click to zoom in"),
    ]


def covered(start: date, end: date, alive: int, feeds: int, articles: int, undated: int) -> str:
    """Say what was read on some days."""
    if not alive:
        return f"{wording.days(start, end)}<br>{gettext('No feed was alive.')}"
    living = ngettext(
        "%(alive)s of %(feeds)s feed alive", "%(alive)s of %(feeds)s feeds alive", feeds
    ) % {"alive": f"{alive:,}", "feeds": f"{feeds:,}"}
    read = wording.counted(articles, "article")
    if undated:
        read = gettext("%(articles)s, and %(undated)s undated that were first seen then") % {
            "articles": read,
            "undated": f"{undated:,}",
        }
    return f"{wording.days(start, end)}<br>{living}<br>{read}"
