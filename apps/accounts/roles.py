"""What each role may do: the table that the groups are made from after every migration.

Imported by the app's configuration, before there are models: they are asked for when they exist.
"""

from typing import Any, Final

from django.apps import AppConfig, apps
from django.db.models import Q

OURS: Final = (
    "accounts",
    "places",
    "actors",
    "sources",
    "articles",
    "annotations",
    "events",
    "timelines",
)
ANALYSTS: Final = "Analysts"
EDITORS: Final = "Editors"

# role -> model or app ("*" for all of ours) -> what it may do there; other names are permissions of their own.
ROLES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    ANALYSTS: {
        "places": ("view",),
        "actors": ("view",),
        "sources": ("view",),
        "articles": ("view",),
        "annotations": ("view",),
        "events": ("view",),
        "timelines": ("view",),
    },
    EDITORS: {
        "places": ("view", "add", "change"),
        "actors": ("view", "add", "change"),
        "actors.alias": ("delete",),
        "actors.role": ("delete",),
        "actors.relation": ("delete",),
        "sources": ("view", "add", "change"),
        "articles": ("view",),
        "articles.article": ("change",),
        "articles.intakeitem": ("change",),
        "annotations": ("view",),
        "annotations.annotation": ("change",),
        "events": ("view", "add", "change"),
        "events.participation": ("delete",),
        "events.event": ("curate_event",),
        "timelines": ("view",),
        "timelines.timeline": ("add", "change"),
        "timelines.dyad": ("add", "change", "delete"),
        "timelines.membership": ("add", "change", "delete"),
    },
}


def permissions_of(role: str, app_label: str) -> list[Any]:
    """Return the permissions in one app that the table gives to a role."""
    wanted = Q(pk__in=[])
    for where, actions in ROLES[role].items():
        app, _, model = where.partition(".")
        if app != app_label:
            continue
        names = Q(pk__in=[])
        for action in actions:
            whole = Q(codename=action) if "_" in action else Q(codename__startswith=f"{action}_")
            names |= whole
        here = Q(content_type__app_label=app) & (Q(content_type__model=model) if model else Q())
        wanted |= here & names
    return list(apps.get_model("auth", "Permission").objects.filter(wanted))


def make_roles(app_config: AppConfig, **_: Any) -> None:
    """After an app is migrated: make the groups and give them exactly what the table says there."""
    if app_config.label not in OURS:
        return
    groups = apps.get_model("auth", "Group").objects
    for role in ROLES:
        group, _created = groups.get_or_create(name=role)
        others = group.permissions.exclude(content_type__app_label=app_config.label)
        group.permissions.set([*others, *permissions_of(role, app_config.label)])
