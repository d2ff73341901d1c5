"""What a time expression leans on: the day of publication, what the text named last, the clause around."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from apps.annotations.pipeline import dates_words as words
from apps.annotations.pipeline.dates_told import Told
from apps.annotations.pipeline.types import Interval, KnownEvent

_CLAUSE = 90  # characters before and after an expression in which its clause's verbs are looked for
_PAST_FORM = re.compile(
    r"(?<!\bbe )\b(?!expected|scheduled|slated|supposed|planned|need|indeed)[a-z]{3,}ed\b"
)
_UNTIL = re.compile(r"\b(?:until|till|by)\s+(?:the\s+)?$", re.IGNORECASE)
_FAR_YEARS = 1  # an explicit year further from publication speaks of the past as history
_LEAST_HISTORY = 4  # explicit years that make a text a history


@dataclass
class Context:
    """The state of reading one text's time expressions in order."""

    text: str
    published: date | None
    anchors: Sequence[KnownEvent] = ()
    history: bool = False  # the text tells of times long before its publication, in their order
    focus: Interval | None = None  # the calendar unit named last
    focus_sentence: int = -1
    written: Interval | None = None  # the unit named last with its year written out
    written_sentence: int = -9
    day: Interval | None = None  # the day named last
    sentence: int = 0
    bounds: tuple[int, int] = (0, 0)
    told: Told = field(default_factory=Told)

    @property
    def now(self) -> date | None:
        """The day from which "last month" is counted: publication, else what was named last."""
        if self.published is not None:
            return self.published
        return self.focus.start if self.focus else None

    @property
    def then(self) -> date | None:
        """The day from which "two days later" is counted: the day named last, else publication."""
        if self.history and self.focus is not None:
            return self.focus.start
        return self.day.start if self.day else self.now

    def named(self, value: Interval, written: bool) -> None:
        """Remember a calendar unit that the text just named, with its year written out or without."""
        self.focus, self.focus_sentence = value, self.sentence
        if written:
            self.written, self.written_sentence = value, self.sentence
        if value.precision == "day" and value.start == value.end:
            self.day = value

    def year_here(self) -> int | None:
        """The year that a year-less expression belongs to by the text; None in news at large."""
        if self.history:
            return self.focus.start.year if self.focus else None
        if self.written is None or self.published is None:
            return None
        near = self.sentence == self.written_sentence or (
            self.sentence - self.written_sentence == 1 and self.written.precision != "year"
        )
        return (
            self.written.start.year
            if near and self.written.start.year < self.published.year
            else None
        )

    def ahead(self, start: int, end: int) -> bool:
        """Tell whether the clause around an expression points to the future, by its nearest verbs."""
        return self.direction(start, end) > 0

    def direction(self, start: int, end: int) -> int:
        """Where the clause around an expression points: 1 to the future, -1 to the past, 0 unsaid."""
        before = self.text[max(self.bounds[0], start - _CLAUSE) : start]
        if _UNTIL.search(before):
            return 1
        before = re.split(r"[;:–—]\s", before)[-1]
        forward = _last(_cues("ahead"), before)
        backward = max(_last(_cues("back"), before), _last(_PAST_FORM, before))
        if forward >= 0 or backward >= 0:
            return 1 if forward >= backward else -1
        after = self.text[end : min(self.bounds[1], end + _CLAUSE)]
        following = _first(_cues("ahead"), after)
        preceding = min(_first(_cues("back"), after), _first(_PAST_FORM, after))
        return (following < preceding) - (preceding < following)


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)


def _first(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.search(text)
    return match.start() if match else 1_000_000


@cache
def _cues(kind: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{words.any_of(list(words.listed(kind)))})\b")


def is_history(text: str, published: date | None) -> bool:
    """Tell whether most years written in a text lie well before its publication, or none is known."""
    years = [int(y) for y in re.findall(r"(?<![\w$.,/-])((?:1[4-9]|20)\d\d)(?![\w%]|,\d)", text)]
    if published is None:
        return True
    far = [y for y in years if y < published.year - _FAR_YEARS]
    near_days = len(
        re.findall(
            r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b[Yy]esterday\b|\btoday\b", text
        )
    )
    return len(far) >= _LEAST_HISTORY and len(far) * 2 > len(years) and len(far) > 6 * near_days
