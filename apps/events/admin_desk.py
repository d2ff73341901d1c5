"""One proposal on the desk: its screen, the decisions taken on it, what is offered while typing.

Nothing here writes: everything goes through curate and desk.
"""

from collections.abc import Sequence

from django.contrib.admin import AdminSite
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from psycopg.errors import DeadlockDetected

from apps.accounts.models import User
from apps.actors.models import Actor
from apps.events import admin_desk_actions as actions
from apps.events import desk, revising
from apps.events.admin_desk_answers import (
    AHEAD,
    address_of,
    back_to,
    curator,
    item_of,
    onward,
    screen_alone,
    show,
    target_of,
)
from apps.events.admin_desk_form import Proposal
from apps.events.admin_desk_page import DeskPage, Told, Trouble, taken_from
from apps.events.curate import CurateError
from apps.events.models import DeskItem, Event
from apps.places.models import Place

OFFERED = 10
TRIES = 3


@require_GET
def one(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    """Show one event with all that waits on it, and hold it for who looks at it."""
    user, now = curator(request), timezone.now()
    item = item_of(pk)
    if item.pk is not None:
        desk.take(item, user, now)
    desk.release_all(user, but=[item] if item.pk else [])
    return show(request, site, DeskPage.of(item, user, desk.Filters.parse(request.GET), now))


@require_GET
def following(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Lead to the first proposal of the queue, or give the one behind `after` to be shown later."""
    user, now = curator(request), timezone.now()
    filters = desk.Filters.parse(request.GET)
    after = DeskItem.objects.filter(event=actions.whole(request.GET.get("after", ""))).first()
    item = desk.next_item(filters, user, now, after=after)
    if target_of(request) != AHEAD:
        return HttpResponseRedirect(address_of(item, filters))
    if item is None:
        return HttpResponse(status=204)
    page = DeskPage.of(item, user, filters, now)
    answer = HttpResponse(screen_alone(request, site, page))
    answer["X-Desk-Item"] = f"{item.event_id}:{page.seen}"
    return answer


@require_POST
def decide(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    """Take one decision and show the next proposal, or this one again with the reason why not."""
    user, now = curator(request), timezone.now()
    filters, item = desk.Filters.parse(request.GET), item_of(pk)
    verb, _, argument = request.POST.get("do", "save").partition(":")
    if verb == "next":
        return onward(request, site, item, user, filters, None)
    if verb == "find":
        found = actions.standing_events(request.POST.get("into", ""))[: actions.FOUND]
        trouble = Trouble(request.POST, found=list(found), open="merge")
        return show(request, site, DeskPage.of(item, user, filters, now, trouble))
    try:
        done = _in_turn(request, item, user, verb, argument)
    except CurateError as refusal:
        trouble = _trouble(request, refusal, verb)
        if item.pk is not None:  # holding it was taken back with all the rest
            desk.take(item, user, now)
        return show(request, site, DeskPage.of(item, user, filters, now, trouble))
    told = Told(done.words, done.undo)
    if done.stay and (verb == "save" or DeskItem.objects.filter(event=pk).exists()):
        return back_to(request, site, pk, user, filters, told)
    return onward(request, site, item, user, filters, told)


def _in_turn(
    request: HttpRequest, item: DeskItem, user: User, verb: str, argument: str
) -> actions.Done:
    """As _taken(). Of two decisions that wait for each other the database ends one, which is taken again.

    That is so where one editor merges A into B while another merges B into A: the second is told of the first.
    """
    for _ in range(TRIES):
        try:
            return _taken(request, item, user, verb, argument)
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
    raise CurateError(
        "Others decide about the same events at this moment: look again, then decide."
    )


@transaction.atomic
def _taken(
    request: HttpRequest, item: DeskItem, user: User, verb: str, argument: str
) -> actions.Done:
    """Hold the item, refuse what was changed meanwhile, do what the button says: all of it or nothing."""
    now, event = timezone.now(), item.event
    desk.hold(event, user, now)
    revising.refuse_stale(event, actions.whole(request.POST.get("seen", "")), user)
    press = actions.Act(
        event=event,
        item=item if item.pk else None,
        by=user,
        now=now,
        data=request.POST,
        verb=verb,
        argument=argument,
        proposal=_typed(request, event),
    )
    return actions.act(press)


def _typed(request: HttpRequest, event: Event) -> Proposal | None:
    """The fields as they were sent, None where they were not."""
    if "event-title" not in request.POST:
        return None
    row = (
        Event.objects.select_related("place")
        .prefetch_related("participations__actor")
        .get(pk=event.pk)
    )
    sent = {actions.whole(name.split("-")[1]) for name in request.POST if name.startswith("claim-")}
    return Proposal(row, row.claims.filter(pk__in=sent), request.POST)


def _trouble(request: HttpRequest, refusal: CurateError, verb: str) -> Trouble:
    panel = verb if verb in ("reject", "split", "merge", "snooze") else ""
    if isinstance(refusal, revising.StaleError):
        return Trouble(request.POST, conflict=refusal.changes, open=panel)
    if isinstance(refusal, revising.NeedsConfirmation):
        return Trouble(request.POST, question=str(refusal))
    return Trouble(request.POST, problems=[str(refusal)], open=panel)


@require_POST
def hold(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    """Keep the item for the editor who still looks at it; say so, or who has it now."""
    user, now = curator(request), timezone.now()
    item = item_of(pk)
    if item.pk is not None:
        desk.take(item, user, now)
    filters, taken = desk.Filters.parse(request.GET), taken_from(user, item, now)
    page = DeskPage(user, filters, now, item=item, taken=taken)
    return TemplateResponse(request, "admin/events/desk/_lease.html", {"desk": page})


@require_GET
def find(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    """Offer events to merge into, by number or words of the title."""
    curator(request)
    found = actions.standing_events(request.GET.get("into", "")).exclude(pk=pk)[: actions.FOUND]
    return TemplateResponse(request, "admin/events/desk/_found.html", {"found": list(found)})


@require_GET
def offers(request: HttpRequest, site: AdminSite, what: str) -> HttpResponse:
    """Offer names of actors or places that contain what is typed: the options of a list."""
    curator(request)
    typed = str(next(iter(request.GET.values()), "")).replace("\0", "").strip()[:100]
    names: Sequence[str] = ()
    if typed and what == "actor":
        actors = Actor.objects.standing().named(typed).order_by("name")
        names = list(actors.values_list("name", flat=True)[:OFFERED])
    elif typed and what == "place":
        places = Place.objects.standing().filter(name__icontains=typed).order_by("name")
        names = list(places.values_list("name", flat=True)[:OFFERED])
    return TemplateResponse(request, "admin/events/desk/_offers.html", {"names": names})
