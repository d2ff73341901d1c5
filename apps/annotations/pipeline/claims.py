"""Claims: who says what about a happening, for the claim ledger."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from apps.annotations.pipeline import attribution
from apps.annotations.pipeline.events import Coded
from apps.annotations.pipeline.events_actors import Cast
from apps.annotations.pipeline.events_roles import antecedent, is_passive, preposed, subject
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.parse import Parsed, clause
from apps.annotations.pipeline.triggers import lemma
from apps.annotations.pipeline.types import Act, ClaimField, CodedClaim, Span


@dataclass(slots=True)
class Found:
    """A claim and the event it is about: one of the same sentence, or the last one told of a kind."""

    claim: CodedClaim
    about: Coded | None
    sentence_index: int
    last_of: str | None = None  # "ASSAULT" or "ceasefire": told in an earlier sentence


def find(parsed: Parsed, index: int, cast: Cast, coded: list[Coded]) -> list[Found]:
    """Return the claims of one sentence, at most one a verb."""
    found: list[Found] = []
    for verb in parsed.doc:
        if verb.pos_ not in {"VERB", "AUX", "ADJ"}:
            continue
        made = _responsibility(verb) or _declining(verb) or _accusation(verb, cast) or _denial(verb)
        if made is None:
            continue
        speaker = _speaker(made.speaker, cast)
        if speaker:
            found.append(_found(parsed, index, speaker, made, verb, coded))
    done = {f.about.group.main.token.i for f in found if f.about is not None}
    found += _statements(parsed, index, cast, coded, done)
    return found


@dataclass(frozen=True, slots=True)
class _Made:
    """The parts of a claim while it is read."""

    act: Act
    field: ClaimField
    value: str
    speaker: Token | None


def _responsibility(verb: Token) -> _Made | None:
    """ "Claimed responsibility for", "took credit for"; "has not claimed responsibility" declines."""
    takes = lemma(verb) in {"claim", "take", "accept", "assume", "admit"}
    thing = next(
        (
            c
            for c in verb.children
            if c.dep_ in {"dobj", "nsubjpass"} and lemma(c) in words("responsibility")
        ),
        None,
    )
    if not takes or thing is None:
        return None
    speaker = _agent(verb)
    negated = any(c.dep_ == "neg" for c in verb.children) or (
        speaker is not None and speaker.lower_ in {"nobody", "none"}
    )
    negated = negated or (speaker is not None and any(c.lower_ == "no" for c in speaker.children))
    if negated:
        return _Made("declines", "responsible", "", speaker)
    return _Made("claims_responsibility", "responsible", "yes", speaker)


def _agent(verb: Token) -> Token | None:
    if is_passive(verb):
        return next(iter(preposed(verb, ("by",), agent=True)), None)
    found = subject(verb)
    return antecedent(found) if found is not None else None


def _accusation(verb: Token, cast: Cast) -> _Made | None:
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
    names = cast.resolve(accused, surface=False) if accused is not None else []
    if not names:
        return None  # "blamed the crash on an engine": nobody is accused
    return _Made("accuses", "responsible", names[0], _agent(verb))


def _said_to_be_behind(verb: Token, cast: Cast) -> _Made | None:
    said = next(iter(attribution.chain(verb)), None)
    accused = subject(verb)
    if said is None or accused is None:
        return None
    names = cast.resolve(accused)
    if said.speaker is not None and names[:1] == cast.resolve(said.speaker)[:1]:
        return None
    if any(c.dep_ == "neg" for c in verb.children) or lemma(said.verb) in words("denying"):
        return None
    return _Made("accuses", "responsible", names[0] if names else accused.text, said.speaker)


def _denial(verb: Token) -> _Made | None:
    """ "Denied that it had carried out", "denied reports of"; "said it was not behind"."""
    base = lemma(verb)
    if base in {"deny", "dispute", "refute", "disavow"} and not any(
        c.dep_ == "neg" for c in verb.children
    ):
        below = [t for t in verb.subtree if t.i > verb.i]
        performed = {lemma(t) for t in below if t.pos_ == "VERB"} & words("performing")
        own_act = performed | ({lemma(t) for t in below} & (words("involvement") | words("behind")))
        return _Made("denies", "responsible" if own_act else "occurrence", "no", _agent(verb))
    if (
        base == "be"
        and any(c.dep_ == "neg" for c in verb.children)
        and any(c.lower_ in words("behind") for c in verb.children)
    ):
        said = next(iter(attribution.chain(verb)), None)
        if said is not None:
            return _Made("denies", "responsible", "no", said.speaker)
    return None


def _declining(verb: Token) -> _Made | None:
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
        return _Made("declines", "other", "", _agent(verb))
    if lemma(verb) in {"confirm", "comment", "blame", "mention"} and _own_negation(verb):
        return _Made(
            "declines", "responsible" if lemma(verb) == "blame" else "occurrence", "", _agent(verb)
        )
    return None


def _own_negation(verb: Token) -> bool:
    """ "Did not blame", but not "not to mention"."""
    has_subject = any(c.dep_ == "nsubj" for c in verb.children)
    return has_subject and any(c.dep_ == "neg" for c in verb.children)


def _speaker(token: Token | None, cast: Cast) -> str | None:
    if token is None:
        return None
    names = cast.resolve(cast.person_of(token))
    return names[0] if names else None


def _found(
    parsed: Parsed, index: int, speaker: str, made: _Made, verb: Token, coded: list[Coded]
) -> Found:
    below = {t.i for t in verb.subtree}
    near = [c for c in coded if c.group.main.token.i in below and c.group.main.token.i != verb.i]
    near = [
        c
        for c in near
        if c.event.type in {"ASSAULT", "COERCE", "PROTEST"} and _is_told(c, made.act)
    ]
    claim = CodedClaim(_span(parsed, verb), speaker, made.act, made.field, made.value, None)
    return Found(claim, near[0] if near else None, index, None if near else "ASSAULT")


def _is_told(coded: Coded, act: Act) -> bool:
    """A definite happening in a denial was told before: the earlier mention is the better address."""
    return not (act in {"denies", "claims_responsibility"} and coded.is_definite)


def _span(parsed: Parsed, verb: Token) -> Span:
    """The clause that makes the claim; of the sentence's main verb the whole sentence."""
    if verb.dep_ in {"ROOT", "ccomp", "relcl"} or verb.head.i == verb.i:
        return parsed.sentence
    inside = sorted(t.i for t in verb.subtree if t.pos_ != "PUNCT")
    return parsed.span(parsed.doc[inside[0]], parsed.doc[inside[-1]])


def _statements(
    parsed: Parsed, index: int, cast: Cast, coded: list[Coded], done: set[int]
) -> Iterator[Found]:
    """Attributed clauses that give a toll, or say whether an arrangement holds."""
    for one in coded:
        said = one.event.attribution
        if said is None or one.group.main.token.i in done or said.act != "asserts":
            continue
        for name, value in (("killed", one.event.killed), ("wounded", one.event.wounded)):
            if value is not None:
                field: ClaimField = "killed" if name == "killed" else "wounded"
                yield Found(
                    CodedClaim(parsed.sentence, said.speaker, "asserts", field, str(value), None),
                    one,
                    index,
                )
    for noun in parsed.doc:
        if lemma(noun) in words("arrangements") and noun.dep_ in {"nsubj", "nsubjpass"}:
            holds = _holds(noun)
            said = attribution.of(noun.head, cast)
            if holds is not None and said is not None:
                about = next((c for c in coded if c.group.main.token.i == noun.i), None)
                claim = CodedClaim(
                    _clause_of(parsed, noun),
                    said.speaker,
                    "asserts",
                    "arrangement_holds",
                    holds,
                    None,
                )
                yield Found(claim, about, index, None if about else "ceasefire")


def _holds(noun: Token) -> str | None:
    """Tell whether the clause says that the arrangement stands ("yes") or is over ("no")."""
    verb = noun.head
    negated = any(c.dep_ == "neg" for c in verb.children) or any(
        c.lower_ == "longer" for c in verb.subtree
    )
    near = {lemma(t) for t in clause(verb) if t.i > noun.i} | {t.lower_ for t in verb.children}
    if lemma(verb) in words("ended") or near & words("ended_words"):
        return "yes" if negated else "no"
    if lemma(verb) in words("holding") or near & words("holding_words"):
        return "no" if negated else "yes"
    return None


def _clause_of(parsed: Parsed, noun: Token) -> Span:
    """The speech verb's clause that holds the statement."""
    said = next(iter(attribution.chain(noun.head)), None)
    return _span(parsed, said.verb) if said is not None else parsed.sentence
