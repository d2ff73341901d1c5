"""Which known event a story event is: scored and explained. Plain: values in, values out.

Eight things are compared, each from 0 to 1, and weighed (`WEIGHTS`): days, type and mode, who did it, to
whom, how rarely those actors appear, words, place and toll. What a report does not say counts as `NEUTRAL`,
so that silence neither makes nor breaks a match. Ruled out (ruling.py) is an event that began after the report
was published, of another kind (help is no attack), between other parties or with the parties turned round, or
on other days: days that disagree by little are forgiven where an actor who is in hardly any other event and
the words speak for it. A saying that leaves a side out must share words with the known one.

`attach()` answers with the best event where its score reaches `THRESHOLD` (`UNDATED` where the report names
no day, because then the day cannot speak against it). It asks more than `ranked()` does, which shows an editor
what may be meant: without a day some words must agree, and a deed of somebody named is not one whose doer
nobody knows. A report that names no day or only a month or year, and fits two events within `MARGIN`, comes
back with the rivals: it belongs to none of them for certain ("frequent attacks in recent months"), unless it
names no day at all and just one of them was news when it came out.

Weights and thresholds were set on the dossier's dispatches and the gold articles, with all events known and
in two folds with a third of them hidden (see benchmarks/matching_measures.py). Of the best matches of 500
sentences there, 14 were right and 30 wrong between 0.50 and 0.62; 422 right and 34 wrong from 0.62 on
(`THRESHOLD`); 345 right and 8 wrong from 0.75 on, where two events that both stand are proposed for a merge
(`MERGE`).
"""

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field, replace
from datetime import date

from apps.core.plover import QUAD
from apps.events.alikeness import NEUTRAL, is_another_saying, type_likeness
from apps.events.comparing import days_agree, is_dayless, is_news, place_agrees, toll_agrees
from apps.events.happenings import Known, Reported
from apps.events.kinship import Kinship
from apps.events.ruling import (
    DEEDS,
    ELSEWHERE,
    FEW_WORDS,
    ONE_SIDE,
    SAME_TALE,
    SAME_WORDS,
    calls,
    is_another,
    is_another_deed,
    is_loose_talk,
    is_lost_in_time,
    is_marked,
    is_near,
    is_of_others,
    is_redated,
    told_apart,
)
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
THRESHOLD = 0.62
UNDATED = 0.63
# Two events that both stand: a merge is proposed from here on.
MERGE = 0.75
MARGIN = 0.05
# The one event that was news when the report came out is meant where it fits no worse than by this.
NEAR = 0.10
# An event's own name in the sentence ("the embassy storming") speaks for it.
NAMED = 0.1


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
        return self.score >= self.least and not self.is_vague

    @property
    def is_vague(self) -> bool:
        """Tell whether neither a day nor the words say that it is this event."""
        return self.dayless and self.parts["words"] < FEW_WORDS and "its name" not in self.parts

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

    def ranked(self, reported: Reported, limit: int | None = 3) -> list[Match]:
        """Return the best events that are not ruled out, best first; equal scores in order of their days."""
        said = Report(reported.text)
        compared = (self._compare(reported, said, known, has) for known, has in self._known)
        matches = [match for match in compared if match is not None]
        matches.sort(key=lambda m: (-m.score, m.known.days.start, m.known.label))
        return matches[:limit]

    def attach(
        self, reported: Reported, among: Callable[[Match], bool] = lambda _: True
    ) -> Match | None:
        """Return the event the report is about, with its rivals where it is not the only one; else None.

        Only matches that `among` allows are looked at.
        """
        matches = [
            match
            for match in self.ranked(reported, limit=None)
            if match.fits
            and among(match)
            and not is_another_deed(reported, match.known, match.parts)
        ]
        if not matches:
            return None
        best = matches[0]
        pinned = reported.days is not None and reported.days.precision in ("day", "week")
        if pinned and not best.dayless:
            return best
        if best.dayless:
            near = [m for m in matches if best.score - m.score < NEAR]
            fresh = [m for m in near if is_news(reported, m.known)]
            if len(fresh) == 1:
                return fresh[0]
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
                calls(said, known, parts)
                or is_redated(parts)
                or (is_near(parts) and not told_apart(reported, known))
            )
        ]
        return min(near, key=lambda match: match.known.label, default=None)

    def _compare(
        self, reported: Reported, said: Report, known: Known, has: Set[str]
    ) -> Match | None:
        parts = self._parts(reported, said, known, has)
        if parts is None:
            return None
        if (
            is_another(parts)
            or is_of_others(parts)
            or is_another_saying(reported.type, known.type, parts)
            or self._is_turned(reported, known)
        ):
            return None
        if not reported.actual and QUAD[reported.type] == DEEDS and parts["words"] < SAME_WORDS:
            return None
        if told_apart(reported, known) and not is_marked(parts):
            return None
        nameless = not (reported.initiators or reported.targets)
        if nameless and parts["place"] < ELSEWHERE and parts["words"] < SAME_TALE:
            return None
        named = names_in(reported.text, known.names)
        if not named and is_loose_talk(reported, known, parts):
            return None
        dayless = is_dayless(reported, known)
        if dayless and not named and is_lost_in_time(parts):
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
        days = days_agree(reported, known)
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
            "place": place_agrees(reported.places, known.places),
            "toll": toll_agrees(reported, known),
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

    def _is_turned(self, reported: Reported, known: Known) -> bool:
        """Tell whether a deed's doer is whom the known deed hit, its state or its host, and no doer of it."""
        if not QUAD[reported.type] == QUAD[known.type] == DEEDS:
            return False
        on = known.days.start
        hit = {above for target in known.targets for above in self._kinship.chain(target, on)}
        by = (self._closest(actor, known.initiators, on) for actor in reported.initiators)
        turned = not reported.initiators.isdisjoint(hit | known.hosts)
        return turned and max(by, default=0.0) < ONE_SIDE

    def _closest(self, actor: str, others: frozenset[str], on: date) -> float:
        return max((self._kinship.closeness(actor, other, on) for other in others), default=0.0)

    def _side(self, said: frozenset[str], known: frozenset[str], on: date) -> float:
        if not said or not known:
            return NEUTRAL
        best = [self._closest(actor, known, on) for actor in said]
        return 0.7 * max(best) + 0.3 * sum(best) / len(best)

    def _rarity(self, reported: Reported, known: Known) -> float:
        """Return how rare the rarest actor is that both have."""
        shared = {*reported.initiators, *reported.targets} & {*known.initiators, *known.targets}
        return max(map(self._counts.rarity, shared), default=0.0)
