"""Undated happenings that bear the name of a dated event of the dossier: "the killing of Soleimani"."""

import re
from dataclasses import dataclass
from datetime import date

from apps.annotations.pipeline import events_groups
from apps.annotations.pipeline.events import Coded
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.triggers_data import patterns
from apps.annotations.pipeline.types import KnownEvent

_WORD = re.compile(r"[\w-]+(?:\.\w+)*\.?")
_SMALL = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "on",
        "at",
        "in",
        "to",
        "from",
        "for",
        "and",
        "by",
        "with",
        "was",
        "s",
        "against",
        "near",
    ]
)
# Nouns whose act is coded by what is left: a deal (REJECT) or a place (RETREAT).
_LEAVING = frozenset({"withdrawal", "exit", "pullout", "departure"})


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What a name of a known event asks of a happening: its type, and the words that must stand with it."""

    types: frozenset[str]
    words: frozenset[str]
    event: KnownEvent


class Anchors:
    """The names of a dossier's dated events, ready to be compared with happenings."""

    def __init__(self, known: tuple[KnownEvent, ...]) -> None:
        self._anchors = [
            a for event in known for name in event.names if (a := _anchor(name, event))
        ]

    def named_by(self, mentions: list[Coded], published: date | None) -> KnownEvent | None:
        """Return the only known event that the mentions name; None for none or several."""
        if not mentions or not self._anchors:
            return None
        type_ = mentions[0].event.type
        bag = {w for m in mentions for w in _around(m)}
        hits = {
            a.event.id: a.event
            for a in self._anchors
            if type_ in a.types
            and a.words <= bag
            and (published is None or a.event.start <= published)
        }
        if len(hits) != 1:
            return None
        return next(iter(hits.values()))


def _anchor(name: str, event: KnownEvent) -> _Anchor | None:
    """Read a name: one event noun, and at least one word that is not a government's."""
    plain = [w for w in _plain(name) if w not in _SMALL and w not in words("understood")]
    nouns = patterns(noun=True)
    types = {p.type for w in plain for p in nouns.get(w, ()) if not (p.modifiers or p.arguments)}
    means = words("instruments")
    rest = frozenset(w for w in plain if w not in nouns and w not in means and not w.isdigit())
    if not types or not rest:
        return None
    if _LEAVING & set(plain):
        types |= {"REJECT", "RETREAT"}
    return _Anchor(frozenset(types), rest, event)


def _around(mention: Coded) -> list[str]:
    """The words of the happening's own clause, and its actors however they are spelled there."""
    said = [w for token in events_groups.tokens(mention.group) for w in _plain(token.text)]
    return said + mention.event.initiators + mention.event.targets


def _plain(text: str) -> list[str]:
    return [w.casefold().removesuffix("'s") for w in _WORD.findall(text.replace("’", "'"))]
