"""What hangs on an event, inside its page in the admin.

Evidence and claims are added here and looked at; whether they stand is decided on the review desk.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from apps.core.reading_admin import ReadingInline
from apps.events.models import Claim, Decision, Evidence, Link, Participation, Standing
from apps.events.models.link import link_fault


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
        """Rejected on the desk, never deleted."""
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
        "stance", "url", "publisher", "carries", "published_on", "known_at", "article_version", "start",
        "end", "quote", "standing", "origin", "why",
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
        "speaker", "speaker_text", "act", "field", "value", "number", "answers", "said_from", "said_to",
        "known_at", "standing", "origin",
    )  # fmt: skip
    readonly_fields = ("standing", "origin")
    autocomplete_fields = ("speaker",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the speakers."""
        rows = super().get_queryset(request)
        return rows.select_related("speaker", "source", "answers__speaker", "answers__source")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """A claim answers one of the same event."""
        if db_field.name == "answers":
            options["queryset"] = answerable(event=shown_id(request))
        return super().formfield_for_foreignkey(db_field, request, **options)


def shown_id(request: HttpRequest) -> int | None:
    """Return the id of the row that an admin form shows; None on the form for a new one."""
    match = request.resolver_match
    shown = str(match.kwargs.get("object_id", "")) if match else ""
    return int(shown) if shown.isdecimal() else None


def answerable(**event: Any) -> QuerySet[Claim]:
    """Return the claims that may be answered: those of one event that were not rejected."""
    rows = Claim.objects.filter(**event).exclude(standing=Standing.REJECTED)
    return rows.select_related("speaker", "source")


class LinkFormSet(forms.BaseInlineFormSet):
    """Links of an event, checked against its days as they stand in the same form."""

    def clean(self) -> None:
        """Say in a sentence why a link cannot be, where the database would refuse it."""
        super().clean()
        for form in self.forms:
            values = getattr(form, "cleaned_data", {})
            target, kind = values.get("target"), values.get("kind")
            if form.has_changed() and target is not None and kind:
                fault = link_fault(self.instance, target, kind, but=form.instance.pk)
                if fault:
                    form.add_error("target", fault)
        if self.instance.pk:
            self._keep_order()

    def _keep_order(self) -> None:
        """Refuse new days of the event that would put an effect before its cause."""
        ends = Q(source=self.instance) | Q(target=self.instance)
        for link in Link.objects.filter(ends).exclude(standing=Standing.REJECTED):
            out = link.source_id == self.instance.pk
            source = self.instance if out else link.source
            target = link.target if out else self.instance
            fault = link_fault(source, target, link.kind, but=link.pk)
            if fault:
                raise forms.ValidationError(f"{fault} Or reject the link first.")


class LinkOutInline(AddOnlyInline):
    """What the event answers, carries out or is part of."""

    model = Link
    fk_name = "source"
    formset = LinkFormSet
    verbose_name_plural = "links to earlier or larger events"
    fields = ("kind", "target", "note", "known_at", "standing")
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
