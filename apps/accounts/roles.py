"""What each role may do: the table that the groups are made from after every migration.

Imported by the app's configuration, before there are models: they are asked for when they exist.
"""

from typing import Any, Final

from django.apps import AppConfig, apps
from django.db.models import Q

OURS: Final = (
    "auth",
    "core",
    "accounts",
    "places",
    "actors",
    "signals",
    "sources",
    "articles",
    "annotations",
    "events",
    "timelines",
)
ANALYSTS: Final = "Analysts"
EDITORS: Final = "Editors"
SENIOR_EDITORS: Final = "Senior editors"
OPERATORS: Final = "Operators"

Rights = dict[str, tuple[str, ...]]

_READING: Final[Rights] = {
    "places": ("view",),
    "actors": ("view",),
    "signals": ("view",),
    "sources": ("view",),
    "articles": ("view",),
    "annotations": ("view",),
    "events": ("view",),
    "timelines": ("view",),
}
_CURATING: Final[Rights] = {
    **_READING,
    "core.change": ("view",),
    "places.place": ("add", "change"),
    "actors.actor": ("add", "change"),
    "actors.alias": ("add", "change", "delete"),
    "actors.role": ("add", "change", "delete"),
    "actors.relation": ("add", "change", "delete"),
    "actors.aliassuggestion": ("change",),
    "signals.party": ("change",),
    "signals.spot": ("change",),
    "articles.article": ("change",),
    "events.event": ("add", "change", "curate_event"),
    "events.evidence": ("add", "change"),
    "events.claim": ("add", "change"),
    "events.link": ("add", "change"),
    "events.participation": ("add", "change", "delete"),
    "events.correction": ("change",),
    "events.secondcoding": ("change",),
}
# role -> model or app -> what it may do there; a name with "_" is a permission of its own. A role holds all
# that its work needs, so that one group is enough; groups may be combined.
ROLES: Final[dict[str, Rights]] = {
    # Reads. In an installation without readers from outside (CLOSED) that takes a login.
    ANALYSTS: _READING,
    # Decides about proposals, evidence and claims; recommends what should be public.
    EDITORS: _CURATING,
    # Publishes and takes back, says who and what is the same, edits dossiers.
    SENIOR_EDITORS: {
        **_CURATING,
        "events.event": ("add", "change", "curate_event", "publish_event"),
        "articles.article": ("change", "remove_article"),
        "actors.actor": ("add", "change", "merge_actor"),
        "places.place": ("add", "change", "merge_place"),
        "core.change": ("view", "export_change"),
        "timelines.timeline": ("add", "change"),
        "timelines.dyad": ("add", "change", "delete"),
        "timelines.membership": ("add", "change", "delete"),
    },
    # Keeps sources, stages and users running; decides about no event.
    OPERATORS: {
        **_READING,
        "core.change": ("view", "export_change"),
        "signals.signalsource": ("add", "change"),
        "sources.source": ("add", "change"),
        "sources.feed": ("add", "change"),
        "articles.article": ("remove_article",),
        "articles.intakeitem": ("change",),
        "articles.refetch": ("change",),
        "annotations.annotation": ("change",),
        "events.assembly": ("change",),
        "events.sourcechange": ("change",),
        "timelines.notice": ("change",),
        "accounts.user": ("view", "add", "change"),
        "auth.group": ("view",),
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
