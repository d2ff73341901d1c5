"""Time expressions read from a day: weekdays and "this week" from publication, "that day" from the text."""

import re
from collections.abc import Callable
from datetime import date
from typing import cast

from apps.annotations.pipeline import dates_calendar as calendar
from apps.annotations.pipeline import dates_words as words
from apps.annotations.pipeline.dates_calendar import Unit
from apps.annotations.pipeline.dates_context import Context
from apps.annotations.pipeline.dates_values import NOTHING, UNITS, Days, NotTimeError, group, parted
from apps.annotations.pipeline.types import Interval

_SEASON_WORDS = ("spring", "summer", "autumn", "fall", "winter")


def _weekday(match: re.Match[str], context: Context) -> Days:
    """The last such day on or before publication; the next where the clause or "next" points ahead."""
    which = " ".join(group(match, "which").split())
    base = (
        context.then
        if which in ("the following", "the previous", "that") or context.history
        else context.now
    )
    if base is None:
        raise NotTimeError("nothing says which week")
    back = (base.weekday() - words.weekday(match["weekday"])) % 7
    if which in ("next", "this coming", "the following"):
        return _on(base, 7 - back)
    if which in ("last", "this past", "the previous"):
        return _on(base, -(back or 7))
    if context.history or (which != "that" and context.ahead(match.start(), match.end())):
        return _on(base, (7 - back) % 7)
    return _on(base, -back)


def _on(base: date, days: int) -> Days:
    return calendar.on(calendar.shifted(base, "day", days)), None


def _today(match: re.Match[str], context: Context) -> Days:
    if context.published is None:
        return NOTHING
    word = " ".join(group(match, "word").split())
    steps = {
        "yesterday": -1,
        "last night": -1,
        "tomorrow": 1,
        "the day before yesterday": -2,
        "the day after tomorrow": 2,
    }
    return _on(context.published, steps.get(word, 0))


_FINAL = re.compile(r"(?:['’]s|\b(?:his|her|its|their|our))\s+(?:very\s+)?$", re.IGNORECASE)


def _this(match: re.Match[str], context: Context) -> Days:
    """ "this week", "last month", "earlier this year", "next weekend"; not the last week of something."""
    now = context.now
    if _FINAL.search(context.text, max(0, match.start() - 8), match.start()) or (
        match[0].istitle() and " " in match[0]
    ):
        return NOTHING
    if now is None:
        return NOTHING
    said = " ".join(group(match, "which").split())
    step = {"last": -1, "the previous": -1, "next": 1, "the coming": 1, "this coming": 1}.get(
        said, 0
    )
    unit = group(match, "unit")
    if unit in _SEASON_WORDS:
        return _season_near(unit, step, now), None
    if unit == "quarter":
        start = calendar.shifted(date(now.year, (now.month - 1) // 3 * 3 + 1, 1), "month", 3 * step)
        return calendar.months(start.year, start.month, 3), None
    if unit in ("decade", "century"):
        size = 10 if unit == "decade" else 100
        first = (now.year // size + step) * size
        return calendar.years(first, first + size - 1), None
    if unit == "weekend":
        return _weekend(now, step, context.ahead(match.start(), match.end())), None
    whole = calendar.unit_of(calendar.shifted(now, cast(Unit, unit), step), cast(Unit, unit))
    return whole, _likely_part(whole, match, context, now, step)


def _likely_part(
    whole: Interval, match: re.Match[str], context: Context, now: date, step: int
) -> Interval | None:
    """Of the unit that holds the day of publication, what lies before it, or after it."""
    said = group(match, "part")
    if step:
        return parted(whole, match)[1]
    if said == "later" or (not said and context.ahead(match.start(), match.end())):
        return calendar.clipped(whole, start=now)
    if said in ("", "earlier"):
        return calendar.clipped(whole, end=now)
    return parted(whole, match)[1]


def _season_near(word: str, step: int, now: date) -> Interval:
    """This or last summer: by the year of publication; a winter begins in December."""
    first = words.values("seasons")[word]
    year = now.year
    if first == 12 and now.month < 6:
        year -= 1
    started = date(year, first, 1) <= now
    if step < 0 and (not started or calendar.shifted(date(year, first, 1), "month", 3) > now):
        year -= 1
    if step > 0 and started:
        year += 1
    return calendar.months(year, first, 3)


def _weekend(now: date, step: int, ahead: bool) -> Interval:
    saturday = calendar.shifted(
        now, "day", (5 - now.weekday()) % 7 if now.weekday() < 5 else 5 - now.weekday()
    )
    if step < 0 or (step == 0 and now.weekday() < 5 and not ahead):
        saturday = calendar.shifted(saturday, "day", -7)
    if step > 0 and now.weekday() >= 5:
        saturday = calendar.shifted(saturday, "day", 7)
    return Interval(saturday, calendar.shifted(saturday, "day", 1), "day")


def _of_the(match: re.Match[str], context: Context) -> Days:
    """ "the end of the year", "later in the day", "year-end"."""
    base = context.focus.start if context.history and context.focus else context.now
    if base is None:
        return NOTHING
    whole = calendar.unit_of(base, cast(Unit, group(match, "unit")))
    if "later" in group(match, "part") or "rest" in group(match, "part"):
        return whole, calendar.clipped(whole, start=base)
    if "earlier" in group(match, "part"):
        return whole, calendar.clipped(whole, end=base)
    return parted(whole, match)


def _year_back(_: re.Match[str], context: Context) -> Days:
    return (calendar.year(context.now.year - 1), None) if context.now else NOTHING


def _the_weekend(match: re.Match[str], context: Context) -> Days:
    base = context.then if context.history else context.now
    return (_weekend(base, 0, context.ahead(match.start(), match.end())), None) if base else NOTHING


def _same(match: re.Match[str], context: Context) -> Days:
    """ "that day", "the same month", "later that year"."""
    unit = group(match, "unit")
    return beside(match, context, unit, 0)


def _neighbour(match: re.Match[str], context: Context) -> Days:
    """ "the next day", "the previous year"."""
    step = -1 if group(match, "which") in ("previous", "preceding", "prior") else 1
    return beside(match, context, group(match, "unit"), step)


def beside(match: re.Match[str], context: Context, word: str, step: int) -> Days:
    """The unit so many steps from the day named last: "the next day", "later that year"."""
    base = context.then
    if base is None:
        return NOTHING
    if word in _SEASON_WORDS:
        return calendar.months(base.year + step, words.values("seasons")[word], 3), None
    if word == "weekend":
        return _weekend(base, step, True), None
    unit = cast(Unit, word if word in UNITS else "day")
    if unit in ("month", "year") and context.focus is not None:
        base = context.focus.start
    whole = calendar.unit_of(calendar.shifted(base, unit, step), unit)
    said = group(match, "part")
    if step == 0 and said == "later":
        return whole, calendar.clipped(whole, start=base)
    if step == 0 and said == "earlier":
        return whole, calendar.clipped(whole, end=base)
    return parted(whole, match)


def _season_bare(match: re.Match[str], context: Context) -> Days:
    word = group(match, "season")
    if word in ("fall", "spring") and not re.search(
        rf"(?i)\b(?:in|during|over|by)\b.*{word}|the\s+{word}", match[0]
    ):
        raise NotTimeError("a verb or a noun")
    if word == "fall" and re.match(r"\s+of\b", context.text[match.end() : match.end() + 4]):
        raise NotTimeError("a fall")
    base = context.focus.start if context.history and context.focus else context.now
    if base is None:
        return NOTHING
    first = words.values("seasons")[word]
    if context.history:
        return calendar.months(base.year, first, 3), None
    return _season_near(word, 1 if context.ahead(match.start(), match.end()) else 0, base), None


def _clock(match: re.Match[str], context: Context) -> Days:
    if match["weekday"]:
        base = context.now
        if base is None:
            raise NotTimeError("nothing says which week")
        back = (base.weekday() - words.weekday(match["weekday"])) % 7
        return _on(base, (7 - back) % 7 if context.ahead(match.start(), match.end()) else -back)
    if context.focus_sentence == context.sentence and context.day is not None:
        return context.day, None
    if context.history:
        return context.day or None, None
    return (calendar.on(context.now), None) if context.now else NOTHING


HANDLERS: dict[str, Callable[[re.Match[str], Context], Days]] = {
    "weekday": _weekday, "today": _today, "this": _this, "of_the": _of_the, "year_back": _year_back,
    "weekend": _the_weekend, "same": _same, "neighbour": _neighbour, "season_bare": _season_bare,
    "clock": _clock,
}  # fmt: skip
