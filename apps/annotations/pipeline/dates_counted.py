"""Time expressions that count units: "two weeks ago", "40 days after the killing", "in recent months"."""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import cast

from apps.annotations.pipeline import dates_calendar as calendar
from apps.annotations.pipeline import dates_words as words
from apps.annotations.pipeline.dates_calendar import Unit
from apps.annotations.pipeline.dates_context import Context
from apps.annotations.pipeline.dates_relative import beside
from apps.annotations.pipeline.dates_values import NOTHING, UNITS, Days, NotTimeError, group
from apps.annotations.pipeline.types import Interval

_RECENT = {"day": 7, "week": 6, "month": 4, "year": 3}  # how many units "recent days" reach back
_FEW = {"day": (2, 6), "week": (2, 6), "month": (2, 5), "year": (2, 5)}


def _unit(match: re.Match[str]) -> tuple[Unit | None, int]:
    """The unit and how many of it one counts; None for hours and minutes."""
    word = group(match, "unit").removesuffix("s")
    if word == "decade":
        return "year", 10
    return (cast(Unit, word), 1) if word in UNITS else (None, 1)


def _ago(match: re.Match[str], context: Context) -> Days:
    return _counted(match, context.now, -1, context)


def _shift(match: re.Match[str], context: Context) -> Days:
    """ "two days later", "a week earlier": from the day named last, unless it says "from now"."""
    direction = " ".join(group(match, "dir").split())
    back = direction in ("earlier", "before", "previously", "prior")
    forward = direction in ("later", "afterward", "afterwards", "from now", "hence", "after that")
    if not back and not forward:
        return _anchored(match, context, 1)
    if direction == "before":
        found = _anchored(match, context, -1)
        if found != NOTHING or _goes_on(match, context):
            return found
    base = context.now if direction in ("from now", "hence") else context.then
    return _counted(match, base, -1 if back else 1, context)


def _goes_on(match: re.Match[str], context: Context) -> bool:
    """Something follows "before" that is not known: "two days before the talks"."""
    return bool(re.match(r"\s+[\w'’]", context.text[match.end() : match.end() + 3]))


def _anchored(match: re.Match[str], context: Context, sign: int) -> Days:
    """ "40 days after the killing": counted from a known event that the following words name."""
    anchor = anchor_at(context, match.end())
    if anchor is None:
        return NOTHING
    days, _ = anchor
    return _counted(match, days.end if sign > 0 else days.start, sign, context)


def _counted(match: re.Match[str], base: date | None, sign: int, context: Context) -> Days:
    """So many units from a day, as precise as the unit; "a few" gives only likely days."""
    unit, size = _unit(match)
    if base is None:
        return NOTHING
    if unit is None:
        return (calendar.on(base), None) if match.groupdict().get("count") and sign < 0 else NOTHING
    if not match.groupdict().get("count"):
        return None, _few(base, unit, sign)
    count = words.number(match["count"])
    if count is None:
        return NOTHING
    moment = calendar.shifted(base, unit, sign * count * size)
    whole = calendar.unit_of(moment, unit)
    if sign > 0 and _is_too_late(whole, match, context):
        return NOTHING
    return whole, None


def _is_too_late(whole: Interval, match: re.Match[str], context: Context) -> bool:
    """ "18 years later" told of the past counts from a time that the text did not name as it was read."""
    if (
        context.published is None
        or whole.start <= context.published
        or "from now" in match[0].lower()
    ):
        return False
    return not context.ahead(match.start(), match.end())


def _few(base: date, unit: Unit, sign: int) -> Interval:
    near, far = _FEW[unit]
    ends = sorted(
        (calendar.shifted(base, unit, sign * near), calendar.shifted(base, unit, sign * far))
    )
    return Interval(ends[0], ends[1], unit)


def _shift_long(match: re.Match[str], context: Context) -> Days:
    back = group(match, "dir") in ("ago", "earlier", "before")
    base = context.now if group(match, "dir") == "ago" else context.then
    return _counted(match, base, -1 if back else 1, context)


def _in_units(match: re.Match[str], context: Context) -> Days:
    """ "in two months" points ahead; after a past form it is a duration and names no day."""
    unit, size = _unit(match)
    count = words.number(match["count"])
    if unit is None or count is None or context.now is None or "within" in match[0].lower():
        raise NotTimeError("a duration")
    before = context.text[max(context.bounds[0], match.start() - 60) : match.start()]
    told = re.search(r"\b(?:\w+ed|was|were|had|has|have)\b[^.;]*$", before)
    ahead = context.ahead(match.start(), match.end())
    if (told or match["count"].lower() in ("a", "an", "one")) and not ahead:
        raise NotTimeError("a duration")
    moment = calendar.shifted(context.now, unit, count * size)
    return calendar.unit_of(moment, unit), None


def _day_beside(match: re.Match[str], context: Context) -> Days:
    """ "the day before", "a year later"; with a known event after it: "the day after the election"."""
    back = group(match, "dir") in ("before", "earlier")
    anchor = anchor_at(context, match.end())
    unit = cast(Unit, group(match, "unit"))
    if anchor is not None:
        base = anchor[0].start if back else anchor[0].end
        return calendar.unit_of(calendar.shifted(base, unit, -1 if back else 1), unit), None
    if group(match, "dir") == "after" or (
        group(match, "dir") == "before" and _goes_on(match, context)
    ):
        return NOTHING
    return beside(match, context, unit, -1 if back else 1)


def _spell(match: re.Match[str], context: Context) -> Days:
    """ "the past two weeks": no calendar unit; the days up to publication, or after it, are likely."""
    unit, size = _unit(match)
    which = group(match, "which")
    ahead = any(word in which for word in ("next", "coming", "following", "remaining"))
    if unit is None or context.now is None or "final" in which:
        return NOTHING
    count = words.number(match["count"]) if match["count"] else _FEW[unit][1]
    far = calendar.shifted(context.now, unit, (count or 1) * size * (1 if ahead else -1))
    ends = sorted((context.now, far))
    return None, Interval(ends[0], ends[1], unit)


def _recent(match: re.Match[str], context: Context) -> Days:
    unit, size = _unit(match)
    if unit is None or context.now is None:
        return NOTHING
    sign = 1 if "coming" in group(match, "which") else -1
    plural = group(match, "unit").endswith("s")
    far = calendar.shifted(context.now, unit, sign * size * (_RECENT[unit] if plural else 1))
    ends = sorted((context.now, far))
    return None, Interval(ends[0], ends[1], unit)


def anchor_at(context: Context, at: int) -> tuple[Interval, int] | None:
    """The days of the happening that the words at `at` name, and where its name ends; None if they name none.

    A known event, of several of one name the last before publication; else what the text told of a day before.
    """
    best = None
    for event in context.anchors:
        for name in event.names:
            match = _anchor_pattern(name).match(context.text, at)
            if match is None:
                continue
            late = context.published is not None and event.start > context.published
            rank = (match.end(), not late, event.start)
            if best is None or rank > best[0]:
                best = rank, event, match.end()
    if best is None:
        return context.told.named(context.text, at)
    return Interval(best[1].start, best[1].end, "day"), best[2]


@cache
def _anchor_pattern(name: str) -> re.Pattern[str]:
    bare = re.sub(r"^(?:the|a|an)\s+", "", name.strip(), flags=re.IGNORECASE)
    core = r"[\s-]+".join(re.escape(word).replace("'", "['’]") for word in bare.split())
    return re.compile(
        rf"\s+(?:(?:the|this|that|his|her|their|its|last|[A-Z][\w.]*|\d{{4}})(?:['’]s)?\s+){{0,3}}{core}\b",
        re.IGNORECASE,
    )


HANDLERS: dict[str, Callable[[re.Match[str], Context], Days]] = {
    "ago": _ago, "shift": _shift, "shift_long": _shift_long, "in_units": _in_units,
    "day_beside": _day_beside, "spell": _spell, "recent": _recent,
}  # fmt: skip
