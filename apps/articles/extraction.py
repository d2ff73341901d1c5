"""Extraction under limits: in a child process, so that what a page does to a parser costs one article."""

import atexit
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any, cast

from django.conf import settings

from apps.articles.extract import child
from apps.articles.extract.types import Extracted, ExtractError

# Libraries keep what they saw: a child is replaced before that is much.
_JOBS = 2000
_KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_", "TZ", "PYTHON", "TMPDIR")


class ExtractionStoppedError(Exception):
    """The parser hung, crashed or broke; the message says how. The item may be tried again."""


class Child:
    """A process that reads bytes, started when first needed and again after each crash."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._jobs = 0
        self._lock = threading.Lock()

    def ask(self, raw: bytes, seconds: float, **options: Any) -> Any:
        """Return what the child finds in `raw`.

        Raises ExtractError where it says that there is no article, ExtractionStoppedError where it broke,
        or took longer than `seconds`.
        """
        with self._lock:
            process = self._running()
            try:
                child.send(cast(Any, process.stdin), child.Job(raw, seconds, options))
                answer: child.Answer = child.receive(cast(Any, process.stdout))
            except (EOFError, BrokenPipeError):
                raise ExtractionStoppedError(_why(self._reap(), seconds)) from None
            except BaseException:
                self._reap(
                    kill=True
                )  # an answer that nobody took would be taken for the next job's
                raise
        if answer.refused:
            raise ExtractError(answer.refused)
        if answer.failed:
            raise ExtractionStoppedError(f"The parser broke on it: {answer.failed}")
        return answer.found

    def stop(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._reap()

    def _running(self) -> subprocess.Popen[bytes]:
        """The process; a new one after a crash, after many jobs, and in a worker that was forked."""
        if self._owner != os.getpid():
            self._process, self._owner = None, os.getpid()
        if self._process is not None and (self._jobs >= _JOBS or self._process.poll() is not None):
            self._reap()
        if self._process is None:
            self._jobs = 0
            self._process = subprocess.Popen(  # noqa: S603 - a fixed command
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=settings.BASE_DIR,
                # It reads what strangers wrote, and needs no secret.
                env={k: v for k, v in os.environ.items() if k.startswith(_KEPT_ENVIRONMENT)},
            )
        self._jobs += 1
        return self._process

    def _reap(self, *, kill: bool = False) -> int:
        """End the process, which ends by itself where its input does; return its exit code."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return 0
        if kill:
            process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue  # what it did not read any more is lost with it
        try:
            return process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def _why(code: int, seconds: float) -> str:
    if code == -signal.SIGALRM:
        return f"Reading it took longer than {seconds:g} seconds (the setting EXTRACT_TIMEOUT_SECONDS)."
    how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return f"The parser crashed on it ({how})."


_memory = settings.EXTRACT_MEMORY_MB * 1024 * 1024
_child = Child([sys.executable, "-m", "apps.articles.extract", str(_memory)])
atexit.register(_child.stop)


def extract(raw: bytes, *, content_type: str = "", charset: str = "", url: str = "") -> Extracted:
    """Read the article in `raw` as `extract.run.extract` does, within the limits that the settings name.

    Raises ExtractError where there is none, ExtractionStoppedError where a parser hung or crashed.
    """
    found: Extracted = _child.ask(
        raw,
        settings.EXTRACT_TIMEOUT_SECONDS,
        content_type=content_type,
        charset=charset,
        url=url,
        max_characters=settings.ARTICLE_MAX_CHARACTERS,
    )
    return found
