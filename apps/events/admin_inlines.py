"""What hangs on an event, inside its page in the admin.

Evidence and claims are added here and looked at; whether they stand is decided in the review queue.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.core.reading_admin import ReadingInline
from apps.events.models import Claim, Decision, Evidence, Link, Participation


class ParticipationInline(admin.TabularInline):
    """Who took part."""

    model = Participation
    extra = 0
    autocomplete_fields = ("actor",)


class AddOnlyInline(admin.TabularInline):
    """Rows that may be added; those that are there are shown and link to their own page."""

    extra = 0
    show_change_link = True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Changed on their own page, so that the change is one decision."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rejected in the queue, never deleted."""
        return False


class KnownForm(forms.ModelForm):
    """A row whose known time follows from what it rests on where the editor gives none (see known_times.py)."""

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        if "known_at" in self.fields:
            self.fields["known_at"].required = False


class EvidenceForm(KnownForm):
    """Evidence whose quote is what the article says there; left empty, it is taken from the article."""

    def clean(self) -> dict[str, Any]:
        """Say what the text has where the quote has something else: the database would refuse it all."""
        values = super().clean() or self.cleaned_data
        version, start, end = (values.get(name) for name in ("article_version", "start", "end"))
        if version is None or start is None or end is None:
            return values
        said = version.text[start:end]
        if values.get("quote") and values["quote"] != said:
            self.add_error(
                "quote", f"Characters {start} to {end} of the article are “{said[:200]}”."
            )
        values["quote"] = said
        known = values.get("known_at")
        if known is not None and known < version.known_at:
            self.add_error(
                "known_at",
                f"The article says so since {version.known_at:%d %B %Y, %H:%M} UTC; nothing of it was known "
                "before. Leave this empty to take that time.",
            )
        return values


class EvidenceInline(AddOnlyInline):
    """Why the event is believed."""

    model = Evidence
    form = EvidenceForm
    fields = (
        "stance", "url", "publisher", "published_on", "known_at", "article_version", "start", "end",
        "quote", "standing", "origin", "why",
    )  # fmt: skip
    readonly_fields = ("standing", "origin")
    raw_id_fields = ("article_version",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With titles, without texts and bytes."""
        rows = super().get_queryset(request).select_related("article_version__article")
        return rows.defer("article_version__raw", "article_version__text")


class ClaimInline(AddOnlyInline):
    """Who says what about it."""

    model = Claim
    form = KnownForm
    fields = (
        "speaker", "speaker_text", "act", "field", "value", "number", "said_from", "said_to",
        "known_at", "standing", "origin",
    )  # fmt: skip
    readonly_fields = ("standing", "origin")
    autocomplete_fields = ("speaker",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the speakers."""
        return super().get_queryset(request).select_related("speaker", "source")


class LinkOutInline(AddOnlyInline):
    """What the event answers, carries out or is part of."""

    model = Link
    fk_name = "source"
    verbose_name_plural = "links to earlier or larger events"
    fields = ("kind", "target", "note", "standing")
    readonly_fields = ("standing",)
    autocomplete_fields = ("target",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With both events: a link is shown by their numbers."""
        return super().get_queryset(request).select_related("source", "target")


class LinkInInline(ReadingInline):
    """What answers the event."""

    model = Link
    fk_name = "target"
    verbose_name_plural = "links from later or smaller events"
    fields = ("source", "kind", "note", "standing")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With both events: a link is shown by their numbers."""
        return super().get_queryset(request).select_related("source", "target")


class DecisionInline(ReadingInline):
    """Who decided what, and why; the history has the differences."""

    model = Decision
    fields = ("at", "action", "by", "by_label", "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the users, without the states before and after."""
        return super().get_queryset(request).select_related("by").defer("before", "after")
