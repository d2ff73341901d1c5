"""Static files, collected only when one of them changed: hashing and compressing takes seconds."""

import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> bool:
    """Collect static files where they changed since the last time; whether there was anything to do."""
    mark = Path(settings.STATIC_ROOT) / ".collected-from"
    now = fingerprint()
    if mark.exists() and mark.read_text() == now:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(now)  # last, so that a collection cut short is done again
    return True


def fingerprint() -> str:
    """Return a digest of path, size and time of every static file that Django finds."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            file = storage.path(name)
            status = os.stat(file)
            digest.update(f"{file} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
