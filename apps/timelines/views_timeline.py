"""The home page and the timeline page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from apps.timelines.models import Timeline


def home(request: HttpRequest) -> HttpResponse:
    """The published dossiers."""
    return render(
        request, "timelines/home.html", {"timelines": Timeline.objects.filter(published=True)}
    )


def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """One published dossier."""
    found = get_object_or_404(Timeline, slug=slug, published=True)
    return render(request, "timelines/timeline.html", {"timeline": found})
