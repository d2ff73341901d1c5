"""The audit of the pinned packages, against a service over real HTTP: a fault fails, no service is told."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings

from tools import audit

FAULT = {
    "id": "PYSEC-2099-1",
    "summary": "A fault for this test.",
    "affected": [
        {
            "package": {"name": "jinja2", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99"}]}],
            "versions": ["2.4.1"],
        }
    ],
}
PINNED = "jinja2==2.4.1 --hash=sha256:" + "0" * 64 + "\n"
SOUND = "idna==3.7 --hash=sha256:" + "0" * 64 + "\n"


@pytest.fixture
def service():
    """A service that knows one fault of one package; `status` and `body` break it."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found = {"vulns": [FAULT]} if asked["package"]["name"] == "jinja2" else {}
            body = server.body if server.body is not None else json.dumps(found).encode()
            self.send_response(server.status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.status, server.body = 200, None
    server.address = f"http://127.0.0.1:{server.server_port}/v1/query"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def pinned(tmp_path, text):
    file = tmp_path / "requirements.txt"
    file.write_text(text)
    return file


def test_a_known_fault_fails(service, tmp_path, capfd):
    assert audit.audit(service.address, pinned(tmp_path, PINNED)) == 1
    told = capfd.readouterr()
    assert "PYSEC-2099-1" in told.out
    assert "AUDIT FAILED" in told.out


def test_packages_without_one_pass(service, tmp_path, capfd):
    assert audit.audit(service.address, pinned(tmp_path, SOUND)) == 0
    assert "SKIPPED" not in capfd.readouterr().out


def test_a_file_without_hashes_fails(service, tmp_path):
    assert audit.audit(service.address, pinned(tmp_path, "idna==3.7\n")) == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [(503, None), (403, b"a proxy"), (200, b"<html>"), (200, b"{}"), (200, b"[]")],
)
def test_what_is_no_service_is_told_and_skipped(service, tmp_path, capfd, status, body):
    service.status, service.body = status, body
    assert audit.audit(service.address, pinned(tmp_path, PINNED)) == 0
    assert "AUDIT SKIPPED" in capfd.readouterr().out


def test_without_a_network_the_command_says_so_and_goes_on():
    done = subprocess.run(
        [sys.executable, "-m", "tools.audit"], cwd=settings.BASE_DIR, capture_output=True, text=True,
        env={**os.environ, "AUDIT_URL": "http://127.0.0.1:9/v1/query"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert "AUDIT SKIPPED: http://127.0.0.1:9/v1/query was not reached" in done.stdout
