"""The dossiers that come with the project, as commands name and read them."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from apps.core.dossier import Dossier, DossierError, read

FIRST = "us-iran-2020"


def slugs() -> list[str]:
    """Return the dossiers that came with the project, the one shown first at the head."""
    found = sorted(file.parent.name for file in settings.DOSSIERS_DIR.glob("*/dossier.yaml"))
    return sorted(found, key=lambda slug: slug != FIRST)


def directory_of(slug_or_directory: str) -> Path:
    """Return the folder that is meant: a path, or the name of a dossier that came with the project."""
    given = Path(slug_or_directory)
    return given if given.is_dir() else settings.DOSSIERS_DIR / slug_or_directory


def dossier_of(slug_or_directory: str) -> Dossier:
    """Read that dossier; CommandError with every fault where its files are wrong."""
    try:
        return read(directory_of(slug_or_directory))
    except DossierError as error:
        raise CommandError(str(error)) from error
