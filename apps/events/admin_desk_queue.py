"""The queue: what waits, a page of it, with filters that say how many each would leave."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.events import desk
from apps.events.admin_desk_answers import curator, said_before
from apps.events.models import Event

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


@require_GET
def queue(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show what waits, a page of it, with the filters and how many each would show; let go what was held."""
    user, now = curator(request), timezone.now()
    desk.release_all(user)
    filters = desk.Filters.parse(request.GET)
    counts = desk.counts(filters, user, now)
    context = {
        **site.each_context(request),
        "is_nav_sidebar_enabled": False,
        "title": "Review desk",
        "opts": Event._meta,
        "filters": filters,
        "page": desk.page(filters, user, now),
        "facets": _facets(filters, counts),
        "orders": desk.ORDERS,
        "bulk_actions": desk.ACTIONS,
        "total": counts["all"][0].count,
        "now": now,
        "told": said_before(request),
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
