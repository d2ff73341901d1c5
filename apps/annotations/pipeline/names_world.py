"""Well-known persons and bodies beyond the dossier, from `data/world_people.csv` and `data/world_bodies.csv`.

They give a name its kind, its country and one identity ("the French president", "Macron"); a dossier's actor
goes before them, and in what is read out they have no id.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from apps.annotations.pipeline import data_files
from apps.annotations.pipeline.names_forms import folded
from apps.annotations.pipeline.types import ActorEntry, RoleEntry

_MARK = "~"  # begins the internal ids; no dossier's id does


def is_world(actor: str | None) -> bool:
    """Tell whether an internal id is one of the world's actors, not of the dossier's."""
    return actor is not None and actor.startswith(_MARK)


@cache
def actors() -> tuple[ActorEntry, ...]:
    """Return every body and person of the tables."""
    bodies = tuple(
        ActorEntry(_id(row["name"]), row["name"], row["kind"], row["country"], _listed(row))
        for row in data_files.rows("world_bodies.csv")
    )
    return (*bodies, *_people())


def _people() -> Iterator[ActorEntry]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in data_files.rows("world_people.csv"):
        found.setdefault(row["name"], []).append(row)
    for name, rows in found.items():
        roles = tuple(_role(row) for row in rows if row["title"])
        yield ActorEntry(_id(name), name, "person", rows[0]["country"], _listed(rows[0]), roles)


def _role(row: dict[str, str]) -> RoleEntry:
    organisation = _id(row["organisation"]) if row["organisation"] else None
    return RoleEntry(row["title"], organisation, _day(row["since"]), _day(row["until"]))


def beside(known: Iterable[ActorEntry]) -> tuple[ActorEntry, ...]:
    """Return the world's actors that share no name with the dossier's: one of those is meant otherwise."""
    taken = {folded(name.split(" (")[0]) for a in known for name in (a.name, *a.aliases)}
    return tuple(a for a in actors() if taken.isdisjoint(map(folded, (a.name, *a.aliases))))


def _id(name: str) -> str:
    return _MARK + "-".join(folded(name))


def _listed(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(alias for alias in row["aliases"].split("|") if alias)


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
