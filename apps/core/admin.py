"""The history in the admin: every change in words, to look at and to export, never to write."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.core import history, history_pages, history_words
from apps.core.history_export import FORMATS, ExportError, Wanted
from apps.core.models import Change
from apps.core.reading_admin import ReadingAdmin


class TableFilter(admin.SimpleListFilter):
    """By what was changed; asked of the triggers, not of a million rows."""

    title = "what was changed"
    parameter_name = "table"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Name the watched tables in words."""
        models = history_words.models()
        named = {table: str(models[table]._meta.verbose_name_plural) for table in history.watched()}
        return sorted(named.items(), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Change]) -> QuerySet[Change]:
        """Return the changes of the chosen table."""
        chosen = self.value()
        if chosen is None:
            return queryset
        return queryset.filter(table=chosen) if chosen in history.watched() else queryset.none()


class UserFilter(admin.SimpleListFilter):
    """By who, of those who may log in here."""

    title = "user"
    parameter_name = "user"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Name the users."""
        users = get_user_model()._default_manager.filter(is_staff=True).order_by("username")
        return [*((str(user.pk), str(user)) for user in users[:200]), ("none", "no user")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Change]) -> QuerySet[Change]:
        """Return the changes of the chosen user."""
        chosen = self.value() or ""
        if chosen == "none":
            return queryset.filter(user=None)
        return queryset.filter(user=int(chosen)) if chosen.isdecimal() else queryset


class ToldList(ChangeList):
    """A page of changes, put into words together."""

    def get_results(self, request: HttpRequest) -> None:
        """Keep the words of each change of the page beside it."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        for told in history_words.tell(self.result_list):
            told.change.told = told  # type: ignore[attr-defined]


@admin.register(Change)
class ChangeAdmin(ReadingAdmin):
    """All changes, newest first."""

    list_display = ("at", "what", "who", "why")
    list_display_links = ("at",)
    list_filter = (TableFilter, UserFilter, "at", "op")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("=group", "who", "why")
    search_help_text = "A decision's number, who, or words of the reason."
    fields = ("at", "what", "who", "why", "of", "decision", "before", "after")
    readonly_fields = fields
    change_list_template = "admin/core/change_list.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """See ToldList."""
        return ToldList

    @admin.display(description="What")
    def what(self, change: Change) -> str:
        """The change in one sentence."""
        told = getattr(change, "told", None) or history_words.tell([change])[0]
        return str(told)

    @admin.display(description="In the history of")
    def of(self, change: Change) -> SafeString | str:
        """A link to the row in whose history it stands."""
        model = history_words.models().get(change.owner_table)
        name = f"{model._meta.verbose_name if model else change.owner_table} {change.owner_id}"
        address = history_pages.address(change.owner_table, change.owner_id)
        return format_html('<a href="{}">{}</a>', address, name) if address else name

    @admin.display(description="Decision")
    def decision(self, change: Change) -> SafeString:
        """A link to all changes that were made with it."""
        address = reverse("admin:core_change_changelist") + f"?q={change.group}"
        return format_html('<a href="{}">{}</a>', address, change.group)

    def get_urls(self) -> list[URLPattern]:
        """The export beside the list."""
        export = path("export/", self.admin_site.admin_view(self.export), name="core_change_export")
        return [export, *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """Ask what to export; with a format, stream it as a file."""
        if not request.user.has_perm("core.export_change"):
            raise PermissionDenied("Exporting the history needs the permission core.export_change.")
        if request.GET.get("format") in FORMATS:
            try:
                return _file(Wanted.read(request.GET), request.GET["format"])
            except ExportError as error:
                messages.error(request, str(error))
                return HttpResponseRedirect(reverse("admin:core_change_export"))
        users = get_user_model()._default_manager.filter(is_staff=True).order_by("username")[:200]
        context = {
            **self.admin_site.each_context(request),
            "title": "Export the history",
            "opts": self.opts,
            "users": users,
            "asked": request.GET,
        }
        return TemplateResponse(request, "admin/core/export.html", context)


def _file(wanted: Wanted, format_: str) -> StreamingHttpResponse:
    kind, write = FORMATS[format_]
    name = f"history-{timezone.now():%Y%m%d-%H%M}.{format_}"
    answer = StreamingHttpResponse(write(wanted), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
