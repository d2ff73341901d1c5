"""Several words, one happening: "the strike that killed", "killed one and wounded five"."""

from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache

from spacy.tokens import Doc, Token

from apps.annotations.pipeline.events_roles import (
    ANSWERS,
    antecedent,
    carrying_verb,
    initiators,
    is_passive,
    response_clause,
)
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.parse import clause
from apps.annotations.pipeline.triggers import Trigger, find, lemma

_VIOLENT = frozenset({"ASSAULT"})


@dataclass(slots=True)
class Group:
    """Triggers of the same happening; `main` stands for them, `doers` are those whose subject does it."""

    main: Trigger
    members: list[Trigger]

    @property
    def doers(self) -> list[Trigger]:
        """Members in the order in which they are asked who did it: means ("the rockets killed") last."""
        return sorted(self.members, key=lambda t: _subject_is_means(t))

    @property
    def mode(self) -> str | None:
        """Return the first mode that a member gives."""
        return next((t.mode for t in self.members if t.mode), None)


def _subject_is_means(trigger: Trigger) -> bool:
    return any(lemma(word) in words("instruments") for word in initiators(trigger)[:1])


def of(doc: Doc) -> list[Group]:
    """Return the triggers of a sentence, those of one happening together, in text order."""
    found = [t for t in find(doc) if not _is_carried(t) and not _is_state(t)]
    found = [t for t in found if not _sums_up(t, found)]
    parent = list(range(len(found)))
    for i, one in enumerate(found):
        for j in range(i):
            if _same_happening(found[j], one):
                parent[_root(parent, i)] = _root(parent, j)
    groups: dict[int, list[Trigger]] = {}
    for i, trigger in enumerate(found):
        groups.setdefault(_root(parent, i), []).append(trigger)
    return [Group(_main(members), members) for members in groups.values()]


def _root(parent: list[int], i: int) -> int:
    while parent[i] != i:
        i = parent[i]
    return i


def _main(members: list[Trigger]) -> Trigger:
    """The event noun names the happening best; among verbs the first."""
    return next((t for t in members if t.is_noun), members[0])


def _is_carried(trigger: Trigger) -> bool:
    """A light verb whose pattern needed nothing: its noun is the trigger ("made a request")."""
    return False if trigger.is_noun else _carries_trigger(trigger)


def _is_state(trigger: Trigger) -> bool:
    """A lasting state that no verb of the sentence brings about."""
    return (
        trigger.is_noun
        and lemma(trigger.token) in words("stative")
        and carrying_verb(trigger.token) is None
    )


def _carries_trigger(trigger: Trigger) -> bool:
    if lemma(trigger.token) not in words("light") or trigger.pattern.arguments:
        return False
    objects = [c for c in trigger.token.children if c.dep_ in {"dobj", "nsubjpass"}]
    return any(carrying_verb(t.token) is trigger.token for t in _nouns(objects))


def _nouns(tokens: list[Token]) -> list[Trigger]:
    found = {t.token.i: t for token in tokens[:1] for t in find(token.doc) if t.is_noun}
    return [found[t.i] for t in tokens if t.i in found]


def _same_happening(first: Trigger, second: Trigger) -> bool:
    if first.type != second.type or first.type not in _VIOLENT:
        return False
    if _told_of(first, second) or _told_of(second, first):
        return True
    if _same_means(first.token, second.token) or _goes_on(first, second):
        return True
    return _coordinated(first.token, second.token)


def _same_means(first: Token, second: Token) -> bool:
    """ "Rockets fired at the camp killed two": what the participle describes does the other."""
    if second.head.i == first.i and second.dep_ == "advcl":  # taken for the main verb by the parser
        bare = not any(c.dep_ in {"mark", "nsubj", "aux", "advmod"} for c in second.children)
        does = any(c.dep_ == "nsubj" and _is_means(c) for c in first.children)
        return bare and does and second.tag_ in {"VBD", "VBN"}
    means = first.head
    return (
        first.dep_ in {"acl", "relcl"}
        and _is_means(means)
        and means.dep_ in {"nsubj", "nsubjpass"}
        and means.head.i == second.i
    )


def _sums_up(trigger: Trigger, found: list[Trigger]) -> bool:
    """ "Rockets killed two ..., in the deadliest attack this year": told again, only by its rank."""
    noun = trigger.token
    ranked = any(c.tag_ == "JJS" for c in noun.children)
    if not ranked or noun.dep_ != "pobj" or noun.head.lower_ != "in":
        return False
    return any(t.type == trigger.type and t.token.i < noun.i for t in found)


def _goes_on(first: Trigger, second: Trigger) -> bool:
    """ "Said it carried out the strikes and that they hit stores": "they" are the strikes."""
    token = second.token
    if token.dep_ != "conj" or token.head.i != first.token.i or not first.consumed:
        return False
    return any(c.dep_ == "nsubj" and c.lower_ in {"it", "they"} for c in token.children)


def _told_of(noun: Trigger, verb: Trigger) -> bool:
    """The verb says what the noun did: its relative clause, participle, or predicate."""
    if verb.is_noun:
        return False
    token = verb.token
    if _is_means_phrase(noun.token, token):
        return noun.is_noun
    while token.dep_ == "conj" and token.head.pos_ == "VERB" and not _has_subject(token):
        token = token.head
    target = noun.token
    if (
        token.dep_ in {"relcl", "acl"}
        and token.head.i in _whole(target)
        and not response_clause(token)
    ):
        return noun.is_noun or _is_means(token.head)
    carrier = carrying_verb(target)
    if carrier is not None and token.dep_ == "conj" and token.head.i == carrier.i:
        return any(c.dep_ == "nsubj" and c.lower_ in {"it", "they"} for c in token.children)
    subjects = [antecedent(c) for c in token.children if c.dep_ in {"nsubj", "nsubjpass"}]
    if any(s.i in _whole(target) and s.i != token.i for s in subjects):
        return noun.is_noun
    return any(w.i == target.i for s in subjects if _is_means(s) for w in s.subtree)


def _is_means_phrase(noun: Token, verb: Token) -> bool:
    """ "Killed him in a strike", "hit by a blast": the noun is how the verb was done."""
    by = noun.head
    return (
        noun.dep_ == "pobj" and by.lower_ in {"in", "with", "by", "during"} and by.head.i == verb.i
    )


def _whole(noun: Token) -> set[int]:
    """The noun and what it is counted or measured by: "a barrage of rockets"."""
    found = {noun.i}
    if noun.dep_ == "pobj" and noun.head.lower_ == "of":
        found.add(noun.head.head.i)
    return found | {c.i for c in noun.children if c.dep_ == "appos"}


def _is_means(token: Token) -> bool:
    inner = {lemma(t) for c in token.children if c.lower_ == "of" for t in c.children}
    return bool(({lemma(token)} | inner) & words("instruments"))


def _has_subject(token: Token) -> bool:
    return any(c.dep_ in {"nsubj", "nsubjpass"} for c in token.children)


def _coordinated(first: Token, second: Token) -> bool:
    """Verbs of harm with one subject ("killed one and wounded five"), or a result (", killing two")."""
    harm = words("killed_verbs") | words("wounded_verbs")
    both = lemma(first) in harm and lemma(second) in harm
    if both and second.dep_ == "conj" and second.head.i == first.i and is_passive(second):
        return True  # "six were killed and twelve were wounded"
    if second.dep_ == "conj" and second.head.i == first.i and not _has_subject(second):
        return lemma(first) in harm or lemma(second) in harm
    if second.dep_ in {"advcl", "acl"} and second.tag_ == "VBG" and lemma(second) in harm:
        carrier = carrying_verb(first) if first.pos_ in {"NOUN", "PROPN"} else first
        return carrier is not None and second.head.i == carrier.i
    reattached = response_clause(second)
    if reattached is not None:
        carrier = carrying_verb(first) if first.pos_ in {"NOUN", "PROPN"} else first
        return carrier is not None and carrier.i == reattached.i
    return False


@lru_cache(maxsize=1)  # asked for each event of the sentence that is being read
def _moved(doc: Doc) -> Set[int]:
    """Words that belong to the clause before "in response to ..."; most sentences have no such answer."""
    text = doc.text
    if all(word not in text for word in ANSWERS):
        return set()
    return {t.i for t in doc if response_clause(t)}


def tokens(group: Group) -> list[Token]:
    """Return the words of the happening's clauses, in text order."""
    found: dict[int, Token] = {}
    moved = _moved(group.main.token.doc) - {t.token.i for t in group.members}
    for trigger in group.members:
        base = carrying_verb(trigger.token) if trigger.is_noun else trigger.token
        for token in clause(base if base is not None else trigger.token):
            found[token.i] = token
        if trigger.is_noun and base is None and trigger.token.dep_ in {"nsubj", "nsubjpass"}:
            verb = trigger.token.head
            told = trigger.type in _VIOLENT and lemma(verb) not in words("speech")
            for token in clause(verb) if told else [verb]:
                found[token.i] = token
    return [
        found[i]
        for i in sorted(set(found) - {d.i for i in moved for d in group.main.token.doc[i].subtree})
    ]
