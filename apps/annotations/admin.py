"""What the pipeline read, in the admin: to look at, never to write."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.annotations.models import Annotation, Candidate, ClaimCandidate, Mention, StoryEvent
from apps.core.reading_admin import ReadingAdmin, ReadingInline, StageAdmin


class StoryEventInline(ReadingInline):
    """The distinct events of the article."""

    model = StoryEvent
    fields = (
        "index", "role", "type", "mode", "modality", "initiators", "targets", "place",
        "date_from", "date_to", "killed", "wounded", "confidence",
    )  # fmt: skip


class ClaimCandidateInline(ReadingInline):
    """Who says what in the article."""

    model = ClaimCandidate
    fields = ("index", "speaker", "act", "field", "value", "surface")


@admin.register(Annotation)
class AnnotationAdmin(StageAdmin):
    """One reading of one article version."""

    list_display = ("article_version", "pipeline_version", "status", "attempts", "took_ms", "error")
    list_filter = ("status", "pipeline_version", "agency")
    list_select_related = ("article_version__article",)
    search_fields = ("article_version__title", "error")
    date_hierarchy = "finished_at"
    inlines = (StoryEventInline, ClaimCandidateInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave texts and bytes in the database."""
        return super().get_queryset(request).defer("article_version__raw", "article_version__text")


class OfAnnotationAdmin(ReadingAdmin):
    """Rows that hang on an annotation."""

    list_select_related = ["annotation__article_version__article"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave texts and bytes in the database."""
        version = "annotation__article_version"
        return super().get_queryset(request).defer(f"{version}__raw", f"{version}__text")


@admin.register(Mention)
class MentionAdmin(OfAnnotationAdmin):
    """Actors, places and dates named in texts; those without a link are new to the dossier."""

    list_display = (
        "surface",
        "kind",
        "how",
        "actor",
        "place",
        "date_from",
        "date_to",
        "annotation",
    )
    list_filter = ("kind", "how", ("actor", admin.EmptyFieldListFilter))
    list_select_related = ["annotation__article_version__article", "actor", "place"]
    search_fields = ("surface", "actor__name", "place__name")


@admin.register(Candidate)
class CandidateAdmin(OfAnnotationAdmin):
    """Coded event mentions."""

    list_display = ("surface", "type", "mode", "modality", "date_from", "confidence", "annotation")
    list_filter = ("type", "modality")
    search_fields = ("surface", "place")
    date_hierarchy = "date_from"


@admin.register(StoryEvent)
class StoryEventAdmin(OfAnnotationAdmin):
    """Distinct events of articles."""

    list_display = ("__str__", "role", "mode", "modality", "date_from", "confidence", "annotation")
    list_filter = ("type", "modality", "role")
    search_fields = ("place", "why")
    date_hierarchy = "date_from"


@admin.register(ClaimCandidate)
class ClaimCandidateAdmin(OfAnnotationAdmin):
    """Claims as read."""

    list_display = ("speaker", "act", "field", "value", "surface", "annotation")
    list_filter = ("act", "field")
    search_fields = ("speaker", "value", "surface")
