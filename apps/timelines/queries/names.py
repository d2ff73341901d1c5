"""Whom and what the words of a search name, however they are spelt, as known at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import CharField, F, Func, Q, QuerySet

from apps.actors.models import Actor, Alias
from apps.core.replica import reading
from apps.timelines.queries.actors import known_actors
from apps.timelines.search import names
from apps.timelines.search.asked import Asked, Term
from apps.timelines.search.names import Meant, Name

# A name is looked at where one of its words is so alike in its letters (0 to 1) to a word of the search.
ALIKE = 0.3
# So many names are compared at most: all of them where the server has no pg_trgm.
MOST_NAMES = 5_000
# A shorter last name may be a word of its own.
LAST_NAME = 5
# Words for whoever holds an office or comes from a country name others on other days.
NO_NAMES = (Alias.Kind.DEMONYM, Alias.Kind.ROLE_PHRASE)


@dataclass(frozen=True, slots=True)
class Named:
    """The actors that a search names: `meant` by which words, `begun` by words that are not complete yet."""

    meant: tuple[Meant, ...]
    begun: tuple[int, ...]
    spellings: dict[int, tuple[str, ...]]  # every name of those who are meant, by actor id
    last_names: Mapping[int, tuple[str, ...]]  # and what texts call a person the second time

    @property
    def actors(self) -> list[int]:
        """Their ids, those who are meant first."""
        owners = [owner for one in self.meant for owner in one.owners]
        return list(dict.fromkeys((*owners, *self.begun)))


@cache
def has_trigrams() -> bool:
    """Tell whether the database has pg_trgm, which the migrations take where they may."""
    with reading().cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        return cursor.fetchone() is not None


def named(asked: Asked, moment: datetime | None) -> Named:
    """Return the actors known at `moment` (aware; None: now) that the words name. At most five queries."""
    if not asked.wanted:
        return Named((), (), {}, {})
    known = known_actors(moment)
    found = _names(known, asked.wanted)
    meant = names.meant(asked.wanted, found)
    owners = {owner for one in meant for owner in one.owners}
    spelt = _spellings(owners)
    people = {name.owner for name in found if name.person}
    last = {owner: all_[0].split()[-1] for owner, all_ in spelt.items() if owner in people}
    begun = tuple(names.begun(asked.wanted, found))
    long = {owner: (name,) for owner, name in last.items() if len(name) >= LAST_NAME}
    return Named(tuple(meant), begun, spelt, long)


def likely(asked: Asked, moment: datetime | None) -> list[str]:
    """Return the names of actors that words without a result may have been meant to be."""
    words = [Term(term.text) for term in asked.wanted]
    found = _names(known_actors(moment), words)
    return names.suggestions(asked.text, (name.name for name in found))


def _names(known: QuerySet[Actor], terms: Sequence[Term]) -> list[Name]:
    """Return the names and aliases of known actors that may be meant by a word of the terms."""
    own = known.order_by().values_list("pk", "name", "kind")
    other = (
        Alias.objects.filter(actor__in=known)
        .exclude(kind__in=NO_NAMES)
        .order_by()
        .values_list("actor_id", "name", "actor__kind")
    )
    rows = [*_alike(own, terms)[:MOST_NAMES], *_alike(other, terms)[:MOST_NAMES]]
    return [Name(owner, name, kind == Actor.Kind.PERSON) for owner, name, kind in rows]


def _alike(rows: QuerySet, terms: Sequence[Term]) -> QuerySet:  # type: ignore[type-arg]
    if not has_trigrams():
        return rows
    plain = Func(F("name"), function="search_plain", output_field=CharField())
    near = Q()
    for place, token in enumerate(token for term in terms for token in term.tokens):
        rows = rows.alias(**{f"near_{place}": TrigramWordSimilarity(token, plain)})
        near |= Q(**{f"near_{place}__gte": ALIKE})
    return rows.filter(near)


def _spellings(owners: set[int]) -> dict[int, tuple[str, ...]]:
    """Return all names of some actors, their own first; none of an office."""
    if not owners:
        return {}
    found: dict[int, dict[str, None]] = {}
    own = Actor.objects.filter(pk__in=owners).values_list("pk", "name")
    other = Alias.objects.filter(actor__in=owners).exclude(kind__in=NO_NAMES)
    for owner, name in [*own, *other.order_by("pk").values_list("actor_id", "name")]:
        found.setdefault(owner, {})[name] = None
    return {owner: tuple(spelt) for owner, spelt in found.items()}
