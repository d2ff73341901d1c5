"""What the machine put where, to be looked at."""

from django.contrib import admin

from apps.core.reading_admin import ReadingAdmin
from apps.events.models import Placement, Rarity


@admin.register(Placement)
class PlacementAdmin(ReadingAdmin):
    """Where each distinct event of an article went, and why."""

    list_display = ("story_event", "event", "score", "loose", "reason")
    list_filter = ("loose", "founds")
    list_select_related = ("story_event", "event")
    search_fields = ("event__public_id", "event__title", "reason")
    raw_id_fields = ("story_event", "event")
    show_full_result_count = False


@admin.register(Rarity)
class RarityAdmin(ReadingAdmin):
    """The counts that make rare words and rare actors weigh more."""

    list_display = ("counted_at", "events", "decisions")
    search_fields = ("id",)
