"""One decision about many proposals: first a page that says what would change, then the deed."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from apps.core import plover
from apps.events import desk
from apps.events.admin_desk_actions import LONGEST, standing_events, whole
from apps.events.admin_desk_answers import curator
from apps.events.admin_desk_page import QUICK_REASONS
from apps.events.curate import CurateError
from apps.events.models import Event

# What the desk's bulk changes; anything else differs from event to event.
REVISABLE = ("type", "precision", "confidence")


def bulk(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show what a bulk action would change (GET), or do it (POST)."""
    user, now = curator(request), timezone.now()
    sent = request.POST if request.method == "POST" else request.GET
    action, ids = sent.get("action", ""), [whole(pk) for pk in sent.getlist("id")]
    asked = "asked" in sent
    try:
        values = _values(action, sent)
        if request.method == "POST":
            done = desk.bulk(action, ids, by=user, now=now, **values)
            return _done(request, action, done)
        preview = desk.bulk_preview(action, ids, by=user, now=now, **values)
        refusal = ""
    except CurateError as error:
        preview, refusal = desk.Bulk([]), str(error)
    context = {
        **site.each_context(request),
        "is_nav_sidebar_enabled": False,
        "title": f"Preview: {desk.ACTIONS.get(action, 'nothing chosen')}",
        "opts": Event._meta,
        "filters": desk.Filters(),
        "here": "Preview",
        "action": action,
        "ids": ids,
        "preview": preview,
        "rows": [(outcome, _changes_told(action, outcome)) for outcome in preview.outcomes],
        "refusal": refusal if asked or action not in _NEEDING else "",
        "needs": action in _NEEDING,
        "sent": sent,
        "carried": ("own-reason", "into", "until", *REVISABLE),
        "asks": any(outcome.asks for outcome in preview.outcomes),
        "tomorrow": now.date() + timedelta(days=1),
        "reasons": QUICK_REASONS,
        "choices": {
            "type": [(type_, type_) for type_ in plover.TYPES],
            "precision": Event.Precision.choices,
            "confidence": Event.Confidence.choices,
        },
    }
    return TemplateResponse(request, "admin/events/desk/bulk.html", context)


def _changes_told(action: str, outcome: desk.Outcome) -> list[tuple[str, str, str]]:
    """What changes of an event; what becomes public has a column of its own."""
    if action != "publish":
        return outcome.changes
    return [row for row in outcome.changes if not row[0].startswith(("evidence ", "claims "))]


def _values(action: str, sent: QueryDict) -> dict[str, Any]:
    """Return what the action needs beyond the events, as the desk's bulk takes it."""
    values: dict[str, Any] = {"confirmed": sent.get("sure") == "1"}
    values["reason"] = sent.get("own-reason", "").replace("\0", "").strip()[:LONGEST]
    return values | _NEEDING.get(action, _nothing)(sent)


def _nothing(sent: QueryDict) -> dict[str, Any]:
    return {}


def _into(sent: QueryDict) -> dict[str, Any]:
    named = sent.get("into", "").strip()
    found = list(standing_events(named)[:2])
    if named and len(found) != 1:
        raise CurateError(f"Name one event by its number; “{named[:40]}” is none.")
    return {"into": found[0] if found else None}


def _until(sent: QueryDict) -> dict[str, Any]:
    try:
        return {"until": date.fromisoformat(sent.get("until", ""))}
    except ValueError:
        return {"until": None}


def _changes(sent: QueryDict) -> dict[str, Any]:
    return {"changes": {name: sent[name] for name in REVISABLE if sent.get(name)}}


_NEEDING: dict[str, Callable[[QueryDict], dict[str, Any]]] = {
    "reject": _nothing,
    "attach": _into,
    "snooze": _until,
    "revise": _changes,
}


def _done(request: HttpRequest, action: str, done: desk.Bulk) -> HttpResponse:
    count = len(done.done)
    words = f"{desk.ACTIONS[action]}: {count} done."
    if done.refused:
        words += f" {len(done.refused)} not: " + " ".join(o.refusal for o in done.refused[:5])
    undo = f"decision:{done.group}" if count and action not in ("snooze", "recommend") else ""
    messages.add_message(
        request, messages.SUCCESS if count else messages.ERROR, words, extra_tags=f"undo-{undo}"
    )
    return HttpResponseRedirect(reverse("admin:events_event_queue"))
