"""Reports of what nobody decided about, put together: in any order they give the same events. Plain.

Reports that tell the same make a cluster, which becomes one proposal. The clusters are a function of the set
of reports alone. Reports stand in an order of their own (`Loose.rank`: when published, where), whenever they
came in. Each founds a cluster unless one founded before it tells the same; what cannot found one (no day,
not told as a fact) joins where it fits. Clusters that no report links cannot change each other: it is enough
to put the linked ones anew, `linked()` says which those are.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from apps.events.comparing import RECENT_DAYS
from apps.events.happenings import Known, Reported
from apps.events.matching import MARGIN, Match, Matcher

Rank = tuple[object, ...]
# Makes a matcher of some events.
Prepare = Callable[[Iterable[Known]], Matcher]


@dataclass(frozen=True, slots=True)
class Loose:
    """A report that fits no decided event."""

    id: int
    rank: Rank
    reported: Reported
    known: Known | None  # as an event that others may tell; None where it cannot found one
    within: tuple[date, date]  # the days between which others of the same may lie
    keys: frozenset[str]  # who, where and in which words: others of the same have one of these

    def meets(self, other: "Loose") -> bool:
        """Tell whether both may tell the same at all, by days and keys."""
        touch = self.within[0] <= other.within[1] and other.within[0] <= self.within[1]
        return touch and not self.keys.isdisjoint(other.keys)


@dataclass(slots=True)
class Cluster:
    """Reports of one happening: the one it is made from, and the others with what speaks for them."""

    leader: Loose
    members: list[tuple[Loose, Match]] = field(default_factory=list)

    @property
    def reports(self) -> list[Loose]:
        """All of them, the leader first."""
        return [self.leader, *(report for report, _ in self.members)]


@dataclass(slots=True)
class Clusters:
    """All clusters, and what is in none, with the reason."""

    found: list[Cluster] = field(default_factory=list)
    outside: list[tuple[Loose, str]] = field(default_factory=list)


def linked(report: Loose, others: Iterable[Loose], prepare: Prepare) -> list[Loose]:
    """Return those of `others` that may stand in one cluster with `report`, or be its rivals there."""
    others = [other for other in others if other.id != report.id and report.meets(other)]
    by_id = {other.known.id: other for other in others if other.known is not None}
    fits = prepare(other.known for other in others if other.known is not None)
    found = {
        match.known.id
        for match in fits.ranked(report.reported, limit=len(by_id) or 1)
        if _is_near(report.reported, match)
    }
    if report.known is not None:
        mine = prepare([report.known])
        for other in others:
            match = next(iter(mine.ranked(other.reported, limit=1)), None)
            if match is not None and _is_near(other.reported, match):
                found.add(other.id)
    return [other for other in others if other.id in found]


def _is_near(reported: Reported, match: Match) -> bool:
    return _is_recent(reported, match) and match.score >= match.least - MARGIN


def _is_recent(reported: Reported, match: Match) -> bool:
    """What names no day tells again only what was new shortly before."""
    age = (reported.published - match.known.days.end).days
    return not match.dayless or age <= RECENT_DAYS


def cluster(reports: Sequence[Loose], prepare: Prepare) -> Clusters:
    """Put reports together."""
    result = Clusters()
    ordered = sorted(reports, key=lambda report: report.rank)
    for report in ordered:
        if report.known is not None:
            _put(report, result, prepare)
    for report in ordered:
        if report.known is None:
            _put(report, result, prepare)
    return result


def _put(report: Loose, result: Clusters, prepare: Prepare) -> None:
    # Only what it is linked with is asked: what else happens to be put anew with it must change nothing.
    leaders = {found.leader.id: found for found in result.found if report.meets(found.leader)}
    matcher = prepare(found.leader.known for found in leaders.values() if found.leader.known)
    match = matcher.attach(report.reported, among=partial(_is_recent, report.reported))
    if match is not None and not match.rivals:
        leaders[match.known.id].members.append((report, match))
    elif report.known is not None:
        result.found.append(Cluster(report))
    elif match is not None:
        result.outside.append((report, match.ambiguity))
    else:
        result.outside.append((report, ""))
