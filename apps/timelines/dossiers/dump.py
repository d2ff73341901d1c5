"""A timeline as the files of a dossier: what load.py reads, written from what the database holds.

Only what is public goes into the files: published events of the timeline with their published evidence,
claims and links, and the actors, places and sources that these name. An event that came with the files of
another dossier stays with that one.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from apps.actors.models import Actor, Relation, Role
from apps.events.models import Claim, Event, EventQuerySet
from apps.places.models import Place
from apps.timelines.dossiers.dump_events import CitedSources, Item, full, items_of
from apps.timelines.models import DossierRecord, Timeline
from apps.timelines.queries.actors import active_to, dated
from apps.timelines.queries.scope import members, read_scope


class DumpError(Exception):
    """The timeline cannot be written as a dossier; the message says what is missing."""


def dump(timeline: Timeline) -> dict[str, Any]:
    """Return the dossier's files by name, ready for YAML; DumpError where none can be made."""
    elsewhere = DossierRecord.objects.filter(model="events.event").exclude(dossier=timeline.slug)
    events = members(read_scope(timeline)).exclude(key__in=elsewhere.values("key"))
    return dump_events(timeline, events)


def dump_events(
    timeline: Timeline, chosen: EventQuerySet, moment: datetime | None = None
) -> dict[str, Any]:
    """Return the files of a dossier that has the events of `chosen`, with what was known at `moment` (aware).

    DumpError where there is no lane or no event.
    """
    if not timeline.dyads.exists():
        raise DumpError(f"{timeline.slug} has no swim lane: add one, a dossier needs it.")
    events = list(
        chosen.select_related("place")
        .prefetch_related("participations__actor")
        .order_by("start", "public_id")
    )
    if not events:
        raise DumpError(f"{timeline.slug} has no published event yet: publish one first.")
    cited = CitedSources()
    written_events = items_of(events, cited, moment)
    return {
        "dossier.yaml": _timeline(timeline),
        "actors.yaml": [_actor(actor, moment) for actor in _actors(timeline, events, moment)],
        "places.yaml": [_place(place) for place in _places(timeline, events)],
        "sources.yaml": cited.items(),
        "events.yaml": written_events,
    }


def _timeline(timeline: Timeline) -> Item:
    focus = (
        f"{timeline.focus_start}/{timeline.focus_end}"
        if timeline.focus_start and timeline.focus_end
        else ""
    )
    lanes = timeline.dyads.prefetch_related("side_a", "side_b").order_by("position", "slug")
    return full(
        {
            "slug": timeline.slug,
            "code": timeline.code,
            "title": timeline.title,
            "description": timeline.description or timeline.title,
            "span": f"{timeline.start}/{timeline.end}",
            "focus": focus,
            "formula": timeline.formula_version,
            "licence": timeline.licence or "not stated",
        }
    ) | {
        "scope": {"actors": _slugs(timeline.actors.all()), "places": _slugs(timeline.places.all())},
        "lanes": [
            {
                "id": lane.slug,
                "label": lane.label,
                "a": _slugs(lane.side_a.all()),
                "b": _slugs(lane.side_b.all()),
            }
            for lane in lanes
        ],
    }


def _slugs(rows: Iterable[Any]) -> list[str]:
    return sorted(row.slug for row in rows)


def _closed(start: Iterable[int], above: Callable[[set[int]], Iterable[int]]) -> set[int]:
    """Return the ids with everything that `above` leads to, step by step."""
    found = set(start)
    front = set(found)
    while front:
        front = set(above(front)) - found
        found |= front
    return found


def _actors(timeline: Timeline, events: list[Event], moment: datetime | None = None) -> list[Actor]:
    """Return whoever the dossier names, with those they belong to, work for or relate to."""
    named = {actor.pk for actor in timeline.actors.all()}
    for lane in timeline.dyads.prefetch_related("side_a", "side_b"):
        named |= {actor.pk for actor in (*lane.side_a.all(), *lane.side_b.all())}
    named |= {part.actor_id for event in events for part in event.participations.all()}
    spoken = Claim.objects.as_of(moment).filter(event__in=events, speaker__isnull=False)
    named |= set(spoken.values_list("speaker_id", flat=True))

    def above(ids: set[int]) -> set[int]:
        targets = {row.target_id for row in dated(Relation.objects.filter(source__in=ids), moment)}
        roles = dated(Role.objects.filter(person__in=ids, organisation__isnull=False), moment)
        return targets | {role.organisation_id for role in roles if role.organisation_id}

    related = ("aliases", "roles__organisation", "relations_out__target")
    found = Actor.objects.filter(pk__in=_closed(named, above)).prefetch_related(*related)
    return list(found.order_by("country", "slug"))


def _by_content(relation: Relation) -> tuple[str, str, str]:
    """The order of relations: the same in every installation, in whatever order they came."""
    return relation.kind, relation.target.slug, str(relation.since or "")


def _actor(actor: Actor, moment: datetime | None = None) -> Item:
    aliases: dict[str, list[str]] = {}
    for alias in actor.aliases.all():
        aliases.setdefault(alias.kind, []).append(alias.name)
    return full(
        {
            "id": actor.slug,
            "name": actor.name,
            "kind": actor.kind,
            "country": actor.country,
            "code": actor.code,
            "active_from": actor.active_from,
            "active_to": active_to(actor, moment),
            "aliases": aliases,
            "roles": [
                full(
                    {
                        "title": role.title,
                        "organisation": role.organisation and role.organisation.slug,
                        "since": role.since,
                        "until": role.until,
                    }
                )
                for role in dated(actor.roles.all(), moment)
            ],
            "relations": [
                full(
                    {
                        "kind": relation.kind,
                        "to": relation.target.slug,
                        "since": relation.since,
                        "until": relation.until,
                        "disputed": relation.disputed or None,
                        "evidence": relation.evidence,
                    }
                )
                for relation in sorted(dated(actor.relations_out.all(), moment), key=_by_content)
            ],
            "notes": actor.notes if moment is None else "",
        }
    )


def _places(timeline: Timeline, events: list[Event]) -> list[Place]:
    named = {place.pk for place in timeline.places.all()}
    named |= {event.place_id for event in events if event.place_id is not None}

    def above(ids: set[int]) -> Iterable[int]:
        return Place.objects.filter(pk__in=ids, parent__isnull=False).values_list(
            "parent_id", flat=True
        )

    found = Place.objects.filter(pk__in=_closed(named, above)).select_related("parent")
    return list(found.order_by("country", "slug"))


def _place(place: Place) -> Item:
    names = ("name", "kind", "country", "lat", "lon", "radius_km")
    return {"id": place.slug, **{name: getattr(place, name) for name in names}} | full(
        {
            "parent": place.parent and place.parent.slug,
            "aliases": list(place.aliases),
            "notes": place.notes,
        }
    )
