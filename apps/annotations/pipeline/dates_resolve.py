"""From a matched time expression to the days it names."""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import cast

from apps.annotations.pipeline import dates_calendar as calendar
from apps.annotations.pipeline import dates_words as words
from apps.annotations.pipeline.dates_calendar import NoSuchDay, Unit
from apps.annotations.pipeline.dates_context import Context
from apps.annotations.pipeline.types import Interval, Precision

Days = tuple[Interval | None, Interval | None]  # value, likely
NOTHING: Days = (None, None)
_FEW = {"day": (2, 6), "week": (2, 6), "month": (2, 5), "year": (2, 5)}
_RECENT = {"day": 7, "week": 6, "month": 4, "year": 3}  # how many units "recent days" reach back
_STALE_MONTHS = 9  # a month further back would be written with its year
_FRESH_MONTHS = 1  # a clause that points ahead hardly means the month before
_FRESH_DAYS = 20
_STEPS = ("last", "next")
_UNITS = ("day", "week", "month", "year")
_SEASON_WORDS = ("spring", "summer", "autumn", "fall", "winter")


class Ignored(ValueError):
    """The match is no time expression ("1500 troops")."""


def resolve(name: str, match: re.Match[str], context: Context) -> Days:
    """Return the days of a match of the pattern `name`: its calendar unit and its likely days.

    Raises Ignored where the words are no time expression here.
    """
    try:
        return _HANDLERS[name](match, context)
    except NoSuchDay:
        raise Ignored(f"'{match[0]}' names no day of the calendar") from None


def _group(match: re.Match[str], name: str) -> str:
    return (match.groupdict().get(name) or "").lower()


def _parted(value: Interval, match: re.Match[str]) -> Days:
    """The unit, and the part of it that "mid-", "early", "the end of" points to."""
    said = _group(match, "part")
    for word, which in (
        ("early", "early"),
        ("late", "late"),
        ("latter", "late"),
        ("mid", "mid"),
        ("end", "end"),
        ("close", "end"),
        ("beginning", "start"),
        ("start", "start"),
    ):
        if said and word in said:
            return value, calendar.part(value, which)
    return value, None


def _iso(match: re.Match[str], _: Context) -> Days:
    return calendar.day(int(match["year"]), int(match["m"]), int(match["day"])), None


def _slashed(match: re.Match[str], _: Context) -> Days:
    """American order, unless the first number can only be a day."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if year < 100:
        year += 2000 if year < 50 else 1900
    if first > 12:
        first, second = second, first
    return calendar.day(year, first, second), None


def _full(match: re.Match[str], _: Context) -> Days:
    return calendar.day(
        int(match["year"]), words.month(match["month"]), words.day_number(match["day"])
    ), None


def _days(match: re.Match[str], context: Context) -> Days:
    """Two days of one month: the value is their range; dates.py makes two mentions of it."""
    month, first, last = (
        words.month(match["month"]),
        words.day_number(match["day"]),
        words.day_number(match["day2"]),
    )
    year = int(match["year"]) if match["year"] else _year_of(month, first, match, context)
    start, end = calendar.day(year, month, first), calendar.day(year, month, last)
    if last < first:
        raise Ignored("the days are in no order")
    return Interval(start.start, end.end, "day"), None


def _month_day(match: re.Match[str], context: Context) -> Days:
    month, number = words.month(match["month"]), words.day_number(match["day"])
    return calendar.day(_year_of(month, number, match, context), month, number), None


def _year_of(month: int, number: int, match: re.Match[str], context: Context) -> int:
    """The year of a day or month without one: the text's last, else the nearest by where the clause points.

    News writes out the year of what is long past, so a day ten months ago is rather two months ahead.
    """
    which = _group(match, "which")
    here = context.year_here()
    now = context.now
    if here is not None and which not in _STEPS:
        return here
    if now is None:
        raise Ignored("nothing says which year")
    passed = (month, number or 1) <= (now.month, now.day)
    if which == "last" or which == "next":
        return now.year + (passed if which == "next" else -(not passed))
    ago = (now.month - month) % 12
    ahead = context.ahead(match.start(), match.end())
    future = ago > _STALE_MONTHS if not ahead else ago > _FRESH_MONTHS or not passed
    if month == now.month:
        future = ahead and not passed
        return now.year - (not passed and not future and number > now.day + _FRESH_DAYS)
    return now.year + ((month < now.month) if future else -(month > now.month))


def _relative_year(which: str, context: Context) -> int:
    which = " ".join(which.lower().split())
    base = context.then if which.startswith(("that", "the")) else context.now
    if base is None:
        raise Ignored("nothing says which year")
    return base.year + {"last": -1, "next": 1, "the following": 1, "the previous": -1}.get(
        which.removesuffix(" year"), 0
    )


def _month_year(match: re.Match[str], context: Context) -> Days:
    found = match.groupdict()
    year = int(found["year"]) if found.get("year") else _relative_year(found["which"], context)
    return _parted(calendar.month(year, words.month(match["month"])), match)


_MONTH_CUE = re.compile(
    r"\b(?i:in|since|until|till|by|of|from|during|last|this|next|late|early|mid|to|and|through|for|before|after)[\s-]+$"
)


def _month(match: re.Match[str], context: Context) -> Days:
    month = words.month(match["month"])
    which = _group(match, "which")
    if month in (3, 5) and not which and not match["part"]:
        if not _MONTH_CUE.search(context.text, max(0, match.start() - 12), match.start()):
            raise Ignored("a verb, not a month")
    now = context.now
    if which in ("last", "next", "this") and now is not None:
        later = month > now.month if which == "next" else month >= now.month
        year = (
            now.year + (0 if later else 1)
            if which == "next"
            else now.year - (which == "last" and later)
        )
        return _parted(calendar.month(year, month), match)
    return _parted(calendar.month(_year_of(month, 0, match, context), month), match)


def _months(match: re.Match[str], context: Context) -> Days:
    first, last = words.month(match["month"]), words.month(match["month2"])
    year = int(match["year"]) if match["year"] else _year_of(first, 0, match, context)
    count = (last - first) % 12 + 1
    return calendar.months(
        year if first <= last or not match["year"] else year - 1, first, count
    ), None


_YEAR_CUE = re.compile(
    r"(?:\b(?i:in|since|until|till|by|of|from|during|late|early|mid|to|and|through|before|after|between|the|around|circa|spring|"
    r"summer|autumn|fall|winter|late|early|year)[\s-]+|[(\[,])$"
)


def _year(match: re.Match[str], context: Context) -> Days:
    """A four-digit number as a year, unless a quantity follows or, before 1900, nothing says that it is one."""
    number = int(match["year"])
    following = re.match(r"[\s-]+(\w+)", context.text[match.end() : match.end() + 30])
    if following and following[1].lower() in words.listed("quantities"):
        raise Ignored("a quantity")
    cue = _YEAR_CUE.search(context.text, max(0, match.start() - 12), match.start()) or match["part"]
    if (number < 1900 or number > 2060) and not cue:
        raise Ignored("a number")
    if number < 1900 and not context.history and number < 1500:
        raise Ignored("a number")
    return _parted(calendar.year(number), match)


def _short_years(match: re.Match[str], _: Context) -> Days:
    first = int(match["year"])
    last = first - first % 100 + int(match["short"])
    if not first < last <= first + 60:
        raise Ignored("no range of years")
    return calendar.years(first, last), None


def _years(match: re.Match[str], _: Context) -> Days:
    first, last = int(match["year"]), int(match["year2"])
    if not first < last <= first + 150:
        raise Ignored("no range of years")
    return calendar.years(first, last), None


def _of_the(match: re.Match[str], context: Context) -> Days:
    """ "the end of the year", "later in the day", "year-end"."""
    base = context.focus.start if context.history and context.focus else context.now
    if base is None:
        return NOTHING
    whole = calendar.unit_of(base, cast(Unit, _group(match, "unit")))
    if "later" in _group(match, "part") or "rest" in _group(match, "part"):
        return whole, calendar.clipped(whole, start=base)
    if "earlier" in _group(match, "part"):
        return whole, calendar.clipped(whole, end=base)
    return _parted(whole, match)


def _year_back(_: re.Match[str], context: Context) -> Days:
    return (calendar.year(context.now.year - 1), None) if context.now else NOTHING


def _the_weekend(match: re.Match[str], context: Context) -> Days:
    base = context.then if context.history else context.now
    return (_weekend(base, 0, context.ahead(match.start(), match.end())), None) if base else NOTHING


def _number_of_month(match: re.Match[str], context: Context) -> Days:
    """ "on the 5th": of the month named last."""
    if context.focus is None or context.focus.precision not in ("day", "month"):
        raise Ignored("no month was named")
    return calendar.day(
        context.focus.start.year, context.focus.start.month, words.day_number(match["day"])
    ), None


def _decade(match: re.Match[str], _: Context) -> Days:
    first = int(match["decade"]) if match["decade"] else 1900 + int(match["tens"])
    return calendar.years(first, first + 9), None


def _weekday(match: re.Match[str], context: Context) -> Days:
    """The last such day on or before publication; the next where the clause or "next" points ahead."""
    which = " ".join(_group(match, "which").split())
    base = (
        context.then
        if which in ("the following", "the previous", "that") or context.history
        else context.now
    )
    if base is None:
        raise Ignored("nothing says which week")
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
    word = " ".join(_group(match, "word").split())
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
    if (
        _FINAL.search(context.text, max(0, match.start() - 8), match.start())
        or (match[0].istitle()
        and " " in match[0])
    ):
        return NOTHING
    if now is None:
        return NOTHING
    said = " ".join(_group(match, "which").split())
    step = {"last": -1, "the previous": -1, "next": 1, "the coming": 1, "this coming": 1}.get(
        said, 0
    )
    unit = _group(match, "unit")
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
    said = _group(match, "part")
    if step:
        return _parted(whole, match)[1]
    if said == "later" or (not said and context.ahead(match.start(), match.end())):
        return calendar.clipped(whole, start=now)
    if said in ("", "earlier"):
        return calendar.clipped(whole, end=now)
    return _parted(whole, match)[1]


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


def _unit(match: re.Match[str]) -> tuple[Unit | None, int]:
    """The unit and how many of it one counts; None for hours and minutes."""
    word = _group(match, "unit").removesuffix("s")
    if word == "decade":
        return "year", 10
    return (cast(Unit, word), 1) if word in _UNITS else (None, 1)


def _ago(match: re.Match[str], context: Context) -> Days:
    return _counted(match, context.now, -1, context)


def _shift(match: re.Match[str], context: Context) -> Days:
    """ "two days later", "a week earlier": from the day named last, unless it says "from now"."""
    direction = " ".join(_group(match, "dir").split())
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
    event, _ = anchor
    return _counted(match, event.end if sign > 0 else event.start, sign, context)


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
    return Interval(ends[0], ends[1], cast(Precision, unit))


def _shift_long(match: re.Match[str], context: Context) -> Days:
    back = _group(match, "dir") in ("ago", "earlier", "before")
    base = context.now if _group(match, "dir") == "ago" else context.then
    return _counted(match, base, -1 if back else 1, context)


def _in_units(match: re.Match[str], context: Context) -> Days:
    """ "in two months" points ahead; after a past form it is a duration and names no day."""
    unit, size = _unit(match)
    count = words.number(match["count"])
    if unit is None or count is None or context.now is None or "within" in match[0].lower():
        raise Ignored("a duration")
    before = context.text[max(context.bounds[0], match.start() - 60) : match.start()]
    told = re.search(r"\b(?:\w+ed|was|were|had|has|have)\b[^.;]*$", before)
    ahead = context.ahead(match.start(), match.end())
    if (told or match["count"].lower() in ("a", "an", "one")) and not ahead:
        raise Ignored("a duration")
    moment = calendar.shifted(context.now, unit, count * size)
    return calendar.unit_of(moment, unit), None


def _same(match: re.Match[str], context: Context) -> Days:
    """ "that day", "the same month", "later that year"."""
    unit = _group(match, "unit")
    return _beside(match, context, unit, 0)


def _neighbour(match: re.Match[str], context: Context) -> Days:
    """ "the next day", "the previous year"."""
    step = -1 if _group(match, "which") in ("previous", "preceding", "prior") else 1
    return _beside(match, context, _group(match, "unit"), step)


def _day_beside(match: re.Match[str], context: Context) -> Days:
    """ "the day before", "a year later"; with a known event after it: "the day after the election"."""
    back = _group(match, "dir") in ("before", "earlier")
    anchor = anchor_at(context, match.end())
    unit = cast(Unit, _group(match, "unit"))
    if anchor is not None:
        base = anchor[0].start if back else anchor[0].end
        return calendar.unit_of(calendar.shifted(base, unit, -1 if back else 1), unit), None
    if _group(match, "dir") == "after" or (
        _group(match, "dir") == "before" and _goes_on(match, context)
    ):
        return NOTHING
    return _beside(match, context, unit, -1 if back else 1)


def _beside(match: re.Match[str], context: Context, word: str, step: int) -> Days:
    base = context.then
    if base is None:
        return NOTHING
    if word in _SEASON_WORDS:
        return calendar.months(base.year + step, words.values("seasons")[word], 3), None
    if word == "weekend":
        return _weekend(base, step, True), None
    unit = cast(Unit, word if word in _UNITS else "day")
    whole = calendar.unit_of(calendar.shifted(base, unit, step), unit)
    said = _group(match, "part")
    if step == 0 and said == "later":
        return whole, calendar.clipped(whole, start=base)
    if step == 0 and said == "earlier":
        return whole, calendar.clipped(whole, end=base)
    return _parted(whole, match)


def _season(match: re.Match[str], context: Context) -> Days:
    found = match.groupdict()
    year = (
        int(found["year"]) if found["year"] else _relative_year(found["which"] or "this", context)
    )
    return calendar.months(year, words.values("seasons")[_group(match, "season")], 3), None


def _season_bare(match: re.Match[str], context: Context) -> Days:
    word = _group(match, "season")
    if word in ("fall", "spring") and not re.search(
        rf"(?i)\b(?:in|during|over|by)\b.*{word}|the\s+{word}", match[0]
    ):
        raise Ignored("a verb or a noun")
    if word == "fall" and re.match(r"\s+of\b", context.text[match.end() : match.end() + 4]):
        raise Ignored("a fall")
    base = context.focus.start if context.history and context.focus else context.now
    if base is None:
        return NOTHING
    first = words.values("seasons")[word]
    if context.history:
        return calendar.months(base.year, first, 3), None
    return _season_near(word, 1 if context.ahead(match.start(), match.end()) else 0, base), None


def _quarter(match: re.Match[str], context: Context) -> Days:
    number = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3}.get(
        _group(match, "ordinal"), 4
    )
    if match["year"]:
        year = int(match["year"])
    elif match["which"]:
        year = _relative_year(match["which"], context)
    elif context.now is not None:
        year = context.now.year - (number * 3 - 2 > context.now.month)
    else:
        return NOTHING
    return calendar.months(year, number * 3 - 2, 3), None


def _holiday(match: re.Match[str], context: Context) -> Days:
    name = " ".join(_group(match, "holiday").replace("’", "'").split())
    moves = words.moving().get(name)
    month, number = moves[:2] if moves else divmod(words.values("holidays")[name], 100)
    year = int(match["year"]) if match["year"] else _year_of(month, number, match, context)
    if moves:
        return calendar.nth_weekday(year, *moves), None
    return calendar.day(year, month, number), None


def _week_of(match: re.Match[str], context: Context) -> Days:
    month, number = words.month(match["month"]), words.day_number(match["day"])
    day = calendar.day(_year_of(month, number, match, context), month, number)
    return calendar.week(day.start), None


def _clock(match: re.Match[str], context: Context) -> Days:
    if match["weekday"]:
        base = context.now
        if base is None:
            raise Ignored("nothing says which week")
        back = (base.weekday() - words.weekday(match["weekday"])) % 7
        return _on(base, (7 - back) % 7 if context.ahead(match.start(), match.end()) else -back)
    if context.focus_sentence == context.sentence and context.day is not None:
        return context.day, None
    if context.history:
        return context.day or None, None
    return (calendar.on(context.now), None) if context.now else NOTHING


def _spell(match: re.Match[str], context: Context) -> Days:
    """ "the past two weeks": no calendar unit; the days up to publication, or after it, are likely."""
    unit, size = _unit(match)
    which = _group(match, "which")
    ahead = any(word in which for word in ("next", "coming", "following", "remaining"))
    if unit is None or context.now is None or "final" in which:
        return NOTHING
    count = words.number(match["count"]) if match["count"] else _FEW[unit][1]
    far = calendar.shifted(context.now, unit, (count or 1) * size * (1 if ahead else -1))
    ends = sorted((context.now, far))
    return None, Interval(ends[0], ends[1], cast(Precision, unit))


def _recent(match: re.Match[str], context: Context) -> Days:
    unit, size = _unit(match)
    if unit is None or context.now is None:
        return NOTHING
    sign = 1 if "coming" in _group(match, "which") else -1
    plural = _group(match, "unit").endswith("s")
    far = calendar.shifted(context.now, unit, sign * size * (_RECENT[unit] if plural else 1))
    ends = sorted((context.now, far))
    return None, Interval(ends[0], ends[1], cast(Precision, unit))


def anchor_at(context: Context, at: int):  # type: ignore[no-untyped-def]
    """The known event that the words at `at` name, and where its name ends; None where they name none.

    Of several events of one name the last before publication.
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
    return (best[1], best[2]) if best else None


@cache
def _anchor_pattern(name: str) -> re.Pattern[str]:
    bare = re.sub(r"^(?:the|a|an)\s+", "", name.strip(), flags=re.IGNORECASE)
    core = r"[\s-]+".join(re.escape(word).replace("'", "['’]") for word in bare.split())
    return re.compile(
        rf"\s+(?:(?:the|this|that|his|her|their|its|last|[A-Z][\w.]*|\d{{4}})(?:['’]s)?\s+){{0,3}}{core}\b",
        re.IGNORECASE,
    )


_HANDLERS: dict[str, Callable[[re.Match[str], Context], Days]] = {
    "iso": _iso, "slashed": _slashed, "full": _full, "days": _days, "month_day": _month_day,
    "month_year": _month_year, "month": _month, "months": _months, "year": _year, "short_years": _short_years,
    "decade": _decade, "weekday": _weekday, "today": _today, "this": _this, "ago": _ago, "shift": _shift,
    "shift_long": _shift_long, "in_units": _in_units, "same": _same, "neighbour": _neighbour,
    "day_beside": _day_beside, "season": _season, "season_bare": _season_bare, "quarter": _quarter,
    "holiday": _holiday, "week_of": _week_of, "clock": _clock, "spell": _spell, "recent": _recent,
    "years": _years, "of_the": _of_the, "year_back": _year_back, "weekend": _the_weekend,
    "number_of_month": _number_of_month,
}  # fmt: skip
