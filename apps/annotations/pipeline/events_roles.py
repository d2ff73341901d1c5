"""Who does it and to whom: initiator and target words of a trigger, from the dependency parse."""

from spacy.tokens import Token

from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.parse import clause
from apps.annotations.pipeline.triggers import Trigger, lemma

_SUBJECTS = ("nsubj", "csubj")
OBJECTS = ("dobj", "dative", "nsubjpass", "attr", "oprd")
_OBJECT_CONTROL = frozenset(
    [
        "ask",
        "urge",
        "order",
        "tell",
        "instruct",
        "force",
        "persuade",
        "press",
        "push",
        "pressure",
        "allow",
        "permit",
        "let",
        "lead",
        "help",
        "invite",
        "call",
        "encourage",
        "want",
        "require",
        "prompt",
        "enable",
        "accuse",
        "blame",
        "warn",
        "authorize",
        "authorise",
        "direct",
        "see",
    ]
)
_SYMMETRIC = frozenset({"CONSULT", "AGREE", "COOPERATE"})
_MODIFIERS = ("poss", "compound", "amod", "nmod")


def is_passive(token: Token) -> bool:
    """Tell whether the verb stands in the passive ("was fired at", "the rockets fired at")."""
    if any(c.dep_ in {"nsubjpass", "auxpass", "agent"} for c in token.children):
        return True
    if lemma(token) in words("always_done_to") and _own_subject(token) is not None:
        complements = {"dobj", "aux", "ccomp", "xcomp", "dative", "prt"}
        return token.tag_ in {"VBN", "VBD"} and not any(
            c.dep_ in complements for c in token.children
        )
    return token.tag_ == "VBN" and token.dep_ in {"acl", "relcl"} and not _own_subject(token)


def _own_subject(token: Token) -> Token | None:
    return next((c for c in token.children if c.dep_ in _SUBJECTS), None)


def subject(token: Token) -> Token | None:
    """Return the word that acts in the verb's clause, through control, coordination and relative clauses."""
    own = _own_subject(token)
    if own is not None:
        return antecedent(own)
    head = token.head
    if head.i == token.i:
        return _before_participle(token)
    if token.dep_ in {"acl", "relcl"} and head.pos_ in {"NOUN", "PROPN", "PRON"}:
        return head if token.tag_ != "TO" and not _is_infinitive(token) else _holder(head)
    if token.dep_ == "xcomp" and lemma(head) in _OBJECT_CONTROL:
        controlled = next(
            (c for c in head.children if c.dep_ in {"dobj", "nsubj"} and c.i > head.i), None
        )
        if controlled is not None:
            return controlled
        passive = next((c for c in head.children if c.dep_ == "nsubjpass"), None)
        return passive if passive is not None else subject(head)
    if token.dep_ in {"xcomp", "advcl", "conj", "ccomp", "dep", "pcomp"}:
        return _from_above(token, head)
    return None


def _before_participle(verb: Token) -> Token | None:
    """Subject that the parser gave to a participle: "the group, believed to be a front, claimed ..."."""
    for child in verb.children:
        if child.dep_ == "ccomp" and child.i < verb.i and child.tag_ in {"VBD", "VBN"}:
            return _own_subject(child)
    return None


def _from_above(token: Token, head: Token) -> Token | None:
    if head.pos_ in {"VERB", "AUX"}:
        quoted = next((c for c in head.children if c.dep_ == "ccomp" and c.i < head.i), None)
        is_aside = token.tag_ == "VBG" and token.dep_ != "ccomp"
        if quoted is not None and is_aside and lemma(head) in words("speech"):
            return subject(quoted)  # "Rockets hit the zone, the army said, breaking the truce"
        if token.dep_ == "conj" and is_passive(head) and not is_passive(token):
            return None
        if is_passive(head):
            return next((c for c in head.children if c.dep_ == "nsubjpass"), None)
        return subject(head)
    if head.pos_ in {"ADP", "SCONJ"} and head.head.i != head.i:
        above = head.head
        objects = [c for c in above.children if c.dep_ == "dobj"]
        if lemma(above) in _OBJECT_CONTROL and objects:
            return objects[0]
        return subject(above) if above.pos_ in {"VERB", "AUX"} else None
    return None


def _is_infinitive(token: Token) -> bool:
    return any(c.lower_ == "to" and c.dep_ == "aux" for c in token.children)


def _holder(noun: Token) -> Token | None:
    """Whose plan it is: "Iran's plan to attack", "Biden announced plans to join"."""
    poss = next((c for c in noun.children if c.dep_ == "poss"), None)
    if poss is not None:
        return poss
    return subject(noun.head) if noun.dep_ == "dobj" else None


def antecedent(token: Token) -> Token:
    """Return what a relative pronoun stands for, else the token."""
    if token.lower_ in {"who", "which", "that", "whom"} and token.pos_ in {"PRON", "DET", "SCONJ"}:
        verb = token.head
        while verb.dep_ in {"conj", "xcomp"} and verb.head.pos_ in {"VERB", "AUX"}:
            verb = verb.head
        if verb.dep_ == "relcl":
            return verb.head
    return token


def initiators(trigger: Trigger) -> list[Token]:
    """Return the words whose referents do it, most direct first."""
    if trigger.is_noun:
        return _noun_initiators(trigger)
    token = trigger.token
    if is_passive(token):
        by = [c for c in token.children if c.dep_ == "agent" or c.lower_ == "by"]
        by = by or [
            c for c in clause(token) if c.lower_ == "by" and c.i > token.i
        ]  # hung on the wrong word
        named = [c for agent in by[:1] for c in agent.children if c.dep_ in {"pobj", "pcomp"}]
        return named or [t for c in preposed(token, ("at", "on")) for t in behest(c)]
    found = subject(token)
    return [found] if found is not None and not is_sufferer(found, trigger) else []


def behest(token: Token) -> list[Token]:
    """Return who gave the order: X of "at the direction of X", "on the orders of X"."""
    return preposed(token, ("of",)) if lemma(token) in words("behests") else []


def is_sufferer(word: Token, trigger: Trigger) -> bool:
    """ "Soleimani's killing", "he died in the raid": what the parser takes for a subject is done to."""
    if lemma(trigger.token) in {"die", "perish"} or accident_of(trigger.token) is not None:
        return True
    owned = any(c.dep_ == "case" for c in word.children)
    return owned and trigger.token.tag_ == "VBG" and trigger.token.lower_ in words("suffered")


def accident_of(verb: Token) -> Token | None:
    """Return the accident that a participle of harm tells the end of: "the jet crashed, killing all"."""
    above = verb.head
    is_result = verb.dep_ in {"advcl", "conj"} and lemma(verb) in words("killed_verbs")
    return above if is_result and lemma(above) in words("accidents") else None


def _noun_initiators(trigger: Trigger) -> list[Token]:
    noun = trigger.token
    found = preposed(noun, ("by",))
    carrier = carrying_verb(noun)
    if carrier is not None:
        if is_passive(carrier):
            found += preposed(carrier, ("by",), agent=True)
        elif (acting := subject(carrier)) is not None and acting.i != noun.i:
            found.append(acting)
    if (
        trigger.type == "CONSULT"
        and noun.dep_ == "pobj"
        and noun.head.lower_ in {"during", "at", "in", "after"}
    ):
        holder = subject(noun.head.head) if noun.head.head.pos_ == "VERB" else None
        found += [holder] if holder is not None else []
    made = [c for c in noun.children if c.dep_ == "acl" and is_passive(c)]
    found += [t for verb in made for t in preposed(verb, ("by",), agent=True)]
    if lemma(noun) in words("suffered"):
        of = any(c.dep_ == "prep" and c.lower_ == "of" for c in noun.children)
        return found + [c for c in noun.children if c.dep_ == "poss" and of]
    return found + [c for c in noun.children if c.dep_ in _MODIFIERS]


def carrying_verb(noun: Token) -> Token | None:
    """Return the verb that lends its subject to an event noun: "launched an attack", "is holding talks"."""
    top = noun
    while top.dep_ == "conj" or (
        top.dep_ == "pobj" and top.head.lower_ == "of" and top.head.dep_ == "prep"
    ):
        top = top.head if top.dep_ == "conj" else top.head.head
    if top.dep_ == "pobj" and top.head.dep_ == "prep" and lemma(top.head.head) == "carry":
        return top.head.head
    verb = top.head
    if top.dep_ in {"dobj", "nsubjpass"} and verb.pos_ == "VERB" and lemma(verb) in words("light"):
        return verb
    return None


def preposed(token: Token, wanted: tuple[str, ...], *, agent: bool = False) -> list[Token]:
    """Return the objects of the token's prepositions, in the order of `wanted`."""
    found = []
    for word in wanted:
        for child in token.children:
            if child.lower_ == word and (
                child.dep_ in {"prep", "dative", "prt"} or (agent and child.dep_ == "agent")
            ):
                found += [c for c in child.children if c.dep_ == "pobj"]
                found += [
                    c
                    for deeper in child.children
                    if deeper.dep_ == "prep"
                    for c in deeper.children
                    if c.dep_ == "pobj"
                ]
    return found


ANSWERS = frozenset({"response", "retaliation", "answer", "reply"})


def response_clause(token: Token) -> Token | None:
    """Return the verb that a participle after "in response to the strike" belongs to.

    "Launched an attack in response to the strike[,] targeting troops": where the comma is lost, the parser
    hangs `targeting` on the strike, but an answer that names its cause goes on to say what the answer did.
    """
    while token.dep_ == "conj" and token.tag_ == "VBG" and token.head.pos_ == "VERB":
        token = token.head
    if token.dep_ != "acl" or token.tag_ != "VBG" or token.head.dep_ != "pobj":
        return None
    to = token.head.head
    answer = to.head
    if to.lower_ != "to" or lemma(answer) not in ANSWERS:
        return None
    verb = answer.head.head if answer.dep_ == "pobj" else None
    return verb if verb is not None and verb.pos_ == "VERB" else None


def is_symmetric(type_: str) -> bool:
    """Tell whether both sides of the type do it: meetings, agreements, cooperation."""
    return type_ in _SYMMETRIC
