"""Signs of life: a worker that finishes nothing and a beat that sends nothing are told from healthy ones."""

import time
from pathlib import Path


def sign(home: Path, part: str) -> None:
    """Leave a sign that `part` just did something."""
    folder = home / "alive"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / part).touch()


def seconds_since(home: Path, part: str) -> float:
    """Seconds since the last sign of `part`; infinite where there was none."""
    try:
        return time.time() - (home / "alive" / part).stat().st_mtime
    except FileNotFoundError:
        return float("inf")
