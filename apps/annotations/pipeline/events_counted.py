"""Days counted from another happening of the sentence: "on Wednesday, five days after a drone killed him"."""

from datetime import timedelta

from spacy.tokens import Token

from apps.annotations.pipeline.casualties import number
from apps.annotations.pipeline.parse import Parsed
from apps.annotations.pipeline.triggers import lemma
from apps.annotations.pipeline.types import DateMention, Interval

_UNITS = {"day": 1, "week": 7}
_SOON = frozenset({"hour", "minute", "moment"})
_ANSWERS = frozenset({"answer", "response", "retaliation", "reaction", "reply", "revenge"})
_LATER = frozenset({"after", "following", "since", "before"})


def of(parsed: Parsed, token: Token, mentions: list[DateMention]) -> tuple[Interval, str] | None:
    """Return the days of a happening that the sentence counts from, and why; None where it is not so."""
    after = _mark(token)
    if after is None:
        return None
    count = _count(after)
    base = _base(parsed, after, mentions)
    if count is None or base is None or base.precision != "day":
        return None
    days = timedelta(days=count if after.lower_ == "before" else -count)
    when = Interval(base.start + days, base.end + days, "day")
    return when, f"counted {count} days {'forth' if count and after.lower_ == 'before' else 'back'}"


def is_cause(noun: Token) -> bool:
    """Tell whether an event noun is told as the cause of something: "in answer to", "after", "since"."""
    if noun.dep_ != "pobj":
        return False
    prep = noun.head
    return prep.lower_ in _LATER | {"over"} or lemma(prep.head) in _ANSWERS


def _mark(token: Token) -> Token | None:
    """The "after" or "before" of the clause that tells the happening."""
    while token.dep_ in {"conj", "dobj", "nsubj", "nsubjpass"} and token.head.i != token.i:
        token = token.head
    marks = [c for c in token.children if c.dep_ == "mark" and c.lower_ in {"after", "before"}]
    if marks:
        return marks[0]
    above = token.head
    return above if token.dep_ == "pcomp" and above.lower_ in {"after", "before"} else None


def _count(after: Token) -> int | None:
    """The days told right before "after": "five days", "a week", "hours"."""
    if after.i < 1:
        return None
    unit = after.doc[after.i - 1]
    base = lemma(unit)
    if base in _SOON:
        return 0
    if base not in _UNITS or after.i < 2:
        return None
    word = after.doc[after.i - 2].lower_
    count = 1 if word in {"a", "an", "one"} else number(word)
    return count * _UNITS[base] if count is not None and count < 60 else None


def _base(parsed: Parsed, after: Token, mentions: list[DateMention]) -> Interval | None:
    """The day of what came so much later: the nearest one named before the count."""
    edge = parsed.span(after).start
    before = [m for m in mentions if m.days is not None and m.span.end <= edge - 4]
    return before[-1].days if before else None
