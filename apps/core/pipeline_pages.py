"""The Pipeline page of the admin: every stage at a glance, and buttons to try again what failed."""

from typing import Final

from django.apps import apps
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.core import pipeline
from apps.core.stages import StageRun, StageStatus

LIVE: Final = "pipeline-live"
# What a button lets go on, and its words in the log.
RELEASED: Final = {
    "retry": (StageStatus.FAILED, "Tried again what had failed"),
    "release": (StageStatus.QUARANTINED, "Released what was set aside"),
}
_RECENT = 8
_SIGN = "Pipeline: "


def pipeline_urls(site: AdminSite) -> list[URLPattern]:
    """Return the patterns: `pipeline` is the page, `pipeline_release` takes its buttons."""
    given = {"site": site}
    return [
        path("pipeline/", site.admin_view(page), given, name="pipeline"),
        path("pipeline/release/", site.admin_view(release), given, name="pipeline_release"),
    ]


@require_safe
def page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show the stages whose rows the user may look at; for htmx the part that changes alone."""
    shown = [one for one in pipeline.stages(timezone.now()) if _may(request, one.key, "view")]
    if not shown:
        raise PermissionDenied("The pipeline is for those who may look at what passes through it.")
    for stage in shown:
        stage.may_release = stage.quarantined is not None and _may(request, stage.key, "change")
    context = {
        "stages": shown,
        "now": timezone.now(),
        "any_reason": any(stage.reasons for stage in shown),
        "recent": LogEntry.objects.filter(change_message__startswith=_SIGN)
        .select_related("user")
        .order_by("-action_time")[:_RECENT],
    }
    htmx = getattr(request, "htmx", None)
    if htmx and htmx.target == LIVE:
        return TemplateResponse(request, f"admin/core/pipeline.html#{LIVE}", context)
    context |= {**site.each_context(request), "title": "Pipeline"}
    return TemplateResponse(request, "admin/core/pipeline.html", context)


@require_POST
def release(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Let the failed rows of a stage, or those set aside, be worked on again; written into the log."""
    if not any(_may(request, one._meta.label_lower, "change") for one in pipeline.models()):
        raise PermissionDenied("This is for those who keep the stages running.")
    model = _stage(request.POST.get("stage", ""))
    status, words = RELEASED.get(request.POST.get("do", ""), (None, ""))
    if model is None or status is None:
        raise Http404("There is no such stage, or nothing of that kind to do with it.")
    if not _may(request, model._meta.label_lower, "change"):
        raise PermissionDenied(f"This needs the permission to change {model._meta.label_lower}.")
    with transaction.atomic():
        rows = model._default_manager.filter(status=status)
        count = rows.release()  # type: ignore[attr-defined]
        name = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
        if count:
            LogEntry.objects.create(
                user_id=str(request.user.pk),
                content_type=ContentType.objects.get_for_model(model),
                object_repr=f"{count:,} {name}",
                action_flag=CHANGE,
                change_message=f"{_SIGN}{words}",
            )
    if count:
        messages.success(request, f"{count:,} {name} will be worked on again within a minute.")
    else:
        messages.warning(request, "Nothing to do: no row of that stage is in that state any more.")
    return HttpResponseRedirect(reverse("admin:pipeline"))


def _stage(label: str) -> type[StageRun] | None:
    return next((model for model in pipeline.models() if model._meta.label_lower == label), None)


def _may(request: HttpRequest, label: str, what: str) -> bool:
    """Tell whether the user may view or change rows of a stage; the key of other shapes is a model's, too."""
    opts = apps.get_model(label)._meta
    return request.user.has_perm(f"{opts.app_label}.{what}_{opts.model_name}")
