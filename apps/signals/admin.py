"""Signals in the admin: whose they are, what was brought, and which actors and places they mean.

Single signals have no page here: there are millions, and readers' pages list them.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import model_ngettext
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

from apps.core.reading_admin import ReadingAdmin, Undeletable
from apps.signals import importing
from apps.signals.models import Party, SignalFile, SignalSource, Spot


class UnmeantFilter(admin.SimpleListFilter):
    """Those of which nobody said yet what they mean here."""

    title = "what it means here"
    parameter_name = "meant"
    column = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Said, or not."""
        return [("no", "not said"), ("yes", "said")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the chosen ones."""
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(**{f"{self.column}__isnull": self.value() == "no"})


class UnmeantActorFilter(UnmeantFilter):
    """Of parties."""

    column = "actor"


class UnmeantPlaceFilter(UnmeantFilter):
    """Of spots."""

    column = "place"


@admin.register(SignalSource)
class SignalSourceAdmin(Undeletable, admin.ModelAdmin):
    """Who coded them, and whether pages show them."""

    list_display = ("name", "kind", "public", "licence")
    list_filter = ("kind", "public")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A source's kind stays what its files are."""
        return ("kind",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """The slug follows the name of a new one alone."""
        return {} if obj else dict(self.prepopulated_fields)


@admin.register(SignalFile)
class SignalFileAdmin(ReadingAdmin):
    """What was brought, line by line told; operators take a file back with all its signals."""

    list_display = ("name", "source", "lines", "new", "replaced", "known", "unclassed", "refused")
    list_filter = ("source",)
    list_select_related = ("source",)
    search_fields = ("name",)
    actions = ("take_back",)

    def has_take_back_permission(self, request: HttpRequest) -> bool:
        """Whoever may change sources of signals."""
        return request.user.has_perm("signals.change_signalsource")

    @admin.action(description="Take back, with their signals", permissions=["take_back"])
    def take_back(
        self, request: HttpRequest, queryset: QuerySet[SignalFile]
    ) -> TemplateResponse | None:
        """Say what would go; once that is confirmed, remove the files and recount."""
        files = list(queryset)
        if request.POST.get("confirmed") != "yes":
            context = {
                **self.admin_site.each_context(request),
                "title": "Take back files of signals",
                "files": files,
                "signals": sum(file.new for file in files),
                "opts": self.opts,
            }
            return TemplateResponse(request, "admin/signals/take_back.html", context)
        self.log_deletions(request, queryset)
        removed = sum(importing.remove(file) for file in files)
        told = f"{len(files)} {model_ngettext(self.opts, len(files))}"
        self.message_user(
            request, f"{told} taken back, with {removed:,} signals.", messages.SUCCESS
        )
        return None


class _Meaning(Undeletable, admin.ModelAdmin):
    """A name of a source's, and what it means here: the only thing to say of it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They come with the files."""
        return False


@admin.register(Party)
class PartyAdmin(_Meaning):
    """Which actor a source's code or name means. Timelines are counted anew after a change."""

    list_display = ("key", "name", "source", "actor")
    list_filter = ("source", UnmeantActorFilter)
    list_select_related = ("source", "actor")
    search_fields = ("key", "name", "actor__name")
    fields = ("source", "key", "name", "actor")
    readonly_fields = ("source", "key", "name")
    autocomplete_fields = ("actor",)
    form = forms.ModelForm


@admin.register(Spot)
class SpotAdmin(_Meaning):
    """Which place a source's name means. Timelines are counted anew after a change."""

    list_display = ("name", "country", "source", "place")
    list_filter = ("source", UnmeantPlaceFilter)
    list_select_related = ("source", "place")
    search_fields = ("key", "name", "place__name")
    fields = ("source", "key", "name", "country", "lat", "lon", "place")
    readonly_fields = ("source", "key", "name", "country", "lat", "lon")
    autocomplete_fields = ("place",)
    form = forms.ModelForm
