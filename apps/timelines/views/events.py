"""The event page, and its short form for the timeline's drawer."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from apps.events.derived import columns
from apps.events.models import Event
from apps.timelines import asof, tension
from apps.timelines.asof import NOW, AsOf
from apps.timelines.queries import claims as queries_claims
from apps.timelines.queries import corrections as queries_corrections
from apps.timelines.queries import events as queries_events
from apps.timelines.queries import evidence as queries_evidence

DRAWER = "event-drawer"


def event(request: HttpRequest, public_id: str) -> HttpResponse:
    """One published event, as known now or on a day; a merged one leads to what it was merged into."""
    as_of = asof.read(request)
    found = queries_events.find(public_id)
    if found is None or found.first_public_at is None:
        raise Http404("There is no published event of that id.")
    if found.public_id != public_id:
        return HttpResponsePermanentRedirect(as_of.link(found.get_absolute_url()))
    if as_of.moment is not None and found.first_public_at > as_of.moment:
        known = {"known_since": found.first_public_at, "now": found.get_absolute_url()}
        return render(request, "events/not_known.html", known, status=404)
    if request.htmx.target == DRAWER:  # type: ignore[attr-defined]
        return render(request, "events/_drawer.html", drawer_context(found, as_of))
    return render(request, "events/event.html", page_context(found, as_of))


def drawer_context(event: Event, as_of: AsOf = NOW) -> dict[str, Any]:
    """What templates/events/_drawer.html needs. The event shows the values that its claims of then give."""
    moment = as_of.moment
    reports = queries_evidence.reports(queries_evidence.evidence_of([event], moment))
    claims = queries_claims.claims_of(event, reports, moment)
    for name, value in columns(claims.head).items():
        setattr(event, name, value)
    before, after = queries_events.links_of(event, moment)
    return {
        "event": event,
        "parts": queries_events.actors_by_role(event),
        "reports": reports,
        "claims": claims,
        "before": before,
        "after": after,
        "hindsight": queries_events.written_later(event, moment),
        "as_of": as_of,
    }


def page_context(event: Event, as_of: AsOf = NOW) -> dict[str, Any]:
    """What templates/events/event.html needs: the drawer's content and the rest."""
    return {
        **drawer_context(event, as_of),
        "severity": queries_events.weigh(event),
        "formula": tension.VERSION,
        "timelines": queries_events.timelines_of(event, as_of.moment),
        "history": queries_events.history_of(event, as_of.moment),
        "corrections": queries_corrections.of_event(event, as_of.moment),
        "section": "timelines",
    }
