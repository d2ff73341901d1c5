"""How a dossier's actors stand in the database, with their names, roles and relations (see load_kinds.py)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from apps.actors.models import Actor, Alias, Relation, Role
from apps.timelines.dossiers.load_kinds import Kind, Values, day, ids, save


class ActorKind(Kind):
    """Actors with their names, roles and relations; each of these lists is one value."""

    model = "actors.actor"
    fields = ("name", "kind", "country", "code", "notes")
    days = ("active_from", "active_to")

    def items(self) -> dict[str, Values]:
        """See Kind."""
        return {actor["id"]: self._wanted(actor) for actor in self.dossier.actors}

    def _wanted(self, actor: Values) -> Values:
        return {
            **{name: actor[name] for name in self.fields},
            **{name: day(actor[name]) for name in self.days},
            "aliases": sorted([a["name"], a["kind"]] for a in actor["aliases"]),
            "roles": _sorted(
                [r["title"], r["organisation"], day(r["since"]), day(r["until"])]
                for r in actor["roles"]
            ),
            "relations": _sorted(
                [r["kind"], r["to"], day(r["since"]), day(r["until"]), r["disputed"], r["evidence"]]
                for r in actor["relations"]
            ),
        }

    def rows(self) -> dict[str, Actor]:
        """See Kind."""
        related = ("aliases", "roles__organisation", "relations_out__target")
        return {actor.slug: actor for actor in Actor.objects.prefetch_related(*related)}

    def values(self, row: Actor) -> Values:
        """See Kind."""
        return {
            **super().values(row),
            **{name: day(getattr(row, name)) for name in self.days},
            "aliases": sorted([alias.name, alias.kind] for alias in row.aliases.all()),
            "roles": _sorted(
                [r.title, r.organisation and r.organisation.slug, day(r.since), day(r.until)]
                for r in row.roles.all()
            ),
            "relations": _sorted(
                [r.kind, r.target.slug, day(r.since), day(r.until), r.disputed, r.evidence]
                for r in row.relations_out.all()
            ),
        }

    def create(self, items: dict[str, Values]) -> None:
        """See Kind."""
        plain = (*self.fields, *self.days)
        Actor.objects.bulk_create(
            Actor(slug=key, **{name: values[name] for name in plain})
            for key, values in items.items()
        )
        known = ids(Actor)
        for name, model, owner, build in _LISTS:
            model.objects.bulk_create(
                model(**{owner: known[key]}, **build(known, *row))
                for key, values in items.items()
                for row in values[name]
            )

    def write(self, row: Actor, changes: Values) -> None:
        """See Kind."""
        plain = (*self.fields, *self.days)
        save(row, {name: value for name, value in changes.items() if name in plain})
        _replace_lists(row.pk, changes, ids(Actor))


def _sorted(rows: Iterable[list[Any]]) -> list[list[Any]]:
    """Sort rows that may hold None."""
    return sorted(rows, key=lambda row: [str(cell or "") for cell in row])


def _replace_lists(actor: int, values: Values, known: dict[str, int]) -> None:
    """Make an actor's names, roles and relations those given; what stays the same keeps its row."""
    for name, model, owner, build in _LISTS:
        if name not in values:
            continue
        wanted = [build(known, *row) for row in values[name]]
        stored = list(model.objects.filter(**{owner: actor}).values())
        keep = [row["id"] for row in stored if any(w.items() <= row.items() for w in wanted)]
        model.objects.filter(**{owner: actor}).exclude(pk__in=keep).delete()
        model.objects.bulk_create(
            model(**{owner: actor}, **w)
            for w in wanted
            if not any(w.items() <= row.items() for row in stored)
        )


def _alias(_: dict[str, int], name: str, kind: str) -> Values:
    return {"name": name, "kind": kind, "normalised": " ".join(name.lower().split())}


def _role(
    known: dict[str, int],
    title: str,
    organisation: str | None,
    since: str | None,
    until: str | None,
) -> Values:
    holder = known.get(organisation) if organisation else None
    return {"title": title, "organisation_id": holder, **_days(since, until)}


def _relation(
    known: dict[str, int], kind: str, to: str, since: str | None, until: str | None, *more: Any
) -> Values:
    disputed, evidence = more
    values = {"kind": kind, "target_id": known[to], "disputed": disputed, "evidence": evidence}
    return {**values, **_days(since, until)}


def _days(since: str | None, until: str | None) -> Values:
    return {
        "since": date.fromisoformat(since) if since else None,
        "until": date.fromisoformat(until) if until else None,
    }


_LISTS: tuple[tuple[str, Any, str, Any], ...] = (
    ("aliases", Alias, "actor_id", _alias),
    ("roles", Role, "person_id", _role),
    ("relations", Relation, "source_id", _relation),
)
