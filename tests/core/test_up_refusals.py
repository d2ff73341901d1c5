"""What `manage.py up` says when it cannot start: one sentence, and nothing left running."""

import signal
import subprocess
import sys

import pytest
from django.conf import settings

from tests.core.running import Up, environment


@pytest.mark.parametrize("more", [{}, {"SECRET_KEY": "given"}])
def test_an_unwritable_folder_is_told_in_one_sentence(tmp_path, more):
    (tmp_path / "file").write_text("not a folder")
    home = tmp_path / "file" / "var"
    up = Up(home, **more)
    assert up.finish() == 1
    assert len(up.lines) == 1
    assert f"keeps its data in {home}, which cannot be used (Not a directory)" in up.output
    assert "set TENSIONLINE_HOME to a folder that is" in up.output


def test_a_database_that_does_not_answer_is_told_in_one_sentence(tmp_path):
    up = Up(tmp_path / "var", DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    assert up.finish() == 1
    assert len(up.lines) == 1
    assert "DATABASE_URL names a database that does not answer" in up.output


def test_a_broker_that_does_not_answer_is_told_in_one_sentence(tmp_path):
    up = Up(tmp_path / "var", CELERY_BROKER_URL="amqp://guest:guest@127.0.0.1:1//")
    assert up.finish() == 1
    assert "CELERY_BROKER_URL names a broker that does not answer" in up.lines[-1]
    assert up.still_running() == []


def test_sigterm_in_the_middle_of_the_start_ends_it_in_order(tmp_path):
    up = Up(tmp_path / "var")
    up.wait_for("database")
    assert up.end(signal.SIGTERM) == 0
    assert up.lines[-1].startswith("stopped")
    assert up.still_running() == []


def test_other_commands_tell_that_nothing_is_running(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "changepassword", "demo-editor"],
        cwd=settings.BASE_DIR,
        env=environment(tmp_path / "var"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == (
        "The embedded PostgreSQL is not running. Start Tensionline in another terminal "
        "('make run' or 'manage.py up'), or set DATABASE_URL.\n"
    )
