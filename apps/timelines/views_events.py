"""The event page, and its short form for the timeline's drawer."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from apps.events.models import Event
from apps.timelines import queries_events, queries_evidence, tension

DRAWER = "event-drawer"


def event(request: HttpRequest, public_id: str) -> HttpResponse:
    """One published event; a merged one leads to what it was merged into."""
    found = queries_events.find(public_id)
    if found is None:
        raise Http404("There is no published event of that id.")
    if found.public_id != public_id:
        return HttpResponsePermanentRedirect(found.get_absolute_url())
    if request.htmx.target == DRAWER:  # type: ignore[attr-defined]
        return render(request, "events/_drawer.html", drawer_context(found))
    return render(request, "events/event.html", page_context(found))


def drawer_context(event: Event) -> dict[str, Any]:
    """What templates/events/_drawer.html needs."""
    reports = queries_evidence.reports(queries_evidence.evidence_of([event]))
    before, after = queries_events.links_of(event)
    return {
        "event": event,
        "parts": queries_events.actors_by_role(event),
        "reports": reports,
        "claims": queries_events.claims_of(event, reports),
        "before": before,
        "after": after,
    }


def page_context(event: Event) -> dict[str, Any]:
    """What templates/events/event.html needs: the drawer's content and the rest."""
    context = drawer_context(event)
    return {
        **context,
        "contested_why": queries_events.contested_why(event, context["claims"]),
        "severity": queries_events.weigh(event),
        "formula": tension.VERSION,
        "timelines": queries_events.timelines_of(event),
        "history": queries_events.history_of(event),
        "section": "timelines",
    }
