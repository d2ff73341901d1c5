"""Which words of a parsed sentence announce an event: `data/triggers.yaml` over the dependency parse."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from apps.annotations.pipeline.triggers_data import Pattern, heads, patterns, wanted

_WORD = re.compile(r"[a-z][a-z-]*")
_DEPTH = 6  # how far complements of complements are followed


@dataclass(slots=True)
class Trigger:
    """A word that announces an event, and the pattern that says so."""

    token: Token
    type: str
    mode: str | None
    pattern: Pattern
    consumed: frozenset[int] = field(
        default_factory=frozenset
    )  # tokens the pattern used as arguments

    @property
    def is_noun(self) -> bool:
        """Tell whether a noun announces the event."""
        return self.pattern.noun


def may_hold(text: str) -> bool:
    """Tell cheaply whether a sentence holds the words of a pattern: its headword, particles, an argument."""
    there = set(_WORD.findall(text.lower()))
    known = wanted()
    return any(
        needs.particles <= there and (not needs.arguments or not there.isdisjoint(needs.arguments))
        for word in there & known.keys()
        for needs in known[word]
    )


def find(doc: Doc, *, wide: bool = False) -> list[Trigger]:
    """Return the triggers of a parsed sentence in text order, one a token, arguments of patterns left out.

    `wide` asks the wider list too, for where the two sides are given.
    """
    found = [trigger for token in doc if (trigger := _best(token, wide=wide))]
    used: set[int] = set()
    for trigger in found:
        used |= trigger.consumed
    return [t for t in found if t.token.i not in used]


def _best(token: Token, *, wide: bool = False) -> Trigger | None:
    if lemma(token) not in heads(wide=wide):
        return None
    noun = token.pos_ in {"NOUN", "PROPN"} or (token.tag_ == "VBG" and _is_gerund_noun(token))
    verb = token.pos_ in {"VERB", "AUX"} and not noun
    if (not noun and not verb) or _is_modifier(token):
        return None
    candidates = patterns(noun, wide=wide).get(lemma(token), ())
    matches = [(p, used) for p in candidates if (used := _match(p, token)) is not None]
    if not matches:
        return None
    pattern, used = max(matches, key=lambda m: m[0].weight)
    mode = pattern.mode or _inner_mode(pattern, token.doc, used, wide=wide)
    return Trigger(token, pattern.type, mode, pattern, frozenset(used))


def _inner_mode(pattern: Pattern, doc: Doc, used: set[int], *, wide: bool) -> str | None:
    """The mode of the event noun that a verb carries: "launched a drone strike"."""
    inner = [doc[i] for i in used if doc[i].head.i != i]
    carried = [t for token in inner if (t := _best(token, wide=wide)) and t.is_noun]
    return next((t.mode for t in carried if t.type == pattern.type), None)


def lemma(token: Token) -> str:
    """Return the token's base form in small letters (gerunds used as nouns keep their form)."""
    word = token.lower_ if token.tag_ == "VBG" and _is_gerund_noun(token) else token.lemma_.lower()
    return _MENDED.get(word, word)


# Base forms that the model's lookup table gets wrong in news.
_MENDED = {
    "fire-": "fire",
    "cease-fire": "cease-fire",
    "shelled": "shell",
    "slain": "slay",
    "lay": "lay",
}


def _is_gerund_noun(token: Token) -> bool:
    has_determiner = any(c.dep_ in {"det", "poss"} for c in token.children)
    of = any(c.dep_ == "prep" and c.lower_ == "of" for c in token.children)
    return has_determiner or of


def _is_modifier(token: Token) -> bool:
    """A trigger word that only describes another noun ("attack helicopter"), or the month of March."""
    if token.text == "March" and token.i:
        return True
    if token.dep_ == "compound" and token.head.pos_ in {"NOUN", "PROPN"}:
        return True
    return token.dep_ == "amod" and token.pos_ == "VERB"


def _match(pattern: Pattern, token: Token) -> set[int] | None:
    """Return the indices of the tokens that fulfil the pattern's conditions, None where one fails."""
    used: set[int] = set()
    for word in pattern.particles:
        child = next((c for c in token.children if _is_particle(c, word)), None)
        if child is None:
            return None
        used.add(child.i)
    if pattern.subjects and not _has_subject(token, pattern.subjects):
        return None
    if pattern.modifiers:
        left = [t for c in token.children for t in (c, *c.children) if t.i < token.i]
        hit = [t.i for t in left if {t.lemma_.lower(), t.lower_} & pattern.modifiers]
        if not hit:
            return None
        used.update(hit)
    if pattern.arguments or pattern.excluded:
        inner = list(arguments(token))
        hit = [t.i for t in inner if {t.lemma_.lower(), t.lower_} & pattern.arguments]
        if (pattern.arguments and not hit) or any(
            t.lemma_.lower() in pattern.excluded for t in inner
        ):
            return None
        used.update(hit[:1])
    return used


def _is_particle(child: Token, word: str) -> bool:
    """The verb's own particle or preposition; one before a day ("called him on Monday") is not its own."""
    if child.lower_ != word or child.dep_ not in _PARTICLES:
        return False
    return not any(c.dep_ == "pobj" and c.lower_ in _DAYS for c in child.children)


_DAYS = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])


def _has_subject(token: Token, wanted: frozenset[str]) -> bool:
    """The doer's word, or what it counts ("a barrage of rockets landed"), is one of `wanted`."""
    subjects = [c for c in token.children if c.dep_ in {"nsubj", "nsubjpass"}]
    if not subjects and token.dep_ in {"acl", "relcl"}:
        subjects = [token.head]
    inside = [
        s for t in subjects for s in t.subtree if s.i == t.i or s.dep_ in {"pobj", "compound"}
    ]
    return any(t.lemma_.lower() in wanted for t in inside)


_PARTICLES = frozenset(
    {"prt", "prep", "advmod", "dative", "agent", "acomp", "mark", "aux", "advcl"}
)


def arguments(token: Token) -> Iterable[Token]:
    """Yield the words that complete a verb or noun, nearest first: objects, complements, their nouns."""
    level = [token, *_described(token)]
    yield from level[1:]
    for _ in range(_DEPTH):
        level = [c for t in level for c in t.children if _completes(c)]
        if not level:
            return
        yield from level


def _described(verb: Token) -> list[Token]:
    """The noun that a passive participle describes is its object: "a deal reached with Iran"."""
    return [verb.head] if verb.dep_ == "acl" and verb.tag_ == "VBN" else []


_OBJECTS = frozenset(
    [
        "dobj",
        "aux",
        "attr",
        "acomp",
        "xcomp",
        "pcomp",
        "dative",
        "oprd",
        "nsubjpass",
        "prep",
        "prt",
        "advmod",
        "agent",
    ]
)
_INSIDE = frozenset(["compound", "amod", "nmod", "poss", "appos", "quantmod"])


def _completes(child: Token) -> bool:
    """A noun is completed by its modifiers and by "of", a verb by its objects and any preposition."""
    head = child.head
    if child.dep_ == "conj":
        return child.pos_ in {"NOUN", "PROPN"} and child.i - head.i < 8
    if head.pos_ in {"NOUN", "PROPN"}:
        return child.dep_ in _INSIDE or (child.dep_ == "prep" and child.lower_ in {"of", "for"})
    if child.dep_ == "ccomp":
        return head.lemma_.lower() in _CLAUSE_TAKERS
    if child.dep_ == "advcl":
        return head.lemma_.lower() == "vote"  # "voted on Sunday to end": the parser's choice
    return child.dep_ in _OBJECTS or (head.pos_ in {"ADP", "SCONJ"} and child.dep_ == "pobj")


# Verbs whose full clause says what the act is ("demanded that it withdraw").
_CLAUSE_TAKERS = frozenset(
    [
        "demand",
        "warn",
        "threaten",
        "ask",
        "urge",
        "insist",
        "request",
        "say",
        "claim",
        "find",
        "vow",
        "promise",
        "let",
        "call",
        "report",
        "order",
        "rule",
    ]
)
