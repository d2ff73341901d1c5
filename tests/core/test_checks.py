"""`make check` notices what it promises to notice: each promise is broken once, in a copy."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.core.running import environment


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The checked files, to be spoiled."""
    root = tmp_path / "copy"
    for name in ("apps", "config", "templates", "dossiers"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(settings.BASE_DIR / name, root / name, ignore=ignored)
    for name in ("manage.py", "pyproject.toml", ".env.example"):
        shutil.copy(settings.BASE_DIR / name, root)
    (root / "static").mkdir()
    return root


def run(copy: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=copy,
        env=environment(copy / "var", SECRET_KEY="k" * 60),
        capture_output=True,
        text=True,
        check=False,
    )


def our_checks(copy: Path) -> subprocess.CompletedProcess[str]:
    return run(copy, "manage.py", "check", "--deploy", "--tag", "templates", "--tag", "settings")


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text() + text)


def test_templates_and_settings_are_in_order(copy):
    done = our_checks(copy)
    assert done.returncode == 0, done.stderr


def test_a_template_named_in_code_must_exist(copy):
    append(copy / "apps" / "core" / "middleware.py", '\nPAGE = "timelines/lost.html"\n')
    done = our_checks(copy)
    assert done.returncode == 1
    assert "apps/core/middleware.py:" in done.stderr
    assert "names the template timelines/lost.html, which cannot be used" in done.stderr


def test_a_partial_named_in_code_must_exist(copy):
    append(copy / "apps" / "core" / "middleware.py", '\nPART = "base.html#lost"\n')
    done = our_checks(copy)
    assert done.returncode == 1
    assert "names the template base.html#lost" in done.stderr


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{% extends "lost.html" %}', "includes or extends lost.html"),
        (
            '{% extends "base.html" %}{% block main %}{% if a %}{% include "lost.html" %}{% endif %}'
            "{% endblock %}",
            "includes or extends lost.html",
        ),
        ("{% if %}", "Unexpected end of expression"),
    ],
)
def test_every_template_compiles_and_finds_its_parts(copy, text, reason):
    (copy / "templates" / "planted.html").write_text(text)
    done = our_checks(copy)
    assert done.returncode == 1
    assert "templates/planted.html" in done.stderr
    assert reason in done.stderr


def test_a_setting_must_be_documented(copy):
    settings_file = copy / "config" / "settings.py"
    source = settings_file.read_text()
    settings_file.write_text(
        source.replace("env.seal()", 'NEW = env.str("NEW_ONE", "")\nenv.seal()')
    )
    done = our_checks(copy)
    assert done.returncode == 1
    assert "The setting NEW_ONE is not documented in .env.example." in done.stderr


def test_a_documented_setting_must_exist(copy):
    append(copy / ".env.example", "# OLD_ONE=1\n")
    done = our_checks(copy)
    assert done.returncode == 1
    assert ".env.example documents OLD_ONE, which no setting reads." in done.stderr


def linted(copy: Path) -> subprocess.CompletedProcess[str]:
    return run(
        copy,
        "-c",
        "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())",
    )


def test_the_import_order_is_kept(copy):
    done = linted(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("file", "line", "broken"),
    [
        ("apps/core/middleware.py", "import apps.events.models", "One import direction"),
        ("apps/sources/models.py", "import apps.articles.models", "One import direction"),
        ("apps/timelines/models.py", "import config.urls", "One import direction"),
        ("apps/annotations/pipeline/types.py", "import django", "Plain code"),
        ("apps/core/plover.py", "import httpx", "Plain code"),
    ],
)
def test_a_planted_import_against_the_order_is_found(copy, file, line, broken):
    append(copy / file, f"\n{line}  # noqa\n")
    done = linted(copy)
    assert done.returncode == 1
    assert f"{broken}" in done.stdout
    assert "BROKEN" in done.stdout
