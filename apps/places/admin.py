"""Places in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.core.entity_admin import EntityAdmin
from apps.places import merging
from apps.places.models import Place

# How a name of the place itself is told apart from rows that point to it, in the form of a split.
_NAME = "name"


@admin.register(Place)
class PlaceAdmin(EntityAdmin):
    """Places and the larger ones they lie in."""

    merge_right = merging.RIGHT
    split_fields = ("name", "slug", "kind", "country", "lat", "lon", "radius_km", "parent")
    list_display = ("name", "kind", "country", "parent", "radius_km", "slug")
    list_filter = ("kind", "country")
    list_select_related = ("parent",)
    search_fields = ("name", "slug", "aliases")
    autocomplete_fields = ("parent",)
    prepopulated_fields = {"slug": ("name",)}

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Place | None = None
    ) -> dict[str, Any]:
        """A known place keeps its slug: dossiers use it."""
        return {} if obj else dict(self.prepopulated_fields)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Place | None = None
    ) -> tuple[str, ...]:
        """A known place keeps its slug."""
        return ("slug",) if obj else ()

    def merge(self, row: Place, **how: Any) -> None:
        """See EntityAdmin."""
        merging.merge(row, **how)

    def split(self, row: Place, new: Place, **how: Any) -> None:
        """See EntityAdmin; names are columns of the place itself."""
        chosen = how.pop("chosen")
        names = [row.aliases[number] for key, number in chosen if key == _NAME]
        new.aliases = names
        merging.split(row, new, chosen=[pair for pair in chosen if pair[0] != _NAME], **how)

    def movable(self, row: Any) -> list[tuple[str, list[tuple[str, str]]]]:
        """See EntityAdmin; and the place's names."""
        names = [(f"{_NAME}:{number}", name) for number, name in enumerate(row.aliases)]
        return [*([("names", names)] if names else []), *super().movable(row)]
