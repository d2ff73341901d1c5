"""Keeping the desk's items: one for each event while something waits on it, and none longer.

`refresh()` is called by whatever changes what waits: decisions, the assembling stage, links, corrections.
`repair()` finds what no such call reached. Both read the counts with one query, however many events.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.db import connection, transaction

from apps.core.stages import wake
from apps.events.desk_salience import Weighed, salience
from apps.events.models import Claim, Correction, DeskItem, Event, Evidence, Link, Standing

AT_ONCE = 500
_STANDING = (Event.Status.PROPOSED, Event.Status.PUBLISHED)
_COUNTED = (
    "is_new", "type", "contested", "actors", "evidence_waiting", "claims_waiting", "links_waiting",
    "corrections_waiting", "salience", "since", "confidence",
)  # fmt: skip

# One row for each event that stands. A link waits on the event it starts from, while both its ends stand.
# Independent reports: stories of articles, and cited publishers. A proposal counts as contested where what
# waits denies something or gives another figure, although nothing of it is published yet.
_COUNT = """
SELECT e.id, e.status = 'proposed' AS is_new, e.type, e.mode, e.created_at,
       e.contested OR coalesce(cl.contested, false) AS contested, coalesce(ac.slugs, '{}') AS actors,
       ev.waiting AS evidence, cl.waiting AS claims, li.waiting AS links, co.waiting AS corrections,
       ev.confidence, ev.reports,
       least(ev.oldest, cl.oldest, li.oldest, co.oldest) AS oldest,
       greatest(ev.newest, cl.newest, li.newest, co.newest) AS newest
FROM events_event e
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE v.standing = 'proposed') AS waiting,
           min(v.created_at) FILTER (WHERE v.standing = 'proposed') AS oldest,
           max(v.created_at) FILTER (WHERE v.standing = 'proposed') AS newest,
           max(coalesce(v.match_score, c.confidence)) FILTER (WHERE v.standing = 'proposed') AS confidence,
           count(DISTINCT coalesce('story ' || a.story_id, 'article ' || a.id, 'source ' || v.publisher))
               FILTER (WHERE v.standing <> 'rejected') AS reports
    FROM events_evidence v
    LEFT JOIN annotations_candidate c ON c.id = v.candidate_id
    LEFT JOIN articles_articleversion av ON av.id = v.article_version_id
    LEFT JOIN articles_article a ON a.id = av.article_id
    WHERE v.event_id = e.id
) ev ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS waiting, min(c.created_at) AS oldest, max(c.created_at) AS newest,
           bool_or(c.act = 'denies' OR EXISTS (
               SELECT 1 FROM events_claim o WHERE o.event_id = c.event_id AND o.field = c.field
               AND o.standing <> 'rejected' AND o.number <> c.number)) AS contested
    FROM events_claim c WHERE c.event_id = e.id AND c.standing = 'proposed'
) cl ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS waiting, min(l.created_at) AS oldest, max(l.created_at) AS newest
    FROM events_link l JOIN events_event t ON t.id = l.target_id
    WHERE l.source_id = e.id AND l.standing = 'proposed' AND t.status IN ('proposed', 'published')
) li ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS waiting, min(r.created_at) AS oldest, max(r.created_at) AS newest
    FROM events_correction r WHERE r.event_id = e.id AND r.outcome = 'open'
) co ON true
LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT a.slug ORDER BY a.slug) AS slugs
    FROM events_participation p JOIN actors_actor a ON a.id = p.actor_id WHERE p.event_id = e.id
) ac ON true
WHERE e.id = ANY(%s) AND e.status IN ('proposed', 'published')
"""


def refresh(event_ids: Iterable[int]) -> int:
    """Make the items of these events exact; return how many were written or removed.

    Also of the events whose proposed links lead to them. The events stay locked until the transaction ends, so
    that of two that change what waits on one event the later counts both. Ids of events that are gone are
    welcome: their items go.
    """
    ids = set(event_ids)
    if not ids:
        return 0
    linked = Link.objects.filter(target__in=ids, standing=Standing.PROPOSED)
    ids.update(linked.values_list("source_id", flat=True))
    with transaction.atomic():
        locked = Event.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
        list(locked.values_list("pk", flat=True))
        return _write(sorted(ids))


def repair() -> int:
    """Make every item exact, whatever was missed; return how many were wrong."""
    ids, changed = waiting_ids(), 0
    for first in range(0, len(ids), AT_ONCE):
        changed += refresh(_drifted(ids[first : first + AT_ONCE]))
    return changed


def waiting_ids() -> list[int]:
    """Return the events that may wait, and those that have an item, each once, oldest first."""
    proposed = {"standing": Standing.PROPOSED}
    opened = Correction.objects.filter(outcome=Correction.Outcome.OPEN)
    rows = Event.objects.filter(status=Event.Status.PROPOSED).values("pk").order_by()
    rows = rows.union(
        Evidence.objects.filter(**proposed, event__status__in=_STANDING).values("event").order_by(),
        Claim.objects.filter(**proposed, event__status__in=_STANDING).values("event").order_by(),
        Link.objects.filter(**proposed, source__status__in=_STANDING).values("source").order_by(),
        opened.values("event").order_by(),
        DeskItem.objects.values("event").order_by(),
    )
    return sorted(row["pk"] for row in rows)


def counted(event_ids: Iterable[int]) -> list[DeskItem]:
    """Return the items that these events should have, unsaved, with what is counted filled in."""
    return [item for row in _read(event_ids) if (item := _item(row)) is not None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits on one event, counted now, and what the formula of salience reads of it."""

    claims: int
    links: int
    corrections: int
    weighed: Weighed


def waiting(event_id: int) -> Waiting | None:
    """Return what waits on one event; None where the event does not stand."""
    row = next(iter(_read([event_id])), None)
    return row and Waiting(row.claims, row.links, row.corrections, _weighed(row))


def _read(event_ids: Iterable[int]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [list(event_ids)])
        names = [column.name for column in cursor.description]
        return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def _weighed(row: Any) -> Weighed:
    return Weighed(
        type=row.type,
        mode=row.mode,
        reports=row.reports,
        confidence=row.confidence,
        contested=row.contested,
        correction=row.corrections > 0,
        newest=row.newest or row.created_at,
    )


def _item(row: Any) -> DeskItem | None:
    if not row.is_new and not any((row.evidence, row.claims, row.links, row.corrections)):
        return None
    oldest = row.oldest or row.created_at
    return DeskItem(
        event_id=row.id,
        is_new=row.is_new,
        type=row.type,
        contested=row.contested,
        actors=row.actors,
        evidence_waiting=row.evidence,
        claims_waiting=row.claims,
        links_waiting=row.links,
        corrections_waiting=row.corrections,
        salience=salience(_weighed(row)),
        since=min(oldest, row.created_at) if row.is_new else oldest,
        confidence=row.confidence,
    )


def _write(ids: list[int]) -> int:
    items = counted(ids)
    stay = {item.event_id for item in items}
    known = set(DeskItem.objects.filter(event__in=ids).values_list("event_id", flat=True))
    gone, _ = DeskItem.objects.filter(event__in=known - stay).delete() if known - stay else (0, {})
    if items:
        DeskItem.objects.bulk_create(
            items, update_conflicts=True, unique_fields=["event"], update_fields=list(_COUNTED)
        )
    fresh = sorted(stay - known)
    if fresh:
        wake("timelines.place_on_desk", fresh)
        wake("events.match_waiting")
    return gone + len(items)


def _drifted(ids: Sequence[int]) -> Iterator[int]:
    """Yield those of the events whose item is missing, superfluous or says something else."""
    stored = {row.event_id: row for row in DeskItem.objects.filter(event__in=ids)}
    right = {row.event_id: row for row in counted(ids)}
    for event in ids:
        one, other = stored.get(event), right.get(event)
        if any(getattr(one, name, None) != getattr(other, name, None) for name in _COUNTED):
            yield event
