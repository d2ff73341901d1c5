"""Time expressions of a text and the days they name.

Local days: an expression is read from the day of publication as the text's own place counts it, never from the
day on which the text was collected. What names no day has the value None.
"""

import re
from collections.abc import Sequence
from datetime import date

from apps.annotations.pipeline import dates_patterns, dates_resolve
from apps.annotations.pipeline.dates_context import Context, is_history
from apps.annotations.pipeline.types import DateMention, Interval, KnownEvent, Span

_BETWEEN = re.compile(r"\s*(?:[-–—]|to|until|till|through|and)\s*(?:the\s+)?$")
_OPENS = re.compile(r"\b(?:from|between)\s+(?:the\s+)?$", re.IGNORECASE)


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
        found.extend(_ranges(text, here))
    return found


def _in_sentence(context: Context, sentence: Span) -> list[DateMention]:
    mentions = []
    for name, match in dates_patterns.matches(context.text, sentence.start, sentence.end):
        try:
            value, likely = dates_resolve.resolve(name, match, context)
        except dates_resolve.Ignored:
            continue
        if value is not None and name != "clock":
            context.named(value)
        span = _span(context, name, match)
        mentions.append(DateMention(span, span.of(context.text), value, likely))
    return mentions


def _span(context: Context, name: str, match: re.Match[str]) -> Span:
    """The match's run, with the known event that it leans on."""
    start, end = match.start(), match.end()
    if name in ("shift", "day_beside") and match["dir"].lower() in ("after", "before"):
        anchor = dates_resolve.anchor_at(context, end)
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
