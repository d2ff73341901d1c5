"""Where the web processes of a host count their requests: a file each, added up by whichever is asked."""

import shutil
from pathlib import Path

from django.conf import settings


def folder() -> Path:
    """Return the folder of the counts; it is there."""
    path = Path(settings.TENSIONLINE_HOME) / "metrics"
    path.mkdir(parents=True, exist_ok=True)
    return path


def forget() -> None:
    """Leave out what processes of an earlier start counted."""
    shutil.rmtree(folder(), ignore_errors=True)
    folder()
