"""Pages of the admin beside the list of feeds: find a site's feeds, take a list in, give one out."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.sources import discovery, lists
from apps.sources.fetchers import http, opml
from apps.sources.fetchers.opml import Outline
from apps.sources.models import Feed

_LIST = "admin:sources_feed_changelist"
_SALT = "sources.feeds.chosen"
_MINUTES = 60


class AddressForm(forms.Form):
    """Any address of a site."""

    address = forms.CharField(
        max_length=1000,
        label="Address of the site or of a feed",
        widget=forms.TextInput(attrs={"class": "vLargeTextField", "inputmode": "url"}),
    )


class FileForm(forms.Form):
    """A list of feeds."""

    file = forms.FileField(
        label="OPML file", widget=forms.FileInput(attrs={"accept": ".opml,.xml"})
    )


def feed_urls(admin: "ModelAdmin[Feed]") -> list[URLPattern]:
    """Return the patterns of the three pages."""
    wrap, given = admin.admin_site.admin_view, {"admin": admin}
    return [
        path("find/", wrap(find), given, name="sources_feed_find"),
        path("opml/", wrap(give), given, name="sources_feed_opml"),
        path("opml/in/", wrap(bring), given, name="sources_feed_opml_in"),
    ]


@require_http_methods(["GET", "POST"])
def find(request: HttpRequest, admin: "ModelAdmin[Feed]") -> HttpResponse:
    """Ask for an address, show the feeds found there, add those that are chosen."""
    _needs_adding(request, admin)
    if "chosen" in request.POST:
        return _add(request, chosen=request.POST.getlist("feed"))
    form, found = AddressForm(request.POST or None), []
    if form.is_valid():
        try:
            found = discovery.find(form.cleaned_data["address"])
        except (http.FetchError, discovery.NothingFoundError) as error:
            form.add_error("address", str(error))
    known = set(
        Feed.objects.filter(url__in=[one.url for one in found]).values_list("url", flat=True)
    )
    context = {
        "form": form,
        "found": [(one, one.url in known) for one in found],
        "new": len(found) - len(known),
        "chosen": _signed([discovery.outline(one) for one in found]),
    }
    return _page(request, admin, "find", "Find a site's feeds", context)


@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, admin: "ModelAdmin[Feed]") -> HttpResponse:
    """Take a list of feeds: first shown what it would bring, then brought."""
    _needs_adding(request, admin)
    if "chosen" in request.POST:
        return _add(request, chosen=None)
    form = FileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            outlines = opml.read(form.cleaned_data["file"].read(opml.MOST_BYTES + 1))
            context["report"] = lists.bring(outlines, only_look=True)
            context["chosen"] = _signed(outlines)
        except opml.OpmlError as error:
            form.add_error("file", str(error))
    return _page(request, admin, "opml", "Take in a list of feeds", context)


@require_safe
def give(request: HttpRequest, admin: "ModelAdmin[Feed]") -> HttpResponse:
    """Give every feed out as OPML."""
    if not admin.has_view_permission(request):
        raise PermissionDenied("This is for those who may look at feeds.")
    answer = HttpResponse(
        lists.export(Feed.objects.select_related("source")), content_type="text/x-opml"
    )
    answer["Content-Disposition"] = 'attachment; filename="feeds.opml"'
    return answer


def _needs_adding(request: HttpRequest, admin: "ModelAdmin[Feed]") -> None:
    if not admin.has_add_permission(request):
        raise PermissionDenied("This is for those who may add feeds.")


def _signed(outlines: list[Outline]) -> str:
    """Return what was shown, so that just this is added and nothing is fetched or uploaded twice."""
    rows = [(o.url, o.title, o.site, o.language, o.folders, o.told) for o in outlines]
    return signing.dumps(rows, salt=_SALT, compress=True)


def _add(request: HttpRequest, *, chosen: list[str] | None) -> HttpResponse:
    """Add what was shown; of it those addresses that are `chosen`, None for all."""
    try:
        rows = signing.loads(request.POST["chosen"], salt=_SALT, max_age=_MINUTES * 60)
    except signing.BadSignature:
        messages.error(request, "Nothing was added: what was shown is too old. Please do it again.")
        return HttpResponseRedirect(reverse(_LIST))
    outlines = [
        Outline(url, title, site, language, tuple(folders), told)
        for url, title, site, language, folders, told in rows
        if chosen is None or url in chosen
    ]
    report = lists.bring(outlines)
    for address, reason in report.refused[:10]:
        messages.warning(request, f"{address}: {reason}")
    level = messages.SUCCESS if report.feeds else messages.WARNING
    messages.add_message(request, level, report.sentence if outlines else "No feed was chosen.")
    return HttpResponseRedirect(reverse(_LIST))


def _page(
    request: HttpRequest, admin: "ModelAdmin[Feed]", name: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    context |= {**admin.admin_site.each_context(request), "title": title, "opts": admin.opts}
    return TemplateResponse(request, f"admin/sources/feed/{name}.html", context)
