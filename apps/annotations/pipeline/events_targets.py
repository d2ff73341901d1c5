"""To whom it is done: the target words of a trigger, most direct first."""

from dataclasses import dataclass

from spacy.tokens import Token

from apps.annotations.pipeline.events_roles import (
    OBJECTS,
    accident_of,
    antecedent,
    behest,
    carrying_verb,
    is_passive,
    is_sufferer,
    preposed,
    response_clause,
    subject,
)
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.triggers import Trigger, lemma

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
    "RETREAT": ("out", "from", "with", "to", "on", "against", "in", "between"),
    "REQUEST": ("on", "to", "from", "upon", "with", "of", "for"),
    "ACCUSE": ("of", "on", "against", "for", "at", "to", "into", "with", "about", "over"),
    "REJECT": ("from", "of", "with", "by", "to", "on", "out"),
    "THREATEN": ("to", "against", "with", "on", "at", "from"),
    "PROTEST": ("against", "at", "over", "outside", "in", "with", "for"),
    "MOBILIZE": ("against", "to", "in", "near", "on", "toward", "towards"),
}
_OF_IS_TARGET = frozenset({"ASSAULT", "COERCE", "ACCUSE", "REJECT", "SUPPORT", "SANCTION"})
# Modes whose object is what the initiator moves, not the other side.
_OWN_FORCES = frozenset({"withdraw", "troops", "weapons", "disarm", "militia", "police"})
_WHEN = frozenset({"after", "before", "when", "since", "as", "while", "until"})
_CLAUSES = frozenset({"xcomp", "advcl", "pcomp", "ccomp"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that may name the target; only a `direct` one counts where nobody is known by it."""

    token: Token
    direct: bool = True


def targets(trigger: Trigger) -> list[Candidate]:
    """Return the words whose referents it is done to, most direct first."""
    if trigger.is_noun:
        return [Candidate(t) for t in _of_noun(trigger)]
    token, wanted = trigger.token, _TARGET_PREPS[trigger.type]
    own = preposed(token, tuple(p for p in trigger.pattern.particles if p in wanted))
    direct = [antecedent(c) for c in _objects(token)]
    happenings = [c for c in direct if c.i in trigger.consumed or _is_event_word(c)]
    plain = [c for c in direct if c not in happenings]
    if trigger.mode in _OWN_FORCES:
        happenings, plain = [*happenings, *plain], []
    inside = (
        (*wanted, "of", "with")
        if trigger.type in _OF_IS_TARGET
        else tuple(p for p in wanted if p != "of")
    )
    through = [t for c in happenings for t in preposed(c, inside)]
    first = [*own, *(t for c in own for t in preposed(c, ("with",)))]
    if own:
        return [Candidate(t) for t in first]
    aimed = [t for t in preposed(token, wanted) if not behest(t)]
    found = [Candidate(t) for t in [*plain, *through, *aimed]]
    found += [
        Candidate(c)
        for c in token.children
        if c.dep_ in {"nsubj", "poss"} and is_sufferer(c, trigger)
    ]
    if trigger.pattern.subjects:  # "sanctions on Iran lapsed"
        told = [c for c in token.children if c.dep_ in {"nsubj", "nsubjpass"}]
        found += [Candidate(t) for c in told for t in preposed(c, wanted)]
    accident = accident_of(token)
    if accident is not None and (harmed := subject(accident)) is not None:
        found.append(Candidate(harmed))
    consumed = [] if trigger.mode in _OWN_FORCES else _of_consumed(happenings)
    return found + [Candidate(t, direct=False) for t in [*consumed, *_of_clauses(token)]]


def _objects(verb: Token) -> list[Token]:
    """Objects and passive subjects; of a passive participle the noun that it describes."""
    found = [c for c in verb.children if c.dep_ in OBJECTS]
    if is_passive(verb) and lemma(verb) in words("always_done_to"):
        found += [c for c in verb.children if c.dep_ == "nsubj"]
    is_participle = verb.dep_ in {"acl", "relcl"} and is_passive(verb)
    if is_participle and not any(c.dep_ == "nsubjpass" for c in verb.children):
        found.append(verb.head)
    return found


def _of_consumed(happenings: list[Token]) -> list[Token]:
    """What an event object is made of: "rejected the prime minister's call" is aimed at the prime minister."""
    return [
        c
        for h in happenings
        for c in h.children
        if c.dep_ in {"compound", "amod"} and c.pos_ != "NUM"
    ]


def _of_clauses(verb: Token) -> list[Token]:
    """Subjects and objects of what is demanded, feared or alleged."""
    states = [verb, *(c for c in verb.children if c.dep_ == "acomp")]
    below = [
        c
        for s in states
        for c in s.children
        if c.dep_ in _CLAUSES and c.i > verb.i and not _is_time(c)
    ]
    ahead = [
        t
        for c in below
        if c.dep_ == "ccomp"
        for t in c.children
        if t.dep_ in {"nsubj", "nsubjpass"}
    ]
    objects = [t for c in below for t in c.children if t.dep_ in OBJECTS]
    around = [
        t
        for c in [*below, *objects]
        for t in preposed(c, ("from", "on", "with", "against", "at", "to"))
    ]
    return ahead + objects + around


def _is_time(clause: Token) -> bool:
    """ "Burned it after the party had criticised the militia": when, not against whom."""
    return any(c.dep_ == "mark" and c.lower_ in _WHEN for c in clause.children)


def _is_event_word(token: Token) -> bool:
    return lemma(token) in words("instruments") or lemma(token) in words("never_actors")


def _of_noun(trigger: Trigger) -> list[Token]:
    """Targets of an event noun: its prepositions, those of the verb that carries it, clauses about it."""
    noun, wanted = trigger.token, _TARGET_PREPS[trigger.type]
    found = preposed(
        noun,
        (*wanted, "of")
        if trigger.type in _OF_IS_TARGET or lemma(noun) in words("suffered")
        else tuple(p for p in wanted if p != "of"),
    )
    carrier = carrying_verb(noun)
    if carrier is not None:
        found += preposed(carrier, tuple(p for p in wanted if p != "of"))
        found += [c for c in carrier.children if c.dep_ == "dative"]
    for verb in (c for c in noun.children if c.dep_ in {"acl", "relcl"} and not response_clause(c)):
        found += (
            preposed(verb, wanted)
            if is_passive(verb)
            else [c for c in verb.children if c.dep_ in OBJECTS]
        )
    if _is_hitting(noun):
        found += [c for c in noun.head.children if c.dep_ == "dobj"]
        found += preposed(noun.head, ("at", "on", "in", "near"))
    if trigger.type in {"RETREAT", "MOBILIZE"}:
        found += [t for c in preposed(noun, ("of",)) for t in preposed(c, ("from", "in", "to"))]
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
