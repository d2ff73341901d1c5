"""Who works on what: an item is taken, held for ten minutes since the last sign of work, and let go.

Taking is one compare-and-set in the database: of two editors who reach for an item at once, one gets it.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.events.decide import CurateError, authorise
from apps.events.desk_queue import Filters, items
from apps.events.models import DeskItem, Event

LEASE = timedelta(minutes=10)
LONGEST_SNOOZE = timedelta(days=366)
_AFTER = {
    "salience": lambda item: (
        Q(salience__lt=item.salience)
        | Q(salience=item.salience, since__gt=item.since)
        | Q(salience=item.salience, since=item.since, pk__gt=item.pk)
    ),
    "age": lambda item: Q(since__gt=item.since) | Q(since=item.since, pk__gt=item.pk),
}


class TakenError(CurateError):
    """Another editor works on it."""


def free_for(user: User, now: datetime) -> Q:
    """A condition on items: nobody but `user` holds them at `now` (aware)."""
    return Q(claimed_by__isnull=True) | Q(claimed_by=user) | Q(claimed_until__lte=now)


def take(item: DeskItem, user: User, now: datetime) -> bool:
    """Hold the item for `user`, or hold it longer; False where another holds it or it is gone."""
    until = now + LEASE
    taken = DeskItem.objects.filter(free_for(user, now), pk=item.pk)
    if taken.update(claimed_by=user, claimed_until=until) != 1:
        return False
    item.claimed_by, item.claimed_until = user, until
    return True


def hold(event: Event, user: User, now: datetime) -> None:
    """Take the event's item before deciding about it; TakenError where another editor works on it.

    What has no item is free: nothing waits on it. The event is locked before its item, as the machine does it
    when it attaches something meanwhile: none of the two waits for the other.
    """
    list(Event.objects.select_for_update().filter(pk=event.pk).values_list("pk", flat=True))
    item = DeskItem.objects.filter(event=event).select_related("claimed_by").first()
    if item is None or take(item, user, now):
        return
    item.refresh_from_db()
    raise TakenError(f"{event.public_id} is {holder(item, now)}; take the next one.")


def holder(item: DeskItem, now: datetime) -> str:
    """Say who holds the item, e.g. "taken by ana until 10:32 UTC"; empty where nobody does."""
    if item.claimed_by is None or item.claimed_until is None or item.claimed_until <= now:
        return ""
    return f"taken by {item.claimed_by} until {item.claimed_until:%H:%M} UTC"


def release(item: DeskItem, user: User) -> bool:
    """Let the item go where `user` holds it; tell whether that was so."""
    return _release(DeskItem.objects.filter(pk=item.pk), user) == 1


def release_all(user: User, but: Iterable[DeskItem] = ()) -> int:
    """Let go what `user` holds (all `but` some): on leaving the desk and on logging out; return how many."""
    return _release(DeskItem.objects.exclude(pk__in=[item.pk for item in but]), user)


def _release(rows: QuerySet[DeskItem], user: User) -> int:
    return rows.filter(claimed_by=user).update(claimed_by=None, claimed_until=None)


def next_item(
    filters: Filters, user: User, now: datetime, after: DeskItem | None = None
) -> DeskItem | None:
    """Take the first item of the queue that no other editor holds, and return it; None where all is done.

    With `after` (which may be decided and gone) the first one behind it, and from the top again at the end.
    What another is about to take at this moment is stepped over, and what the user recommended but may not
    publish: their part of it is done.
    """
    rows = items(filters, user, now).filter(free_for(user, now))
    if not user.has_perm("events.publish_event"):
        rows = rows.exclude(recommended_by=user)
    if after is None:
        return _take_first(rows, user, now)
    rows = rows.exclude(pk=after.pk)
    behind = rows.filter(_AFTER[filters.order](after))
    return _take_first(behind, user, now) or _take_first(rows, user, now)


@transaction.atomic
def _take_first(rows: QuerySet[DeskItem], user: User, now: datetime) -> DeskItem | None:
    item = rows.select_for_update(skip_locked=True).first()
    if item is None or not take(item, user, now):
        return None
    return item


def snooze(
    item: DeskItem, until: date, by: User, reason: str = "", now: datetime | None = None
) -> None:
    """Let the item sleep until a day begins (UTC), and let it go; CurateError where the day makes no sense."""
    authorise(by, "")
    today = (now or timezone.now()).date()
    if not today < until <= today + LONGEST_SNOOZE:
        raise CurateError("Snooze until a day after today, within a year.")
    wakes = datetime.combine(until, time.min, timezone.get_default_timezone())
    values = {"snoozed_until": wakes, "snooze_reason": reason.strip()[:300]}
    _keep(item, **values, claimed_by=None, claimed_until=None)


def wake_up(item: DeskItem, by: User) -> None:
    """End the item's sleep."""
    authorise(by, "")
    _keep(item, snoozed_until=None, snooze_reason="")


def recommend(event: Event, by: User) -> DeskItem:
    """Say that `by` would publish the proposal; a senior editor finds it by the filter. Return its item.

    CurateError where the event waits for no publication.
    """
    authorise(by, "")
    item = DeskItem.objects.filter(event=event, is_new=True).first()
    if item is None:
        raise CurateError(
            f"{event.public_id} is no proposal any more; there is nothing to recommend."
        )
    _keep(item, recommended_by=by, claimed_by=None, claimed_until=None)
    return item


def take_recommendation_back(item: DeskItem, by: User) -> None:
    """Recommend the item no more; CurateError where it was another who recommended it."""
    authorise(by, "")
    if item.recommended_by_id != by.pk:
        raise CurateError("You do not recommend it: there is nothing to take back.")
    _keep(item, recommended_by=None)


def _keep(item: DeskItem, **values: object) -> None:
    if DeskItem.objects.filter(pk=item.pk).update(**values) != 1:
        raise CurateError("Nothing waits on this event any more: it was decided meanwhile.")
    for name, value in values.items():
        setattr(item, name, value)
