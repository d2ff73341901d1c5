"""The history is exported whole or in part, streamed, and safe to open in a spreadsheet."""

import csv
import io
import json
import tracemalloc

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.roles import ANALYSTS, EDITORS, OPERATORS, SENIOR_EDITORS
from apps.core import history
from apps.core.history_export import COLUMNS, Wanted, as_csv
from apps.core.models import Change
from apps.places.models import Place
from tests.events import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return User.objects.create_user("anna", is_staff=True)


def exported(*args, format="jsonl"):
    out = io.StringIO()
    call_command("export_history", *args, f"--format={format}", stdout=out)
    text = out.getvalue()
    if format == "csv":
        return list(csv.DictReader(io.StringIO(text)))
    return [json.loads(line) for line in text.splitlines()]


def change_places(user, **values):
    with transaction.atomic(), history.noted(user=user, why="as the map has it"):
        Place.objects.update(**values)


def test_each_line_tells_who_changed_what_when_and_why(anna):
    place = make.place("erbil")
    change_places(anna, name="Arbil")
    added, changed = exported()
    assert list(changed) == list(COLUMNS)
    assert (changed["who"], changed["user"], changed["why"]) == (
        "anna",
        "anna",
        "as the map has it",
    )
    assert changed["what"] == "place Arbil: name changed from Erbil to Arbil"
    assert (changed["before"], changed["after"]) == ({"name": "Erbil"}, {"name": "Arbil"})
    assert (changed["table"], changed["row"]) == ("places_place", place.pk)
    assert changed["at"].endswith("+00:00")
    assert (added["operation"], added["user"]) == ("added", None)


def test_csv_holds_the_same(anna):
    make.place("erbil")
    change_places(anna, name="Ar,“b”\nil")
    line = exported(format="csv")[-1]
    assert json.loads(line["after"]) == {"name": "Ar,“b”\nil"}
    assert line["decision"] == Change.objects.first().group


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_cells_that_a_spreadsheet_would_run_are_quoted(start):
    make.place("erbil")
    formula = f"{start}HYPERLINK(1)"
    with transaction.atomic(), history.noted(who=formula, why=formula):
        Place.objects.update(notes="x")
    line = exported(format="csv")[-1]
    assert (line["who"], line["why"]) == (f"'{formula}", f"'{formula}")
    assert exported()[-1]["why"] == formula


def test_days_user_and_object_narrow_it_down(anna):
    place = make.place("erbil")
    change_places(anna, name="Arbil")
    other = make.place("moscow")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_change DISABLE TRIGGER change_immutable")
        cursor.execute(
            "UPDATE core_change SET at = CASE WHEN row_id = %s THEN timestamptz '2020-01-03 23:59:59+00' "
            "ELSE timestamptz '2020-01-04 00:00:00+00' END",
            [place.pk],
        )
        cursor.execute("ALTER TABLE core_change ENABLE TRIGGER change_immutable")
    assert {line["row"] for line in exported("--to=2020-01-03")} == {place.pk}
    assert {line["row"] for line in exported("--from=2020-01-04", "--to=2020-01-04")} == {other.pk}
    assert exported("--from=2020-01-05") == []
    assert [line["who"] for line in exported("--user=anna")] == ["anna"]
    assert {line["row"] for line in exported(f"--object=places.place:{other.pk}")} == {other.pk}
    assert len(exported(f"--object=places_place:{place.pk}", "--user=anna")) == 1


def test_an_objects_export_holds_what_belongs_to_it():
    event = make.event()
    make.cited(event)
    make.event()
    tables = [line["table"] for line in exported(f"--object=events.event:{event.pk}")]
    assert tables == ["events_event", "events_evidence"]


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--from=yesterday", "“yesterday” is no day"),
        ("--to=2020-02-30", "is no day"),
        ("--user=nobody", "no user nobody"),
        ("--object=events.event", "write model and number"),
        ("--object=auth.nothing:1", "write model and number"),
        ("--object=events.event:x", "write model and number"),
    ],
)
def test_what_cannot_be_asked_for_is_told(option, told):
    with pytest.raises(CommandError, match=told):
        exported(option)


def test_days_in_the_wrong_order_are_told():
    with pytest.raises(CommandError, match="lies before the first"):
        exported("--from=2020-01-02", "--to=2020-01-01")


def test_memory_stays_flat_however_long_the_history_is(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO places_place (slug, name, kind, country, lat, lon, radius_km, aliases, notes) "
            "SELECT 'p-' || n, 'Place', 'city', 'IRQ', 1, 1, 1, '{}', repeat('note ', 200) "
            "FROM generate_series(1, 3000) n"
        )
    most_of(1)  # what is made once
    assert most_of(3000) < 1.3 * most_of(1000)


def most_of(rows):
    """Return how much memory is held at most while so many lines are written."""
    tracemalloc.start()
    lines = as_csv(Wanted())
    for _ in range(rows):
        assert next(lines)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    lines.close()
    return most


# --- in the admin --------------------------------------------------------------------------------


def login(client, role):
    user = User.objects.create_user(f"one of {role}", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)


@pytest.mark.parametrize("format", ["csv", "jsonl"])
@pytest.mark.parametrize("role", [OPERATORS, SENIOR_EDITORS])
def test_operators_and_senior_editors_download_it(client, role, format):
    make.place("erbil")
    login(client, role)
    address = reverse("admin:core_change_export")
    assert client.get(address).status_code == 200
    answer = client.get(
        address, {"format": format, "object": f"places.place:{Place.objects.get().pk}"}
    )
    assert answer.streaming
    assert f".{format}" in answer["Content-Disposition"]
    assert "Erbil" in b"".join(answer.streaming_content).decode()


@pytest.mark.parametrize("role", [ANALYSTS, EDITORS])
def test_others_are_refused(client, role):
    login(client, role)
    address = reverse("admin:core_change_export")
    assert client.get(address).status_code == 403
    assert client.get(address, {"format": "csv"}).status_code == 403


def test_a_wrong_question_is_told_on_the_page(client):
    login(client, OPERATORS)
    address = reverse("admin:core_change_export")
    answer = client.get(address, {"format": "csv", "from": "yesterday"}, follow=True)
    assert "“yesterday” is no day" in answer.content.decode()


def test_the_history_page_leads_to_the_export_of_that_object(client):
    place = make.place("erbil")
    login(client, OPERATORS)
    page = client.get(reverse("admin:places_place_history", args=[place.pk])).content.decode()
    assert f"/export/?object=places_place:{place.pk}" in page


def test_the_list_of_changes_is_in_words_and_narrowed_by_table_user_and_decision(client, anna):
    make.place("erbil")
    change_places(anna, name="Arbil")
    make.actor("iran")
    login(client, OPERATORS)
    address = reverse("admin:core_change_changelist")
    group = Change.objects.get(user=anna).group
    for asked, shown, hidden in (
        ({}, "place Arbil: name changed from Erbil to Arbil", "nothing of the kind"),
        ({"table": "actors_actor"}, "actor Iran added", "place Arbil"),
        ({"user": anna.pk}, "place Arbil: name changed", "actor Iran"),
        ({"user": "none"}, "actor Iran added", "name changed"),
        ({"q": group}, "place Arbil: name changed", "actor Iran"),
        ({"op": "I"}, "place Arbil added", "name changed"),
    ):
        page = client.get(address, asked).content.decode()
        assert shown in page, asked
        assert hidden not in page, asked


def test_the_page_of_a_change_leads_to_the_row_and_to_its_decision(client, anna):
    place = make.place("erbil")
    change_places(anna, name="Arbil")
    login(client, OPERATORS)
    change = Change.objects.first()
    page = client.get(reverse("admin:core_change_change", args=[change.pk])).content.decode()
    assert reverse("admin:places_place_history", args=[place.pk]) in page
    assert f"?q={change.group}" in page
    assert client.post(reverse("admin:core_change_change", args=[change.pk])).status_code == 403


@pytest.mark.parametrize("asked", ["user", "object", "from", "to"])
@pytest.mark.parametrize("value", ["\0", "a\0b", "9" * 30, "9999-12-31", "\u00b2"])
def test_what_nothing_can_be_called_is_answered_in_a_sentence(client, asked, value):
    client.force_login(User.objects.create_superuser("root"))
    export = reverse("admin:core_change_export")
    assert client.get(export, {"format": "csv", asked: value}, follow=True).status_code == 200


@pytest.mark.parametrize("asked", ["table", "user", "q", "p"])
@pytest.mark.parametrize("value", ["\0", "\u00b2", "9" * 30])
def test_the_list_is_narrowed_to_nothing_strange(client, asked, value):
    client.force_login(User.objects.create_superuser("root"))
    changes = reverse("admin:core_change_changelist")
    assert client.get(changes, {asked: value}, follow=True).status_code == 200
