"""The review queue's two addresses: the page, and the decision taken on it. Everything goes through curate."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from apps.events import curate, review
from apps.events.curate import CurateError
from apps.events.models import Claim, Event, Evidence

PER_PAGE = 10
# Events offered while a number is typed; any other number may be typed too.
OFFERED = 300


def _refuse_strangers(request: HttpRequest) -> None:
    if not request.user.has_perm("events.curate_event"):
        raise PermissionDenied("Deciding about events needs the permission events.curate_event.")


@require_GET
def queue(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show what waits: newest or most salient first, ten events a page."""
    _refuse_strangers(request)
    kind = request.GET.get("kind", "all")
    order = request.GET.get("order", "newest")
    kind = kind if kind in review.KINDS else "all"
    order = order if order in review.ORDERS else "newest"
    rows = review.waiting(kind, order)
    only = _number(request.GET.get("event", ""))
    if only is not None:
        rows = rows.filter(pk=only)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **site.each_context(request),
        "title": "Review queue",
        "opts": Event._meta,
        "page": page,
        "cards": review.cards(page.object_list),
        "kinds": review.KINDS,
        "orders": review.ORDERS,
        "kind": kind,
        "order": order,
        "known": Event.objects.public().order_by("-start")[:OFFERED],
        "only": only,
    }
    return TemplateResponse(request, "admin/events/event/queue.html", context)


@require_POST
def decide(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Take one decision; return to where the editor was, with what was done or why it was not."""
    _refuse_strangers(request)
    action = _ACTIONS.get(request.POST.get("action", ""))
    try:
        if action is None:
            raise CurateError("Choose what to do: publish, reject or merge.")
        messages.success(request, action(request))
    except CurateError as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(_back(request))


def _back(request: HttpRequest) -> str:
    goal = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(goal, allowed_hosts={request.get_host()}):
        return goal
    return reverse("admin:events_event_queue")


def _number(text: str) -> int | None:
    """Return the id that `text` writes out, None where it is none: anybody may fill in a form by hand."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _posted(request: HttpRequest, name: str) -> str:
    """A posted value without the character that the database cannot hold."""
    return request.POST.get(name, "").replace("\0", "").strip()


def _row(request: HttpRequest, model: type[Any], name: str) -> Any:
    key = _posted(request, name)
    row = model.objects.filter(pk=_number(key)).first()
    if row is None:
        raise CurateError(
            f"There is no such {model._meta.verbose_name} any more: {key[:40] or 'none given'}."
        )
    return row


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "reason": _posted(request, "reason")}


def _publish(request: HttpRequest) -> str:
    event = _row(request, Event, "event")
    curate.publish(event, **_who(request))
    return f"{event.public_id} is published."


def _reject(request: HttpRequest) -> str:
    event = _row(request, Event, "event")
    curate.reject(event, **_who(request))
    return f"{event.public_id} is rejected and will not be proposed again."


def _merge(request: HttpRequest) -> str:
    event = _row(request, Event, "event")
    named = _posted(request, "into_id") or _posted(request, "into")
    # The list of suggestions offers "EV-1 title": the number alone counts.
    number = named.split(" ")[0]
    into = Event.objects.filter(public_id__iexact=number).first() if number else None
    if into is None:
        raise CurateError(f"Name the event to merge into by its number; “{named[:40]}” is none.")
    curate.merge(event, into=into, **_who(request))
    return f"{event.public_id} is merged into {into.public_id}."


def _on(
    model: type[Any], name: str, decision: Callable[..., Any], done: str
) -> Callable[[HttpRequest], str]:
    def act(request: HttpRequest) -> str:
        row = _row(request, model, name)
        decision(row, **_who(request))
        return f"The {name} on {row.event.public_id} is {done}."

    return act


_ACTIONS: dict[str, Callable[[HttpRequest], str]] = {
    "publish": _publish,
    "reject": _reject,
    "merge": _merge,
    "publish_evidence": _on(Evidence, "evidence", curate.publish_evidence, "accepted"),
    "reject_evidence": _on(Evidence, "evidence", curate.reject_evidence, "rejected"),
    "publish_claim": _on(Claim, "claim", curate.publish_claim, "accepted"),
    "reject_claim": _on(Claim, "claim", curate.reject_claim, "rejected"),
}
