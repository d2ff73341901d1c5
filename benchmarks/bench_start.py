"""From `manage.py up` to a page in the browser: the first run of a folder, and the second.

The whole command is timed from outside, from its start to the first answer of the timeline page (status 200,
fetched every 50 ms), in a folder of its own that is removed afterwards.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.measure import Measure

ROOT = Path(__file__).resolve().parent.parent
PAGE = "/timelines/us-iran-2020/"
SECOND_RUN_SECONDS = 15.0
# A first run that is longer than a minute makes people doubt that it works.
FIRST_RUN_SECONDS = 60.0
GIVE_UP_SECONDS = 180.0


def measure() -> list[Measure]:
    """Time the first and the second run."""
    folder = Path(tempfile.mkdtemp(prefix="tensionline-bench-"))
    try:
        first, second = _seconds_to_page(folder), _seconds_to_page(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return [
        Measure("`up` to page, first run", "s", FIRST_RUN_SECONDS, round(first, 1), "lower"),
        Measure("`up` to page, second run", "s", SECOND_RUN_SECONDS, round(second, 1), "lower"),
    ]


def _seconds_to_page(home: Path) -> float:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    began = time.monotonic()
    up = subprocess.Popen(  # noqa: S603
        [sys.executable, "manage.py", "up", "--port", str(port)],
        cwd=ROOT,
        env=os.environ
        | {"TENSIONLINE_HOME": str(home), "DATABASE_URL": "", "CELERY_BROKER_URL": ""},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        while not _answers(f"http://127.0.0.1:{port}{PAGE}"):
            if up.poll() is not None or time.monotonic() - began > GIVE_UP_SECONDS:
                raise SystemExit(
                    "manage.py up did not come to its page: run it by hand to see why."
                )
            time.sleep(0.05)
        seconds = time.monotonic() - began
        _wait_until_running(up)
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(30)
    return seconds


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


def _wait_until_running(up: "subprocess.Popen[str]") -> None:
    """Let the first run finish its work, so that the second finds it done."""
    assert up.stdout is not None
    for line in up.stdout:
        if line.startswith("running"):
            return
