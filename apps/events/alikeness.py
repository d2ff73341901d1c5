"""How alike two codings of an event are: PLOVER types that reporters and coders mix up. Plain."""

from collections.abc import Mapping

from apps.core.plover import QUAD

# Modes of one family are told in each other's words: a drone strike is an air strike.
_FAMILIES = (
    {"aerial", "drone", "heavy-weapons", "targeted"},
    {"explosives", "suicide-attack", "targeted", "unconventional"},
    {"beat", "torture", "sexual", "abduct", "firearms", "primitive", "crowd-control"},
    {"troops", "weapons", "militia", "police"},
    {"change", "yield", "assist", "meet"},
)
# Told as one kind of saying, an event of another kind must share its speaker and this much of its words.
_SAYINGS = frozenset({"ACCUSE", "REJECT", "THREATEN"})
_SAID_ALIKE, _ITS_SPEAKER, _DONE_ALIKE = 0.5, 0.9, 0.8
# What one party says is not what another under the same roof says.
_SPEAKS_FOR = 0.7
# How alike what is compared with nothing is: silence speaks neither for nor against.
NEUTRAL = 0.5
SAME, FAMILY, OTHER_MODE = 1.0, 0.95, 0.85
# A truce is agreed to, conceded or a laying down of arms, as the coder sees it.
_TRUCE, _TRUCE_TYPES = 0.85, {"AGREE", "CONCEDE"}

# Pairs that one happening is often coded as; what is not listed goes by quad class.
_PAIRS = {
    frozenset(pair): value
    for value, pairs in {
        0.7: [
            ("SANCTION", "COERCE"),
            ("THREATEN", "REJECT"),
            ("THREATEN", "ACCUSE"),
            ("THREATEN", "REQUEST"),
            ("REJECT", "ACCUSE"),
            ("AGREE", "CONCEDE"),
            ("AGREE", "CONSULT"),
            ("AGREE", "COOPERATE"),
            ("REQUEST", "CONSULT"),
            ("RETREAT", "CONCEDE"),
        ],
        0.5: [
            ("RETREAT", "REJECT"),  # leaving an accord
            ("SANCTION", "REJECT"),
            ("RETREAT", "AGREE"),  # a truce
            ("THREATEN", "MOBILIZE"),
            ("COERCE", "ASSAULT"),
            ("COERCE", "RETREAT"),  # made to go
            ("PROTEST", "ASSAULT"),
            ("REJECT", "REQUEST"),
            ("COOPERATE", "SUPPORT"),
        ],
    }.items()
    for pair in pairs
}
# Of one quad class; both words; words and deeds of conflict; nothing in common.
SAME_QUAD, _WORDS, _CONFLICT, _APART = 0.5, 0.25, 0.1, 0.0


def type_likeness(type_: str, mode: str, other_type: str, other_mode: str) -> float:
    """Return how alike two codings are, 0 to 1."""
    if type_ == other_type:
        return _mode_likeness(mode, other_mode)
    if _is_truce(type_, mode, other_type) or _is_truce(other_type, other_mode, type_):
        return _TRUCE
    listed = _PAIRS.get(frozenset((type_, other_type)))
    if listed is not None:
        return listed
    one, other = QUAD[type_], QUAD[other_type]
    if one == other:
        return SAME_QUAD
    if {one, other} == {1, 3}:
        return _WORDS
    return _CONFLICT if min(one, other) > 2 else _APART


def _is_truce(type_: str, mode: str, other_type: str) -> bool:
    return (type_, mode) == ("RETREAT", "ceasefire") and other_type in _TRUCE_TYPES


def _mode_likeness(mode: str, other: str) -> float:
    if mode == other or not mode or not other:
        return SAME
    return FAMILY if any({mode, other} <= family for family in _FAMILIES) else OTHER_MODE


def is_another_saying(said: str, known: str, parts: Mapping[str, float]) -> bool:
    """Tell whether a saying is not the known event of another type: it takes the speaker and its words.

    `parts` are the other likenesses ("words", "initiators"), 0 to 1.
    """
    if said not in _SAYINGS:
        return False
    if said == known:
        return parts["initiators"] != NEUTRAL and parts["initiators"] < _SPEAKS_FOR
    if known in _SAYINGS:
        return parts["words"] < _SAID_ALIKE or parts["initiators"] < _ITS_SPEAKER
    return parts["words"] < _DONE_ALIKE
