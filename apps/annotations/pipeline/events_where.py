"""Where: the place that belongs to a happening."""

from spacy.tokens import Token

from apps.annotations.pipeline.events_groups import Group
from apps.annotations.pipeline.events_targets import targets
from apps.annotations.pipeline.parse import Parsed
from apps.annotations.pipeline.types import PlaceMention

_AT = frozenset(
    ["in", "at", "near", "on", "outside", "inside", "around", "across", "into", "by", "within"]
)
_SIDES = frozenset(
    ["north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest"]
)
_PARTS = frozenset(["compound", "poss", "appos", "amod", "nmod"])
# Types whose target can be a place: a base that is hit, handed over, reinforced.
_AIMED = frozenset(["ASSAULT", "RETREAT", "MOBILIZE", "COERCE", "PROTEST"])


def place_of(
    parsed: Parsed, group: Group, tokens: list[Token], places: dict[int, PlaceMention]
) -> str | None:
    """Return the id or surface of the place of a happening: what is hit, else "in", "at", "near" what.

    `places` are the sentence's places by token; a known place counts before any other, "the Taji attack"
    before "in Iraq", "Baghdad's Green Zone" is the zone.
    """
    if not places:
        return None
    hit = (
        {c.token.i for t in group.members for c in targets(t)}
        if group.main.type in _AIMED
        else set()
    )
    own = {t.token.i for t in group.members if t.is_noun}
    verbs = (
        {t.token.i for t in group.members if not t.is_noun} if group.main.type in _AIMED else set()
    )
    best: tuple[int, str] | None = None
    for token in tokens:
        here = places.get(token.i)
        if here is None or token.dep_ not in {
            *_PARTS,
            "pobj",
            "dobj",
            "nsubj",
            "nsubjpass",
            "conj",
        }:
            continue
        rank = _rank(token, hit, own, verbs)
        if rank is None:
            continue
        rank += 0 if here.place else 4
        if best is None or rank < best[0]:
            best = (rank, here.place or here.surface)
    return best[1] if best is not None else None


def _rank(token: Token, hit: set[int], own: set[int], verbs: set[int]) -> int | None:
    """How surely a place word says where: hit itself, part of the event's name, after "in"; None: not."""
    part, top = 0, token
    while top.dep_ in _PARTS and top.i not in hit:
        if top.head.i in own and top.dep_ in {"compound", "nmod"}:
            return 0
        part += top.dep_ == "poss"
        top = top.head
    if top.i in hit:
        return part
    if top.dep_ == "conj" and top.head.i in hit:
        return 1 + part
    if top.dep_ in {"dobj", "nsubjpass"} and top.head.i in verbs:
        return part
    if top.dep_ != "pobj":
        return None
    prep = top.head
    part_of = prep.lower_ == "of" and (prep.head.lower_ in _SIDES or prep.head.i in hit)
    if prep.lower_ in _AT or part_of:
        return 1 + part
    return None
