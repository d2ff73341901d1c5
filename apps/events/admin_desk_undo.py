"""Taking back what the line at the top says was done; the desk then shows that proposal again."""

from collections.abc import Callable

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from apps.accounts.models import User
from apps.events import curate, desk
from apps.events.admin_desk_actions import whole
from apps.events.admin_desk_answers import back_to, curator, refused
from apps.events.admin_desk_page import Told, in_words, last_decision
from apps.events.curate import CurateError
from apps.events.models import Decision, DeskItem


@require_POST
def undo(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Take back a decision of the editor's own, a snooze or a recommendation, and show the event again."""
    user, filters = curator(request), desk.Filters.parse(request.GET)
    kind, _, which = request.POST.get("what", "").replace("\0", "").partition(":")
    try:
        event_id, words = _KINDS.get(kind, _unknown)(which, user)
    except CurateError as refusal:
        return refused(request, site, user, filters, str(refusal))
    told = Told(f"Taken back: {words}.")
    earlier = last_decision(user)
    if earlier is not None:
        told = Told(f"{told.words} Before that: {in_words(earlier)}.", f"decision:{earlier.group}")
    return back_to(request, site, event_id, user, filters, told)


def _unknown(which: str, user: User) -> tuple[int, str]:
    raise CurateError("There is nothing to undo.")


def _decision(group: str, user: User) -> tuple[int, str]:
    """Take back all changes of a group that `user` made; return the event to show, and what it was."""
    mine = Decision.objects.filter(group=group, by=user).exclude(group="").select_related("event")
    last = mine.order_by("pk").last()
    if last is None:
        raise CurateError("Only decisions of your own are undone here; the history has the others.")
    events = [decision.event_id for decision in curate.undo(group, by=user)]
    waiting = DeskItem.objects.filter(event__in=events).order_by("-is_new", "-salience")
    first = waiting.values_list("event", flat=True).first()
    return first or last.event_id, in_words(last)


def _snooze(which: str, user: User) -> tuple[int, str]:
    item = _item(which)
    desk.wake_up(item, user)
    return item.event_id, f"{item.event.public_id} sleeps no more"


def _recommend(which: str, user: User) -> tuple[int, str]:
    item = _item(which)
    desk.take_recommendation_back(item, user)
    return item.event_id, f"recommended {item.event.public_id}"


def _item(which: str) -> DeskItem:
    item = DeskItem.objects.select_related("event").filter(event=whole(which)).first()
    if item is None:
        raise CurateError("Nothing waits on this event any more: it was decided meanwhile.")
    return item


_KINDS: dict[str, Callable[[str, User], tuple[int, str]]] = {
    "decision": _decision,
    "snooze": _snooze,
    "recommend": _recommend,
}
