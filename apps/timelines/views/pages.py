"""Pages about the product itself, and the pages for when something went wrong."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import ngettext

from apps.core import plover
from apps.timelines import asof, methods, quality, tension
from apps.timelines.asof import NotADay
from apps.timelines.models import Timeline

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
        "settled": methods.settled(),
        "timelines": Timeline.objects.public().order_by("title"),
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


def too_many_requests(request: HttpRequest, seconds: int) -> HttpResponse:
    """Answer 429: what was asked for takes much work, and the caller may ask again in so many seconds."""
    words = ngettext(
        "Pages and files that take much work were asked for too often from here; wait %(seconds)d second.",
        "Pages and files that take much work were asked for too often from here; wait %(seconds)d seconds.",
        seconds,
    )
    return _bare("429.html", 429, why=words % {"seconds": seconds})


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
