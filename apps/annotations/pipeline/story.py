"""The distinct events of an article: mentions of one happening together, sharing dates and actors."""

from dataclasses import dataclass, field, replace
from datetime import date

from apps.annotations.pipeline import story_actors, story_confidence, story_dates, story_kept
from apps.annotations.pipeline.events import Coded
from apps.annotations.pipeline.story_actors import UNKNOWN_DOER
from apps.annotations.pipeline.story_anchors import Anchors
from apps.annotations.pipeline.story_kin import Kin
from apps.annotations.pipeline.types import CodedEvent, Interval, StoryEvent

_FRESH = 8  # days before publication within which a happening is what the article reports as new
_SEASON = 45  # days; what is dated more vaguely lies in the past
_TOLL_LATER = 3  # sentences after an attack in which a bare toll is still its own
_SPEECH = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN", "SUPPORT", "AGREE"})


@dataclass(slots=True)
class Cluster:
    """Mentions of one happening, and what they say together."""

    members: list[int]
    event: CodedEvent
    first_sentence: int
    last_sentence: int
    seen: list[Coded] = field(default_factory=list)
    is_named: bool = False  # by a name of an event of the dossier


def merge(
    coded: list[Coded], kin: Kin, anchors: Anchors, published: date | None
) -> list[StoryEvent]:
    """Return the article's distinct events in the order of their first mention.

    What is told as a fact counts, and what somebody said would be done; never are the two one event.
    `coded` is in text order and the answer's `mentions` index it.
    """
    clusters: list[Cluster] = []
    for index, one in enumerate(coded):
        if one.event.modality not in {"actual", "future"}:
            continue
        home = _home(one, clusters, kin)
        if home is None:
            event = replace(
                one.event, initiators=[*one.event.initiators], targets=[*one.event.targets]
            )
            clusters.append(Cluster([index], event, one.sentence_index, one.sentence_index, [one]))
        else:
            _join(home, index, one, kin)
    story_dates.share(clusters, coded, anchors, published)
    story_actors.complete(clusters, kin)
    kept = [c for c in clusters if story_kept.is_event(c, kin, published)]
    for cluster in kept:
        sure, because = story_confidence.of(cluster, kin)
        cluster.event.confidence = sure
        cluster.event.why = f"{cluster.event.why}; confidence {sure:.2f}: {because}"
    return [
        StoryEvent(c.event, c.members, "main" if story_kept.is_main(c, published) else "background")
        for c in kept
    ]


def _named(actors: list[str]) -> list[str]:
    return [a for a in actors if a != UNKNOWN_DOER]


def _home(one: Coded, clusters: list[Cluster], kin: Kin) -> Cluster | None:
    """The cluster a mention agrees with most; of equals the latest told, of one sentence the first."""
    ranked = [(_agreement(one, c, kin), c.last_sentence, -i) for i, c in enumerate(clusters)]
    good = [r for r in ranked if r[0] > 0]
    return clusters[-max(good)[2]] if good else None


def _agreement(one: Coded, cluster: Cluster, kin: Kin) -> int:
    """How well a mention agrees with a cluster; 0 where it is another happening."""
    mention, known = one.event, cluster.event
    if not _is_possible(one, cluster, kin):
        return 0
    doers = kin.compare(mention.initiators, known.initiators)
    done_to = kin.compare(mention.targets, known.targets)
    near = one.sentence_index - cluster.last_sentence
    if _same_spot(one, cluster, doers) and 0 < near <= 1:
        return 3
    if "differ" in (doers, done_to) or _told_beside(one, cluster):
        return 0
    if mention.type in _SPEECH:
        same_days = _exact(mention.date) and _exact(known.date)
        return _talk_agreement(one, cluster, doers, done_to, near=near, same_days=same_days)
    if doers == "agree" and done_to == "agree":
        return 4
    if done_to == "agree" and any(t in kin.persons for t in mention.targets):
        return 3
    return _deed_agreement(one, cluster, doers, done_to, near=near)


def _is_possible(one: Coded, cluster: Cluster, kin: Kin) -> bool:
    """The same type and modality, days and places that agree, and no several happenings in one word."""
    mention, known = one.event, cluster.event
    if mention.type != known.type or not _dates_agree(mention.date, known.date):
        return False
    if mention.modality != known.modality or kin.apart(mention.place, known.place):
        return False
    if _of_a_far_time(mention, known) and not one.is_definite:
        return False
    return not (one.is_collective or cluster.seen[0].is_collective)


def _deed_agreement(one: Coded, cluster: Cluster, doers: str, done_to: str, *, near: int) -> int:
    """How well a deed agrees where at most one side is known to be the same."""
    mention, known = one.event, cluster.event
    same_days = _exact(mention.date) and _exact(known.date)
    dated = mention.date is not None and known.date is not None
    if mention.mode == known.mode == "ceasefire" and one.is_definite and dated:
        return 2
    if one.is_new:
        return 2 if same_days and near <= 1 and "agree" in (doers, done_to) else 0
    if "agree" in (doers, done_to):
        return 3 if near <= 12 or same_days else 0
    if one.is_definite and (one.points_back or _shares(mention, known)):
        return 1 if near <= 8 else 0
    same_place = mention.place in {None, known.place}
    return 1 if near <= _TOLL_LATER and _adds_toll(mention) and same_place else 0


def _of_a_far_time(mention: CodedEvent, known: CodedEvent) -> bool:
    """One is told of a year or season, the other without a date, as news is."""
    told = [e.date for e in (mention, known) if e.date is not None]
    return len(told) == 1 and _days(told[0]) > _SEASON


def _shares(mention: CodedEvent, known: CodedEvent) -> bool:
    """A definite happening with words of its own must have a day or place of the other."""
    return (mention.date is not None and known.date is not None) or (
        mention.place is not None and mention.place == known.place
    )


def _talk_agreement(
    one: Coded, cluster: Cluster, doers: str, done_to: str, *, near: int, same_days: bool
) -> int:
    """One event a speaker, target and day: the same speaker says it again, or in the same words."""
    if doers != "agree":
        return 0
    if done_to == "agree" and (near <= 12 or same_days):
        return 4
    same_mode = one.event.mode == cluster.event.mode
    return 2 if same_mode and (near <= 3 or same_days or one.points_back) else 0


def _same_spot(one: Coded, cluster: Cluster, doers: str) -> bool:
    """The next sentence goes on about the same place: rockets hit the zone; they killed a child beside it."""
    mention, known = one.event, cluster.event
    place = mention.place is not None and mention.place == known.place
    same_doer = doers == "agree" or not mention.initiators
    return mention.type == "ASSAULT" and place and same_doer and mention.mode == known.mode


def _told_beside(one: Coded, cluster: Cluster) -> bool:
    """Another happening of the same sentence, unless the mention only points back ("the attack")."""
    beside = [c for c in cluster.seen if c.sentence_index == one.sentence_index]
    if _adds_toll(one.event) and all(_adds_toll(c.event) for c in beside):
        return False  # "six were killed and twelve were wounded"
    return bool(beside) and not one.points_back


def _exact(days: Interval | None) -> bool:
    return days is not None and _days(days) <= _FRESH


def _adds_toll(event: CodedEvent) -> bool:
    told = event.killed is not None or event.wounded is not None
    return event.type == "ASSAULT" and not event.initiators and told


def _dates_agree(one: Interval | None, other: Interval | None) -> bool:
    if one is None or other is None:
        return True
    return one.start <= other.end and other.start <= one.end


def _join(cluster: Cluster, index: int, one: Coded, kin: Kin) -> None:
    """Add a mention; the cluster keeps the most exact date and everything that was unknown."""
    event, mention = cluster.event, one.event
    cluster.members.append(index)
    cluster.seen.append(one)
    cluster.last_sentence = one.sentence_index
    event.initiators = kin.united(event.initiators, mention.initiators)
    event.targets = [
        t for t in kin.united(event.targets, mention.targets) if t not in event.initiators
    ]
    if event.date is None or (mention.date and _days(mention.date) < _days(event.date)):
        event.date = mention.date or event.date
    event.mode = event.mode or mention.mode
    event.place = event.place or mention.place
    event.killed = _greater(event.killed, mention.killed)
    event.wounded = _greater(event.wounded, mention.wounded)
    event.attribution = event.attribution if mention.attribution else None
    event.why = f"{event.why}; told again as {mention.why}"[:500]


def _days(interval: Interval) -> int:
    return (interval.end - interval.start).days


def _greater(one: int | None, other: int | None) -> int | None:
    numbers = [n for n in (one, other) if n is not None]
    return max(numbers) if numbers else None
