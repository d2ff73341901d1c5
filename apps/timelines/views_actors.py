"""The list of actors and each actor's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from apps.actors.models import Actor


def actors(request: HttpRequest) -> HttpResponse:
    """All actors."""
    return render(request, "actors/actors.html", {"actors": Actor.objects.all()})


def actor(request: HttpRequest, slug: str) -> HttpResponse:
    """One actor."""
    return render(request, "actors/actor.html", {"actor": get_object_or_404(Actor, slug=slug)})
