"""Which actors can stand for each other: a force for its state, a commander for his force."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from apps.actors.upward import leads_up
from apps.annotations.pipeline.types import Lexicon

_DEPTH = 4


class Kin:
    """The actors of a lexicon and their superiors, as a text of a day (None: of any day) can speak of them."""

    def __init__(self, lexicon: Lexicon, written: date | None = None) -> None:
        self._lexicon = lexicon
        self._written = written
        self.known = frozenset(a.id for a in lexicon.actors)
        self.persons = frozenset(a.id for a in lexicon.actors if a.kind == "person")

    @cached_property
    def _above(self) -> dict[str, frozenset[str]]:
        return {
            a.id: frozenset(
                r.target for r in a.relations if leads_up(r.kind, a.kind) and self._begun(r.since)
            )
            for a in self._lexicon.actors
        }

    def _begun(self, since: date | None) -> bool:
        """A text tells of the past too, so what has ended counts; what had not begun does not."""
        return since is None or self._written is None or since <= self._written

    @cached_property
    def populations(self) -> frozenset[str]:
        """The actors that stand for a country's people."""
        return frozenset(a.id for a in self._lexicon.actors if a.kind == "population")

    def people_of(self, place: str | None) -> str | None:
        """Return the population of the country in which a place of the lexicon lies."""
        return self._of_country(place, "population", "-public")

    def government_of(self, place: str | None) -> str | None:
        """Return the government of the country in which a place of the lexicon lies."""
        return self._of_country(place, "government", "-gov")

    def _of_country(self, place: str | None, kind: str, ending: str) -> str | None:
        country = self._countries.get(place or "")
        found = [a.id for a in self._lexicon.actors if a.kind == kind and a.country == country]
        usual = [a for a in found if a.endswith(ending)]
        return next(iter(usual or found), None)

    @cached_property
    def _countries(self) -> dict[str, str]:
        return {p.id: p.country for p in self._lexicon.places}

    @cached_property
    def _around(self) -> dict[str, str | None]:
        return {p.id: p.parent for p in self._lexicon.places}

    def is_place(self, place: str | None) -> bool:
        """Tell whether a place is one of the lexicon."""
        return place in self._around

    def apart(self, one: str | None, other: str | None) -> bool:
        """Tell whether two known places lie apart: neither is in the other."""
        if one not in self._around or other not in self._around:
            return False
        return one not in self._chain(other) and other not in self._chain(one)

    def _chain(self, place: str | None) -> list[str]:
        chain: list[str] = []
        while place is not None and place not in chain:
            chain.append(place)
            place = self._around.get(place)
        return chain

    def superiors(self, actor: str) -> set[str]:
        """Return the actor and everything it is part of, a member of, or (for persons) commands."""
        seen, level = {actor}, {actor}
        for _ in range(_DEPTH):
            level = {up for one in level for up in self._above.get(one, ()) if up not in seen}
            seen |= level
        return seen

    def related(self, one: str, other: str) -> bool:
        """Tell whether one actor stands above the other, or their surfaces are the same name."""
        if one == other or one in self.superiors(other) or other in self.superiors(one):
            return True
        a, b = one.casefold(), other.casefold()
        return (
            one not in self.known
            and other not in self.known
            and min(len(a), len(b)) > 4
            and (a in b or b in a)
        )

    def compare(self, ones: Iterable[str], others: Iterable[str]) -> str:
        """Return "agree", "differ", or "open" where one side names nobody who is known."""
        first, second = list(ones), list(others)
        if not first or not second:
            return "open"
        if any(self.related(a, b) for a in first for b in second):
            return "agree"
        sure = any(a in self.known for a in first) and any(b in self.known for b in second)
        return "differ" if sure else "open"

    def united(self, ones: list[str], others: list[str]) -> list[str]:
        """Return both lists as one, known actors instead of bare surfaces where there are any."""
        both = list(dict.fromkeys([*ones, *others]))
        known = [a for a in both if a in self.known]
        return known or both
