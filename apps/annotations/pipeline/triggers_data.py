"""Loading of `data/triggers.yaml` and of the wider list: patterns by headword, words of the pre-filter."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from apps.annotations.pipeline.grammar import DATA


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of the trigger lists: a headword and the conditions on the words around it."""

    head: str
    type: str
    mode: str | None
    noun: bool
    source: str
    particles: tuple[str, ...] = ()
    modifiers: frozenset[str] = frozenset()
    arguments: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()

    @property
    def weight(self) -> tuple[int, int]:
        """Order of preference: more kinds of condition first, then the narrower ones."""
        kinds = 2 * len(self.particles) + 2 * bool(self.modifiers) + 2 * bool(self.arguments)
        kinds += bool(self.subjects)
        return kinds + bool(self.excluded), -len(self.arguments) - len(self.modifiers)


@cache
def _file(name: str = "triggers") -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


_WIDE = "triggers_relation"


@cache
def patterns(noun: bool, *, wide: bool = False) -> dict[str, tuple[Pattern, ...]]:
    """Return the noun or verb patterns by headword in the files' order, with `wide` the wider list's first."""
    found: dict[str, list[Pattern]] = {}
    for name in (_WIDE, "triggers") if wide else ("triggers",):
        for type_, modes in _file(name)["nouns" if noun else "verbs"].items():
            for mode, sources in modes.items():
                for source in sources:
                    pattern = read(source, type_, None if mode == "any" else mode, noun=noun)
                    found.setdefault(pattern.head, []).append(pattern)
    return {head: tuple(listed) for head, listed in found.items()}


@cache
def heads(*, wide: bool = False) -> frozenset[str]:
    """Return every headword, of nouns and of verbs."""
    return frozenset(patterns(noun=False, wide=wide)) | patterns(noun=True, wide=wide).keys()


@cache
def weak() -> frozenset[str]:
    """Return the headwords of the wider list that are taken only where nothing better stands."""
    return frozenset(_file(_WIDE)["weak"])


@cache
def said() -> frozenset[str]:
    """Return the headwords of the wider list that concede by word, not by deed."""
    return frozenset(_file(_WIDE)["said"])


def read(source: str, type_: str, mode: str | None, *, noun: bool) -> Pattern:
    """Read one pattern as written in the file; ValueError names a condition that cannot be read."""
    head, *conditions = source.split()
    particles: list[str] = []
    sets: dict[str, set[str]] = {"<": set(), ">": set(), "^": set(), "not>": set()}
    for condition in conditions:
        kind = "not>" if condition.startswith("not>") else condition[0]
        if kind == "+":
            particles.append(condition[1:])
        elif kind in sets:
            sets[kind] |= _words(condition.removeprefix(kind))
        else:
            raise ValueError(
                f"Trigger pattern {source!r}: {condition!r} starts with none of + < > ^ not>."
            )
    return Pattern(
        head,
        type_,
        mode,
        noun,
        source,
        particles=tuple(particles),
        modifiers=frozenset(sets["<"]),
        arguments=frozenset(sets[">"]),
        subjects=frozenset(sets["^"]),
        excluded=frozenset(sets["not>"]),
    )


def _words(listed: str) -> set[str]:
    classes = {**_file(_WIDE)["classes"], **_file()["classes"]}
    found: set[str] = set()
    for word in listed.split("|"):
        found |= set(classes[word[1:]]) if word.startswith("@") else {word}
    return found


@dataclass(frozen=True, slots=True)
class Needs:
    """Words without which a pattern cannot hold: all particles, and one of the arguments if there are any."""

    particles: frozenset[str]
    arguments: frozenset[str]


@cache
def wanted() -> dict[str, tuple[Needs, ...]]:
    """Return what else a sentence must hold, by each form under which a headword can stand in it."""
    found: dict[str, set[Needs]] = {}
    for noun in (False, True):
        for head, listed in patterns(noun).items():
            needs = {_needs(pattern) for pattern in listed}
            for form in inflected(head):
                found.setdefault(form, set()).update(needs)
    free = Needs(frozenset(), frozenset())
    return {form: (free,) if free in needs else tuple(needs) for form, needs in found.items()}


def _needs(pattern: Pattern) -> Needs:
    words = pattern.arguments or pattern.subjects or pattern.modifiers
    return Needs(frozenset(pattern.particles), frozenset(f for w in words for f in inflected(w)))


@cache
def inflected(head: str) -> set[str]:
    """Return the forms under which a headword can stand in a text."""
    last = head[-1]
    stem = head[:-1] if last == "e" else head
    plural = (
        head[:-1] + "ies"
        if re.search(r"[^aeiou]y$", head)
        else head + ("es" if re.search(r"(s|x|ch|sh|z)$", head) else "s")
    )
    past = head[:-1] + "ied" if re.search(r"[^aeiou]y$", head) else stem + "ed"
    doubled = (
        {head + last + "ed", head + last + "ing"}
        if re.search(r"[aeiou][bdfgklmnprt]$", head)
        else set()
    )
    return {head, plural, past, stem + "ing", *doubled, *_file()["irregular"].get(head, "").split()}
