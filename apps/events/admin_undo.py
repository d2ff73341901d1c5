"""Taking back from the history pages of the admin: one change, or a whole decision."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from apps.accounts.models import User
from apps.core.models import Change
from apps.events import curate
from apps.events.curate import CurateError


def undo_urls(site: AdminSite) -> list[URLPattern]:
    """Return the two addresses; they are the events' because taking back may decide about events."""
    return [
        path("history/undo/", site.admin_view(undo), name="events_event_undo"),
        path("history/take-back/", site.admin_view(take_back), name="events_event_take_back"),
    ]


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take a whole decision back; curate refuses who may not."""
    try:
        concerned = curate.undo(_posted(request, "group"), **_who(request))
    except CurateError as refusal:
        messages.error(request, str(refusal))
    else:
        events = ", ".join(decision.event.public_id for decision in concerned[:10])
        messages.success(request, f"Taken back{': ' + events if events else ''}.")
    return _back(request)


@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Take one change back; curate refuses who may not."""
    number = _posted(request, "change")
    change = Change.objects.filter(pk=int(number)).first() if _is_number(number) else None
    try:
        if change is None:
            raise CurateError("There is no such change in the history.")
        curate.take_back(change, **_who(request))
    except CurateError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Taken back.")
    return _back(request)


def _who(request: HttpRequest) -> dict[str, Any]:
    if not isinstance(request.user, User):
        raise CurateError("Log in to take something back.")
    return {"by": request.user, "reason": _posted(request, "reason")[:500]}


def _posted(request: HttpRequest, name: str) -> str:
    """A posted value without the character that the database cannot hold."""
    return request.POST.get(name, "").replace("\0", "").strip()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _back(request: HttpRequest) -> HttpResponse:
    goal = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(goal, allowed_hosts={request.get_host()}):
        goal = reverse("admin:index")
    return HttpResponseRedirect(goal)
