"""Settings come from the environment; a value that cannot be used stops the start with one sentence."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from apps.core.embedded import paths
from tests.core.running import environment


def load(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=settings.BASE_DIR,
        env=environment(tmp_path / "var", **variables),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("WEB_PORT", "eighty", "Not a valid integer"),
        ("WEB_PORT", "70000", "less than or equal to 65535"),
        ("WORKER_PROCESSES", "0", "greater than or equal to 1"),
        ("DEBUG", "perhaps", "Not a valid boolean"),
        ("FETCH_TIMEOUT_SECONDS", "soon", "Not a valid number"),
        ("LOG_LEVEL", "LOUD", "Not a valid log level"),
        ("REFETCH_AFTER", "6h, 1h", "must be at most 20 growing times"),
        ("REFETCH_AFTER", "soon", "as 1h, 6h, 1d, 7d, or none"),
        ("DATABASE_URL", "mysql://host/name", "must be a postgres:// address"),
        ("DATABASE_URL", "nonsense", "must be a postgres:// address"),
    ],
)
def test_a_bad_value_stops_the_start_with_one_sentence(tmp_path, variable, value, reason):
    done = load(tmp_path, **{variable: value})
    assert done.returncode == 1
    assert done.stderr.startswith(f"The setting {variable} ")
    assert reason in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_empty_environment_is_enough(tmp_path):
    done = load(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    home = tmp_path / "var"
    key = paths.secret_key(home)
    assert len(key) >= 50
    assert paths.secret_key(home) == key
    assert (home / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in home.iterdir()] == ["secret-key"]


def test_processes_that_start_together_agree_on_the_secret_key(tmp_path):
    def key(_: int) -> str:
        command = "import sys, pathlib; from apps.core.embedded import paths; "
        command += "print(paths.secret_key(pathlib.Path(sys.argv[1])))"
        return subprocess.run(
            [sys.executable, "-c", command, str(tmp_path / "var")],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(key, range(16)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
