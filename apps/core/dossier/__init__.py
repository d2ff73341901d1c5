"""Dossier files: their schema, their checks, and reading them into values ready for use."""

from apps.core.dossier.faults import DossierError, Fault
from apps.core.dossier.reading import Dossier, read

__all__ = ["Dossier", "DossierError", "Fault", "read"]
