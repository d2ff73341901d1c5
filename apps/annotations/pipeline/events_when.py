"""When: the date expressions that belong to a happening."""

from datetime import date

from spacy.tokens import Token

from apps.annotations.pipeline import events_counted
from apps.annotations.pipeline.events_groups import Group
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.parse import Parsed
from apps.annotations.pipeline.triggers import lemma
from apps.annotations.pipeline.types import DateMention, Interval

_SHORT_AFTER = frozenset({"hour", "minute", "moment", "shortly", "soon", "immediately"})
_FAR = 10_000
_YEAR = 300  # days, at least


def date_of(
    parsed: Parsed,
    group: Group,
    tokens: list[Token],
    mentions: list[DateMention],
    published: date | None,
    others: frozenset[int] = frozenset(),
) -> tuple[Interval | None, str]:
    """Return the days of a happening and why: the nearest expression of its clause, else of its sentence.

    Expressions that lie after the day of publication date no happening that is told as a fact; `others`
    are the words of the sentence's other happenings.
    """
    inside = [m for m in mentions if m.days and m.span.overlaps(parsed.sentence)]
    inside = [m for m in inside if not _is_ahead(m.days, published)]
    counted = events_counted.of(parsed, group.main.token, inside)
    if counted is not None:
        return counted
    inside = [m for m in inside if not _is_anothers(parsed, group, m, others)]
    main = group.main.token
    pointing = any(c.lower_ in {"this", "that", "these", "those"} for c in main.children)
    habit = main.dep_ == "relcl" and main.tag_ in {"VBP", "VBZ"}  # "gunboats that harass ships"
    if habit or (group.main.is_noun and (pointing or events_counted.is_cause(main))):
        own = {t.i for t in main.subtree}
        inside = [m for m in inside if any(t.i in own for t in _tokens(parsed, m))]
    ranked = sorted((_distance(parsed, group, tokens, m), m.span.start, m) for m in inside)
    if not ranked or ranked[0][0] >= _FAR:
        return None, ""
    best = ranked[0][2]
    return best.days, f'dated by "{best.surface}"'


def _tokens(parsed: Parsed, mention: DateMention) -> list[Token]:
    return parsed.within(mention.span)


def _is_anothers(
    parsed: Parsed, group: Group, mention: DateMention, others: frozenset[int]
) -> bool:
    """The expression hangs on another happening, named as a cause: "in answer to the killing on Jan. 3"."""
    token = next(iter(_tokens(parsed, mention)), None)
    own = {t.token.i for t in group.members}
    while token is not None and token.head.i != token.i:
        token = token.head
        if token.i in own:
            return False
        if token.i in others and events_counted.is_cause(token):
            return True
    return False


def _is_ahead(value: Interval | None, published: date | None) -> bool:
    """Days that only begin with the day of publication: "until January", "for the next two months"."""
    if value is None or published is None:
        return False
    return value.start > published or (value.start == published and value.end > published)


def _distance(parsed: Parsed, group: Group, tokens: list[Token], mention: DateMention) -> int:
    """Steps between the happening's word and a date expression; a clause boundary costs many words."""
    words_of_date = _tokens(parsed, mention)
    if not words_of_date:
        return _FAR
    first = words_of_date[0]
    if _names_a_thing(first, group, mention):
        return _FAR
    gap = min(abs(first.i - t.token.i) for t in group.members)
    if any(t.i in {w.i for w in words_of_date} for t in tokens):
        return gap
    owner = _owner(words_of_date)
    if owner is not None and _is_above(owner, group.main.token):
        if lemma(owner) in words("accusing") and _is_known(group.main.token):
            return _FAR  # "on Thursday accused it of the attack"
        if lemma(owner) not in words("speech") or not _is_reported(group.main.token, owner):
            return 100 + gap
        exact = mention.days is not None and mention.days.start == mention.days.end
        return 2_000 + gap if exact and not _is_known(group.main.token) else _FAR
    if (
        owner is not None
        and owner.dep_ in {"relcl", "acl"}
        and owner.head.i in {t.token.i for t in group.members}
    ):
        return 50 + gap  # "the truce, which began in October"
    if owner is not None and owner.dep_ in {"relcl", "advcl", "acl"}:
        own_words = group.main.type in words("speech_types") and lemma(owner) in words("speech")
        return 2_000 + gap if own_words else _FAR
    return 1_000 + gap


def _names_a_thing(first: Token, group: Group, mention: DateMention) -> bool:
    """A year before a noun tells which thing is meant: "called on them to leave the 2015 deal"."""
    if mention.days is None or (mention.days.end - mention.days.start).days < _YEAR:
        return False
    is_noun = first.head.pos_ in {"NOUN", "PROPN"} and first.i < first.head.i
    return is_noun and first.head.i not in {t.token.i for t in group.members}


def _is_reported(token: Token, speech: Token) -> bool:
    """The happening stands in what the verb of speech says, not beside it ("said ..., even as he urged")."""
    while token.head.i not in {speech.i, token.i}:
        token = token.head
    return token.dep_ in {"ccomp", "parataxis", "xcomp", "pcomp"}


def _is_known(token: Token) -> bool:
    """A happening that the speaker refers to, not one he reports: "said the truce was over"."""
    return token.pos_ == "NOUN" and any(
        c.dep_ == "poss" or c.lower_ in {"the", "this", "that"} for c in token.children
    )


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


def hours_after(token: Token) -> int | None:
    """Return the index of the verb that tells what came hours before ("just hours after X, ...")."""
    clauses = [c for c in token.children if c.dep_ == "advcl"]
    if token.dep_ == "conj":  # the parser may take the first clause for the main one
        clauses.append(token.head)
    for verb in clauses:
        after = [c for c in verb.children if c.dep_ == "mark" and c.lower_ == "after"]
        if after and any(lemma(t) in _SHORT_AFTER for t in verb.subtree if t.i < after[0].i):
            return verb.i
    return None
