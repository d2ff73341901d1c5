"""Claims: who says what about a happening, for the claim ledger."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from apps.annotations.pipeline import attribution, claims_acts, claims_said, claims_tolls
from apps.annotations.pipeline.claims_acts import Made
from apps.annotations.pipeline.events import Coded
from apps.annotations.pipeline.events_actors import Cast
from apps.annotations.pipeline.events_roles import subject
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.parse import Parsed, clause
from apps.annotations.pipeline.story_kin import Kin
from apps.annotations.pipeline.triggers import lemma
from apps.annotations.pipeline.types import Act, ClaimField, CodedClaim, Span

_VIOLENT = frozenset({"ASSAULT", "COERCE", "PROTEST"})


@dataclass(slots=True)
class Found:
    """A claim and the event it is about: one of the same sentence, or the last one told of a kind."""

    claim: CodedClaim
    about: Coded | None
    sentence_index: int
    last_of: str | None = None  # "ASSAULT" or "ceasefire": told in an earlier sentence
    answers: bool = False  # it denies what was said just before


def find(
    parsed: Parsed, index: int, cast: Cast, coded: list[Coded], *, dated: bool = False
) -> list[Found]:
    """Return the claims of one sentence, at most one a verb; `dated`: the sentence names a day of its own."""
    found: list[Found] = []
    speaking: set[int] = set()
    for verb in parsed.doc:
        if verb.pos_ not in {"VERB", "AUX", "ADJ"}:
            continue
        made = claims_acts.read(verb, cast)
        speaker = _speaker(made.speaker, cast) if made is not None else None
        if made is not None and speaker:
            found.append(_found(parsed, index, speaker, made, verb, coded))
            speaking |= {verb.i, verb.head.i}
    told = [*_tolls(parsed, index, cast, coded), *_arrangements(parsed, index, cast, coded)]
    told += _threats(parsed, index, coded)
    found += _fresh([t for t in told if _is_somebody(t.claim.speaker, cast)], found)
    said = None if dated else claims_said.read(parsed, cast, coded)
    if said is not None and not found and said.verb.i not in speaking:
        claim = CodedClaim(parsed.sentence, said.speaker, "asserts", said.field, said.value, None)
        claim.earlier = _is_earlier(said.verb)
        found.append(Found(claim, None, index))
    return found


def settle(found: list[Found]) -> None:
    """Give denials of what was said just before ("and the group denied it") the field of that saying."""
    for at, one in enumerate(found):
        if not one.answers:
            continue
        for before in reversed(found[:at]):
            near = one.sentence_index - before.sentence_index <= 1
            if near and before.claim.act == "accuses" and before.claim.speaker != one.claim.speaker:
                one.claim.field = before.claim.field
                one.about, one.last_of = before.about, before.last_of
                break


def _speaker(token: Token | None, cast: Cast) -> str | None:
    """Who speaks: a known actor or a name; "country" and "officials" of nowhere are nobody's words."""
    names = cast.speaker(token) if token is not None else []
    return next((n for n in names if _is_somebody(n, cast)), None)


def _is_somebody(name: str, cast: Cast) -> bool:
    known = {m.actor for m in cast.by_token.values()} | {cast.before}
    return name in known or name[:1].isupper()


def subject_of(parsed: Parsed, cast: Cast) -> str | None:
    """Return the known actor that a sentence is about: its subject, for "it" in the next sentence."""
    root = next((t for t in parsed.doc if t.head.i == t.i), None)
    doer = subject(root) if root is not None else None
    if doer is None:
        return None
    if doer.lower_ in {"it", "they", "he", "she"} and not cast.resolve(doer, surface=False):
        return cast.before
    return next(iter(cast.resolve(cast.person_of(doer), surface=False)), None)


def own_side(coded: list[Coded], kin: Kin, found: list[Found], index: int) -> list[Found]:
    """Who says that his own side did it takes responsibility: "The Pentagon said its aircraft bombed ...".

    Returns the claims of the sentence with these; what they say more exactly is left out.
    """
    told = {f.about.group.main.token.i for f in found if f.about and f.claim.field == "responsible"}
    claims = []
    for one in coded:
        said, event = one.event.attribution, one.event
        if said is None or said.act != "asserts" or event.type != "ASSAULT":
            continue
        ours = any(d in kin.known and kin.related(said.speaker, d) for d in event.initiators)
        if ours and event.modality == "actual" and one.group.main.token.i not in told:
            claim = CodedClaim(
                event.sentence, said.speaker, "claims_responsibility", "responsible", "yes", None
            )
            claims.append(Found(claim, one, index))
    speakers = {c.claim.speaker for c in claims}
    plain = [f for f in found if f.claim.field != "other" or f.claim.speaker not in speakers]
    return [*plain, *claims]


def _found(
    parsed: Parsed, index: int, speaker: str, made: Made, verb: Token, coded: list[Coded]
) -> Found:
    below = {t.i for t in verb.subtree}
    near = [c for c in coded if c.group.main.token.i in below and c.group.main.token.i != verb.i]
    near = [c for c in near if c.event.type in _VIOLENT and _is_told(c, made.act)]
    if made.act == "claims_responsibility":
        near = [c for c in coded if verb.i in {t.token.i for t in c.group.members}] or near
    claim = CodedClaim(_span(parsed, verb), speaker, made.act, made.field, made.value, None)
    claim.earlier = _is_earlier(verb)
    if made.field == "other" or made.answers or _is_vague(made, verb):
        return Found(claim, None, index, answers=made.answers)
    return Found(claim, near[0] if near else None, index, None if near else "ASSAULT")


def _is_vague(made: Made, verb: Token) -> bool:
    """ "Did not confirm the threat": no attack is named, so none is meant for certain."""
    named = {lemma(t) for t in verb.subtree} & (
        words("denied_acts") | words("responsibility") | {"it"}
    )
    return made.act == "declines" and not named


def _is_earlier(verb: Token) -> bool:
    """ "Had first said", "at first spoke of": what the speaker said before, not what he says now."""
    below = [t for t in verb.children if t.dep_ in {"advmod", "prep"}]
    inner = {t.lower_ for b in below for t in (b, *b.children)}
    return bool(inner & words("at_first"))


def _is_told(coded: Coded, act: Act) -> bool:
    """A definite happening in a denial was told before: the earlier mention is the better address."""
    return not (act in {"denies", "claims_responsibility"} and coded.is_definite)


def _fresh(told: list[Found], known: list[Found]) -> list[Found]:
    """Leave out what is there already: the same speaker, field and value in the same sentence."""
    seen = {(f.claim.speaker, f.claim.field, f.claim.value) for f in known}
    kept = []
    for one in told:
        key = (one.claim.speaker, one.claim.field, one.claim.value)
        if key not in seen:
            seen.add(key)
            kept.append(one)
    return kept


def _tolls(parsed: Parsed, index: int, cast: Cast, coded: list[Coded]) -> Iterator[Found]:
    """Numbers of killed and wounded that somebody tells."""
    for one in coded:
        said = one.event.attribution
        if said is not None and said.act == "asserts":
            yield from _toll(
                parsed,
                index,
                one.group.main.token,
                said.speaker,
                one.event.killed,
                one.event.wounded,
                one,
            )
    for told in claims_tolls.find(parsed.doc, cast):
        about = _attack_of(told.token, coded)
        yield from _toll(parsed, index, told.token, told.speaker, told.killed, told.wounded, about)


def _toll(
    parsed: Parsed,
    index: int,
    token: Token,
    speaker: str,
    killed: int | None,
    wounded: int | None,
    about: Coded | None,
) -> Iterator[Found]:
    """Claims of the numbers that are told; about the last attack where the sentence has none."""
    said = next(iter(attribution.chain(token)), None)
    pairs: tuple[tuple[ClaimField, int | None], ...] = (("killed", killed), ("wounded", wounded))
    for field, value in pairs:
        if value is not None:
            claim = CodedClaim(parsed.sentence, speaker, "asserts", field, str(value), None)
            claim.earlier = _is_earlier(said.verb if said is not None else token)
            yield Found(claim, about, index, None if about else "ASSAULT")


def _attack_of(token: Token, coded: list[Coded]) -> Coded | None:
    """The attack whose words tell a toll, else a definite one of the sentence ("after the attack on X")."""
    attacks = [c for c in coded if c.event.type == "ASSAULT" and c.event.modality == "actual"]
    own = [c for c in attacks if token.i in {t.token.i for t in c.group.members}]
    return next(iter(own or [c for c in attacks if c.is_definite or c.group.main.is_noun]), None)


def _threats(parsed: Parsed, index: int, coded: list[Coded]) -> Iterator[Found]:
    """What a threat says; whether it is an event of its own is for the matching to tell."""
    for one in coded:
        if one.event.type == "THREATEN" and one.event.modality == "actual" and one.event.initiators:
            doc = parsed.doc
            token = one.group.main.token
            value = doc[token.i : token.right_edge.i + 1].text[:200]
            span = _span(parsed, token)
            speaker = one.event.initiators[0]
            yield Found(CodedClaim(span, speaker, "asserts", "other", value, None), one, index)


def _arrangements(parsed: Parsed, index: int, cast: Cast, coded: list[Coded]) -> Iterator[Found]:
    """Attributed clauses that say whether an arrangement holds."""
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


def _span(parsed: Parsed, verb: Token) -> Span:
    """The clause that makes the claim; of the sentence's main verb the whole sentence."""
    if verb.dep_ in {"ROOT", "ccomp", "relcl"} or verb.head.i == verb.i:
        return parsed.sentence
    inside = sorted(t.i for t in verb.subtree if t.pos_ != "PUNCT")
    return parsed.span(parsed.doc[inside[0]], parsed.doc[inside[-1]])
