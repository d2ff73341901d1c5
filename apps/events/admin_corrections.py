"""Changed sources and what they concern, in the admin: looked at here, decided on the desk."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.core.reading_admin import ReadingAdmin, StageAdmin
from apps.events import corrections
from apps.events.models import Correction, SourceChange
from apps.events.models.correction import FIELD_WORDS


@admin.register(SourceChange)
class SourceChangeAdmin(StageAdmin):
    """What changed at sources, and how many corrections it led to."""

    list_display = (
        "what", "cause", "noticed_at", "status", "corrections", "withdrawn", "attempts", "error",
    )  # fmt: skip
    list_filter = ("cause", "status")
    list_select_related = ("article", "source")
    search_fields = ("article__title", "source__name", "key", "error")
    date_hierarchy = "noticed_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave texts and bytes in the database."""
        return super().get_queryset(request).defer("version__raw", "version__text")

    @admin.display(description="Article or source")
    def what(self, row: SourceChange) -> str:
        """Name what changed."""
        return str(row.article or row.source)


@admin.register(Correction)
class CorrectionAdmin(ReadingAdmin):
    """Published evidence whose source changed."""

    list_display = ("event", "cause", "rests", "outcome", "created_at", "decided_at", "on_desk")
    list_filter = ("outcome", "cause", "quiet")
    list_select_related = ("event",)
    search_fields = ("event__public_id", "event__title", "was", "now", "detail")
    date_hierarchy = "created_at"
    fields = (
        "event", "on_desk", "cause", "detail", "evidence", "rests", "carried", "was", "now",
        "now_version", "read_now", "copies", "claims", "outcome", "quiet", "created_at",
        "decided_at", "decided_by",
    )  # fmt: skip
    readonly_fields = ("on_desk", "rests", "carried", "read_now", "copies")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave texts and bytes in the database."""
        rows = super().get_queryset(request)
        return rows.defer("now_version__raw", "now_version__text")

    @admin.display(description="Rests on it")
    def rests(self, row: Correction) -> str:
        """The fields in words."""
        return ", ".join(row.fields_words)

    @admin.display(description="Carried by others, too")
    def carried(self, row: Correction) -> str:
        """Those fields that other evidence carries."""
        return ", ".join(str(FIELD_WORDS[name]) for name in row.fields if name not in row.alone)

    @admin.display(description="Read there now")
    def read_now(self, row: Correction) -> str:
        """What the machine reads in the new wording."""
        return "; ".join(
            f"{FIELD_WORDS[change['field']]}: {change['was'] or 'said'} → "
            f"{'not told' if change['now'] is None else change['now'] or 'said'}"
            for change in row.changes
        )

    @admin.display(description="Copies that still say what it said")
    def copies(self, row: Correction) -> str:
        """Articles of the same story with the old wording."""
        return "; ".join(str(article) for article in corrections.copies_still(row)) or "none"

    @admin.display(description="Desk")
    def on_desk(self, row: Correction) -> SafeString | str:
        """The event's place on the desk, while the correction waits there."""
        if row.outcome != Correction.Outcome.OPEN:
            return "decided"
        address = reverse("admin:events_event_desk", args=[row.event_id])
        return format_html('<a href="{}">decide</a>', address)
