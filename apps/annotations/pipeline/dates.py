"""Time expressions of a text and the days they name.

Local days: an expression is read from the day of publication as the text's own place counts it, never from the
day on which the text was collected. What names no day has the value None.
"""

import re
from collections.abc import Sequence
from datetime import date

from apps.annotations.pipeline import dates_calendar, dates_patterns, dates_resolve
from apps.annotations.pipeline.dates_calendar import Unit
from apps.annotations.pipeline.dates_context import Context, is_history
from apps.annotations.pipeline.dates_counted import anchor_at
from apps.annotations.pipeline.dates_values import NotTimeError
from apps.annotations.pipeline.types import DateMention, Interval, KnownEvent, Span

_BETWEEN = re.compile(r"\s*(?:[-–—]|to|until|till|through|and)\s*(?:the\s+)?$")
_OPENS = re.compile(r"\b(?:from|between)\s+(?:the\s+)?$", re.IGNORECASE)
_RANGES = ("days", "months", "years", "short_years")
_RANGES_UNIT: dict[str, Unit] = {"day2": "day", "month2": "month", "year2": "year", "short": "year"}
_SPOKEN_NOW = (
    "today",
    "this",
    "ago",
    "recent",
    "spell",
    "year_back",
)  # of the writer's day, not of the story's


def find(
    text: str, sentences: Sequence[Span], published: date | None, anchors: Sequence[KnownEvent] = ()
) -> list[DateMention]:
    """Return the time expressions of the sentences, in order; no two overlap.

    `published` is the local day of publication (None: unknown; then only what the text itself dates has a
    value). `anchors` are events that expressions may lean on ("two days after the election").
    """
    context = Context(text, published, anchors, history=is_history(text, published))
    found: list[DateMention] = []
    for number, sentence in enumerate(sentences):
        context.sentence, context.bounds = number, (sentence.start, sentence.end)
        here = [m for m in _in_sentence(context, sentence) if m is not None]
        _note(context, sentence, here)
        found.extend(_ranges(text, here))
    return found


def _note(context: Context, sentence: Span, here: list[DateMention]) -> None:
    """Keep the day of what a sentence tells, if it names just one and nothing else."""
    days = {m.value for m in here}
    if len(days) == 1 and (day := days.pop()) is not None and day.start == day.end:
        context.told.note(sentence.of(context.text), day)


def _in_sentence(context: Context, sentence: Span) -> list[DateMention]:
    mentions: list[DateMention] = []
    clocks: list[int] = []
    for name, match in dates_patterns.matches(context.text, sentence.start, sentence.end):
        try:
            value, likely = dates_resolve.resolve(name, match, context)
        except NotTimeError:
            continue
        if value is not None and name in _RANGES:
            mentions.extend(_two_ends(context, match, value))
            context.named(value, "year" in name or bool(match.groupdict().get("year")))
            continue
        if value is not None and not (name == "clock" or (context.history and name in _SPOKEN_NOW)):
            context.named(value, bool(match.groupdict().get("year")))
        span = _span(context, name, match)
        mentions.append(DateMention(span, span.of(context.text), value, likely))
        if name == "clock":
            clocks.append(len(mentions) - 1)
    for index in clocks:
        mentions[index] = _on_the_nearest_day(mentions, index, clocks)
    return mentions


def _two_ends(context: Context, match: re.Match[str], whole: Interval) -> list[DateMention]:
    """A range in one wording as two mentions, each with its own unit and the whole range as likely days."""
    second = next(
        name for name in ("day2", "month2", "year2", "short") if match.groupdict().get(name)
    )
    cut = match.start(second)
    head = match.start() + len(context.text[match.start() : cut].rstrip().rstrip("-–—").rstrip())
    head = match.start() + len(
        re.sub(r"\s+(?:to|and|through)$", "", context.text[match.start() : head])
    )
    values = (
        dates_calendar.unit_of(moment, _RANGES_UNIT[second]) for moment in (whole.start, whole.end)
    )
    spans = (Span(match.start(), head), Span(cut, match.end()))
    return [
        DateMention(span, span.of(context.text), value, whole)
        for span, value in zip(spans, values, strict=True)
    ]


def _on_the_nearest_day(mentions: list[DateMention], index: int, clocks: list[int]) -> DateMention:
    """A time of day belongs to the day named nearest in its sentence."""
    clock = mentions[index]
    days = [
        m
        for i, m in enumerate(mentions)
        if i not in clocks and m.value is not None and m.value.precision == "day"
    ]
    if not days:
        return clock
    nearest = min(
        days,
        key=lambda m: min(abs(m.span.start - clock.span.end), abs(clock.span.start - m.span.end)),
    )
    return DateMention(clock.span, clock.surface, nearest.value)


def _span(context: Context, name: str, match: re.Match[str]) -> Span:
    """The match's run, with the known event that it leans on."""
    start, end = match.start(), match.end()
    if name in ("shift", "day_beside") and match["dir"].lower() in ("after", "before"):
        anchor = anchor_at(context, end)
        end = anchor[1] if anchor else end
    surface = context.text[start:end]
    return Span(start + len(surface) - len(surface.lstrip()), end)


def _ranges(text: str, mentions: list[DateMention]) -> list[DateMention]:
    """ "from 3 May to 5 June", "between 2018 and 2020": both ends have the whole range as their likely days."""
    for index in range(len(mentions) - 1):
        first, last = mentions[index], mentions[index + 1]
        if first.value is None or last.value is None or first.value.start > last.value.end:
            continue
        between = text[first.span.end : last.span.start]
        opens = _OPENS.search(text, max(0, first.span.start - 14), first.span.start)
        dash = between.strip() in ("-", "–", "—")
        if _BETWEEN.fullmatch(between) and (opens or dash):
            whole = Interval(first.value.start, last.value.end, last.value.precision)
            mentions[index] = DateMention(first.span, first.surface, first.value, whole)
            mentions[index + 1] = DateMention(last.span, last.surface, last.value, whole)
    return mentions
