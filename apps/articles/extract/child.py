"""Work in a process of its own, which answers jobs until its input ends (see `__main__.py`).

A parser that hangs or crashes takes this process with it and not the worker: the kernel's timer ends a job that
takes too long, even inside a library's C code, and memory is limited. Jobs and answers are pickles, each behind
its length in four bytes.
"""

import logging
import os
import pickle
import resource
import signal
import struct
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from apps.articles.extract.types import ExtractError

_LENGTH = struct.Struct("!I")


@dataclass(frozen=True, slots=True)
class Job:
    """The bytes to read, what `extract` is told of them, and what it may cost."""

    raw: bytes
    seconds: float
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a job: what was found, or why it is no article (`refused`), or what broke (`failed`)."""

    found: Any = None
    refused: str = ""
    failed: str = ""


def send(stream: BinaryIO, message: object) -> None:
    """Write a message."""
    packed = pickle.dumps(message)
    stream.write(_LENGTH.pack(len(packed)) + packed)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Read a message; raises EOFError where the other side is gone."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    return pickle.loads(_exactly(stream, length))  # noqa: S301 - written by this project's own process


def _exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError("the other side is gone")
    return data


def serve(work: Callable[..., Any], memory: int) -> None:
    """Answer jobs by `work(raw, **options)` until the input ends; take at most `memory` bytes."""
    jobs = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints goes to the log and not among the answers
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the worker, whose end ends this
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    logging.basicConfig(level=logging.ERROR)
    while True:
        try:
            job: Job = receive(jobs)
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_REAL, job.seconds)
        answer = _answer(work, job)
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            send(answers, answer)
        except BrokenPipeError:
            return


def _answer(work: Callable[..., Any], job: Job) -> Answer:
    try:
        return Answer(found=work(job.raw, **job.options))
    except ExtractError as error:
        return Answer(refused=str(error))
    except Exception as error:  # a fault of a library is the item's failure, not this process's end
        return Answer(failed=f"{type(error).__name__}: {error}")
