"""What changed of a view since a moment: events that came, were corrected, merged or taken back.

Two clocks. As known now, the changes are the decisions that were taken here, told from the state that each of
them keeps before and after. As of a day, they are what became known by then and was not known at `since`:
when it was entered here does not matter.

Told is only what is public: the values of published events and of their published rows. Not told: proposals,
people's names, notes, and why an event was taken back (its page, where reasons stand, is gone with it).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import named_by
from apps.events.models import Claim, Decision, Event
from apps.timelines.queries import change_words
from apps.timelines.queries.change_words import PUBLISHED
from apps.timelines.queries.difference import FieldChange, between
from apps.timelines.queries.scope import in_scope, takes_part
from apps.timelines.queries.selection import Selection

NEW, CORRECTED, MERGED, RETRACTED = "new", "corrected", "merged", "retracted"
KIND_WORDS: Final = {
    NEW: _("new"), CORRECTED: _("corrected"), MERGED: _("merged"), RETRACTED: _("taken back"),
}  # fmt: skip
MOST: Final = 100
_BATCH: Final = 100
_MOST_BATCHES: Final = 10


@dataclass(frozen=True, slots=True)
class Changed:
    """One change of one event, as readers may know it.

    `title` is what the event was called then; `event` has a public page only where `stands`. `key` is the
    decision's (pk), 0 for what merely became known.
    """

    kind: str
    event: Event
    at: datetime
    fields: list[FieldChange]
    title: str
    stands: bool = True
    into: Event | None = None
    why: str = ""
    key: int = 0

    @property
    def kind_words(self) -> str:
        """The kind in words."""
        return str(KIND_WORDS[self.kind])


def changes(
    chosen: Selection,
    since: datetime,
    until: datetime | None = None,
    *,
    most: int = MOST,
    before: int = 0,
) -> list[Changed]:
    """Return what changed of the view after `since` and by `until` (aware; None: now), newest first.

    As of a day, `until` is that day's end. At most `most`; `before` goes on below the change of that key.
    The number of queries is bounded.
    """
    if chosen.as_of.moment is not None:
        return _became_known(chosen, since, most)
    found = list(islice(_decided(chosen, since, until, before), most))
    names = change_words.names_of([(d.was, d.now) for d in found if d.kind == CORRECTED])
    return [_changed(draft, names) for draft in found]


# --- as known now: decisions ---------------------------------------------------------------


def _decided(
    chosen: Selection, since: datetime, until: datetime | None, before: int
) -> Iterator["_Draft"]:
    """Yield the decisions that changed something public, newest first, batch by batch."""
    rows = _decisions(chosen, since, until)
    for _number in range(_MOST_BATCHES):
        batch = list((rows.filter(pk__lt=before) if before else rows)[:_BATCH])
        for decision in batch:
            draft = _draft(decision)
            if draft is not None:
                yield draft
        if len(batch) < _BATCH:
            return
        before = batch[-1].pk


def _decisions(chosen: Selection, since: datetime, until: datetime | None) -> Any:
    was, became = Q(before__status=PUBLISHED), Q(after__status=PUBLISHED)
    here = chosen.events.order_by().values("pk")
    taken_back = Q(event__in=_taken_back(chosen))
    for word in chosen.filters.text.split():
        # The title that was public: what the desk calls it since then is not.
        taken_back &= Q(before__title__icontains=word)
    gone = taken_back | Q(event__merged_into__in=here)
    shown = Q(event__in=here) & became | gone & was & ~became
    rows = Decision.objects.filter(shown, at__gt=since).select_related("event__merged_into", "by")
    rows = rows.defer(*named_by("by"))
    if until is not None:
        rows = rows.filter(at__lte=until)
    return rows.order_by("-pk")


def _taken_back(chosen: Selection) -> Any:
    """Events that are public no more and answer to the filters that can be asked of them.

    Those are days, type, actors and lanes (words of the title: see _decisions); by other filters nothing is
    left out, because it is better to tell a reader of one retraction too many.
    """
    filters, scope = chosen.filters, chosen.scope
    events = Event.objects.filter(
        in_scope(scope), status__in=(Event.Status.REJECTED, Event.Status.PROPOSED)
    ).overlapping(filters.start, filters.end)
    if filters.types:
        events = events.filter(type__in=filters.types)
    if filters.actors:
        ids = [chosen.actor_ids[slug] for slug in filters.actors]
        events = events.filter(takes_part(scope.kinship.with_parts(ids)))
    sides = [lane for lane in scope.lanes if lane.slug in filters.dyads]
    if sides:
        between_them = Q(pk__in=[])
        for lane in sides:
            between_them |= Q(takes_part(lane.side_a)) & Q(takes_part(lane.side_b))
        events = events.filter(between_them)
    return events.order_by().values("pk")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A decision that changed something public, before names are looked up."""

    decision: Decision
    kind: str
    was: Mapping[str, Any]
    now: Mapping[str, Any]


def _draft(decision: Decision) -> _Draft | None:
    was, now = change_words.public(decision.before), change_words.public(decision.after)
    if now is None:
        merged = decision.after.get("status") == Event.Status.MERGED
        return _Draft(decision, MERGED if merged else RETRACTED, was or {}, {})
    if was is None:
        return _Draft(decision, NEW, {}, now)
    return _Draft(decision, CORRECTED, was, now) if was != now else None


def _is_told_why(draft: _Draft) -> bool:
    """That an event is new says enough."""
    return draft.kind in (CORRECTED, MERGED)


def _changed(draft: _Draft, names: change_words.Names) -> Changed:
    decision, event = draft.decision, draft.decision.event
    stands = event.status == PUBLISHED
    target = event.merged_into if draft.kind == MERGED else None
    public = target is not None and target.status == PUBLISHED
    return Changed(
        kind=draft.kind,
        event=event,
        at=decision.at,
        fields=change_words.fields(draft.was, draft.now, names) if draft.kind == CORRECTED else [],
        title=(draft.now or draft.was)["title"],
        stands=stands,
        into=target if public else None,
        why=decision.reason if _is_told_why(draft) and (stands or public) else "",
        key=decision.pk,
    )


# --- as of a day: what became known --------------------------------------------------------------


def _became_known(chosen: Selection, since: datetime, most: int) -> list[Changed]:
    """Return events by when they were first known, and figures that read otherwise by the last claim."""
    end = chosen.as_of.moment
    if end is None or since >= end:
        return []
    found = between(chosen, since, most)
    claims = Claim.objects.as_of(end).filter(event__in=[row.event.pk for row in found.altered])
    last = dict(claims.order_by().values_list("event").annotate(last=Max("known_at")))
    rows = [Changed(NEW, e, e.first_public_at or end, [], e.title) for e in found.new]
    rows += [
        Changed(CORRECTED, row.event, last.get(row.event.pk, end), row.fields, row.event.title)
        for row in found.altered
    ]
    return sorted(rows, key=lambda row: (row.at, row.event.public_id), reverse=True)[:most]
