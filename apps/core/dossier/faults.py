"""Faults found in a dossier's files, told so that an editor can put them right."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in one file; `line` counts from 1, 0 where it is not known."""

    file: str
    line: int
    item: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.item}: {self.reason}" if self.item else f"{where}: {self.reason}"


class DossierError(Exception):
    """A dossier cannot be used; `faults` says why, in file order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))
