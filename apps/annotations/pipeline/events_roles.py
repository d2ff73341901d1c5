"""Who does it and to whom: initiator and target words of a trigger, from the dependency parse."""

from spacy.tokens import Token

from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.triggers import Trigger, lemma

_SUBJECTS = ("nsubj", "csubj")
_OBJECTS = ("dobj", "dative", "nsubjpass", "attr", "oprd")
_OBJECT_CONTROL = frozenset(
    ["ask", "urge", "order", "tell", "instruct", "force", "persuade", "press", "push", "pressure", "allow", "permit", "let", "lead", "help", "invite", "call", "encourage", "want", "require", "prompt", "enable", "accuse", "blame", "warn", "authorize", "authorise", "direct", "see"]
)
# Prepositions that introduce the other side of an act, by type; the first that is there counts.
_TARGET_PREPS: dict[str, tuple[str, ...]] = {
    "ASSAULT": (
        "on",
        "against",
        "at",
        "of",
        "into",
        "near",
        "upon",
        "toward",
        "towards",
        "over",
        "with",
    ),
    "COERCE": ("on", "against", "of", "from", "upon", "over"),
    "SANCTION": ("with", "to", "against", "on", "from", "of", "for"),
    "CONSULT": ("with", "between", "to", "in", "at", "by", "among"),
    "AGREE": ("with", "between", "to", "on", "for", "among"),
    "SUPPORT": ("for", "with", "to", "behind", "by", "between", "on", "of"),
    "COOPERATE": ("with", "to", "between", "from", "in"),
    "AID": ("to", "for", "with"),
    "CONCEDE": ("to", "for", "on", "with"),
    "RETREAT": ("from", "with", "to", "on", "against", "in", "between"),
    "REQUEST": ("on", "to", "from", "upon", "with", "of", "for"),
    "ACCUSE": ("of", "on", "against", "for", "at", "to", "into", "with", "about", "over"),
    "REJECT": ("from", "of", "with", "by", "to", "on", "out"),
    "THREATEN": ("to", "against", "with", "on", "at", "from"),
    "PROTEST": ("against", "at", "over", "outside", "in", "with", "for"),
    "MOBILIZE": ("against", "to", "in", "near", "on", "toward", "towards"),
}
_SYMMETRIC = frozenset({"CONSULT", "AGREE", "COOPERATE"})
_OF_IS_TARGET = frozenset({"ASSAULT", "COERCE", "ACCUSE", "REJECT", "SUPPORT", "SANCTION"})
_MODIFIERS = ("poss", "compound", "amod", "nmod")


def is_passive(token: Token) -> bool:
    """Tell whether the verb stands in the passive ("was fired at", "the rockets fired at")."""
    if any(c.dep_ in {"nsubjpass", "auxpass", "agent"} for c in token.children):
        return True
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
        return None
    if token.dep_ in {"acl", "relcl"} and head.pos_ in {"NOUN", "PROPN", "PRON"}:
        return head if token.tag_ != "TO" and not _is_infinitive(token) else _holder(head)
    if token.dep_ == "xcomp" and lemma(head) in _OBJECT_CONTROL:
        controlled = next(
            (c for c in head.children if c.dep_ in {"dobj", "nsubj"} and c.i > head.i), None
        )
        return controlled if controlled is not None else subject(head)
    if token.dep_ in {"xcomp", "advcl", "conj", "ccomp", "dep", "pcomp"}:
        return _from_above(token, head)
    return None


def _from_above(token: Token, head: Token) -> Token | None:
    if head.pos_ in {"VERB", "AUX"}:
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
        return _noun_initiators(trigger.token)
    token = trigger.token
    if is_passive(token):
        agent = next((c for c in token.children if c.dep_ == "agent" or c.lower_ == "by"), None)
        return (
            [c for c in agent.children if c.dep_ in {"pobj", "pcomp"}] if agent is not None else []
        )
    found = subject(token)
    return [found] if found is not None else []


def _noun_initiators(noun: Token) -> list[Token]:
    found = preposed(noun, ("by",))
    carrier = carrying_verb(noun)
    if carrier is not None:
        if is_passive(carrier):
            found += preposed(carrier, ("by",), agent=True)
        elif (acting := subject(carrier)) is not None and acting.i != noun.i:
            found.append(acting)
    made = [c for c in noun.children if c.dep_ == "acl" and is_passive(c)]
    found += [t for verb in made for t in preposed(verb, ("by",), agent=True)]
    found += [c for c in noun.children if c.dep_ in _MODIFIERS]
    return found


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


def targets(trigger: Trigger) -> list[Token]:
    """Return the words whose referents it is done to, most direct first."""
    wanted = _TARGET_PREPS[trigger.type]
    if trigger.is_noun:
        return _noun_targets(trigger, wanted)
    token = trigger.token
    direct = [c for c in token.children if c.dep_ in _OBJECTS]
    if (
        is_passive(token)
        and token.dep_ in {"acl", "relcl"}
        and not any(c.dep_ == "nsubjpass" for c in token.children)
    ):
        direct.append(token.head)
    direct = [antecedent(c) for c in direct]
    through = [
        t
        for c in direct
        for t in preposed(c, tuple(p for p in wanted if p != "of" or c.i in trigger.consumed))
    ]
    of = [t for c in direct for t in preposed(c, ("of",))]
    ahead = [
        t
        for c in token.children
        if c.dep_ == "ccomp"
        for t in c.children
        if t.dep_ in {"nsubj", "nsubjpass"}
    ]
    deeper = [
        t
        for c in token.children
        if c.dep_ in {"xcomp", "advcl", "pcomp", "ccomp"} and c.i > token.i
        for t in _inner_objects(c)
    ]
    by_preposition = preposed(token, wanted)
    consumed = [c for c in direct if c.i in trigger.consumed or _is_event_word(c)]
    plain = [c for c in direct if c not in consumed]
    return plain + through + by_preposition + consumed + of + ahead + deeper


def _inner_objects(verb: Token) -> list[Token]:
    objects = [c for c in verb.children if c.dep_ in _OBJECTS]
    return objects + [
        t
        for c in [verb, *objects]
        for t in preposed(c, ("from", "on", "with", "against", "at", "to"))
    ]


def _is_event_word(token: Token) -> bool:
    return lemma(token) in words("instruments") or lemma(token) in words("never_actors")


def _noun_targets(trigger: Trigger, wanted: tuple[str, ...]) -> list[Token]:
    noun = trigger.token
    preps = wanted if trigger.type in _OF_IS_TARGET else tuple(p for p in wanted if p != "of")
    found = preposed(noun, preps)
    carrier = carrying_verb(noun)
    if carrier is not None:
        found += preposed(carrier, tuple(p for p in wanted if p != "of"))
        found += [c for c in carrier.children if c.dep_ == "dative"]
    for verb in (c for c in noun.children if c.dep_ in {"acl", "relcl"}):
        if not is_passive(verb):
            found += [c for c in verb.children if c.dep_ in _OBJECTS]
        elif noun.i != verb.i:
            found += preposed(verb, wanted)
    if _is_hitting(noun):
        found += [c for c in noun.head.children if c.dep_ in {"dobj"}]
        found += preposed(noun.head, ("at", "on", "in", "near"))
    if trigger.type in {"ASSAULT", "COERCE"}:
        found += [c for c in noun.children if c.dep_ in {"poss", "compound"}]
    return found


def _is_hitting(noun: Token) -> bool:
    """The noun is the subject of a verb of the same happening: "the strike killed", "the attack hit"."""
    verbs = (
        words("killed_verbs")
        | words("wounded_verbs")
        | {"hit", "strike", "target", "destroy", "damage"}
    )
    return noun.dep_ == "nsubj" and lemma(noun.head) in verbs


def is_symmetric(type_: str) -> bool:
    """Tell whether both sides of the type do it: meetings, agreements, cooperation."""
    return type_ in _SYMMETRIC
