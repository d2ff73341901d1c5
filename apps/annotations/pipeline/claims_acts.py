"""What a verb does when it makes a claim: it takes responsibility, accuses, denies, declines or states."""

from dataclasses import dataclass

from spacy.tokens import Token

from apps.annotations.pipeline import attribution
from apps.annotations.pipeline.events_actors import Cast
from apps.annotations.pipeline.events_roles import antecedent, is_passive, preposed, subject
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.triggers import lemma
from apps.annotations.pipeline.types import Act, ClaimField


@dataclass(frozen=True, slots=True)
class Made:
    """The parts of a claim while it is read."""

    act: Act
    field: ClaimField
    value: str
    speaker: Token | None
    answers: bool = False  # it denies what somebody said just before, whatever that was


def read(verb: Token, cast: Cast) -> Made | None:
    """Return the claim that a verb makes; None for none."""
    return (
        _responsibility(verb)
        or _own_act(verb)
        or _declining(verb)
        or _accusation(verb, cast)
        or _denial(verb)
    )


def _responsibility(verb: Token) -> Made | None:
    """ "Claimed responsibility for", "claimed the attack"; "has not claimed responsibility" declines."""
    takes = lemma(verb) in {"claim", "take", "accept", "assume", "admit"}
    things = [c for c in verb.children if c.dep_ in {"dobj", "nsubjpass"}]
    if not takes or not any(_is_claimed(c, verb) for c in things):
        return None
    speaker = agent(verb)
    negated = any(c.dep_ == "neg" for c in verb.children) or (
        speaker is not None and speaker.lower_ in {"nobody", "none"}
    )
    negated = negated or (speaker is not None and any(c.lower_ == "no" for c in speaker.children))
    if negated:
        return Made("declines", "responsible", "", speaker)
    return Made("claims_responsibility", "responsible", "yes", speaker)


def _is_claimed(thing: Token, verb: Token) -> bool:
    if lemma(thing) in words("responsibility"):
        return True
    return lemma(verb) == "claim" and (
        lemma(thing) in words("denied_acts") - words("arms") or thing.lower_ == "it"
    )


def _own_act(verb: Token) -> Made | None:
    """ "Said it carried out the strikes", "claimed that it had blown up the trucks": the speaker's own act."""
    if verb.dep_ != "ccomp" or lemma(verb) not in words("performing"):
        return None
    speech = verb.head
    if lemma(speech) not in {"say", "claim", "admit", "announce", "acknowledge", "confirm"}:
        return None
    doer = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    unsure = {"neg"} & {c.dep_ for c in verb.children} or {
        c.lower_ for c in verb.children if c.dep_ == "aux"
    } & (words("future_modals") | words("uncertain_modals"))
    if doer is None or doer.lower_ not in {"it", "they", "he", "she", "we"} or unsure:
        return None
    if not _is_of_violence(verb):
        return None
    return Made("claims_responsibility", "responsible", "yes", agent(speech))


def _is_of_violence(verb: Token) -> bool:
    """The verb, or what it carries out, is an attack."""
    harm = words("performing") - {"carry", "conduct", "launch", "stage", "mount", "do", "commit"}
    below = {lemma(t) for t in verb.subtree}
    return (
        lemma(verb) in harm - {"blow"}
        or bool(below & words("denied_acts"))
        or (lemma(verb) == "blow" and "up" in {t.lower_ for t in verb.children})
    )


def agent(verb: Token) -> Token | None:
    """Return who does what the verb says, also of a passive."""
    if is_passive(verb):
        return next(iter(preposed(verb, ("by",), agent=True)), None)
    found = subject(verb)
    return antecedent(found) if found is not None else None


def _accusation(verb: Token, cast: Cast) -> Made | None:
    """ "Accused Iran of", "blamed militias for", "attributed it to", "said Iran was behind"."""
    base = lemma(verb)
    accused: Token | None = None
    if base in {"accuse", "blame", "implicate"}:
        accused = next((c for c in verb.children if c.dep_ in {"dobj", "nsubjpass"}), None)
        on = next(iter(preposed(verb, ("on",))), None)
        accused = on if base == "blame" and on is not None else accused
    elif base == "attribute":
        accused = next(iter(preposed(verb, ("to",))), None)
    elif base == "point" and any(lemma(c) == "finger" for c in verb.children):
        accused = next(iter(preposed(verb, ("at",))), None)
    elif (
        base == "be"
        and verb.dep_ == "ccomp"
        and any(c.lower_ in words("behind") for c in verb.children)
    ):
        return _said_to_be_behind(verb, cast)
    if accused is None:
        return None
    names = cast.resolve(accused, surface=False)
    if not names and (base == "accuse" or lemma(accused) in words("doers")):
        names = [accused.doc[accused.left_edge.i : accused.i + 1].text[:60]]
    if not names:
        return None  # "blamed the crash on an engine": nobody is accused
    deed = _deed(verb, accused)
    if deed is None or _is_attack(deed):
        return Made("accuses", "responsible", names[0], agent(verb))
    return Made("accuses", "other", _text(deed), agent(verb))


def _deed(verb: Token, accused: Token) -> Token | None:
    """Return what somebody is accused of: the phrase after "of" or "for"."""
    for holder in (verb, accused):
        for child in holder.children:
            if child.lower_ in {"of", "for"} and child.dep_ == "prep" and child.i > accused.i:
                return next((c for c in child.children if c.dep_ in {"pobj", "pcomp"}), None)
    return None


def _is_attack(deed: Token) -> bool:
    """The deed is an attack, not the intention of one: "of firing rockets", "for that attack"."""
    first = [deed, *(c for c in deed.children if c.dep_ == "compound")]
    if any({lemma(t), t.lower_} & words("intending") for t in first):
        return False
    acts = (
        words("denied_acts") | words("killed_verbs") | {"fire", "attack", "bomb", "board", "seize"}
    )
    return any({lemma(t), t.lower_} & acts for t in deed.subtree)


def _text(token: Token) -> str:
    doc = token.doc
    return doc[token.left_edge.i : token.right_edge.i + 1].text[:200]


def _said_to_be_behind(verb: Token, cast: Cast) -> Made | None:
    said = next(iter(attribution.chain(verb)), None)
    accused = subject(verb)
    if said is None or accused is None:
        return None
    names = cast.resolve(accused)
    if said.speaker is not None and names[:1] == cast.resolve(said.speaker)[:1]:
        return None
    if any(c.dep_ == "neg" for c in verb.children) or lemma(said.verb) in words("denying"):
        return None
    return Made("accuses", "responsible", names[0] if names else accused.text, said.speaker)


def _denial(verb: Token) -> Made | None:
    """ "Denied that it had carried out", "denied reports of"; "said it was not behind"."""
    base = lemma(verb)
    negated = any(c.dep_ == "neg" for c in verb.children)
    if base in {"deny", "dispute", "refute", "disavow"} and not negated:
        return _denied(verb)
    if base == "be" and negated and any(c.lower_ in words("behind") for c in verb.children):
        said = next(iter(attribution.chain(verb)), None)
        if said is not None:
            return Made("denies", "responsible", "no", said.speaker)
    return None


def _denied(verb: Token) -> Made:
    """Read from its complement what a denial is about."""
    below = [t for t in verb.subtree if t.i > verb.i]
    bases = {lemma(t) for t in below} | {t.lower_ for t in below}
    speaker = agent(verb)
    thing = next((c for c in verb.children if c.dep_ == "dobj"), None)
    if thing is not None and {lemma(thing), thing.lower_} & words("sayings"):
        if not bases & words("denied_acts"):
            return Made("denies", "other", "no", speaker, answers=True)
        return Made("denies", "occurrence", "no", speaker)
    performed = {lemma(t) for t in below if t.pos_ == "VERB"} & words("performing")
    if bases & words("wounded_verbs") and not performed:
        return Made("denies", "wounded", "no", speaker)
    if performed - {"hit", "strike", "do"} or bases & (words("involvement") | words("behind")):
        return Made("denies", "responsible", "no", speaker)
    if bases & words("denied_acts"):
        return Made("denies", "occurrence", "no", speaker)
    return Made("denies", "other", " ".join(t.text for t in below)[:200] or "no", speaker)


def _declining(verb: Token) -> Made | None:
    """ "Declined to comment", "did not confirm", "did not directly blame"."""
    below = {lemma(c) for c in verb.children if c.dep_ in {"xcomp", "dobj"}}
    if lemma(verb) in {"decline", "refuse"} and below & {
        "comment",
        "confirm",
        "say",
        "discuss",
        "elaborate",
        "specify",
        "identify",
    }:
        return Made("declines", "other", "", agent(verb))
    if lemma(verb) in {"confirm", "comment", "blame", "mention"} and _own_negation(verb):
        return Made(
            "declines", "responsible" if lemma(verb) == "blame" else "occurrence", "", agent(verb)
        )
    return None


def _own_negation(verb: Token) -> bool:
    """ "Did not blame", but not "not to mention"."""
    has_subject = any(c.dep_ == "nsubj" for c in verb.children)
    return has_subject and any(c.dep_ == "neg" for c in verb.children)
