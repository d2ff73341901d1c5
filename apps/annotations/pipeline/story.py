"""The distinct events of an article: mentions of one happening together, dates and actors shared between them."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from apps.annotations.pipeline import story_dates
from apps.annotations.pipeline.events import Coded
from apps.annotations.pipeline.story_kin import Kin
from apps.annotations.pipeline.types import CodedEvent, Interval, StoryEvent

_FRESH = 8  # days before publication within which a happening is what the article reports as new
_LEAD = 4  # sentences that tell what the article is about
_UNKNOWN_DOER = "unattributed"
_SPEECH = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN", "SUPPORT", "AGREE"})


@dataclass(slots=True)
class Cluster:
    """Mentions of one happening, and what they say together."""

    members: list[int]
    event: CodedEvent
    first_sentence: int
    last_sentence: int
    seen: list[Coded] = field(default_factory=list)


def merge(coded: list[Coded], kin: Kin, published: date | None) -> list[StoryEvent]:
    """Return the article's distinct events in the order of their first mention.

    Only what is told as a fact counts; `coded` is in text order and the answer's `mentions` index it.
    """
    clusters: list[Cluster] = []
    for index, one in enumerate(coded):
        if one.event.modality != "actual":
            continue
        home = _home(one, clusters, kin)
        if home is None:
            event = replace(
                one.event, initiators=[*one.event.initiators], targets=[*one.event.targets]
            )
            clusters.append(Cluster([index], event, one.sentence_index, one.sentence_index, [one]))
        else:
            _join(home, index, one, kin)
    story_dates.share(clusters, coded, published)
    kept = [c for c in clusters if _is_event(c.event, kin)]
    for cluster in kept:
        if (
            cluster.event.type == "ASSAULT"
            and not cluster.event.initiators
            and _UNKNOWN_DOER in kin.known
        ):
            cluster.event.initiators = [_UNKNOWN_DOER]
    return [
        StoryEvent(c.event, c.members, "main" if _is_main(c, published) else "background")
        for c in kept
    ]


def _home(one: Coded, clusters: list[Cluster], kin: Kin) -> Cluster | None:
    """The cluster a mention belongs to: the one that agrees most, of equals the latest told."""
    ranked = [(_agreement(one, c, kin), c.last_sentence, i) for i, c in enumerate(clusters)]
    good = [r for r in ranked if r[0] > 0]
    return clusters[max(good)[2]] if good else None


def _agreement(one: Coded, cluster: Cluster, kin: Kin) -> int:
    """How well a mention agrees with a cluster; 0 where it is another happening."""
    mention, known = one.event, cluster.event
    if mention.type != known.type or not _dates_agree(mention.date, known.date):
        return 0
    doers = kin.compare(mention.initiators, known.initiators)
    done_to = kin.compare(mention.targets, known.targets)
    if doers == "differ" or done_to == "differ":
        return 0
    near = one.sentence_index - cluster.last_sentence
    if doers == "agree" and done_to == "agree":
        return 4
    if mention.type in _SPEECH:
        return 2 if doers == "agree" and near <= 6 else 0
    if doers == "agree" or done_to == "agree":
        return 3 if near <= 12 or mention.date is not None else 1
    if one.is_definite and near <= 8:
        return 1
    return (
        1 if near <= 1 and mention.type == "ASSAULT" and (mention.killed or mention.wounded) else 0
    )


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
    event.confidence = round(min(0.97, max(event.confidence, mention.confidence) + 0.04), 2)
    event.why = f"{event.why}; told again as {mention.why}"[:500]


def _days(interval: Interval) -> int:
    return (interval.end - interval.start).days


def _greater(one: int | None, other: int | None) -> int | None:
    numbers = [n for n in (one, other) if n is not None]
    return max(numbers) if numbers else None


def _is_event(event: CodedEvent, kin: Kin) -> bool:
    """A story's event has an actor that is known; talk needs a known speaker."""
    if event.type in _SPEECH:
        return any(a in kin.known for a in event.initiators)
    return any(a in kin.known for a in [*event.initiators, *event.targets]) or bool(
        event.killed or event.wounded
    )


def _is_main(cluster: Cluster, published: date | None) -> bool:
    when = cluster.event.date
    if when is not None and published is not None:
        return when.end >= published - timedelta(days=_FRESH) and _days(when) <= _FRESH
    return cluster.first_sentence < _LEAD
