"""/metrics of a real web server with two processes: each request is counted once, wherever it was answered."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from apps.articles.models import IntakeBatch, IntakeItem
from apps.core.embedded import processes
from apps.core.observe import counts

TOKEN = "a token for this test"
ALERTS = Path(settings.BASE_DIR) / "docs" / "alerts.yml"


class Site:
    """A running web server that is asked over the network."""

    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}"

    def get(self, path, **headers):
        """Return the status and the text of an answer."""
        request = urllib.request.Request(self.address + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def figures(self):
        """Return what /metrics tells, by name and labels."""
        status, text = self.get("/metrics", Authorization=f"Bearer {TOKEN}")
        assert status == 200, text
        lines = (line for line in text.splitlines() if line and not line.startswith("#"))
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


@pytest.fixture
def site(other_process, tmp_path):
    """A web server with two processes, and a token for its figures."""
    environment = other_process | {
        "METRICS_TOKEN": TOKEN,
        "SECRET_KEY": settings.SECRET_KEY,
        "TENSIONLINE_HOME": str(tmp_path / "home"),
    }
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    family = processes.Family(tmp_path / "logs", settings.BASE_DIR, environment)
    subprocess.run(command, check=True, cwd=settings.BASE_DIR, env=os.environ | environment)
    port = free_port()
    family.start(processes.web("127.0.0.1", port, 2))
    site, deadline = Site(port), time.monotonic() + 60
    while True:
        try:
            site.get("/healthz")
            break
        except OSError:
            assert time.monotonic() < deadline, family.log_of("web").read_text()
            time.sleep(0.1)
    site.log = family.log_of("web")
    yield site
    family.stop()


def count(route, status="2xx", method="GET"):
    labels = f'method="{method}",route="{route}",status="{status}"'
    return f"tensionline_request_seconds_count{{{labels}}}"


def test_requests_and_stages_are_told_to_who_has_the_token(site):
    batch = IntakeBatch.objects.create(label="a batch")
    IntakeItem.objects.bulk_create(IntakeItem(batch=batch, label=f"item {n}") for n in range(3))
    for _ in range(40):
        assert site.get("/search/?q=rockets")[0] == 200
    for name in range(5):
        assert site.get(f"/nothing-{name}/")[0] == 404
    found = site.figures()
    # Two processes answered; what each counted stands in one sum.
    assert found[count("search")] == 40
    # Addresses that are not there do not make a series each.
    assert found[count("none", "4xx")] == 5
    waiting = 'tensionline_stage_rows{stage="articles.intakeitem",status="waiting"}'
    assert found[waiting] == 3
    assert found['tensionline_stage_oldest_waiting_seconds{stage="articles.intakeitem"}'] > 0
    assert site.get("/readyz") == (200, "ready\n")
    told = site.log.read_text()
    assert "GET /search/ search 200" in told
    assert "rockets" not in told
    assert TOKEN not in told
    assert_alerts_ask_for_what_is_there(found)


def assert_alerts_ask_for_what_is_there(found):
    names = {re.sub(r"\{.*", "", name) for name in found} | {"up"}
    rules = [
        rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]
    ]
    assert rules
    for rule in rules:
        asked = set(re.findall(r"\btensionline_\w+", rule["expr"]))
        assert asked <= names, rule["alert"]
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["annotations"]["do"].startswith("docs/operating.md")


def test_figures_of_an_earlier_start_are_forgotten(settings, tmp_path):
    settings.TENSIONLINE_HOME = tmp_path
    counts.forget()
    left = counts.folder() / "histogram_1.db"
    left.write_bytes(b"of a process that ended")
    counts.forget()
    assert list(counts.folder().iterdir()) == []
