"""Addresses of the API, below api/. Their names begin with "api-"."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from apps.timelines import asof
from apps.timelines.api import description
from apps.timelines.api.gate import gated
from apps.timelines.api.problems import MEDIA_TYPE, PROBLEMS, not_found
from apps.timelines.api.service import VERSION, api

BASE = f"api/v{VERSION}/"


def docs(request: HttpRequest) -> HttpResponse:
    """The documentation, laid out from the description itself."""
    asof.read(request)
    context = {
        "groups": description.operations(),
        "shapes": description.shapes(),
        "about": description.description()["info"],
        "problems": PROBLEMS,
        "media_type": MEDIA_TYPE,
    }
    return render(request, "api/docs.html", context)


def openapi(request: HttpRequest) -> HttpResponse:
    """The description for programs."""
    asof.read(request)
    return JsonResponse(description.description())


def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """Say as the API does that nothing is there."""
    return not_found().response()


def _operations() -> list[URLPattern]:
    """Return the operations behind the gate; the library's own root page is left out."""
    patterns: list[Any] = api.urls[0]
    return [
        path(f"{BASE}{found.pattern._route}", gated(found.callback, found.name), name=found.name)
        for found in patterns
        if found.name != "api-root"
    ]


urlpatterns = [
    path(BASE, docs, name="api-root"),
    path(f"{BASE}docs", docs, name="api-docs"),
    path(f"{BASE}openapi.json", gated(openapi, "api-openapi"), name="api-openapi"),
    *_operations(),
    path("api/<path:rest>", gated(nowhere, "api-unknown"), name="api-unknown"),
]
