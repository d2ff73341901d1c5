"""What rules an event out, whatever its score, and what makes a report too near it to be new. Plain.

`parts` are the likenesses that matching weighs, each 0 to 1, by name.
"""

from collections.abc import Mapping

from apps.core.plover import QUAD
from apps.events.alikeness import FAMILY, NEUTRAL, SAME_QUAD
from apps.events.comparing import OLDER
from apps.events.happenings import Known, Reported
from apps.events.wording import Report, words

Parts = Mapping[str, float]

# At another place it is then another event, unless the words are all the same.
ELSEWHERE, SAME_TALE = 0.5, 0.8
# Without a word in common it must be at the same place.
SAME_PLACE = 0.8
# Told as another kind of event, by common actors, it must at least share some words.
OTHER_KIND, LIKE_KIND, FEW_WORDS, SOME_WORDS = 0.85, 0.7, 0.2, 0.3
# Quad classes of words, and of deeds of conflict: a deed that is only feared or planned must share its words
# with what happened.
WORDS, DEEDS = (1, 3), 4
# What forgives days that disagree: rarity of a shared actor, likeness of both sides, of the words.
RARE, BOTH_SIDES, SAME_WORDS = 0.8, 0.9, 0.4
# One side may be misread where the other is this close.
ONE_SIDE = 0.8
# A report whose days overlap an event's by this much may be that event, misread.
NEAR_DAYS = 0.8
# Words that make up for another type, on the very day and by the same actor.
SURE_WORDS = 0.5


def is_another(parts: Parts) -> bool:
    """Tell whether it is another event, whatever the rest says."""
    if parts["days"] == 0 and not _forgiven(parts):
        return True
    if parts["type"] == 0:
        return not _surely(parts)
    if parts["words"] == 0 and parts["place"] < SAME_PLACE:
        return True
    # Two governments do many things to each other in a week: days and parties alone are not enough.
    if parts["type"] >= OTHER_KIND:
        return False
    if NEUTRAL in (parts["initiators"], parts["targets"]):
        return parts["words"] < (SOME_WORDS if _on_the_spot(parts) else SURE_WORDS)
    return parts["actors' rarity"] < RARE and parts["words"] < FEW_WORDS


def is_near(parts: Parts) -> bool:
    """Tell whether days and a party are the same, and the words, the place or the kind of event too."""
    party = max(parts["initiators"], parts["targets"])
    same_kind = parts["type"] >= OTHER_KIND and party >= BOTH_SIDES
    same_words = parts["words"] >= SURE_WORDS and party >= ONE_SIDE
    same_place = parts["place"] == 1 and parts["type"] >= SAME_QUAD and party >= ONE_SIDE
    told_alike = same_words or same_place or (same_kind and parts["words"] >= FEW_WORDS)
    return parts["days"] >= NEAR_DAYS and told_alike


def calls(said: Report, known: Known, parts: Parts) -> bool:
    """Tell whether the report has all words of one of the event's own names, in any order."""
    party = max(parts["initiators"], parts["targets"])
    if parts["type"] < SAME_QUAD or party < ONE_SIDE:
        return False
    return any(len(words(name)) > 1 and words(name) <= said.words for name in known.names)


def is_redated(parts: Parts) -> bool:
    """Tell whether only the day is another: both sides, the kind, a rare actor and the words are the same."""
    return parts["type"] >= OTHER_KIND and _forgiven(parts)


def told_apart(reported: Reported, known: Known) -> bool:
    """Tell whether both have their day, and another one: it takes more than a like tale to be the same."""
    days = reported.days
    if days is None or reported.assumed or days.precision != "day" or known.days.precision != "day":
        return False
    return days.gap(known.days) > 0


def is_marked(parts: Parts) -> bool:
    """Tell whether the kind of deed or a rare actor marks it as the same, although its day is another."""
    return parts["type"] >= FAMILY or parts["actors' rarity"] >= RARE


def is_of_others(parts: Parts) -> bool:
    """Tell whether it is between other parties: one side is another, and the rest does not make up for it."""
    if min(parts["initiators"], parts["targets"]) > 0:
        return False
    side = max(parts["initiators"], parts["targets"])
    like = side >= ONE_SIDE and parts["type"] >= OTHER_KIND and parts["words"] >= SAME_WORDS
    sure = side >= BOTH_SIDES and parts["days"] >= NEAR_DAYS and parts["words"] >= SAME_TALE
    return not (like or sure)


def is_another_deed(reported: Reported, known: Known, parts: Parts) -> bool:
    """Tell whether a deed of somebody named is another: at another place, or of one whose doer nobody knows.

    "Iran fired missiles" is not that week's rocket attack which nobody owned up to, unless the words say it is.
    """
    if not reported.initiators or not QUAD[reported.type] == QUAD[known.type] == DEEDS:
        return False
    if parts["place"] < ELSEWHERE and parts["words"] < SAME_WORDS:
        return True
    owned_now = not reported.alleged and not known.initiators
    return owned_now and parts["place"] < 1 and parts["words"] < SURE_WORDS


def is_loose_talk(reported: Reported, known: Known, parts: Parts) -> bool:
    """Tell whether two sayings have too little in common: one leaves a side out, and the words are others."""
    if QUAD[reported.type] not in WORDS or QUAD[known.type] not in WORDS:
        return False
    return NEUTRAL in (parts["initiators"], parts["targets"]) and parts["words"] < SOME_WORDS


def is_lost_in_time(parts: Parts) -> bool:
    """Tell whether too little speaks for an event where no day does: of another kind, or long ago."""
    rare, old = parts["actors' rarity"] >= RARE, parts["days"] == OLDER
    if parts["type"] < OTHER_KIND:
        alike = parts["type"] >= LIKE_KIND and parts["words"] >= SURE_WORDS
        return not alike or (old and not rare)
    sides = min(parts["initiators"], parts["targets"])
    return old and not rare and (sides < ONE_SIDE or parts["words"] < SOME_WORDS)


def _on_the_spot(parts: Parts) -> bool:
    """Tell whether the days, one side and the very place are the same."""
    side = max(parts["initiators"], parts["targets"])
    return parts["days"] >= NEAR_DAYS and side >= BOTH_SIDES and parts["place"] == 1


def _surely(parts: Parts) -> bool:
    """Tell whether day, an actor and the words leave no doubt, although the coder read another type."""
    return (
        parts["days"] == 1.0
        and max(parts["initiators"], parts["targets"]) >= BOTH_SIDES
        and parts["words"] >= SURE_WORDS
    )


def _forgiven(parts: Parts) -> bool:
    return (
        parts["actors' rarity"] >= RARE
        and min(parts["initiators"], parts["targets"]) >= BOTH_SIDES
        and parts["words"] >= SAME_WORDS
    )
