"""A dossier's files after a merge: what they say of a merged actor or place holds for the one that stands."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from apps.actors.models import Actor
from apps.core.dossier import Dossier
from apps.places.models import Place

Item = dict[str, Any]
Names = Mapping[str, str]


def as_merged_here(dossier: Dossier) -> tuple[Dossier, list[str]]:
    """Return the dossier with slugs of merged actors and places replaced, and what is told of that.

    The merged items themselves are left out: what was merged is an editor's decision, and stands.
    """
    actors, places = _merged(Actor), _merged(Place)
    if not actors and not places:
        return dossier, []
    told = [
        f"{model} {item['id']}: merged into {names[item['id']]} here; the files' entry is left alone"
        for model, items, names in (
            ("actors.actor", dossier.actors, actors),
            ("places.place", dossier.places, places),
        )
        for item in items
        if item["id"] in names
    ]
    return (
        replace(
            dossier,
            timeline=_timeline(dossier.timeline, actors, places),
            actors=[_actor(item, actors) for item in dossier.actors if item["id"] not in actors],
            places=[
                {**item, "parent": places.get(item["parent"], item["parent"])}
                for item in dossier.places
                if item["id"] not in places
            ],
            events=[_event(item, actors, places) for item in dossier.events],
        ),
        told,
    )


def _merged(model: Any) -> dict[str, str]:
    merged = model.objects.filter(merged_into__isnull=False)
    return dict(merged.values_list("slug", "merged_into__slug"))


def _all(slugs: Iterable[str], names: Names) -> list[str]:
    return list(dict.fromkeys(names.get(slug, slug) for slug in slugs))


def _timeline(timeline: Item, actors: Names, places: Names) -> Item:
    scope = timeline["scope"]
    return {
        **timeline,
        "scope": {
            **scope,
            "actors": _all(scope["actors"], actors),
            "places": _all(scope["places"], places),
        },
        "lanes": [
            {**lane, "a": _all(lane["a"], actors), "b": _all(lane["b"], actors)}
            for lane in timeline["lanes"]
        ],
    }


def _actor(item: Item, actors: Names) -> Item:
    roles = [
        {**role, "organisation": actors.get(role["organisation"], role["organisation"])}
        for role in item["roles"]
    ]
    relations = [{**row, "to": actors.get(row["to"], row["to"])} for row in item["relations"]]
    return {
        **item,
        "roles": roles,
        "relations": [row for row in relations if row["to"] != item["id"]],
    }


def _event(item: Item, actors: Names, places: Names) -> Item:
    parts = {name: _all(item[name], actors) for name in ("initiators", "targets", "others")}
    claims = [
        {**claim, "speaker": actors.get(claim["speaker"], claim["speaker"])}
        for claim in item["claims"]
    ]
    return {**item, **parts, "place": places.get(item["place"], item["place"]), "claims": claims}
