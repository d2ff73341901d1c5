"""Patterns of time expressions. Each has a name, by which dates_resolve.py knows how to read it."""

import re
from collections.abc import Iterator
from functools import cache

from apps.annotations.pipeline import dates_words as words

_LONGEST = 2100  # characters of a sentence that are looked at; sentences.LONGEST and some room


@cache
def patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Name and pattern, in no order that matters: of matches that overlap the longest is taken."""
    pieces = _pieces()
    return tuple((name, re.compile(pattern % pieces)) for name, pattern in _PATTERNS)


def _pieces() -> dict[str, str]:
    part = (
        r"(?P<part>(?i:early(?:\s+in)?|late(?:\s+in)?|mid|(?:the\s+)?(?:very\s+)?"
        r"(?:middle|end|beginning|start|close|early\s+part|latter\s+part)\s+of))"
    )
    of_day = r"(?:(?:the\s+)?(?:morning|night|evening|afternoon)\s+of\s+)?"
    ordinals = words.any_of(list(words.values("ordinals")))
    unit = r"(?P<unit>(?i:day|week|month|year|decade|hour|minute)s?)"
    return {
        "M": rf"(?P<month>{words.capitalised('months')})",
        "MB": rf"(?P<month>{words.capitalised('months', '')})",
        "M2": rf"(?P<month2>{words.capitalised('months')})",
        "W": rf"(?P<weekday>{words.capitalised('weekdays', '')})",
        "W_": rf"(?:{words.capitalised('weekdays')},?\s+)?{of_day}",
        "D": r"(?P<day>(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?)(?!\d|:\d)",
        "DO": rf"(?P<day>(?:[12]\d|3[01]|[1-9])(?:st|nd|rd|th)|(?i:{ordinals}))",
        "D2": r"(?P<day2>(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?)(?!\d|:\d)",
        "Y": r"(?P<year>(?:1\d|20)\d\d)(?![\d,]*\d|s\b|%%|\.\d)",
        "N": rf"(?P<count>(?i:{words.number_pattern()}))",
        "VAGUE": r"(?P<vague>(?i:a\s+few|several|some|many|a\s+couple\s+of\s+dozen|dozens\s+of))",
        "ABOUT": r"(?:(?i:about|around|nearly|almost|some|roughly|just\s+over|just|more\s+than|over|"
        r"less\s+than|under|at\s+least|only|exactly|barely|approximately)\s+)?",
        "UNIT": unit,
        "PART": part,
        "SEASON": rf"(?P<season>(?i:{words.any_of(list(words.values('seasons')))}))",
        "HOLIDAY": rf"(?P<holiday>(?i:{words.any_of([*words.values('holidays'), *words.moving()])}))",
        "ORD": r"(?P<ordinal>(?i:first|second|third|fourth|1st|2nd|3rd|4th))",
        "TOD": r"(?:\s+(?i:morning|afternoon|evening|night|noon|midnight|midday|early|late))",
        "CLOCK": r"(?:\d{1,2}(?::\d\d)?\s?(?:a\.m\.?|p\.m\.?|am\b|pm\b|AM\b|PM\b)"
        r"|\d{1,2}:\d\d(?::\d\d)?(?!\d))(?:\s+(?:EST|EDT|GMT|UTC|PST|PDT|local\s+time|ET))?",
    }


_PATTERNS = (
    ("iso", r"\b(?P<year>(?:1\d|20)\d\d)-(?P<m>0[1-9]|1[0-2])-(?P<day>[0-3]\d)(?!\d)"),
    ("slashed", r"(?<![\d/])(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4}|\d\d)(?![\d/])"),
    ("full", r"\b%(W_)s%(M)s\s+(?:the\s+)?%(D)s(?:\s*,\s*|\s+of\s+|\s+)%(Y)s"),
    ("full", r"\b%(W_)s(?:the\s+)?%(D)s(?:\s+of)?\s+%(M)s(?:\s*,\s*|\s+)(?:of\s+)?%(Y)s"),
    ("days", r"\b%(M)s\s+%(D)s\s*(?:[-–—]|to|through|and)\s*%(D2)s(?:(?:\s*,\s*|\s+)%(Y)s)?"),
    ("days", r"\b%(D)s\s*(?:[-–—]|to|and)\s*%(D2)s\s+%(M)s(?:(?:\s*,\s*|\s+)%(Y)s)?"),
    (
        "month_day",
        r"\b(?:(?P<which>(?i:last|next|this))\s+)?%(W_)s%(M)s\s+(?:the\s+)?%(D)s(?!\s*,?\s*(?:1\d|20)\d\d\b)(?:%(TOD)s)?",
    ),
    (
        "month_day",
        r"\b%(W_)s(?:the\s+)?%(D)s(?:\s+of)?\s+%(M)s(?!\s*,?\s*(?:1\d|20)\d\d\b)(?:%(TOD)s)?",
    ),
    ("month_day", r"\b%(W_)sthe\s+%(DO)s\s+(?:day\s+)?of\s+%(M)s"),
    ("month_year", r"\b(?:%(PART)s[\s-]+)?%(M)s(?:\s*,\s*|\s+|-)(?:of\s+)?%(Y)s"),
    (
        "month_year",
        r"\b(?:%(PART)s[\s-]+)?%(M)s\s+(?:of\s+)?(?P<which>(?i:last|this|next|that|the\s+same|the\s+following|the\s+previous))\s+(?i:year)",
    ),
    ("month", r"\b(?:%(PART)s[\s-]+)?(?:(?P<which>(?i:last|this|next|that))\s+)?%(MB)s(?!\w)"),
    ("months", r"\b%(M)s\s*(?:[-–—]|to|through)\s*%(M2)s(?:(?:\s*,\s*|\s+)%(Y)s)?"),
    ("year", r"(?<![\w$£€#/.,:-])(?:%(PART)s[\s-]+)?(?:the\s+year\s+)?%(Y)s(?![-–]\d{3}(?!\d))"),
    ("short_years", r"(?<![\w$£€#/.,:-])%(Y)s\s*[-–—]\s*(?P<short>\d\d)(?!\d)"),
    ("years", r"(?<![\w$£€#/.,:-])%(Y)s\s*[-–—]\s*(?P<year2>(?:1\d|20)\d\d)(?![\d,]*\d)"),
    (
        "decade",
        r"\b(?:(?i:the)\s+)?(?:%(PART)s[\s-]+)?(?:the\s+)?(?:(?P<decade>(?:1\d|20)\d0)['’]?s|['’](?P<tens>\d0)s)\b",
    ),
    (
        "weekday",
        r"\b(?:(?P<which>(?i:last|next|this\s+past|this\s+coming|this|the\s+following|the\s+previous|that|late|early|on))\s+)?%(W)s(?:%(TOD)s)?",
    ),
    (
        "today",
        r"\b(?i:(?:earlier|later|late|early)\s+)?(?P<word>(?i:today|tonight|yesterday|tomorrow|the\s+day\s+before\s+yesterday|the\s+day\s+after\s+tomorrow|this\s+(?:very\s+)?(?:morning|afternoon|evening)|last\s+night))(?:%(TOD)s)?\b",
    ),
    (
        "this",
        r"\b(?:(?P<part>(?i:earlier|later|early|late|sometime|the\s+end\s+of|the\s+beginning\s+of|the\s+start\s+of|the\s+middle\s+of|mid))[\s-]+)?(?P<which>(?i:this|last|next|the\s+current|the\s+present|this\s+past|this\s+coming|the\s+previous|the\s+coming))\s+(?P<unit>(?i:week|month|year|weekend|%(SEASON)s|quarter|decade|century))(?!\s*-|\s+of\b)\b",
    ),
    (
        "ago",
        r"(?P<lead>\b(?i:early|late)\s+)?(?:\b%(ABOUT)s)\b(?:%(N)s|%(VAGUE)s)[\s-]+%(UNIT)s\s+(?P<dir>(?i:ago))\b",
    ),
    (
        "shift",
        r"\b%(ABOUT)s(?:%(N)s|%(VAGUE)s)[\s-]+%(UNIT)s\s+(?P<dir>(?i:earlier|later|before|after\s+that|afterwards?|after|from\s+now|hence|previously|prior))\b",
    ),
    (
        "shift_long",
        r"\b%(ABOUT)s%(N)s[\s-]+%(UNIT)s\s+and\s+(?:a\s+half|\w+\s+\w+)\s+(?P<dir>(?i:ago|earlier|later|before|after))\b",
    ),
    (
        "in_units",
        r"\b(?i:in|within)\s+(?P<inner>(?i:(?:the\s+next\s+)?)%(ABOUT)s(?:%(N)s)\s+%(UNIT)s)\b(?!\s+(?:of|after|before|ago|later))",
    ),
    (
        "same",
        r"\b(?:(?P<part>(?i:earlier|later|early|late))\s+)?(?P<which>(?i:that\s+same|that\s+very|that|the\s+same|the\s+very\s+same))\s+(?P<unit>(?i:day|week|month|year|morning|afternoon|evening|night|weekend|%(SEASON)s))\b",
    ),
    (
        "neighbour",
        r"\b(?:(?P<part>(?i:earlier|later|early|late|early\s+in))\s+)?(?i:the)\s+(?P<which>(?i:next|following|previous|preceding|ensuing|prior))\s+(?P<unit>(?i:day|week|month|year|morning|afternoon|evening|night|weekend|%(SEASON)s))\b(?!\s+(?:few|several))",
    ),
    (
        "day_beside",
        r"\b(?i:the|a|one)\s+(?P<unit>(?i:day|week|month|year))\s+(?P<dir>(?i:before|earlier|after|later))\b",
    ),
    (
        "season",
        r"\b(?:(?i:the)\s+)?(?:%(PART)s[\s-]+)?(?:the\s+)?%(SEASON)s(?:\s*,?\s*(?:of\s+)?%(Y)s|\s+of\s+(?P<which>(?i:last|this|next|that)\s+year))",
    ),
    (
        "season_bare",
        r"\b(?:(?:in|over|during|by)\s+the|(?:in|by)|the)\s+(?:%(PART)s\s+)?%(SEASON)s\b(?!\s+of\b)",
    ),
    (
        "quarter",
        r"\b(?:the\s+)?(?:fiscal\s+)?%(ORD)s[\s-]+quarter(?:\s+of\s+(?:%(Y)s|(?P<which>(?i:last|this|next)\s+year)))?\b",
    ),
    (
        "of_the",
        r"\b(?P<part>(?i:(?:the\s+)?(?:very\s+)?(?:end|beginning|start|close|middle|rest)\s+of|(?:earlier|later|early|late)\s+in))\s+(?i:the)\s+(?P<unit>(?i:day|week|month|year))\b(?!\s*-)",
    ),
    ("of_the", r"\b(?P<unit>(?i:year|month))(?:['’]s)?[\s-]+(?P<part>(?i:end))\b"),
    ("year_back", r"\b(?i:the\s+)?(?i:year)-(?i:ago|earlier)\b"),
    ("weekend", r"\b(?i:(?:over\s+)?the\s+weekend)\b"),
    (
        "number_of_month",
        r"\b(?i:on|by|until|from|to|till)\s+the\s+(?P<day>(?:[12]\d|3[01]|[1-9])(?:st|nd|rd|th))(?=\s*[,.;)])",
    ),
    ("holiday", r"\b(?:(?P<which>(?i:last|next|this|on))\s+)?%(HOLIDAY)s(?:\s*,?\s*%(Y)s)?\b"),
    ("week_of", r"\b(?i:the\s+week\s+of)\s+%(M)s\s+%(D)s"),
    ("clock", r"(?<![\d.:])%(CLOCK)s(?:\s+(?:on\s+)?%(W)s)?"),
    (
        "spell",
        r"\b(?P<which>(?i:(?:the\s+)?(?:past|last|next|coming|final|recent|preceding|previous|following|remaining)))\s+(?:%(N)s|%(VAGUE)s|few|several)\s+%(UNIT)s\b",
    ),
    (
        "recent",
        r"\b(?P<which>(?i:recent|the\s+coming|coming|the\s+past|the\s+last))\s+(?P<unit>(?i:days|weeks|months|years|decades|day|week|month|year))\b",
    ),
)

# What a sentence must hold before a pattern is worth trying: patterns are slow, these are not.
_NEEDS = {
    "iso": "year", "slashed": "slash", "full": "month", "days": "month", "month_day": "month",
    "month_year": "month", "month": "month", "months": "month", "year": "year", "short_years": "year",
    "years": "year", "decade": "decade", "weekday": "weekday", "today": "spoken", "this": "relative",
    "ago": "shift", "shift": "shift", "shift_long": "shift", "in_units": "unit", "same": "relative",
    "neighbour": "relative", "day_beside": "shift", "season": "season", "season_bare": "season",
    "quarter": "quarter", "holiday": "holiday", "of_the": "unit", "year_back": "unit", "weekend": "unit",
    "number_of_month": "ordinal", "week_of": "month", "clock": "clock", "spell": "unit", "recent": "unit",
}  # fmt: skip
_WORD = re.compile(r"[A-Za-z]+")
_DIGIT_HINTS = {
    "year": re.compile(r"\b(?:1\d|20)\d\d"),
    "decade": re.compile(r"\d0['’]?s"),
    "slash": re.compile(r"\d/\d"),
    "clock": re.compile(r"\d\s?[aApP]\.?[mM]|\d:\d"),
    "ordinal": re.compile(r"\d(?:st|nd|rd|th)\b"),
}
_UNITS = (
    "day days week weeks weekend month months year years decade decades hour hours minute minutes"
)
_SEASONS = "spring summer autumn fall winter"
_WORD_HINTS = {
    "spoken": "today tonight yesterday tomorrow this last",
    "unit": _UNITS,
    "shift": "ago earlier later before after afterward afterwards hence now previously prior",
    "relative": f"{_UNITS} {_SEASONS} morning afternoon evening night quarter century",
    "season": _SEASONS,
    "quarter": "quarter",
}


@cache
def _hints() -> dict[str, frozenset[str]]:
    """Lower-case word -> the kinds of hint that it is."""
    kinds = {kind: set(listed.split()) for kind, listed in _WORD_HINTS.items()}
    kinds["month"] = set(words.values("months"))
    kinds["weekday"] = set(words.values("weekdays"))
    kinds["holiday"] = {
        name.split()[0].split("'")[0] for name in [*words.values("holidays"), *words.moving()]
    }
    every = {word for listed in kinds.values() for word in listed}
    return {
        word: frozenset(kind for kind, listed in kinds.items() if word in listed) for word in every
    }


def _held(run: str) -> set[str]:
    """The kinds of hint in a sentence: one pass over its words, and a few looks at its digits."""
    hints = _hints()
    held = set().union(*(hints[word] for word in hints.keys() & set(_WORD.findall(run.lower()))))
    if any(digit in run for digit in "0123456789"):
        held |= {kind for kind, hint in _DIGIT_HINTS.items() if hint.search(run)}
    return held


def matches(text: str, start: int, end: int) -> Iterator[tuple[str, re.Match[str]]]:
    """Matches in one sentence, none overlapping another, in order; of two that overlap the longer."""
    end = min(end, start + _LONGEST)
    held = _held(text[start:end])
    if not held:
        return
    found = [
        (name, match)
        for name, pattern in patterns()
        if _NEEDS[name] in held
        for match in pattern.finditer(text, start, end)
        if match.end() > match.start()
    ]
    found.sort(key=lambda item: (item[1].start() - item[1].end(), item[1].start()))
    free = bytearray(b"\1") * (end - start)
    taken: list[tuple[str, re.Match[str]]] = []
    for name, match in found:
        first, last = match.start() - start, match.end() - start
        if all(free[first:last]):
            free[first:last] = bytes(last - first)
            taken.append((name, match))
    yield from sorted(taken, key=lambda item: item[1].start())
