"""Pages about the product itself, and the pages for when something went wrong."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from apps.core import plover
from apps.timelines import asof, methods, quality, tension
from apps.timelines.asof import NotADay

logger = logging.getLogger(__name__)


def methodology(request: HttpRequest) -> HttpResponse:
    """The formulas and codes in force, printed from the constants that compute."""
    asof.read(request)
    context = {
        "section": "methodology",
        "tension": methods.constants(),
        "formula": tension.VERSION,
        "classes": methods.classes(),
        "corrections": methods.corrections(),
        "quads": plover.QUAD_NAMES.items(),
        "quality": quality.report(),
    }
    return render(request, "pages/methodology.html", context)


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; asks nothing of the database."""
    return HttpResponse("ok", content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 without touching the request, whose host or data may be what is bad."""
    return _bare("400.html", 400, why=str(exception) if isinstance(exception, NotADay) else "")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without the database, the session or a template that needs them."""
    return _bare("500.html", 500)


def _bare(template: str, status: int, why: str = "") -> HttpResponse:
    context = {"styles": _style_sheet(), "why": why}
    return HttpResponse(render_to_string(template, context), status=status)


def _style_sheet() -> str:
    """The style sheet's address; empty where static files were not collected: the page stands without it."""
    try:
        return staticfiles_storage.url("css/base.css")
    except ValueError:
        logger.exception("css/base.css is not in the collected static files; run collectstatic")
        return ""
