"""A timeline written as the files of a dossier says what the database says."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from apps.core.dossier import read
from apps.core.dossier.dates import interval_of, written
from apps.events.models import Event
from apps.timelines.dossiers.dump import dump
from apps.timelines.dossiers.load import load
from apps.timelines.models import Timeline
from tests.factories import make_actor, make_dyad, make_event, make_evidence, make_timeline

SHIPPED = ["us-iran-2020", "india-pakistan-2019"]


def dumped(slug: str, folder: Path) -> Path:
    call_command("dump_dossier", slug, str(folder), stdout=StringIO())
    return folder


@pytest.mark.django_db
@pytest.mark.parametrize("slug", SHIPPED)
def test_what_was_loaded_and_written_out_again_loads_without_a_change(
    slug: str, tmp_path: Path
) -> None:
    load(read(settings.DOSSIERS_DIR / slug))
    again = load(read(dumped(slug, tmp_path / "out")))
    assert again.nothing_done, (again.created, again.changed)
    assert not again.kept


@pytest.mark.django_db
def test_an_event_made_by_hand_gets_an_id_and_its_publisher_a_line(tmp_path: Path) -> None:
    them, us = make_actor("them"), make_actor("us")
    timeline = make_timeline("by-hand", actors=[us])
    make_dyad(timeline, "us-them", [us], [them])
    event = make_event(
        "Rockets at the border",
        public_id="EV-20200201-1",
        by=[them],
        at=[us],
        start=date(2020, 2, 1),
        evidence=0,
    )
    make_evidence(event, url="https://www.new.example/1", publisher="")
    (item,) = yaml.safe_load((dumped("by-hand", tmp_path / "out") / "events.yaml").read_text())
    assert item["id"] == "e-20200201-rockets-at-the-border"
    assert item["sources"][0]["source"] == "new-example"


@pytest.mark.django_db
def test_what_is_not_public_stays_out() -> None:
    us = make_actor("us")
    timeline = make_timeline("some", actors=[us])
    make_dyad(timeline, "us", [us], [us])
    make_event("Seen by all", by=[us])
    make_event("A secret proposal", by=[us], status=Event.Status.PROPOSED)
    assert [item["title"] for item in dump(timeline)["events.yaml"]] == ["Seen by all"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lane", "reason"), [(False, "no swim lane"), (True, "no published event")]
)
def test_an_unfinished_timeline_is_refused_with_the_reason(
    lane: bool, reason: str, tmp_path: Path
) -> None:
    timeline = make_timeline("bare")
    if lane:
        make_dyad(timeline, "one", [make_actor("a")], [make_actor("b")])
    with pytest.raises(CommandError, match=reason):
        dumped("bare", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.django_db
def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    Timeline.objects.create(
        slug="x", code="X1", title="X", start=date(2020, 1, 1), end=date(2020, 1, 2)
    )
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="not an empty folder"):
        dumped("x", tmp_path)


@given(
    first=st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    length=st.integers(0, 800),
    precision=st.sampled_from(["day", "week", "month", "year"]),
)
def test_written_days_are_read_back_as_they_were(first: date, length: int, precision: str) -> None:
    last = date.fromordinal(first.toordinal() + length)
    text, noted = written(first, last, precision)
    start, end, told = interval_of(text)
    assert (start, end, noted or told) == (first, last, precision)
