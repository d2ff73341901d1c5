"""Pages about the product itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def methodology(request: HttpRequest) -> HttpResponse:
    """The formulas and codes in force."""
    return render(request, "pages/methodology.html")


def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return HttpResponse("ok", content_type="text/plain")
