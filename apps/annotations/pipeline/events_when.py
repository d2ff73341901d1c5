"""When and where: the date and place expressions that belong to a happening."""

from datetime import date

from spacy.tokens import Token

from apps.annotations.pipeline.events_groups import Group
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.parse import Parsed
from apps.annotations.pipeline.triggers import lemma
from apps.annotations.pipeline.types import DateMention, Interval, PlaceMention

_SHORT_AFTER = frozenset({"hour", "minute", "moment", "shortly", "soon", "immediately"})
_FAR = 10_000


def date_of(
    parsed: Parsed,
    group: Group,
    tokens: list[Token],
    mentions: list[DateMention],
    published: date | None,
) -> tuple[Interval | None, str]:
    """Return the days of a happening and why: the nearest expression of its clause, else of its sentence.

    Expressions that lie after the day of publication date no happening that is told as a fact.
    """
    inside = [m for m in mentions if m.value and m.span.overlaps(parsed.sentence)]
    inside = [
        m for m in inside if published is None or m.value is None or m.value.start <= published
    ]
    ranked = sorted((_distance(parsed, group, tokens, m), m.span.start, m) for m in inside)
    if not ranked or ranked[0][0] >= _FAR:
        return None, ""
    best = ranked[0][2]
    return best.value, f'dated by "{best.surface}"'


def _distance(parsed: Parsed, group: Group, tokens: list[Token], mention: DateMention) -> int:
    """Steps between the happening's word and a date expression; a clause boundary costs as much as many words."""
    words_of_date = [t for t in parsed.doc if parsed.span(t).overlaps(mention.span)]
    if not words_of_date:
        return _FAR
    first = words_of_date[0]
    gap = min(abs(first.i - t.token.i) for t in group.members)
    if any(t.i in {w.i for w in words_of_date} for t in tokens):
        return gap
    owner = _owner(words_of_date)
    if owner is not None and _is_above(owner, group.main.token):
        return 100 + gap if lemma(owner) not in words("speech") else 2_000 + gap
    if owner is not None and owner.dep_ in {"relcl", "advcl", "acl"}:
        return _FAR
    return 1_000 + gap


def _owner(words_of_date: list[Token]) -> Token | None:
    """The verb that a date expression belongs to."""
    inside = {t.i for t in words_of_date}
    token = words_of_date[0]
    while token.i in inside or token.pos_ not in {"VERB", "AUX"}:
        if token.head.i == token.i:
            return None
        token = token.head
    return token


def _is_above(verb: Token, token: Token) -> bool:
    return any(a.i == verb.i for a in token.ancestors)


def place_of(parsed: Parsed, tokens: list[Token], places: list[PlaceMention]) -> str | None:
    """Return the id or surface of the most exact place named in the clause after "in", "at", "near" ..."""
    inside = [p for p in places if p.span.overlaps(parsed.sentence)]
    best: tuple[int, str] | None = None
    for token in tokens:
        if token.dep_ not in {"pobj", "compound", "appos", "nsubj", "poss", "amod"}:
            continue
        here = next((p for p in inside if parsed.span(token).overlaps(p.span)), None)
        if here is None:
            continue
        rank = (0 if _is_located(token) else 10) + (0 if here.place else 3)
        if best is None or rank < best[0]:
            best = (rank, here.place or here.surface)
    return best[1] if best is not None and best[0] < 10 else None


def _is_located(token: Token) -> bool:
    while token.dep_ in {"compound", "poss", "appos", "amod"}:
        token = token.head
    return token.dep_ == "pobj" and token.head.lower_ in {
        "in",
        "at",
        "near",
        "on",
        "outside",
        "inside",
        "around",
        "across",
        "into",
    }


def hours_after(token: Token) -> int | None:
    """Return the index of the verb whose event came only hours before: "just hours after X, rockets were fired"."""
    for child in token.children:
        if child.dep_ != "advcl" or not any(c.lower_ == "after" for c in child.children):
            continue
        if any(lemma(t) in _SHORT_AFTER for t in child.subtree if t.i < child.i):
            return child.i
    return None
