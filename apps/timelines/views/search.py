"""The search over events, actors and articles."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.timelines import asof


def search(request: HttpRequest) -> HttpResponse:
    """What the words asked for are found in, as known now or on a day."""
    asof.read(request)
    return render(request, "search/search.html", {"section": "search"})
