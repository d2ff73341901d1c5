"""Where the web processes of a host count their requests: a file each, added up by whichever is asked."""

import shutil
from pathlib import Path

from django.conf import settings


def folder() -> Path:
    """Return the folder of the counts."""
    return Path(settings.TENSIONLINE_HOME) / "metrics"


def forget() -> None:
    """Leave out what processes of an earlier start counted."""
    shutil.rmtree(folder(), ignore_errors=True)
    folder().mkdir(parents=True, exist_ok=True)
