"""Extraction in a child process: what a page does to a parser costs one article and no worker."""

import os
import sys
import time

import psutil
import pytest

from apps.articles import extraction
from apps.articles.extract.types import ExtractError
from apps.articles.extraction import Child, ExtractionStoppedError, extract
from apps.core.stages import StageStatus
from tests.articles.test_extract import HTML, SENTENCES
from tests.articles.test_ingest import bring

# A parser that does what the bytes say.
PARSER = """
import os, sys, time
from apps.articles.extract.child import serve
from apps.articles.extract.types import ExtractError

def work(raw, **options):
    if raw == b"hang":
        while True: pass
    if raw == b"abort":
        os.abort()
    if raw == b"exit":
        os._exit(3)
    if raw == b"eat":
        return len(bytearray(4_000_000_000))
    if raw == b"break":
        raise ZeroDivisionError("no good")
    if raw == b"refuse":
        raise ExtractError("It is empty.")
    print("noise on the standard output")
    return os.getpid(), raw.decode(), options, dict(os.environ)

serve(work, 1_000_000_000)
"""


@pytest.fixture(scope="module")
def child():
    child = Child([sys.executable, "-c", PARSER])
    yield child
    child.stop()


def ask(child: Child, raw: bytes, seconds: float = 20, **options):
    return child.ask(raw, seconds, **options)


def test_one_process_answers_job_after_job(child):
    pid, text, options, _ = ask(child, b"one", charset="utf-8")
    assert (text, options) == ("one", {"charset": "utf-8"})
    assert pid != os.getpid()
    assert ask(child, b"two" * 500_000)[:2] == (pid, "two" * 500_000)


def test_a_refusal_is_told_as_one(child):
    with pytest.raises(ExtractError, match="It is empty"):
        ask(child, b"refuse")


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"abort", "crashed on it .SIGABRT"),
        (b"exit", "crashed on it .exit code 3"),
        (b"break", "broke on it: ZeroDivisionError: no good"),
        (b"eat", "MemoryError"),
    ],
)
def test_a_crash_costs_one_job_and_the_next_is_answered(child, raw, told):
    with pytest.raises(ExtractionStoppedError, match=told):
        ask(child, raw)
    assert ask(child, b"next")[1] == "next"


def test_a_hang_is_ended_by_the_clock(child):
    began = time.monotonic()
    with pytest.raises(ExtractionStoppedError, match=r"longer than 0\.2 seconds"):
        ask(child, b"hang", 0.2)
    assert time.monotonic() - began < 10
    assert ask(child, b"next")[1] == "next"


def test_a_child_that_was_killed_between_jobs_is_replaced(child):
    pid = ask(child, b"one")[0]
    killed = psutil.Process(pid)
    killed.kill()
    killed.wait(5)
    assert ask(child, b"two")[0] != pid


def test_it_is_told_no_secret(child, monkeypatch):
    child.stop()
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    environment = ask(child, b"one")[3]
    assert not {"DATABASE_URL", "SECRET_KEY"} & set(environment)


def test_it_ends_with_whoever_asked(child):
    pid = ask(child, b"one")[0]
    child.stop()
    assert not psutil.pid_exists(pid)


def test_a_page_is_read_as_without_it():
    assert all(sentence in extract(HTML.encode()).text for sentence in SENTENCES)


@pytest.mark.django_db
def test_an_item_whose_page_hangs_the_parser_fails_with_the_reason_and_is_tried_again(settings):
    settings.EXTRACT_TIMEOUT_SECONDS = 0.001
    item = bring(HTML, content_type="text/html")
    assert item.status == StageStatus.FAILED
    assert "longer than 0.001 seconds" in item.error
    assert item.next_try_at > item.finished_at
    assert bytes(item.raw) == HTML.encode(), "nothing is lost"
    settings.EXTRACT_TIMEOUT_SECONDS = 30
    assert bring(HTML, content_type="text/html").outcome == "new", "and the next one is read"


@pytest.mark.django_db
def test_an_item_that_always_crashes_the_parser_is_set_aside(settings, monkeypatch):
    settings.STAGE_MAX_ATTEMPTS = 1
    crashing = Child([sys.executable, "-c", PARSER])
    monkeypatch.setattr(extraction, "_child", crashing)
    item = bring("abort")
    crashing.stop()
    assert (item.status, "SIGABRT" in item.error) == (StageStatus.QUARANTINED, True)
