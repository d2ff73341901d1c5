"""Events in the admin, with what hangs on them. Status and standing change through curate only."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from apps.core.dossier.dates import edtf_of
from apps.core.history_pages import Entry
from apps.core.kept_admin import KeptAdmin
from apps.events import (
    admin_coding,  # noqa: F401  registers its models
    admin_corrections,  # noqa: F401  registers its models
    admin_placement,  # noqa: F401  registers its models
    admin_removal,  # noqa: F401  registers its models
    curate,
    known_times,
)
from apps.events.admin_desk_urls import desk_urls
from apps.events.admin_inlines import (
    ClaimInline,
    DecisionInline,
    EvidenceInline,
    LinkInInline,
    LinkOutInline,
    ParticipationInline,
)
from apps.events.admin_rows import CuratorsOnly, changed_columns, with_decisions
from apps.events.admin_undo import undo_urls
from apps.events.decide import locked
from apps.events.models import Claim, Decision, Event, Evidence, Link
from apps.events.numbering import lock_events, next_public_id
from apps.events.snapshot import difference, snapshot

_DERIVED = (
    "killed", "killed_low", "killed_high", "wounded", "wounded_low", "wounded_high", "contested",
    "denied", "headline_rule", "severity",
)  # fmt: skip


@admin.register(Event)
class EventAdmin(CuratorsOnly, KeptAdmin):
    """Events with everything that hangs on them."""

    list_display = (
        "public_id", "title", "type", "start", "end", "place", "status", "contested", "killed",
        "wounded", "confidence",
    )  # fmt: skip
    list_display_links = ("public_id", "title")
    list_filter = ("status", "type", "contested", "confidence", "precision", "type_fit")
    list_select_related = ("place",)
    search_fields = ("public_id", "key", "title", "summary", "actors__name")
    date_hierarchy = "start"
    autocomplete_fields = ("place",)
    # Titles are sentences: the admin's own field shows a third of one.
    formfield_overrides = {
        models.CharField: {"widget": AdminTextInputWidget(attrs={"class": "vLargeTextField"})}
    }
    readonly_fields = (
        "public_id", "key", "status", "merged_into", "edtf", "fingerprint", "created_at",
        "updated_at", *_DERIVED,
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("public_id", "status", "merged_into", "title", "summary", "reason")}),
        ("What", {"fields": ("type", "mode", "type_fit", "confidence", "rank", "soil", "names")}),
        ("When", {"fields": ("start", "end", "precision", "edtf", "date_note", "first_public_at")}),
        ("Where", {"fields": ("place", "geo_precision")}),
        ("Derived from the published claims", {"fields": _DERIVED, "classes": ("collapse",)}),
        (
            "Notes",
            {"fields": ("notes", "key", "fingerprint", "created_at", "updated_at")},
        ),
    )
    inlines = (
        ParticipationInline,
        EvidenceInline,
        ClaimInline,
        LinkOutInline,
        LinkInInline,
        DecisionInline,
    )
    object_history_template = "admin/events/event/object_history.html"

    def get_urls(self) -> list[URLPattern]:
        """The review desk beside the model's own pages."""
        return desk_urls(self.admin_site) + undo_urls(self.admin_site) + super().get_urls()

    def save_model(
        self, request: HttpRequest, obj: Event, form: forms.ModelForm, change: bool
    ) -> None:
        """Keep the state before; number a new event; write its days as EDTF."""
        if change:
            form.before = snapshot(Event.objects.get(pk=obj.pk))  # type: ignore[attr-defined]
        else:
            lock_events()
            obj.public_id = next_public_id(obj.start)
        known_times.fill(obj)
        if not change or {"start", "end", "precision"} & set(form.changed_data):
            obj.edtf = edtf_of(obj.start, obj.end, obj.precision)
        if not change:
            super().save_model(request, obj, form, change)
        elif changed := changed_columns(form):
            obj.save(update_fields=[*changed, "edtf", "first_public_at", "updated_at"])

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool
    ) -> None:
        """What an editor adds is the editor's: evidence, claims and links say so."""
        formset.save(commit=False)
        for row in formset.new_objects:
            if isinstance(row, (Evidence, Claim)):
                row.origin = Evidence.Origin.EDITOR
                known_times.fill(row)
        super().save_formset(request, form, formset, change)
        form.added = [*getattr(form, "added", []), *formset.new_objects]  # type: ignore[attr-defined]

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool
    ) -> None:
        """Save what hangs on the event, then record the decision."""
        super().save_related(request, form, formsets, change)
        event, reason = form.instance, form.cleaned_data.get("reason", "")
        who = {"by": request.user, "reason": reason}
        if not change:
            curate.propose(event, **who)
            return
        if event.status == Event.Status.PUBLISHED:
            for row in getattr(form, "added", []):
                _publish(row, who)
        curate.edited(event, before=form.before, **who)  # type: ignore[attr-defined]

    def lock(self, row: Event) -> None:
        """As every decision does, so that none waits for the other."""
        locked(row)

    def described(self, row: Event, entries: list[Entry]) -> list[Entry]:
        """Name the decisions, and those that were taken back."""
        return with_decisions(row, entries)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every change; below them the decisions of before changes were kept."""
        before = Decision.objects.filter(event_id=_number(object_id) or 0, group="").select_related(
            "by"
        )
        older = [(row, difference(row.before, row.after) if row.before else []) for row in before]
        return super().history_view(request, object_id, {**(extra_context or {}), "older": older})


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _publish(row: Any, who: dict[str, Any]) -> None:
    """What an editor adds to a published event is public at once."""
    if isinstance(row, Evidence):
        curate.publish_evidence(row, **who)
    elif isinstance(row, Claim):
        curate.publish_claim(row, **who)
    elif isinstance(row, Link):
        curate.publish_link(row, **who)
