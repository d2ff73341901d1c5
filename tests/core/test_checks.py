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


def test_every_fault_in_templates_and_settings_is_named(copy):
    append(copy / "apps" / "core" / "middleware.py", '\nPAGE = "timelines/lost.html"\n')
    append(copy / "apps" / "core" / "stages.py", '\nPART = "base.html#lost"\n')
    extending = copy / "templates" / "extending.html"
    extending.write_text('{% extends "lost_base.html" %}')
    including = copy / "templates" / "including.html"
    including.write_text(
        '{% extends "base.html" %}{% block main %}{% if a %}{% include "lost_part.html" %}{% endif %}'
        "{% endblock %}"
    )
    (copy / "templates" / "unparsable.html").write_text("{% if %}")
    settings_file = copy / "config" / "settings.py"
    source = settings_file.read_text()
    settings_file.write_text(
        source.replace("env.seal()", 'NEW = env.str("NEW_ONE", "")\nenv.seal()')
    )
    append(copy / ".env.example", "# OLD_ONE=1\n")

    done = our_checks(copy)

    assert done.returncode == 1
    told = [line for line in done.stderr.splitlines() if "core.E00" in line]
    assert len(told) == 7, done.stderr
    for part in (
        "names the template timelines/lost.html, which cannot be used: there is no such template",
        "names the template base.html#lost",
        "templates/extending.html includes or extends lost_base.html",
        "templates/including.html includes or extends lost_part.html",
        "templates/unparsable.html",
        "The setting NEW_ONE is not documented in .env.example.",
        ".env.example documents OLD_ONE, which no setting reads.",
    ):
        assert part in done.stderr


PLANTED = {
    "apps/core/middleware.py": "apps.events.models",
    "apps/sources/models.py": "apps.articles.models",
    "apps/timelines/models.py": "config.urls",
    "apps/annotations/pipeline/types.py": "django",
    "apps/core/plover.py": "httpx",
}


def test_planted_imports_against_the_order_are_found(copy):
    for file, module in PLANTED.items():
        append(copy / file, f"\nimport {module}  # noqa\n")
    lint = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
    done = run(copy, "-c", lint)
    assert done.returncode == 1
    for file, module in PLANTED.items():
        importer = file.removesuffix(".py").replace("/", ".")
        assert f"{importer} -> {module}" in done.stdout
