"""Loose reports and the proposals made of them: put together anew where one comes or goes.

What clustering.py says of a set of reports is carried over to the events: each cluster has one proposal, which
says what its leader says. A proposal whose cluster is gone is merged into where its reports went, or
withdrawn. Events that somebody decided about are none of its business.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db.models import Prefetch, Q, QuerySet

from apps.annotations.models import Candidate
from apps.events import curate
from apps.events.clustering import Cluster, Loose, Prepare, cluster, linked
from apps.events.known import World
from apps.events.matching import Matcher
from apps.events.models import Event, Placement
from apps.events.proposing import fingerprint, refusal, withdrawn, write

_LAST = datetime.max.replace(tzinfo=UTC)
_MENTIONS = Prefetch(
    "story_event__mentions",
    Candidate.objects.select_related("annotation__article_version__article").prefetch_related(
        "claims"
    ),
)
# Placements with what is compared of them, by id.
Found = dict[int, tuple[Placement, Loose]]


@dataclass(slots=True)
class Remade:
    """What was put anew: annotations whose reports went elsewhere, and the proposals that may have changed."""

    annotations: set[int] = field(default_factory=set)
    events: set[int] = field(default_factory=set)


def component(seeds: Iterable[int], world: World) -> Found:
    """Return the loose placements that are linked, however indirectly, with one of `seeds` (ids), and those."""
    found = _read(Q(pk__in=list(seeds)), (), world)
    front = found
    while front:
        near = _read(_around(row for row, _ in front.values()), found, world)
        reached: set[int] = set()
        for _, report in front.values():
            others = [other for pk, (_, other) in near.items() if pk not in reached]
            reached |= {other.id for other in linked(report, others, _prepare(world))}
        front = {pk: near[pk] for pk in sorted(reached)}
        found = found | front
    return found


def _read(condition: Q, without: Iterable[int], world: World) -> Found:
    rows = (
        Placement.objects.filter(condition, loose=True)
        .exclude(pk__in=list(without))
        .select_related("event", "story_event__annotation__article_version__article")
        .prefetch_related(_MENTIONS)
        .order_by("pk")
    )
    return {row.pk: (row, _loose(row, world)) for row in rows}


def _around(front: Iterable[Placement]) -> Q:
    """What may be linked with one of the front: its days touch, and it has a key in common."""
    condition = Q(pk=None)
    for row in front:
        condition |= Q(first__lte=row.last, last__gte=row.first, keys__overlap=row.keys)
    return condition


def _prepare(world: World) -> Prepare:
    return lambda known: Matcher(known, world.kinship, world.counts)


def _loose(row: Placement, world: World) -> Loose:
    distinct = row.distinct
    version = distinct.annotation.article_version
    article = version.article
    published = article.published_at or _LAST
    label = f"{article.canonical_url} {distinct.index}"
    if row.first is None or row.last is None:
        raise ValueError(f"placement {row.pk} is loose and has no days")  # the database refuses it
    return Loose(
        id=row.pk,
        rank=(published, article.canonical_url, version.number, distinct.index),
        reported=world.reported(distinct),
        known=world.as_known(distinct, row.pk, label) if row.founds else None,
        within=(row.first, row.last),
        keys=frozenset(row.keys),
    )


def remake(seeds: Iterable[int], world: World, by_label: str) -> Remade:
    """Put the loose reports linked with `seeds` (ids of placements) together anew, and their proposals."""
    found = component(seeds, world)
    rows = {pk: row for pk, (row, _) in found.items()}
    before = {pk: row.event for pk, row in rows.items() if row.event is not None}
    clusters = cluster([report for _, report in found.values()], _prepare(world))
    remade, went = Remade(), defaultdict[int, Counter[int]](Counter)
    for one, event in zip(clusters.found, _proposals_of(clusters.found, rows), strict=True):
        event = _carry_over(one, event, rows, world, by_label, remade)
        for report in one.reports:
            if report.id in before:
                went[before[report.id].pk][event.pk] += 1
    for report, rivals in clusters.outside:
        row = rows[report.id]
        reason = row.reason or refusal(row.distinct, world)
        _update(row, remade, event=None, score=None, why=rivals, reason=reason[:500])
    for event in {event.pk: event for event in before.values()}.values():
        if event.pk not in remade.events:
            give_up(event, went[event.pk], by_label=by_label)
            remade.events.add(event.pk)
    return remade


def _carry_over(
    one: Cluster,
    event: Event | None,
    rows: dict[int, Placement],
    world: World,
    by_label: str,
    remade: Remade,
) -> Event:
    """Make the cluster's proposal say what its leader says, and put its reports there."""
    leader = rows[one.leader.id]
    versions = [rows[r.id].distinct.annotation.article_version for r in one.reports]
    known_at = min(version.known_at for version in versions)
    if event is not None and event.first_public_at != known_at:
        # Words that look back are as old as the event's first report (attaching.py): they are put anew.
        remade.annotations |= {rows[r.id].distinct.annotation_id for r in one.reports}
    event = write(event, leader.distinct, known_at, world, by_label)
    remade.events.add(event.pk)
    why = "The event was proposed from this article"
    _update(leader, remade, event=event, score=None, why=why, leads=True)
    for report, match in one.members:
        why = match.why.replace(match.known.label, event.public_id)
        _update(rows[report.id], remade, event=event, score=match.score, why=why)
    return event


def _update(row: Placement, remade: Remade, *, leads: bool = False, **values: object) -> None:
    values["leads"] = leads
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, values[name])
        row.save(update_fields=changed)
        remade.annotations.add(row.distinct.annotation_id)


def _proposals_of(clusters: list[Cluster], rows: dict[int, Placement]) -> list[Event | None]:
    """Choose which proposal each cluster goes on with; None for a new one.

    The one that its leader led, else the one that most of its reports were in, else one withdrawn before.
    """
    taken: set[int] = set()
    chosen: dict[int, Event] = {}

    def offer(number: int, event: Event | None) -> None:
        if event is not None and number not in chosen and event.pk not in taken:
            taken.add(event.pk)
            chosen[number] = event

    for number, one in enumerate(clusters):
        leader = rows[one.leader.id]
        offer(number, leader.event if leader.leads else None)
    for number, one in enumerate(clusters):
        votes = Counter(event for report in one.reports if (event := rows[report.id].event))
        for event, _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0].pk)):
            offer(number, event)
        if number not in chosen:
            offer(number, withdrawn(fingerprint(rows[one.leader.id].distinct)))
    return [chosen.get(number) for number in range(len(clusters))]


def give_up(event: Event, went: Counter[int] | None = None, *, by_label: str) -> None:
    """Merge a proposal that lost its cluster into where most of its reports went, or withdraw it."""
    if event.status != Event.Status.PROPOSED:
        return
    if not went:
        curate.reject(event, by_label=by_label, reason="No report tells it any more.")
        return
    pk, _ = min(went.items(), key=lambda one: (-one[1], one[0]))
    into = Event.objects.get(pk=pk)
    reason = f"Its reports tell the same as those of {into.public_id}."
    curate.merge(event, into=into, by_label=by_label, reason=reason)


def take_over(annotation: int, older: QuerySet[Placement]) -> None:
    """Let a new reading's loose reports go on with the proposals that `older` ones made of the same words."""
    before = [
        (row, mention)
        for row in older.filter(loose=True, event__isnull=False).prefetch_related(_MENTIONS)
        for mention in row.distinct.mentions.all()
    ]
    fresh = Placement.objects.filter(story_event__annotation=annotation, loose=True, event=None)
    for row in fresh.prefetch_related(_MENTIONS):
        mentions = row.distinct.mentions.all()
        made = (old for old, told in before if any(_same_words(told, m) for m in mentions))
        old = next(made, None)
        if old is not None:
            row.event, row.leads = old.event, old.leads and row.founds
            row.save(update_fields=["event", "leads"])


def _same_words(one: Candidate, other: Candidate) -> bool:
    """Tell whether two sentences of an article, of one version or of two, are the same or overlap."""
    versions = one.annotation.article_version_id, other.annotation.article_version_id
    if versions[0] != versions[1]:
        return one.surface == other.surface
    return one.start < other.end and other.start < one.end
