"""What hangs on events, in the admin: rows whose change is a decision about their event."""

from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest

from apps.accounts.models import User
from apps.core.history_pages import Entry
from apps.core.kept_admin import KeptAdmin
from apps.core.reading_admin import ReadingAdmin, StageAdmin, Undeletable
from apps.events import curate
from apps.events.admin_inlines import answerable, shown_id
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
from apps.events.snapshot import snapshot
from apps.events.undoing import undone


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


def with_decisions(event: Event, entries: list[Entry]) -> list[Entry]:
    """Return the entries of a history with the decisions about the event, and which were taken back."""
    groups = {entry.group for entry in entries}
    decisions = Decision.objects.filter(event=event, group__in=groups).defer("before", "after")
    gone, by_group = undone(groups), defaultdict(list)
    for decision in decisions:
        by_group[decision.group].append(decision)
    for entry in entries:
        entry.decisions, entry.undone = by_group[entry.group], entry.group in gone
    return entries


def changed_columns(form: forms.ModelForm) -> list[str]:
    """Return the columns that the form changed; everything else may have been derived anew meanwhile."""
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
        return with_decisions(_event_of(row), entries)

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool
    ) -> None:
        """Save and record what changed, with the reason."""
        event, changed = _event_of(obj), changed_columns(form)
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

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """A claim answers another one of its event."""
        if db_field.name == "answers":
            shown = shown_id(request)
            options["queryset"] = answerable(event__claims=shown).exclude(pk=shown or 0)
        return super().formfield_for_foreignkey(db_field, request, **options)


@admin.register(Link)
class LinkAdmin(OfEventAdmin):
    """Links between events."""

    list_display = ("source", "kind", "target", "standing", "note")
    list_filter = ("kind", "standing")
    list_select_related = ("source", "target")
    search_fields = ("source__title", "target__title", "source__public_id", "target__public_id")
    readonly_fields = ("source", "target", "standing", "origin", "evidence", "why")


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
