"""The download of the index recomputes it: the script that goes with it, run by another Python alone."""

import csv
import io
import runpy
import subprocess
import sys
import tempfile
import zipfile
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from apps.timelines import tension
from apps.timelines.asof import NOW
from apps.timelines.snapshots.index_files import SCRIPT, IndexFiles
from apps.timelines.tension import Reading
from tests import loaded
from tests.factories import make_actor, make_event, make_timeline
from tests.timelines.test_tension import any_reading

REAL = "us-iran-2020"


def download(client: Client, slug: str, folder: Path, **query: str) -> zipfile.ZipFile:
    """Take index.zip away and unpack it into the folder."""
    answer = client.get(reverse("index_zip", args=[slug]), query)
    assert answer.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    archive.extractall(folder)
    return archive


def run(folder: Path, script: str = "recompute.py") -> subprocess.CompletedProcess[str]:
    """Run the script beside its files, with Python's own library alone."""
    command = [sys.executable, "-I", "-W", "ignore", script]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.django_db
def test_the_real_dossier_is_recomputed_now_and_as_of_a_day_and_for_some_of_its_events(
    client, tmp_path
):
    loaded.us_iran()
    days = set()
    for query in ({}, {"as_of": "2020-01-17"}, {"type": "ASSAULT", "from": "2020-01-01"}):
        archive = download(client, REAL, tmp_path, **query)
        told = run(tmp_path)
        assert told.returncode == 0, told.stdout + told.stderr
        assert told.stdout.startswith("Yes: ")
        days.add(len(rows(tmp_path, "index.csv")))
        assert f"formula {tension.VERSION}" in archive.read("README.txt").decode()
    assert len(days) == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("3.0, 30.0", "3.0, 30.000001"),
        ("0.5 ** (1 / 14)", "0.5 ** (1 / 14.0001)"),
        ("0.5 ** (1 / 7)", "0.5 ** (1 / 7.0001)"),
        ('"medium": 0.8', '"medium": 0.81'),
        ("1.2, 0.5", "1.21, 0.5"),
        ("1.2, 0.5", "1.2, 0.51"),
        ("30.0, 0.75", "30.0, 0.7"),
    ],
)
def test_a_wrong_constant_is_noticed(client, tmp_path, right, wrong):
    them = make_actor("them")
    make_timeline("small", actors=[them])
    common = {"by": [them], "killed": 3, "wounded": 4}
    make_event(confidence="medium", denied=True, **common)
    make_event(type="AID", start=date(2020, 1, 5), **common)
    download(client, "small", tmp_path)
    script = SCRIPT.read_text()
    assert right in script
    (tmp_path / "wrong.py").write_text(script.replace(right, wrong))
    assert run(tmp_path).returncode == 0
    told = run(tmp_path, "wrong.py")
    assert told.returncode == 1
    assert "differs by" in told.stdout


@pytest.mark.django_db
def test_a_changed_line_is_noticed(client, tmp_path):
    them = make_actor("them")
    make_timeline("small", actors=[them])
    make_event("A strike", by=[them])
    download(client, "small", tmp_path)
    file = tmp_path / "contributions.csv"
    file.write_text(file.read_text().replace("-9.0", "-8.9"))
    assert run(tmp_path).returncode == 1


main = runpy.run_path(str(SCRIPT))["main"]


@examples(max_examples=40, deadline=None)
@given(st.lists(any_reading(), max_size=5, unique_by=lambda r: r.key), st.integers(0, 30))
def test_whatever_the_events_script_and_product_agree(readings: list[Reading], skipped: int):
    start = date(2020, 1, 1) + timedelta(days=skipped)
    files = IndexFiles(SimpleNamespace(as_of=NOW), "")  # type: ignore[arg-type]
    files.__dict__["days"] = (start, date(2020, 3, 31))
    files.__dict__["_told"] = [(columns(r), r) for r in readings]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "index.csv").write_bytes(b"".join(files.series()))
        (Path(folder) / "contributions.csv").write_bytes(b"".join(files.contributions()))
        assert main(folder) == 0


def columns(reading: Reading) -> dict[str, object]:
    """What the file tells of an event beside what the index reads."""
    known = SimpleNamespace(date=lambda: reading.start)
    precision = "day" if reading.precise else "week"
    return {"title": "=1+1", "precision": precision, "first_public_at": known}


@pytest.mark.django_db
def test_a_title_is_no_formula_of_a_spreadsheet(client):
    them = make_actor("them")
    make_timeline("small", actors=[them])
    make_event("=HYPERLINK(1)", by=[them])
    answer = client.get(reverse("index_contributions", args=["small"]))
    (row,) = csv.DictReader(io.StringIO(answer.getvalue().decode()))
    assert row["title"] == "'=HYPERLINK(1)"
    assert row["plover_score"] == "-9.0"


@pytest.mark.django_db
def test_the_readme_tells_licence_day_filters_and_where_it_came_from(client, tmp_path):
    them = make_actor("them")
    make_timeline("small", actors=[them], licence="CC BY 4.0")
    make_event("A strike", by=[them])
    query = {"type": "ASSAULT", "as_of": "2020-02-01"}
    text = download(client, "small", tmp_path, **query).read("README.txt").decode()
    for told in ("CC BY 4.0", "/timelines/small/?type=ASSAULT&as_of=2020-02-01", "1 February 2020"):
        assert told in text
    (source,) = rows(tmp_path, "sources.csv")
    assert source["publisher"] == "Example News"


@pytest.mark.django_db
def test_nothing_known_yet_is_an_index_without_days(client, tmp_path):
    make_timeline("small", actors=[make_actor("them")])
    download(client, "small", tmp_path, as_of="1990-01-01")
    assert rows(tmp_path, "index.csv") == []
    assert run(tmp_path).returncode == 0
