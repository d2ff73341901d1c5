"""Which known event a story event is: scored and explained. Plain: values in, values out.

Eight things are compared, each from 0 to 1, and weighed (`WEIGHTS`): days, type and mode, who did it, to
whom, how rarely those actors appear, words, place and toll. What a report does not say counts as `NEUTRAL`,
so that silence neither makes nor breaks a match. Ruled out is an event that began after the report was
published, of another kind (help is no attack), between other parties, or on other days: days that disagree
by little are forgiven where an actor who is in hardly any other event and the words speak for it.

`attach()` answers with the best event where its score reaches `THRESHOLD` (`UNDATED` where the report names
no day, because then the day cannot speak against it). A report that names no day or only a month or year,
and fits two events within `MARGIN`, comes back with the rivals: it belongs to none of them for certain
("frequent attacks in recent months").

The numbers were set on the seed article's gold annotation: its single events lie between 0.63 and 0.93.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from apps.core.plover import QUAD
from apps.events.alikeness import FAMILY, NEUTRAL, SAME_QUAD, is_another_saying, type_likeness
from apps.events.happenings import Days, Known, Reported
from apps.events.kinship import Kinship
from apps.events.wording import Counts, Report, likeness, names_in, words

WEIGHTS = {
    "days": 0.27,
    "type": 0.16,
    "initiators": 0.13,
    "targets": 0.13,
    "actors' rarity": 0.08,
    "words": 0.16,
    "place": 0.04,
    "toll": 0.03,
}
# Where a report tells no day, its words must say which event it is.
DAYLESS = {
    "days": 0.10,
    "type": 0.16,
    "initiators": 0.16,
    "targets": 0.16,
    "actors' rarity": 0.10,
    "words": 0.26,
    "place": 0.04,
    "toll": 0.02,
}
# Where a report names nobody, its place says which event it is: it has the weight of the actors.
NAMELESS = WEIGHTS | {"initiators": 0.06, "targets": 0.06, "actors' rarity": 0.0, "place": 0.26}
# At another place it is then another event, unless the words are all the same.
ELSEWHERE, SAME_TALE = 0.5, 0.8
THRESHOLD = 0.62
UNDATED = 0.63
# Two events that both stand: a merge is proposed from here on.
MERGE = 0.75
MARGIN = 0.05
# An event's own name in the sentence ("the embassy storming") speaks for it.
NAMED = 0.1

# Without a word in common it must be at the same place.
SAME_PLACE = 0.8
# Told as another kind of event, by common actors, it must at least share some words.
OTHER_KIND, LIKE_KIND, FEW_WORDS, SOME_WORDS = 0.85, 0.7, 0.2, 0.3

# Quad class of deeds of conflict: one that is only feared or planned must share its words with what happened.
_DEEDS = 4
# Days a report may be off by precision: whose midnight it is, which end of the week is meant.
SLACK = {"day": 1, "week": 3, "month": 10, "year": 31}
# Days beyond the slack disagree and count 0; beyond this many more the event is ruled out.
FAR = 10
# What forgives days that disagree: rarity of a shared actor, likeness of both sides, of the words.
RARE, BOTH_SIDES, SAME_WORDS = 0.8, 0.9, 0.4
# One side may be misread where the other is this close.
ONE_SIDE = 0.8
# A report whose days overlap an event's by this much may be that event, misread.
NEAR_DAYS = 0.8
# Words that make up for another type, on the very day and by the same actor.
SURE_WORDS = 0.5
# How well an interval of this precision pins an event down when the two overlap.
PINNED = {"day": 1.0, "week": 0.95, "month": 0.8, "year": 0.65}
# An event that began after the report's day, if only by a time zone, is seldom the one it tells.
AHEAD = 0.6
# An undated report leans to what happened just before it was published.
RECENT_DAYS, RECENT, OLDER = 21, 0.6, 0.4


@dataclass(frozen=True, slots=True)
class Match:
    """A known event with its score, 0 to 1, and what it was made of."""

    known: Known
    score: float
    parts: dict[str, float] = field(default_factory=dict)
    rivals: tuple[str, ...] = ()  # labels of events that fit as well
    dayless: bool = False  # no day that the report tells speaks for it

    @property
    def fits(self) -> bool:
        """Tell whether it is enough to say that the report is about the event."""
        return self.score >= self.least

    @property
    def least(self) -> float:
        """The score that is enough."""
        return UNDATED if self.dayless else THRESHOLD

    @property
    def why(self) -> str:
        """The score in words, strongest part first."""
        parts = sorted(self.parts.items(), key=lambda part: -part[1])
        listed = ", ".join(f"{name} {value:.2f}" for name, value in parts)
        return f"Matches {self.known.label} with {self.score:.2f} ({listed})"

    @property
    def ambiguity(self) -> str:
        """Why it is attached to none of the events that it fits; empty where it fits one."""
        if not self.rivals:
            return ""
        several = ", ".join((self.known.label, *self.rivals))
        return f"fits several events alike, and tells no day: {several}"

    @property
    def proposes_merge(self) -> bool:
        """Tell whether two events that stand look so much the same that an editor should merge them."""
        return self.known.standing and self.score >= MERGE


class Matcher:
    """Known events, prepared once and asked for many reports."""

    def __init__(self, known: Iterable[Known], kinship: Kinship, counts: Counts) -> None:
        """Take the known events, how actors belong together, and how rare words and actors are."""
        self._known = [(event, words(event.text)) for event in known]
        self._kinship = kinship
        self._counts = counts

    def ranked(self, reported: Reported, limit: int = 3) -> list[Match]:
        """Return the best events that are not ruled out, best first; equal scores in order of their days."""
        said = Report(reported.text)
        compared = (self._compare(reported, said, known, has) for known, has in self._known)
        matches = [match for match in compared if match is not None]
        matches.sort(key=lambda m: (-m.score, m.known.days.start, m.known.label))
        return matches[:limit]

    def attach(self, reported: Reported) -> Match | None:
        """Return the event the report is about, with its rivals where it is not the only one; else None."""
        matches = [match for match in self.ranked(reported, limit=10) if match.fits]
        if not matches:
            return None
        best = matches[0]
        pinned = reported.days is not None and reported.days.precision in ("day", "week")
        if pinned and not best.dayless:
            return best
        rivals = [m.known.label for m in matches[1:] if best.score - m.score < MARGIN]
        return replace(best, rivals=tuple(rivals))

    def nearest(self, reported: Reported) -> Match | None:
        """Return the event of the same days, party and words that a report comes near without fitting it.

        Such a report is seldom new: it was read with other parties, or as another kind of event.
        """
        said = Report(reported.text)
        near = [
            Match(known, 0.0, parts)
            for known, has in self._known
            if (parts := self._parts(reported, said, known, has)) is not None
            and (
                _calls(said, known, parts) or (_is_near(parts) and not _told_apart(reported, known))
            )
        ]
        return min(near, key=lambda match: match.known.label, default=None)

    def _compare(
        self, reported: Reported, said: Report, known: Known, has: Set[str]
    ) -> Match | None:
        parts = self._parts(reported, said, known, has)
        if parts is None:
            return None
        if _another(parts) or _others(parts) or is_another_saying(reported.type, known.type, parts):
            return None
        if not reported.actual and QUAD[reported.type] == _DEEDS and parts["words"] < SAME_WORDS:
            return None
        if _told_apart(reported, known) and not _marked(parts):
            return None
        nameless = not (reported.initiators or reported.targets)
        if nameless and parts["place"] < ELSEWHERE and parts["words"] < SAME_TALE:
            return None
        named = names_in(reported.text, known.names)
        dayless = _is_dayless(reported, known)
        if dayless and not named and _lost_in_time(parts):
            return None
        weights = NAMELESS if nameless else DAYLESS if dayless else WEIGHTS
        score = sum(weights[name] * value for name, value in parts.items())
        if named:
            parts["its name"] = 1.0
            score += NAMED
        return Match(known, round(min(1.0, score), 4), parts, dayless=dayless)

    def _parts(
        self, reported: Reported, said: Report, known: Known, has: Set[str]
    ) -> dict[str, float] | None:
        days = _days(reported, known)
        if days is None:
            return None
        initiators, targets = self._sides(reported, known)
        if reported.alleged:
            initiators = max(initiators, NEUTRAL)
        return {
            "days": days,
            "type": type_likeness(reported.type, reported.mode, known.type, known.mode),
            "initiators": initiators,
            "targets": targets,
            "actors' rarity": self._rarity(reported, known),
            "words": likeness(said, has, self._counts),
            "place": _place(reported.places, known.places),
            "toll": _toll(reported, known),
        }

    def _sides(self, reported: Reported, known: Known) -> tuple[float, float]:
        """Compare initiators and targets; what two parties do together may be told from either side."""
        straight = (
            self._side(reported.initiators, known.initiators, known.days.start),
            self._side(reported.targets, known.targets, known.days.start),
        )
        if straight[1] == 0 and reported.targets <= known.hosts:
            straight = straight[0], NEUTRAL
        if reported.type not in ("AGREE", "CONSULT", "COOPERATE"):
            return straight
        turned = (
            self._side(reported.initiators, known.targets, known.days.start),
            self._side(reported.targets, known.initiators, known.days.start),
        )
        return max(straight, turned, key=sum)

    def _side(self, said: frozenset[str], known: frozenset[str], on: date) -> float:
        if not said or not known:
            return NEUTRAL
        best = [max(self._kinship.closeness(a, b, on) for b in known) for a in said]
        return 0.7 * max(best) + 0.3 * sum(best) / len(best)

    def _rarity(self, reported: Reported, known: Known) -> float:
        """Return how rare the rarest actor is that both have."""
        shared = {*reported.initiators, *reported.targets} & {*known.initiators, *known.targets}
        return max(map(self._counts.rarity, shared), default=0.0)


def _another(parts: dict[str, float]) -> bool:
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
        return parts["words"] < SURE_WORDS
    return parts["actors' rarity"] < RARE and parts["words"] < FEW_WORDS


def _is_near(parts: dict[str, float]) -> bool:
    """Tell whether days and a party are the same, and the words, the place or the kind of event too."""
    party = max(parts["initiators"], parts["targets"])
    same_kind = parts["type"] >= OTHER_KIND and party >= BOTH_SIDES
    same_words = parts["words"] >= SURE_WORDS and party >= ONE_SIDE
    same_place = parts["place"] == 1 and parts["type"] >= SAME_QUAD and party >= ONE_SIDE
    told_alike = same_words or same_place or (same_kind and parts["words"] >= FEW_WORDS)
    return parts["days"] >= NEAR_DAYS and told_alike


def _calls(said: Report, known: Known, parts: dict[str, float]) -> bool:
    """Tell whether the report has all words of one of the event's own names, in any order."""
    party = max(parts["initiators"], parts["targets"])
    if parts["type"] < SAME_QUAD or party < ONE_SIDE:
        return False
    return any(len(words(name)) > 1 and words(name) <= said.words for name in known.names)


def _told_apart(reported: Reported, known: Known) -> bool:
    """Tell whether both have their day, and another one: it takes more than a like tale to be the same."""
    days = reported.days
    if days is None or reported.assumed or days.precision != "day" or known.days.precision != "day":
        return False
    return days.gap(known.days) > 0


def _marked(parts: dict[str, float]) -> bool:
    return parts["type"] >= FAMILY or parts["actors' rarity"] >= RARE


def _others(parts: dict[str, float]) -> bool:
    """Tell whether it is between other parties: one side is another, and the rest does not make up for it."""
    if min(parts["initiators"], parts["targets"]) > 0:
        return False
    side = max(parts["initiators"], parts["targets"])
    like = side >= ONE_SIDE and parts["type"] >= OTHER_KIND and parts["words"] >= SAME_WORDS
    sure = side >= BOTH_SIDES and parts["days"] >= NEAR_DAYS and parts["words"] >= SAME_TALE
    return not (like or sure)


def _lost_in_time(parts: dict[str, float]) -> bool:
    """Tell whether too little speaks for an event where no day does: of another kind, or long ago."""
    rare, old = parts["actors' rarity"] >= RARE, parts["days"] == OLDER
    if parts["type"] < OTHER_KIND:
        alike = parts["type"] >= LIKE_KIND and parts["words"] >= SURE_WORDS
        return not alike or (old and not rare)
    sides = min(parts["initiators"], parts["targets"])
    return old and not rare and (sides < ONE_SIDE or parts["words"] < SOME_WORDS)


def _surely(parts: dict[str, float]) -> bool:
    """Tell whether day, an actor and the words leave no doubt, although the coder read another type."""
    return (
        parts["days"] == 1.0
        and max(parts["initiators"], parts["targets"]) >= BOTH_SIDES
        and parts["words"] >= SURE_WORDS
    )


def _forgiven(parts: dict[str, float]) -> bool:
    return (
        parts["actors' rarity"] >= RARE
        and min(parts["initiators"], parts["targets"]) >= BOTH_SIDES
        and parts["words"] >= SAME_WORDS
    )


def _days(reported: Reported, known: Known) -> float | None:
    """Compare days; None rules the event out."""
    if known.days.start > reported.published + timedelta(days=1):
        return None
    if reported.days is None or _is_dayless(reported, known):
        return _age(reported, known)
    gap = reported.days.gap(known.days)
    slack = max(SLACK[reported.days.precision], SLACK[known.days.precision])
    pinned = PINNED[reported.days.precision]
    if known.days.start > reported.published:
        pinned *= AHEAD
    if gap == 0:
        return pinned
    if gap <= slack:
        return pinned * (0.9 - 0.3 * gap / slack)
    return 0.0 if gap <= slack + FAR else None


def _is_dayless(reported: Reported, known: Known) -> bool:
    """Tell whether no day is told that could speak for or against the event."""
    if reported.days is None:
        return True
    return reported.assumed and reported.days.gap(known.days) > 0


def _age(reported: Reported, known: Known) -> float:
    age = (reported.published - known.days.end).days
    return RECENT if age <= RECENT_DAYS else OLDER


def _place(said: tuple[str, ...], known: tuple[str, ...]) -> float:
    if not said or not known:
        return NEUTRAL
    if said[0] == known[0]:
        return 1.0
    if said[0] in known or known[0] in said:
        return 0.8
    return 0.4 if set(said) & set(known) else 0.0


def _toll(reported: Reported, known: Known) -> float:
    pairs = [
        (said, held)
        for said, held in ((reported.killed, known.killed), (reported.wounded, known.wounded))
        if said is not None and held is not None
    ]
    if not pairs:
        return NEUTRAL
    return max(1.0 if a == b else 0.6 if min(a, b) * 2 >= max(a, b) else 0.0 for a, b in pairs)


def reach(days: Days) -> tuple[date, date]:
    """Return the days widened by what reports of this precision may be off by: others lie within."""
    off = timedelta(days=SLACK[days.precision] + FAR)
    return days.start - off, days.end + off


def window(reported: Reported) -> tuple[date, date]:
    """Return the first and the last day that an event may have which the report is about."""
    latest = reported.published + timedelta(days=1)
    if reported.days is None or reported.assumed:
        return date.min, latest
    off = timedelta(days=max(SLACK[reported.days.precision], SLACK["month"]) + FAR)
    return reported.days.start - off, max(reported.days.start, min(latest, reported.days.end + off))
