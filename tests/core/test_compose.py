"""The compose file: valid by the published schema, and every command in it exists."""

import re
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError

from apps.core.embedded import alive, processes
from config.celery import app

COMPOSE = settings.BASE_DIR / "docker-compose.yml"
SERVICES = yaml.safe_load(COMPOSE.read_text())["services"]
OURS = ("setup", "web", "worker", "prompt", "beat")


def test_it_is_valid_by_the_published_compose_schema():
    checker = Path(sys.executable).with_name("check-jsonschema")
    done = subprocess.run(
        [checker, "--builtin-schema", "vendor.compose-spec", COMPOSE],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_it_holds_what_the_product_needs():
    assert set(SERVICES) == {"postgres", "replica", "rabbitmq", *OURS}
    assert SERVICES["postgres"]["image"] == "postgres:18"


def test_the_replica_is_started_only_when_it_is_asked_for():
    assert SERVICES["replica"]["profiles"] == ["replica"]
    assert [name for name in SERVICES if "profiles" in SERVICES[name]] == ["replica"]


@pytest.mark.parametrize("name", OURS)
def test_one_image_runs_every_part_of_the_product(name):
    assert SERVICES[name]["image"] == "tensionline"
    assert "USER tensionline" in (settings.BASE_DIR / "Dockerfile").read_text()


@pytest.mark.parametrize("name", OURS)
def test_its_commands_exist(name):
    python, manage, command, *arguments = SERVICES[name]["command"]
    assert (python, manage) == ("python", "manage.py")
    assert command in get_commands()
    assert arguments == ([] if name == "setup" else [name])


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "setup"])
def test_every_lasting_service_has_a_health_check(name):
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", OURS)
def test_its_settings_are_settings_of_the_product(name):
    documented = re.findall(
        r"^# ([A-Z_]+)=", (settings.BASE_DIR / ".env.example").read_text(), re.M
    )
    assert set(SERVICES[name]["environment"]) <= set(documented)


@pytest.mark.parametrize("name", ["worker", "prompt", "beat"])
def test_a_part_that_gives_no_sign_of_life_is_unhealthy(name, settings, tmp_path):
    settings.TENSIONLINE_HOME = tmp_path
    with pytest.raises(CommandError, match=f"The {name} has given no sign of life"):
        call_command("part", name, "--alive")
    alive.sign(tmp_path, name)
    call_command("part", name, "--alive")


@pytest.mark.parametrize(
    "program",
    [
        processes.web("127.0.0.1", 8000, 2),
        processes.worker(2, 1500),
        processes.prompt(1500),
        processes.beat(),
    ],
)
def test_the_programs_that_the_parts_become_are_installed(program):
    python, flag, module, *arguments = program.command
    assert (python, flag) == (sys.executable, "-m")
    assert find_spec(module) is not None
    if module == "celery":
        assert import_module(arguments[arguments.index("-A") + 1]).celery_app is app
    else:
        wsgi, name = arguments[0].split(":")
        assert callable(getattr(import_module(wsgi), name))
