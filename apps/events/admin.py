"""Events and what hangs on them in the admin. Status and standing change through curate only."""

from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from apps.accounts.models import User
from apps.core.dossier.dates import edtf_of
from apps.core.history_pages import Entry
from apps.core.kept_admin import KeptAdmin
from apps.core.reading_admin import ReadingAdmin, StageAdmin, Undeletable
from apps.events import (
    admin_placement,  # noqa: F401  registers its models
    curate,
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
from apps.events.admin_undo import undo_urls
from apps.events.decide import locked
from apps.events.models import (
    Assembly,
    Claim,
    Decision,
    DeskItem,
    Event,
    Evidence,
    Link,
    Participation,
)
from apps.events.numbering import lock_events, next_public_id
from apps.events.snapshot import difference, snapshot
from apps.events.undoing import undone

_DERIVED = (
    "killed", "killed_low", "killed_high", "wounded", "wounded_low", "wounded_high", "contested",
    "denied", "headline_rule", "severity",
)  # fmt: skip


class CuratorsOnly(Undeletable):
    """What is changed here is a decision: only those who may decide may change."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """As the model's permission says, for curators."""
        return self._curates(request) and super().has_add_permission(request)  # type: ignore[misc]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As the model's permission says, for curators."""
        may = super().has_change_permission(request, obj)  # type: ignore[misc]
        return self._curates(request) and may

    def _curates(self, request: HttpRequest) -> bool:
        return request.user.has_perm("events.curate_event")


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
        if not change or {"start", "end", "precision"} & set(form.changed_data):
            obj.edtf = edtf_of(obj.start, obj.end, obj.precision)
        if not change:
            super().save_model(request, obj, form, change)
        elif changed := _changed(form):
            obj.save(update_fields=[*changed, "edtf", "first_public_at", "updated_at"])

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool
    ) -> None:
        """What an editor adds is the editor's: evidence, claims and links say so."""
        formset.save(commit=False)
        for row in formset.new_objects:
            if isinstance(row, (Evidence, Claim)):
                row.origin = Evidence.Origin.EDITOR
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
        return _with_decisions(row, entries)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every change; below them the decisions of before changes were kept."""
        before = Decision.objects.filter(event=_number(object_id), group="").select_related("by")
        older = [(row, difference(row.before, row.after) if row.before else []) for row in before]
        return super().history_view(request, object_id, {**(extra_context or {}), "older": older})


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _with_decisions(event: Event, entries: list[Entry]) -> list[Entry]:
    groups = {entry.group for entry in entries}
    decisions = Decision.objects.filter(event=event, group__in=groups).defer("before", "after")
    gone, by_group = undone(groups), defaultdict(list)
    for decision in decisions:
        by_group[decision.group].append(decision)
    for entry in entries:
        entry.decisions, entry.undone = by_group[entry.group], entry.group in gone
    return entries


def _changed(form: forms.ModelForm) -> list[str]:
    """Columns that the form changed; everything else may have been derived anew meanwhile."""
    columns = {field.name for field in form.instance._meta.concrete_fields}
    return [name for name in form.changed_data if name in columns]


def _event_of(row: Any) -> Event:
    event: Event = row.source if isinstance(row, Link) else row.event
    return event


def _user(request: HttpRequest) -> User:
    """Return who is logged in; the admin lets nobody else in."""
    if not isinstance(request.user, User):
        raise PermissionDenied("Log in to decide about events.")
    return request.user


def _publish(row: Any, who: dict[str, Any]) -> None:
    """What an editor adds to a published event is public at once."""
    if isinstance(row, Evidence):
        curate.publish_evidence(row, **who)
    elif isinstance(row, Claim):
        curate.publish_claim(row, **who)
    elif isinstance(row, Link):
        curate.publish_link(row, **who)


class OfEventAdmin(CuratorsOnly, KeptAdmin):
    """Rows of an event: a change is a decision about the event."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Added on the event's page, where the rest of it is seen."""
        return False

    def lock(self, row: Any) -> None:
        """Lock its event, as every decision does."""
        locked(_event_of(row))

    def described(self, row: Any, entries: list[Entry]) -> list[Entry]:
        """Name the decisions, and those that were taken back."""
        return _with_decisions(_event_of(row), entries)

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool
    ) -> None:
        """Save and record what changed, with the reason."""
        event, changed = _event_of(obj), _changed(form)
        reason = form.cleaned_data.get("reason") or "no reason given"
        with transaction.atomic():
            before = snapshot(event)
            if changed:
                obj.save(update_fields=changed)
                told = f"{obj._meta.verbose_name} {obj.pk}, {', '.join(changed)}: {reason}"
                curate.edited(event, before=before, by=_user(request), reason=told)


@admin.register(Evidence)
class EvidenceAdmin(OfEventAdmin):
    """Evidence of all events. Its span is fixed: another span is other evidence."""

    list_display = ("__str__", "event", "stance", "standing", "origin", "publisher", "known_at")
    list_filter = ("standing", "stance", "origin")
    list_select_related = ("event",)
    search_fields = ("quote", "url", "publisher", "event__title", "event__public_id")
    date_hierarchy = "known_at"
    readonly_fields = (
        "event", "standing", "origin", "article_version", "start", "end", "quote", "url", "candidate",
        "match_score", "created_at",
    )  # fmt: skip


@admin.register(Claim)
class ClaimAdmin(OfEventAdmin):
    """Claims about all events."""

    list_display = ("event", "speaker", "source", "act", "field", "value", "number", "standing")
    list_filter = ("standing", "act", "field", "origin")
    list_select_related = ("event", "speaker", "source")
    search_fields = ("value", "speaker_text", "speaker__name", "event__title", "event__public_id")
    date_hierarchy = "known_at"
    autocomplete_fields = ("speaker", "source")
    readonly_fields = ("event", "standing", "origin", "key", "evidence", "candidate", "created_at")


@admin.register(Link)
class LinkAdmin(OfEventAdmin):
    """Links between events."""

    list_display = ("source", "kind", "target", "standing", "note")
    list_filter = ("kind", "standing")
    list_select_related = ("source", "target")
    search_fields = ("source__title", "target__title", "source__public_id", "target__public_id")
    readonly_fields = ("source", "target", "standing", "evidence")


@admin.register(Participation)
class ParticipationAdmin(ReadingAdmin, KeptAdmin):
    """Who took part in what; changed on the event's page."""

    list_display = ("event", "actor", "role", "position")
    list_filter = ("role",)
    list_select_related = ("event", "actor")
    search_fields = ("actor__name", "event__title", "event__public_id")


@admin.register(Decision)
class DecisionAdmin(ReadingAdmin):
    """All decisions: the database refuses to change one."""

    list_display = ("at", "event", "action", "by", "by_label", "reason")
    list_filter = ("action", ("by", admin.RelatedOnlyFieldListFilter), "by_label")
    list_select_related = ("event", "by")
    search_fields = ("reason", "event__title", "event__public_id")
    date_hierarchy = "at"


@admin.register(Assembly)
class AssemblyAdmin(StageAdmin):
    """What became of each annotation, and what was skipped, with the reason."""

    list_display = ("annotation", "status", "attached", "proposed", "attempts", "error")
    list_filter = ("status",)
    list_select_related = ("annotation__article_version__article",)
    search_fields = ("annotation__article_version__title", "error")
    date_hierarchy = "finished_at"

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave texts and bytes in the database."""
        version = "annotation__article_version"
        return super().get_queryset(request).defer(f"{version}__raw", f"{version}__text")


@admin.register(DeskItem)
class DeskItemAdmin(ReadingAdmin):
    """What waits at the desk, as it is kept; decided about at the desk itself."""

    list_display = ("event", "salience", "since", "recommended_by", "claimed_by", "snoozed_until")
    list_filter = ("is_new", ("snoozed_until", admin.EmptyFieldListFilter))
    list_select_related = ("event", "recommended_by", "claimed_by")
    search_fields = ("event__title", "event__public_id")
    date_hierarchy = "since"
