"""Log lines: one a record whatever they hold, each with its request and its task, without personal data."""

import json
import logging
import re
import time

import pytest
from celery import current_app
from django.urls import reverse

from apps.core.observe import logs
from apps.core.observe.requests import HEADER
from tests import rows

ACCESS = "tensionline.access"


@pytest.fixture
def ids():
    """Some ids, as within a request that sent a task."""
    kept = [logs.request_id.set("r1"), logs.task_id.set("t1"), logs.task_name.set("a.task")]
    yield
    for variable, token in zip((logs.request_id, logs.task_id, logs.task_name), kept, strict=True):
        variable.reset(token)


def record(message: str, *args: object, **values: object) -> logging.LogRecord:
    made = logging.LogRecord("a.logger", logging.WARNING, "file.py", 1, message, args, None)
    vars(made).update(values)
    logs.Ids().filter(made)
    return made


def line(made: logging.LogRecord) -> str:
    return logs.Line("%(levelname)s %(name)s %(ids)s%(message)s").format(made)


# --- a record --------------------------------------------------------------------------------


def test_a_line_names_its_request_and_its_task(ids):
    told = line(record("read %s", "a page"))
    assert told == "WARNING a.logger [request=r1 task=a.task id=t1] read a page"


def test_a_line_outside_of_both_names_neither():
    assert line(record("read")) == "WARNING a.logger read"


@pytest.mark.parametrize(
    "forged", ["\n", "\r", "\r\n", "\x1b[2J", "\x00", "\u2028", "\u2029", "\x85", "\x9b31m", "\x7f"]
)
def test_what_others_wrote_begins_no_line_and_moves_no_cursor(forged):
    told = line(record("could not read %s", f"a{forged}2020-01-03 ERROR root all is lost"))
    assert len(told.splitlines()) == 1
    assert told.isprintable()


def test_the_lines_of_an_exception_look_like_no_record():
    made = record("failed")
    try:
        raise ValueError("one\n2020-01-03 ERROR root two\x1b[2J")
    except ValueError as error:
        made.exc_info = (ValueError, error, error.__traceback__)
    first, *rest = line(made).split("\n")
    assert first == "WARNING a.logger failed"
    assert rest
    assert all(one.startswith("    ") for one in rest)
    assert "\x1b" not in "".join(rest)


def test_as_json_a_record_is_one_object_with_its_ids(ids):
    told = logs.Json().format(record("read %s", "a\npage", path="/x/"))
    assert "\n" not in told
    found = json.loads(told)
    assert found.pop("time")
    assert found == {
        "level": "WARNING",
        "logger": "a.logger",
        "message": "read a\npage",
        "request_id": "r1",
        "task_id": "t1",
        "task_name": "a.task",
        "path": "/x/",
    }


# --- a request -------------------------------------------------------------------------------


@pytest.mark.django_db
class TestAccess:
    def asked(self, caplog, client, path, **headers):
        with caplog.at_level(logging.INFO, logger=ACCESS):
            answer = client.get(path, headers=headers)
        return answer, [one for one in caplog.records if one.name == ACCESS]

    def test_a_request_leaves_one_record_without_what_was_asked_or_who(self, caplog, client):
        _, (made,) = self.asked(caplog, client, "/search/?q=somebody%27s+secret")
        assert (made.method, made.path, made.route, made.status) == (
            "GET",
            "/search/",
            "search",
            200,
        )
        assert made.ms >= 0
        assert made.bytes > 0
        told = logs.Json().format(made)
        assert "secret" not in told
        assert "127.0.0.1" not in told
        assert not hasattr(made, "caller")

    def test_with_full_logs_the_address_is_in_it(self, caplog, client, settings):
        settings.ACCESS_LOG = "full"
        _, (made,) = self.asked(caplog, client, "/healthz")
        assert made.caller == "127.0.0.1"

    def test_off_it_leaves_none(self, caplog, client, settings):
        settings.ACCESS_LOG = "off"
        _, made = self.asked(caplog, client, "/healthz")
        assert made == []

    def test_the_secret_address_of_a_feed_is_not_written(self, caplog, client):
        view = rows.saved_view()
        path = reverse("view_feed", args=[view.token])
        _, (made,) = self.asked(caplog, client, path)
        assert view.token not in logs.Json().format(made)
        assert made.path == path.replace(view.token, "<token>")

    def test_what_is_not_there_is_counted_under_no_name(self, caplog, client):
        _, (made,) = self.asked(caplog, client, f"/{'nothing' * 100}/")
        assert (made.route, made.status) == ("none", 404)
        assert len(made.path) <= 200

    def test_each_answer_names_its_request(self, client):
        one, other = (client.get("/healthz").headers[HEADER] for _ in range(2))
        assert one != other
        assert re.fullmatch(r"[0-9a-f]{16}", one)

    @pytest.mark.parametrize("given", ["proxys-own-id-1", "short", "a b c d e f g", "x" * 65])
    def test_a_given_id_is_believed_only_behind_a_proxy_and_in_shape(self, client, settings, given):
        headers = {HEADER: given}
        assert client.get("/healthz", headers=headers).headers[HEADER] != given
        settings.PROXIES_IN_FRONT = 1
        kept = client.get("/healthz", headers=headers).headers[HEADER]
        assert (kept == given) == (given == "proxys-own-id-1")

    def test_nothing_stays_of_a_request_that_is_over(self, client):
        client.get("/healthz")
        assert logs.request_id.get() == ""


# --- a task ----------------------------------------------------------------------------------


def test_a_task_carries_the_request_that_sent_it(start_worker, tmp_path):
    """Seen in the log of a real worker: the request's id stands beside the task's own."""
    start_worker()
    kept = logs.request_id.set("from-a-request")
    try:
        sent = current_app.send_task("events.keep_desk")
    finally:
        logs.request_id.reset(kept)
    log, deadline = tmp_path / "logs" / "worker.log", time.monotonic() + 60
    while not (about := [one for one in log.read_text().splitlines() if f"id={sent.id}]" in one]):
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
    assert all("[request=from-a-request task=events.keep_desk" in one for one in about)
