"""Places in the admin."""

from django.contrib import admin

from apps.core.reading_admin import Undeletable
from apps.places.models import Place


@admin.register(Place)
class PlaceAdmin(Undeletable, admin.ModelAdmin):
    """Places and the larger ones they lie in."""

    list_display = ("name", "kind", "country", "parent", "radius_km", "slug")
    list_filter = ("kind", "country")
    list_select_related = ("parent",)
    search_fields = ("name", "slug", "aliases")
    autocomplete_fields = ("parent",)
    prepopulated_fields = {"slug": ("name",)}
