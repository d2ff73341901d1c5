"""The event page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from apps.events.models import Event


def event(request: HttpRequest, public_id: str) -> HttpResponse:
    """One published event."""
    found = get_object_or_404(Event.objects.public(), public_id=public_id)
    return render(request, "events/event.html", {"event": found})
