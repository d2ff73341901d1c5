"""Actors in the admin, with their aliases, roles and relations."""

from typing import Any

from django.contrib import admin

from apps.actors import admin_suggestions, merging
from apps.actors.models import Actor, Alias, Relation, Role
from apps.core.entity_admin import EntityAdmin
from apps.core.kept_admin import KeptAdmin

# Registered by being imported.
__all__ = ["ActorAdmin", "AliasAdmin", "RelationAdmin", "RoleAdmin", "admin_suggestions"]


class AliasInline(admin.TabularInline):
    """Other names."""

    model = Alias
    extra = 0


class RoleInline(admin.TabularInline):
    """Titles the person held."""

    model = Role
    fk_name = "person"
    extra = 0
    autocomplete_fields = ("organisation",)


class RelationInline(admin.TabularInline):
    """How the actor stands to others."""

    extra = 0
    model = Relation


class RelationsOutInline(RelationInline):
    """Relations that start from the actor."""

    fk_name = "source"
    verbose_name_plural = "relations to others"
    autocomplete_fields = ("target",)
    fields = ("kind", "target", "since", "until", "disputed", "evidence")


class RelationsInInline(RelationInline):
    """Relations of others to the actor."""

    fk_name = "target"
    verbose_name_plural = "relations of others to this actor"
    autocomplete_fields = ("source",)
    fields = ("source", "kind", "since", "until", "disputed", "evidence")


@admin.register(Actor)
class ActorAdmin(EntityAdmin):
    """Who does what to whom."""

    merge_right = merging.RIGHT
    split_fields = ("name", "slug", "kind", "country")

    list_display = ("name", "kind", "country", "code", "slug")
    list_filter = ("kind", "country")
    search_fields = ("name", "slug", "code", "aliases__name")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (AliasInline, RoleInline, RelationsOutInline, RelationsInInline)

    def merge(self, row: Actor, **how: Any) -> None:
        """See EntityAdmin."""
        merging.merge(row, **how)

    def split(self, row: Actor, new: Actor, **how: Any) -> None:
        """See EntityAdmin."""
        merging.split(row, new, **how)

    def get_prepopulated_fields(self, request: Any, obj: Actor | None = None) -> dict[str, Any]:
        """A known actor keeps its slug: addresses and dossiers use it."""
        return {} if obj else dict(self.prepopulated_fields)

    def get_readonly_fields(self, request: Any, obj: Actor | None = None) -> tuple[str, ...]:
        """A known actor keeps its slug."""
        return ("slug",) if obj else ()


@admin.register(Alias)
class AliasAdmin(KeptAdmin):
    """All names, to find whose one is."""

    list_display = ("name", "actor", "kind")
    list_filter = ("kind",)
    list_select_related = ("actor",)
    search_fields = ("name", "actor__name")
    autocomplete_fields = ("actor",)


@admin.register(Role)
class RoleAdmin(KeptAdmin):
    """All titles with the days they were held."""

    list_display = ("person", "title", "organisation", "since", "until")
    list_select_related = ("person", "organisation")
    search_fields = ("title", "person__name", "organisation__name")
    autocomplete_fields = ("person", "organisation")
    date_hierarchy = "since"


@admin.register(Relation)
class RelationAdmin(KeptAdmin):
    """All relations between actors."""

    list_display = ("source", "kind", "target", "since", "until", "disputed")
    list_filter = ("kind", "disputed")
    list_select_related = ("source", "target")
    search_fields = ("source__name", "target__name")
    autocomplete_fields = ("source", "target")
