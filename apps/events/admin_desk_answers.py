"""How the desk answers: a whole page or a redirect, or for htmx (HX-Target: desk-screen) the screen alone.

The line that says what was done comes along; it comes alone where the page has the next proposal ready.
"""

import json
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.events import desk, revising
from apps.events.admin_desk_actions import whole
from apps.events.admin_desk_page import DeskPage, Told, in_words, last_decision
from apps.events.decide import authorise
from apps.events.models import DeskItem, Event

SCREEN, AHEAD = "desk-screen", "desk-next"


def curator(request: HttpRequest) -> User:
    """Return who is at the desk; PermissionDenied to those who may not decide."""
    if not isinstance(request.user, User):
        raise PermissionDenied("Log in to decide about events.")
    authorise(request.user, "")
    return request.user


def target_of(request: HttpRequest) -> str:
    """Return the id of the element that htmx would fill; "" for a plain request."""
    return str((getattr(request, "htmx", None) and request.htmx.target) or "")  # type: ignore[attr-defined]


def item_of(pk: int) -> DeskItem:
    """Return the event's item; an unsaved one where nothing waits on it. 404 where there is no such event."""
    item = DeskItem.objects.filter(event=pk).first()
    if item is not None:
        return item
    event = Event.objects.filter(pk=pk).first()
    if event is None:
        raise Http404("There is no such event.")
    return DeskItem(event=event, is_new=False)


def address_of(item: DeskItem | None, filters: desk.Filters) -> str:
    """Return the address of an item's screen; without an item, that of the queue."""
    if item is None:
        return reverse("admin:events_event_queue") + filters.query()
    return reverse("admin:events_event_desk", args=[item.event_id]) + filters.query()


def show(
    request: HttpRequest, site: AdminSite, page: DeskPage, told: Told | None = None
) -> HttpResponse:
    """Show a screen: alone with the line that says what was done for htmx, else as a whole page."""
    if target_of(request) == SCREEN:
        answer = HttpResponse(
            screen_alone(request, site, page) + _line(request, page.filters, told)
        )
        answer["HX-Push-Url"] = page.url or address_of(None, page.filters)
        return answer
    context = site.each_context(request) | _context(request, site, page)
    context |= {"told": told or said_before(request), "is_nav_sidebar_enabled": False}
    return TemplateResponse(request, "admin/events/desk/screen.html", context)


def screen_alone(request: HttpRequest, site: AdminSite, page: DeskPage) -> str:
    """Render the screen alone, as htmx and the fetch ahead want it."""
    context = _context(request, site, page)
    return render_to_string("admin/events/desk/screen.html#desk-screen", context, request)


def _context(request: HttpRequest, site: AdminSite, page: DeskPage) -> dict[str, Any]:
    event = page.event
    title = f"{event.public_id} {event.title}" if event else "Nothing waits"
    return {
        "opts": Event._meta,
        "filters": page.filters,
        "desk": page,
        "site_title": site.site_title,
        "page_title": title,
        "here": "One proposal",
        "found": page.trouble.found if page.trouble else None,
    }


def _line(request: HttpRequest, filters: desk.Filters, told: Told | None) -> str:
    """Render the line at the top for a swap out of band."""
    context = {"told": told, "filters": filters}
    line = render_to_string("admin/events/desk/_status.html", context, request)
    return f'<div id="desk-status" hx-swap-oob="innerHTML">{line}</div>'


def said_before(request: HttpRequest) -> Told | None:
    """What the request before this one left to be said, else which decision could be taken back."""
    for message in messages.get_messages(request):
        undo = (message.extra_tags or "").removeprefix("undo-")
        return Told(str(message), undo, bad=message.level >= messages.ERROR)
    last = last_decision(curator(request))
    if last is None:
        return None
    return Told(f"Your last decision: {in_words(last)}.", f"decision:{last.group}", old=True)


def back_to(
    request: HttpRequest,
    site: AdminSite,
    pk: int,
    user: User,
    filters: desk.Filters,
    told: Told | None,
) -> HttpResponse:
    """Show an event again, as it is now."""
    item, now = item_of(pk), timezone.now()
    if item.pk is not None:
        desk.take(item, user, now)
    if target_of(request) == SCREEN:
        return show(request, site, DeskPage.of(item, user, filters, now), told)
    return _redirect(request, address_of(item, filters), told)


def refused(
    request: HttpRequest, site: AdminSite, user: User, filters: desk.Filters, why: str
) -> HttpResponse:
    """Leave what is shown as it is, and say at the top why nothing was done."""
    told = Told(why, bad=True)
    if target_of(request) != SCREEN:
        return _redirect(request, reverse("admin:events_event_queue") + filters.query(), told)
    answer = HttpResponse(_line(request, filters, told))
    answer["HX-Reswap"] = "none"
    return answer


def onward(
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
    if target_of(request) != SCREEN:
        following = desk.next_item(filters, user, now, after=after)
        _let_go(item, following, user)
        return _redirect(request, address_of(following, filters), told)
    ahead = _ahead(request, user)
    if ahead is not None:
        _let_go(item, ahead, user)
        return _show_ahead(request, ahead, filters, told)
    following = desk.next_item(filters, user, now, after=after)
    _let_go(item, following, user)
    if following is None:
        return show(request, site, DeskPage(user, filters, now), told)
    return show(request, site, DeskPage.of(following, user, filters, now), told)


def _let_go(item: DeskItem, following: DeskItem | None, user: User) -> None:
    if item.pk is not None and (following is None or following.pk != item.pk):
        desk.release(item, user)


def _ahead(request: HttpRequest, user: User) -> DeskItem | None:
    """Return the item that the page has ready to show, None where it changed since or another took it."""
    pk, _, seen = request.POST.get("ahead", "").partition(":")
    item = DeskItem.objects.select_related("event").filter(event=whole(pk)).first()
    if item is None or not desk.take(item, user, timezone.now()):
        return None
    return item if revising.newest_change(item.event) == whole(seen) else None


def _show_ahead(
    request: HttpRequest, item: DeskItem, filters: desk.Filters, told: Told | None
) -> HttpResponse:
    """Tell the page to show what it has: the answer is only the line that says what was done."""
    url = address_of(item, filters)
    answer = HttpResponse(_line(request, filters, told))
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
