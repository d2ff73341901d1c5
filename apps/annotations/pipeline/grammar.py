"""The word lists of `data/grammar.yaml`, as sets."""

from functools import cache
from pathlib import Path

import yaml

DATA = Path(__file__).parent / "data"


@cache
def _lists() -> dict[str, frozenset[str]]:
    loaded = yaml.safe_load((DATA / "grammar.yaml").read_text(encoding="utf-8"))
    return {name: frozenset(str(word) for word in listed) for name, listed in loaded.items()}


def words(name: str) -> frozenset[str]:
    """Return the list called `name`; KeyError where the file has none."""
    return _lists()[name]
