"""Reading of the pipeline's data files: plain lists and tables beside the code."""

import csv
from functools import cache
from pathlib import Path

import yaml

_DIRECTORY = Path(__file__).parent / "data"


def path(name: str) -> Path:
    """Return where `data/<name>` lies."""
    return _DIRECTORY / name


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of `data/<name>`, a CSV file with a heading line, maybe after comments (#)."""
    with (_DIRECTORY / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(line for line in file if not line.startswith("#")))


@cache
def lines(name: str) -> tuple[str, ...]:
    """Return the lines of `data/<name>` without comments (#) and empty lines."""
    text = (_DIRECTORY / name).read_text(encoding="utf-8")
    stripped = (line.strip() for line in text.splitlines())
    return tuple(line for line in stripped if line and not line.startswith("#"))


def words(name: str) -> frozenset[str]:
    """Return the lines of `data/<name>` as a set."""
    return frozenset(lines(name))


@cache
def groups(name: str) -> dict[str, frozenset[str]]:
    """Return the named word lists of `data/<name>`, a YAML file."""
    loaded = yaml.safe_load((_DIRECTORY / name).read_text(encoding="utf-8"))
    return {key: frozenset(str(word) for word in listed) for key, listed in loaded.items()}


@cache
def transliterated() -> frozenset[str]:
    """Return the countries whose names come to English through transliteration."""
    return frozenset(iso for line in lines("transliterated.txt") for iso in line.split())


@cache
def title_words() -> frozenset[str]:
    """Return the words of `titles.txt` that stand before a person's name and belong to it."""
    return frozenset(word for line in lines("titles.txt") for word in line.split())
