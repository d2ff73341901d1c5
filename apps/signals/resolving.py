"""Which actor and which place a source means: by its code or name, at the first sight of it.

Editors may say otherwise in the admin; what they said is not looked at again.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Final

from apps.actors.models import Actor, Alias, normalised
from apps.places.models import Place
from apps.signals.formats.row import Named, Where
from apps.signals.models import Party, SignalSource, Spot

# Roles that act for their state: a code that has no actor of its own leads to the government.
_ORGANS: Final = frozenset({"GOV", "MIL", "COP", "JUD", "LEG", "SPY"})
_PART: Final = 3  # letters of a country or role in a CAMEO code
# Of several actors with one code, the one of these kinds is meant, where it is one.
_FIRST: Final = (Actor.Kind.STATE, Actor.Kind.GOVERNMENT, Actor.Kind.ARMED_FORCES)


class Resolver:
    """The ids of a source's parties and spots; those not seen before are written down."""

    def __init__(self, source: SignalSource) -> None:
        """Read what is known of the source."""
        self._source = source
        self._parties = dict(Party.objects.filter(source=source).values_list("key", "pk"))
        self._spots = dict(Spot.objects.filter(source=source).values_list("key", "pk"))

    def learn(self, parties: Iterable[Named | None], spots: Iterable[Where | None]) -> None:
        """Write down those that are new, with the actor or place that they seem to be."""
        new_parties = {p.key: p for p in parties if p and p.key not in self._parties}
        new_spots = {s.key: s for s in spots if s and s.key not in self._spots}
        if new_parties:
            rows = (
                Party(source=self._source, key=p.key, name=p.name, actor_id=self._actor(p))
                for p in new_parties.values()
            )
            Party.objects.bulk_create(rows, ignore_conflicts=True)
            found = Party.objects.filter(source=self._source, key__in=list(new_parties))
            self._parties |= dict(found.values_list("key", "pk"))
        if new_spots:
            self._learn_spots(new_spots)

    def _learn_spots(self, new: dict[str, Where]) -> None:
        rows = (
            Spot(
                source=self._source,
                key=s.key,
                name=s.name,
                country=s.country,
                lat=s.lat,
                lon=s.lon,
                place_id=self._place(s),
            )
            for s in new.values()
        )
        Spot.objects.bulk_create(rows, ignore_conflicts=True)
        found = Spot.objects.filter(source=self._source, key__in=list(new))
        self._spots |= dict(found.values_list("key", "pk"))

    def party(self, named: Named | None) -> int | None:
        """Return the id of a party that was learnt."""
        return self._parties[named.key] if named else None

    def spot(self, where: Where | None) -> int | None:
        """Return the id of a spot that was learnt."""
        return self._spots[where.key] if where else None

    def _actor(self, named: Named) -> int | None:
        if self._source.kind == SignalSource.Kind.GDELT:
            return self._by_code(named.key)
        found = self._names.get(normalised(named.name))
        return found if found is not None else self._codes.get(named.name.upper())

    def _by_code(self, code: str) -> int | None:
        """Return the actor of a CAMEO code; of a state or one of its organs, its government."""
        if code in self._codes:
            return self._codes[code]
        state, role = code[:_PART], code[_PART : 2 * _PART]
        if role in _ORGANS or len(code) == _PART:
            return self._codes.get(f"{state}{role}") or self._codes.get(f"{state}GOV")
        return None

    @cached_property
    def _codes(self) -> dict[str, int]:
        """Codes that one actor alone has, or a government among those that share it."""
        found: dict[str, list[tuple[str, int]]] = {}
        rows = Actor.objects.standing().exclude(code="").values_list("code", "kind", "pk")
        for code, kind, pk in rows:
            found.setdefault(code, []).append((kind, pk))
        chosen = {}
        for code, actors in found.items():
            first = [pk for kind, pk in actors if kind in _FIRST]
            if len(actors) == 1 or len(first) == 1:
                chosen[code] = first[0] if len(first) == 1 else actors[0][1]
        return chosen

    @cached_property
    def _names(self) -> dict[str, int]:
        """Slugs, names and aliases that one actor alone has."""
        found: dict[str, set[int]] = {}
        for pk, slug, name in Actor.objects.standing().values_list("pk", "slug", "name"):
            found.setdefault(slug, set()).add(pk)
            found.setdefault(normalised(name), set()).add(pk)
        aliases = Alias.objects.filter(actor__merged_into__isnull=True)
        for name, pk in aliases.values_list("normalised", "actor"):
            found.setdefault(name, set()).add(pk)
        return {name: min(pks) for name, pks in found.items() if len(pks) == 1}

    def _place(self, where: Where) -> int | None:
        """Return the place of that name in that country, or else the country."""
        country = self._countries.get(normalised(where.country)) if where.country else None
        first = normalised(where.name.split(",")[0])
        for pk, land in self._places.get(first, ()):
            if country is None or land == country[1]:
                return pk
        return country[0] if country else None

    @cached_property
    def _countries(self) -> dict[str, tuple[int, str]]:
        """Name of a country -> its place and code."""
        rows = Place.objects.standing().filter(kind=Place.Kind.COUNTRY)
        return {
            normalised(name): (place.pk, place.country)
            for place in rows
            for name in (place.name, *place.aliases)
        }

    @cached_property
    def _places(self) -> dict[str, list[tuple[int, str]]]:
        found: dict[str, list[tuple[int, str]]] = {}
        for place in Place.objects.standing():
            for name in (place.slug, place.name, *place.aliases):
                found.setdefault(normalised(name), []).append((place.pk, place.country))
        return found
