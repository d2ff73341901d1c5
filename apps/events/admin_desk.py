"""The review desk's addresses: the queue, one screen per proposal, the decisions taken on it.

Each answers a plain request with a page or a redirect, and one of htmx (HX-Target: desk-screen) with the screen
alone and the line that says what was done. Nothing here writes: everything goes through curate and desk.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import User
from apps.actors.models import Actor
from apps.events import admin_desk_actions as actions
from apps.events import desk, revising
from apps.events.admin_desk_form import Proposal
from apps.events.admin_desk_page import DeskPage, Told, Trouble, in_words, last_decision, taken_from
from apps.events.curate import CurateError
from apps.events.decide import authorise
from apps.events.models import DeskItem, Event
from apps.places.models import Place

SCREEN, AHEAD = "desk-screen", "desk-next"
OFFERED = 10
_FACETS = {
    "kind": "What waits",
    "dossier": "Dossier",
    "type": "Type",
    "actor": "Actor",
    "confidence": "Confidence of the machine",
}
_FLAGS = {
    "contested": "Contested",
    "recommended": "Recommended",
    "mine": "Mine: held or recommended by me",
    "snoozed": "Asleep",
}


def curator(request: HttpRequest) -> User:
    """Return who is at the desk; PermissionDenied to those who may not decide."""
    if not isinstance(request.user, User):
        raise PermissionDenied("Log in to decide about events.")
    authorise(request.user, "")
    return request.user


def _partial(request: HttpRequest) -> str:
    return str((getattr(request, "htmx", None) and request.htmx.target) or "")  # type: ignore[attr-defined]


# --- the queue -------------------------------------------------------------------------------
@require_GET
def queue(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show what waits, a page of it, with the filters and how many each would show."""
    user, now = curator(request), timezone.now()
    filters = desk.Filters.parse(request.GET)
    context = {
        **site.each_context(request),
        "is_nav_sidebar_enabled": False,
        "title": "Review desk",
        "opts": Event._meta,
        "filters": filters,
        "page": desk.page(filters, user, now),
        "facets": _facets(filters, desk.counts(filters, user, now)),
        "orders": desk.ORDERS,
        "bulk_actions": desk.ACTIONS,
        "total": desk.items(filters, user, now).count(),
        "now": now,
        "told": _said_before(request),
    }
    return TemplateResponse(request, "admin/events/desk/list.html", context)


def _facets(
    filters: desk.Filters, counts: dict[str, list[desk.Value]]
) -> list[tuple[str, str, dict[str, Any]]]:
    """Return each filter as (name, title, {all, chosen, offered}); flags stand together as one."""
    facets = []
    for name, title in _FACETS.items():
        offered = [_offered(filters, name, value) for value in counts[name] if _shown(value)]
        chosen = any(value["chosen"] for value in offered)
        facets.append(
            (name, title, {"all": _at(filters, name, ""), "chosen": chosen, "offered": offered})
        )
    flags = [
        _offered(filters, name, counts[name][0]) | {"label": label, "href": _toggled(filters, name)}
        for name, label in _FLAGS.items()
    ]
    facets.append(("flags", "Only", {"all": "", "chosen": True, "offered": flags}))
    return facets


def _shown(value: desk.Value) -> bool:
    return value.chosen or value.count > 0


def _offered(filters: desk.Filters, name: str, value: desk.Value) -> dict[str, Any]:
    return {
        "label": value.label,
        "count": value.count,
        "chosen": value.chosen,
        "href": _at(filters, name, value.value),
    }


def _toggled(filters: desk.Filters, name: str) -> str:
    return _at(filters, name, not getattr(filters, name))


def _at(filters: desk.Filters, name: str, value: Any) -> str:
    return reverse("admin:events_event_queue") + filters.query(**{name: value})


# --- one proposal ----------------------------------------------------------------------------
@require_GET
def one(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    """Show one event with all that waits on it, and hold it for who looks at it."""
    user, now = curator(request), timezone.now()
    item = _item(pk)
    if item.pk is not None:
        desk.take(item, user, now)
    return _page(request, site, DeskPage.of(item, user, desk.Filters.parse(request.GET), now))


@require_GET
def following(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Lead to the first proposal of the queue, or give the one behind `after` to be shown later."""
    user, now = curator(request), timezone.now()
    filters = desk.Filters.parse(request.GET)
    after = DeskItem.objects.filter(event=actions.whole(request.GET.get("after", ""))).first()
    item = desk.next_item(filters, user, now, after=after)
    if _partial(request) != AHEAD:
        return HttpResponseRedirect(_address(item, filters))
    if item is None:
        return HttpResponse(status=204)
    page = DeskPage.of(item, user, filters, now)
    answer = HttpResponse(_screen(request, site, page))
    answer["X-Desk-Item"] = f"{item.event_id}:{page.seen}"
    return answer


def _item(pk: int) -> DeskItem:
    """Return the event's item; an unsaved one where nothing waits on it. 404 where there is no such event."""
    item = DeskItem.objects.select_related("claimed_by", "recommended_by").filter(event=pk).first()
    if item is not None:
        return item
    event = Event.objects.filter(pk=pk).first()
    if event is None:
        raise Http404("There is no such event.")
    return DeskItem(event=event, is_new=False)


def _address(item: DeskItem | None, filters: desk.Filters) -> str:
    if item is None:
        return reverse("admin:events_event_queue") + filters.query()
    return reverse("admin:events_event_desk", args=[item.event_id]) + filters.query()


def _context(request: HttpRequest, site: AdminSite, page: DeskPage) -> dict[str, Any]:
    event = page.event
    title = f"{event.public_id} {event.title}" if event else "Nothing waits"
    return {
        "opts": Event._meta,
        "filters": page.filters,
        "desk": page,
        "site_title": site.site_title,
        "page_title": title,
        "here": event.public_id if event else "Nothing waits",
        "found": page.trouble.found if page.trouble else None,
    }


def _screen(request: HttpRequest, site: AdminSite, page: DeskPage) -> str:
    """Render the screen alone, as htmx and the fetch ahead want it."""
    context = _context(request, site, page)
    return render_to_string("admin/events/desk/screen.html#desk-screen", context, request)


def _page(
    request: HttpRequest, site: AdminSite, page: DeskPage, told: Told | None = None
) -> HttpResponse:
    """Show a screen: alone with the line that says what was done for htmx, else as a whole page."""
    if _partial(request) == SCREEN:
        answer = HttpResponse(_screen(request, site, page) + _told(request, page.filters, told))
        answer["HX-Push-Url"] = page.url or _address(None, page.filters)
        return answer
    context = site.each_context(request) | _context(request, site, page)
    context |= {"told": told or _said_before(request), "is_nav_sidebar_enabled": False}
    return TemplateResponse(request, "admin/events/desk/screen.html", context)


def _told(request: HttpRequest, filters: desk.Filters, told: Told | None) -> str:
    """Render the line at the top for a swap out of band."""
    context = {"told": told, "filters": filters}
    line = render_to_string("admin/events/desk/_status.html", context, request)
    return f'<div id="desk-status" hx-swap-oob="innerHTML">{line}</div>'


def _said_before(request: HttpRequest) -> Told | None:
    """What the request before this one left to be said, else which decision could be taken back."""
    for message in messages.get_messages(request):
        undo = (message.extra_tags or "").removeprefix("undo-")
        return Told(str(message), undo, bad=message.level >= messages.ERROR)
    last = last_decision(curator(request))
    return (
        Told(f"Your last decision: {in_words(last)}.", f"decision:{last.group}") if last else None
    )


# --- decisions -------------------------------------------------------------------------------
@require_POST
def decide(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    """Take one decision and show the next proposal, or this one again with the reason why not."""
    user, now = curator(request), timezone.now()
    filters, item = desk.Filters.parse(request.GET), _item(pk)
    verb, _, argument = request.POST.get("do", "save").partition(":")
    if verb == "next":
        return _onward(request, site, item, user, filters, None)
    if verb == "find":
        found = actions.standing_events(request.POST.get("into", ""))[: actions.FOUND]
        trouble = Trouble(request.POST, found=list(found), open="merge")
        return _page(request, site, DeskPage.of(item, user, filters, now, trouble))
    try:
        done = _taken(request, item, user, verb, argument)
    except CurateError as refusal:
        trouble = _trouble(request, refusal, verb)
        return _page(request, site, DeskPage.of(item, user, filters, now, trouble))
    told = Told(done.words, done.undo)
    if done.stay and (verb == "save" or DeskItem.objects.filter(event=pk).exists()):
        return back_to(request, site, pk, user, filters, told)
    return _onward(request, site, item, user, filters, told)


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


def back_to(
    request: HttpRequest,
    site: AdminSite,
    pk: int,
    user: User,
    filters: desk.Filters,
    told: Told | None,
) -> HttpResponse:
    """Show an event again, as it is now."""
    item, now = _item(pk), timezone.now()
    if item.pk is not None:
        desk.take(item, user, now)
    if _partial(request) == SCREEN:
        return _page(request, site, DeskPage.of(item, user, filters, now), told)
    return _redirect(request, _address(item, filters), told)


def refused(
    request: HttpRequest, site: AdminSite, user: User, filters: desk.Filters, why: str
) -> HttpResponse:
    """Leave what is shown as it is, and say at the top why nothing was done."""
    told = Told(why, bad=True)
    if _partial(request) != SCREEN:
        return _redirect(request, reverse("admin:events_event_queue") + filters.query(), told)
    answer = HttpResponse(_told(request, filters, told))
    answer["HX-Reswap"] = "none"
    return answer


def _onward(
    request: HttpRequest,
    site: AdminSite,
    item: DeskItem,
    user: User,
    filters: desk.Filters,
    told: Told | None,
) -> HttpResponse:
    """Show what comes next: what the page has fetched ahead, where it still is as it was fetched."""
    now = timezone.now()
    after = item if item.pk is not None else None
    if _partial(request) != SCREEN:
        following = desk.next_item(filters, user, now, after=after)
        _let_go(item, following, user)
        return _redirect(request, _address(following, filters), told)
    ahead = _ahead(request, user)
    if ahead is not None:
        _let_go(item, ahead, user)
        return _show_ahead(request, ahead, filters, told)
    following = desk.next_item(filters, user, now, after=after)
    _let_go(item, following, user)
    if following is None:
        return _page(request, site, DeskPage(user, filters, now), told)
    return _page(request, site, DeskPage.of(following, user, filters, now), told)


def _let_go(item: DeskItem, following: DeskItem | None, user: User) -> None:
    if item.pk is not None and (following is None or following.pk != item.pk):
        desk.release(item, user)


def _ahead(request: HttpRequest, user: User) -> DeskItem | None:
    """Return the item that the page has ready to show, None where it changed since or another took it."""
    pk, _, seen = request.POST.get("ahead", "").partition(":")
    item = DeskItem.objects.select_related("event").filter(event=actions.whole(pk)).first()
    if item is None or not desk.take(item, user, timezone.now()):
        return None
    return item if revising.newest_change(item.event) == actions.whole(seen) else None


def _show_ahead(
    request: HttpRequest, item: DeskItem, filters: desk.Filters, told: Told | None
) -> HttpResponse:
    """Tell the page to show what it has: the answer is only the line that says what was done."""
    url = _address(item, filters)
    answer = HttpResponse(_told(request, filters, told))
    answer["HX-Reswap"] = "none"
    answer["HX-Push-Url"] = url
    shown = {"key": request.POST.get("ahead", ""), "url": url}
    answer["HX-Trigger-After-Swap"] = json.dumps({"desk-show": shown})
    return answer


def _redirect(request: HttpRequest, url: str, told: Told | None) -> HttpResponse:
    if told is not None:
        level = messages.ERROR if told.bad else messages.SUCCESS
        messages.add_message(request, level, told.words, extra_tags=f"undo-{told.undo}")
    return HttpResponseRedirect(url)


@require_POST
def hold(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    """Keep the item for the editor who still looks at it; say so, or who has it now."""
    user, now = curator(request), timezone.now()
    item = _item(pk)
    if item.pk is not None:
        desk.take(item, user, now)
    filters, taken = desk.Filters.parse(request.GET), taken_from(user, item, now)
    page = DeskPage(user, filters, now, item=item, taken=taken)
    return TemplateResponse(request, "admin/events/desk/_lease.html", {"desk": page})


# --- what is offered while typing ------------------------------------------------------------
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
    typed = next(iter(request.GET.values()), "").replace("\0", "").strip()[:100]
    names: Sequence[str] = ()
    if typed and what == "actor":
        rows = Actor.objects.standing().named(typed).order_by("name")
        names = list(rows.values_list("name", flat=True)[:OFFERED])
    elif typed and what == "place":
        rows = Place.objects.standing().filter(name__icontains=typed).order_by("name")
        names = list(rows.values_list("name", flat=True)[:OFFERED])
    return TemplateResponse(request, "admin/events/desk/_offers.html", {"names": names})
