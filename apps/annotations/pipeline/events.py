"""Coded events of one sentence: triggers, who did it to whom, when, where, how badly, who says so."""

from dataclasses import dataclass, field
from datetime import date

from spacy.tokens import Token

from apps.annotations.pipeline import (
    attribution,
    casualties,
    events_groups,
    events_sides,
    events_when,
    events_where,
    modality,
)
from apps.annotations.pipeline.events_actors import Cast
from apps.annotations.pipeline.events_groups import Group
from apps.annotations.pipeline.events_roles import initiators, is_symmetric
from apps.annotations.pipeline.events_targets import Candidate, targets
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.parse import Parsed
from apps.annotations.pipeline.triggers import Trigger, lemma
from apps.annotations.pipeline.types import CodedEvent, DateMention, PlaceMention

_MOST_ACTORS = 6
# "After he delivered the message": what such clauses tell is taken as known.
_GIVEN = frozenset({"after", "when", "since"})
# Acts that are done by saying so.
_DECLARED = frozenset({"COERCE", "SANCTION", "RETREAT", "MOBILIZE"})


@dataclass(slots=True)
class Coded:
    """A coded event with what later stages need to know of its words."""

    event: CodedEvent
    group: Group
    parsed: Parsed
    sentence_index: int
    is_definite: bool = False  # "the attack": a happening the reader knows
    points_back: bool = False  # "the attack" with nothing else: told just before
    is_new: bool = False  # "a barrage", "frequent attacks": a happening not told before
    is_collective: bool = False  # "attacks", "nine attacks": several happenings in one word
    after: int | None = None  # token of the event in the same sentence that came hours before
    why: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The dates and places of the article, and the day it was published."""

    dates: list[DateMention]
    places: list[PlaceMention]
    published: date | None


def code(parsed: Parsed, index: int, cast: Cast, around: Surroundings) -> list[Coded]:
    """Return the events that a parsed sentence tells, in the order of their words."""
    found = []
    groups = events_groups.of(parsed.doc)
    for group in groups:
        others = frozenset(t.token.i for g in groups if g is not group for t in g.members)
        coded = _one(parsed, index, cast, around, group, others)
        if _is_worth_keeping(coded):
            found.append(coded)
    return found


def _one(
    parsed: Parsed,
    index: int,
    cast: Cast,
    around: Surroundings,
    group: Group,
    others: frozenset[int],
) -> Coded:
    main = group.main
    doers = _names(cast, [Candidate(w) for t in group.doers for w in initiators(t)], clauses=False)
    done_to = [
        n for n in _names(cast, [w for t in group.members for w in targets(t)]) if n not in doers
    ]
    if is_symmetric(main.type) and len(doers) > 1 and not done_to:
        doers, done_to = doers[:1], doers[1:]
    if main.type in words("speech_types"):
        doers = doers or events_sides.speaker(group, cast)
        if doers and not _is_aimed(main, done_to, doers, cast):
            done_to = events_sides.meant(group, cast, doers) or done_to
    mood, sign = modality.of(main)
    tokens = events_groups.tokens(group)
    when, how = events_when.date_of(parsed, group, tokens, around.dates, around.published, others)
    toll = (
        casualties.of(tokens)
        if main.type in {"ASSAULT", "PROTEST", "COERCE"}
        else casualties.Toll()
    )
    said = attribution.of(main.token, cast)
    if not doers and said is not None and _is_performed(main):
        doers = [said.speaker]
    event = CodedEvent(
        sentence=parsed.sentence,
        trigger=parsed.span(main.token),
        type=main.type,
        mode=group.mode,
        modality=mood,
        initiators=doers[:_MOST_ACTORS],
        targets=done_to[:_MOST_ACTORS],
        place=events_where.place_of(parsed, group, tokens, cast.places),
        date=when,
        killed=toll.killed,
        wounded=toll.wounded,
        attribution=said,
    )
    event.confidence = _confidence(event, group, cast)
    event.why = "; ".join(
        p for p in [_because(group), how, sign and f'{mood} because of "{sign}"'] if p
    )
    coded = Coded(event, group, parsed, index, after=events_when.hours_after(main.token))
    _note_article(coded)
    return coded


def _is_aimed(main: Trigger, names: list[str], doers: list[str], cast: Cast) -> bool:
    """Somebody known is spoken to or of; who threatens that his own troops will act does not threaten them."""
    known = [n for n in names if n in {m.actor for m in cast.by_token.values()}]
    return any(main.type != "THREATEN" or cast.is_foreign(n, doers) for n in known)


def _is_performed(main: Trigger) -> bool:
    """ "Declared that sanctions were back in force": who declares such an act does it."""
    if main.type not in _DECLARED or main.is_noun:
        return False
    told = attribution.chain(main.token)
    return bool(told) and lemma(told[0].verb) in {"declare", "announce", "decree"}


def _note_article(coded: Coded) -> None:
    """Read from the article of the event noun (or of the means) whether the happening is new to the reader."""
    main = coded.group.main
    if any(c.lower_ in _GIVEN for c in main.token.children if c.dep_ == "mark"):
        coded.is_definite = coded.points_back = True
    noun = (
        main.token
        if main.is_noun
        else next((c for c in main.token.children if c.dep_ == "nsubjpass"), None)
    )
    if not main.is_noun and lemma(main.token) in words("killed_verbs") | words("wounded_verbs"):
        return  # the victims are new, not the attack
    if noun is None:
        return
    before = {c.lower_ for c in noun.children if c.dep_ == "det"}
    owned = any(c.dep_ == "poss" for c in noun.children)
    coded.is_definite = coded.is_definite or (
        main.is_noun and bool(before & {"the", "this", "that", "these", "those"})
    )
    bare = all(
        c.dep_ in {"det", "punct"} or lemma(c) in words("instruments")
        for c in noun.children
        if c.i < noun.i
    ) and not any(c.lower_ == "of" for c in noun.children)
    coded.points_back = coded.points_back or (main.is_noun and coded.is_definite and bare)
    plural_or_indefinite = bool(before & {"a", "an", "another"}) or (
        noun.tag_ == "NNS" and not before
    )
    coded.is_new = plural_or_indefinite and not owned
    coded.is_collective = main.is_noun and noun.tag_ == "NNS" and not coded.is_definite


def _names(cast: Cast, candidates: list[Candidate], *, clauses: bool = True) -> list[str]:
    """Known actors of the nearest word that has one; else of the next; surfaces only where nobody is known."""
    for one in candidates:
        known = cast.resolve(one.token, surface=False, clauses=clauses)
        if known:
            return known
    for one in candidates:
        if one.token.pos_ == "PRON" and (speaker := _speaker_meant(one.token, cast)):
            return speaker
    for one in candidates:
        if (
            one.direct
            and one.token.pos_ in {"NOUN", "PROPN"}
            and (clauses or (_can_act(one.token) and one.token.i not in cast.places))
            and (named := cast.resolve(one.token, clauses=clauses))
        ):
            return named
    return []


def _can_act(token: Token) -> bool:
    """A name, or a noun of people: planning, hours and convoys do nothing."""
    return token.pos_ == "PROPN" or lemma(token) in words("doers")


def _speaker_meant(pronoun: Token, cast: Cast) -> list[str]:
    """ "It admitted that it shot down": a pronoun at the head of a reported clause means the speaker."""
    if pronoun.lower_ not in {"he", "she", "it", "they", "we", "i"} or pronoun.dep_ != "nsubj":
        return []
    said = next(iter(attribution.chain(pronoun.head)), None)
    if said is None or said.speaker is None or said.speaker.i == pronoun.i:
        return []
    return cast.resolve(cast.person_of(said.speaker), surface=False, clauses=False)


def _because(group: Group) -> str:
    told = ", ".join(f'"{t.token.text}" ({t.pattern.source})' for t in group.members)
    return f"{group.main.type} from {told}"


def _confidence(event: CodedEvent, group: Group, cast: Cast) -> float:
    """A first estimate from how much of the event the text gives; calibrated by the benchmark later."""
    known = {m.actor for m in cast.by_token.values() if m.actor}
    value = 0.35 + 0.1 * min(group.main.pattern.weight[0], 2)
    value += 0.12 * any(a in known for a in event.initiators)
    value += 0.1 * any(a in known for a in event.targets)
    value += 0.08 * (event.date is not None) + 0.05 * (len(group.members) > 1)
    value -= 0.1 * (group.main.is_noun and not event.initiators and not event.targets)
    value -= 0.1 * (event.modality != "actual")
    if lemma(group.main.token) in words("weak_triggers"):
        value -= 0.2
    return round(min(max(value, 0.05), 0.95), 2)


def _is_worth_keeping(coded: Coded) -> bool:
    """An event needs somebody; violence may go without, since its doer is often unknown."""
    event = coded.event
    if event.type == "ASSAULT":
        return bool(
            event.initiators
            or event.targets
            or event.killed is not None
            or event.wounded is not None
            or event.place
            or coded.is_definite
        )
    if event.mode == "ceasefire":
        return True
    if lemma(coded.group.main.token) in words("weak_triggers"):
        return bool(event.initiators and event.targets)
    return bool(event.initiators or event.targets)
