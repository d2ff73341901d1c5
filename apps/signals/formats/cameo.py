"""CAMEO event codes as classes of PLOVER.

Source: the conversion file of the PLOVER manual, draft 0.8 (17 Sep 2021), with the corrections that
apps/core/plover.py settles (163, 185, 186, 195, 20x). Codes are strings: "010" is not "10". Root codes 01
(statements) and 02 (appeals) have no class in PLOVER.
"""

import csv
from functools import cache
from pathlib import Path

from apps.signals.formats.row import UnclassedError, kind_of

_TABLE = Path(__file__).with_name("cameo.csv")


@cache
def _table() -> dict[str, int]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: kind_of(row["type"], row["mode"]) for row in csv.DictReader(file)}


@cache
def kind(code: str) -> int:
    """Return the class of a CAMEO code, or of the nearest code above it; UnclassedError where there is none."""
    table = _table()
    for length in range(len(code), 1, -1):
        if code[:length] in table:
            return table[code[:length]]
    raise UnclassedError(f"PLOVER has no class for CAMEO {code[:10]!r}.")
