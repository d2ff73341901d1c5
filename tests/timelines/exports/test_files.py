"""Each file as a reader of somebody else reads it: the same events, the same values, the same day."""

import csv
import io
import json
from datetime import date, datetime

import feedparser
import pytest
import stix2
from icalendar import Calendar
from jsonschema import Draft202012Validator
from lxml import etree
from openpyxl import load_workbook

from apps.timelines.exports.csv_file import ALL
from tests.timelines.exports.conftest import LICENCE
from tests.timelines.exports.geojson_schema import FEATURE_COLLECTION

HERE = "http://testserver/timelines/us-iran-2020/"
IDS = ["USIR-20200103-1", "USIR-20200108-1", "USIR-20200301-1"]


def lines(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


# --- CSV ---------------------------------------------------------------------------------


def test_csv_is_a_table_of_one_line_an_event(take):
    body = take("csv")
    assert body.startswith(b"\xef\xbb\xbfid,start,")
    found = lines(body)
    assert [line["id"] for line in found] == IDS
    assert list(found[0]) == list(ALL)
    attack = found[1]
    assert attack["title"] == "Missiles hit the base, in “Anbar”; it stood, they said"
    assert (attack["start"], attack["end"], attack["precision"]) == ("2020-01-08",) * 2 + ("day",)
    assert (attack["wounded"], attack["wounded_low"], attack["wounded_high"]) == ("34", "34", "34")
    assert (attack["killed"], attack["denied"], attack["contested"]) == ("", "true", "false")
    assert (attack["initiators"], attack["targets"]) == ("Iran", "United States")
    assert (attack["independent_reports"], attack["claims"]) == ("2", "3")
    assert attack["known_at"] == "2020-01-08T12:00:00Z"
    assert attack["url"] == "http://testserver/events/USIR-20200108-1/"
    assert (found[0]["lat"], found[0]["lon"], found[0]["radius_km"]) == ("33.31", "44.36", "15.0")
    assert float(found[0]["plover_score"]) < 0 < float(found[0]["severity"])


def test_each_line_of_csv_tells_sources_licence_origin_day_and_formula(take):
    line = lines(take("csv", dyad="us-iran", as_of="2020-01-20"))[1]
    assert "Wire, Ltd <https://wire.example/a?b=1&c=2>" in line["sources"]
    assert (line["licence"], line["as_of"], line["formula"]) == (LICENCE, "2020-01-20", "T1")
    assert line["taken_from"] == f"{HERE}?dyad=us-iran&as_of=2020-01-20"
    assert datetime.fromisoformat(line["made_at"]).tzinfo is not None


def test_no_cell_of_csv_is_a_formula(take):
    line = lines(take("csv"))[0]
    assert line["summary"] == '\'=HYPERLINK("http://bad.example")'
    assert line["sources"].startswith("Example News <")


# --- XLSX --------------------------------------------------------------------------------


def test_xlsx_has_sheets_of_events_claims_sources_and_about(take):
    book = load_workbook(io.BytesIO(take("xlsx", as_of="2020-01-20")))
    assert book.sheetnames == ["Events", "Claims", "Sources", "About"]
    events = list(book["Events"].iter_rows(values_only=True))
    attack = dict(zip(events[0], events[2], strict=True))
    assert attack["id"] == IDS[1]
    assert attack["start"] == datetime(2020, 1, 8)  # noqa: DTZ001  # Excel's days have no zone
    assert (attack["wounded"], attack["summary"], attack["denied"]) == (11, None, False)
    told = dict(book["About"].iter_rows(values_only=True))
    assert (told["licence"], told["formula"], told["as_of"]) == (LICENCE, "T1", "2020-01-20")
    assert told["url"] == f"{HERE}?as_of=2020-01-20"
    assert len(list(book["Claims"].iter_rows())) == 2
    sources = list(book["Sources"].iter_rows(values_only=True))
    assert (IDS[1], "@Wire, Ltd") in [row[:2] for row in sources]


def test_no_cell_of_xlsx_is_a_formula_or_a_link(take):
    book = load_workbook(io.BytesIO(take("xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert '=HYPERLINK("http://bad.example")' in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"}
    assert not any(cell.hyperlink for cell in cells)


# --- JSON --------------------------------------------------------------------------------


def test_json_tells_all_of_an_event(take):
    found = json.loads(take("json", q="Missiles"))
    meta = found["meta"]
    assert (meta["count"], meta["licence"], meta["formula"]) == (1, LICENCE, "T1")
    assert meta["url"] == f"{HERE}?q=Missiles"
    assert meta["filters"] == ["“Missiles”"]
    (event,) = found["events"]
    assert [claim["number"] for claim in event["claims"]] == [11, 34, None]
    assert event["claims"][2]["words"] == "denies"
    assert event["links"] == [{"kind": "retaliates_for", "event": IDS[0], "note": ""}]
    assert {actor["slug"]: actor["role"] for actor in event["actors"]} == {
        "us-gov": "target",
        "iran-gov": "initiator",
    }
    assert "https://wire.example/a?b=1&c=2" in [source["url"] for source in event["sources"]]


# --- GeoJSON -----------------------------------------------------------------------------


def test_geojson_follows_its_schema_and_says_how_well_a_place_is_known(take):
    found = json.loads(take("geojson"))
    Draft202012Validator(FEATURE_COLLECTION).validate(found)
    strike, attack, _ = found["features"]
    assert strike["geometry"] == {"type": "Point", "coordinates": [44.36, 33.31]}
    assert strike["properties"]["radius_km"] == 15.0
    assert attack["geometry"] is None
    assert attack["id"] == IDS[1]
    assert found["meta"]["licence"] == LICENCE


# --- iCalendar ---------------------------------------------------------------------------


def test_icalendar_has_whole_days_that_end_with_the_next(take):
    body = take("ics")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    found = Calendar.from_ical(body)
    assert found["NAME"] == r"United States and Iran\, 2020"
    assert found["X-WR-CALNAME"] == r"United States and Iran\, 2020"
    assert LICENCE in found["X-WR-CALDESC"]
    entries = list(found.walk("VEVENT"))
    assert not any(entry.errors for entry in entries)
    strike, attack, talks = entries
    assert (attack.decoded("dtstart"), attack.decoded("dtend")) == (
        date(2020, 1, 8),
        date(2020, 1, 9),
    )
    assert (talks.decoded("dtstart"), talks.decoded("dtend")) == (
        date(2020, 3, 1),
        date(2020, 4, 1),
    )
    assert talks["summary"] == "≈ Talks in Muscat"
    assert "known to the month" in talks["description"]
    assert "Wounded: 34" in attack["description"]
    assert attack["url"] == "http://testserver/events/USIR-20200108-1/"
    assert strike["location"] == "Baghdad"
    assert "ASSAULT" in strike["categories"].to_ical().decode()


def test_an_entry_keeps_its_uid(take):
    def uids(body: bytes) -> list[str]:
        return [str(entry["uid"]) for entry in Calendar.from_ical(body).walk("VEVENT")]

    assert uids(take("ics")) == [f"{id_}@us-iran-2020.tensionline" for id_ in IDS]
    assert uids(take("ics", q="Talks")) == [f"{IDS[2]}@us-iran-2020.tensionline"]


# --- Atom --------------------------------------------------------------------------------


def test_atom_has_the_newest_by_known_time_first(take):
    body = take("atom", dyad="us-iran")
    etree.fromstring(body)
    found = feedparser.parse(body)
    assert not found.bozo
    assert found.version == "atom10"
    assert found.feed.rights == LICENCE
    assert found.feed.link == f"{HERE}?dyad=us-iran"
    assert found.feed.updated == "2020-01-26T12:00:00+00:00"
    assert [entry.link.split("/")[-2] for entry in found.entries] == [IDS[1], IDS[0]]
    first = found.entries[0]
    assert first.id == f"tag:testserver,2026:event/{IDS[1]}"
    assert (first.published, first.updated) == (
        "2020-01-08T12:00:00+00:00",
        "2020-01-26T12:00:00+00:00",
    )
    assert "Wounded: 34" in first.summary
    assert 'href="https://wire.example/a?b=1&amp;c=2"' in first.summary


def test_atom_says_where_it_is_not_all(take, monkeypatch):
    monkeypatch.setattr("apps.timelines.exports.atom_file.MOST", 2)
    found = feedparser.parse(take("atom"))
    assert len(found.entries) == 2
    assert found.feed.subtitle.startswith("The 2 events that became known last of 3")


def test_a_feed_that_did_not_change_is_not_sent_again(client, world):
    address = "/timelines/us-iran-2020/events.atom"
    etag = client.get(address)["ETag"]
    again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_an_empty_feed_is_a_feed(take):
    body = take("atom", q="nowhere")
    assert feedparser.parse(body).feed.updated == "2018-05-01T00:00:00+00:00"


# --- STIX --------------------------------------------------------------------------------


def test_stix_is_valid_to_the_letter(take):
    bundle = stix2.parse(take("stix.json"), allow_custom=False)
    by_type: dict[str, list] = {}
    for found in bundle.objects:
        by_type.setdefault(found.type, []).append(found)
    assert len({found.id for found in bundle.objects}) == len(bundle.objects)
    assert by_type["incident"][0].name == "Strike at the airport"
    assert by_type["marking-definition"][0].definition.statement == LICENCE
    assert {found.name for found in by_type["identity"]} == {"Tensionline", "United States", "Iran"}
    assert by_type["location"][0].precision == 15000
    incident = {found.external_references[0].external_id: found for found in by_type["incident"]}
    assert incident[IDS[1]].confidence == 85
    ties = {(t.source_ref, t.relationship_type, t.target_ref) for t in by_type["relationship"]}
    assert (incident[IDS[1]].id, "retaliates-for", incident[IDS[0]].id) in ties
    assert {note.content for note in by_type["note"]} >= {"Iran denies", "United States says 34"}
    (report,) = by_type["report"]
    assert set(report.object_refs) == {found.id for found in by_type["incident"]}


def test_an_object_of_stix_is_the_same_in_every_bundle(take):
    def incidents(body: bytes) -> dict[str, str]:
        return {o.id: o.serialize() for o in stix2.parse(body).objects if o.type == "incident"}

    some, whole = incidents(take("stix.json", q="Talks")), incidents(take("stix.json"))
    assert some.items() <= whole.items()
    assert len(some) == 1


# --- all of them -------------------------------------------------------------------------

WHOLE = ("csv", "json", "geojson", "ics", "stix.json")


@pytest.mark.parametrize("ending", [*WHOLE, "atom"])
def test_a_file_as_of_a_day_tells_what_was_known_then(take, ending):
    then, now = (take(ending, as_of=day).decode() for day in ("2020-01-20", ""))
    unfolded = then.replace("\r\n ", "")
    assert "became known later" not in unfolded
    assert "Talks in Muscat" not in then
    assert "Talks in Muscat" in now
    assert "became known later" in now.replace("\r\n ", "")
    assert "denies" not in then


@pytest.mark.parametrize("ending", [*WHOLE, "xlsx", "atom"])
def test_an_empty_view_is_a_whole_file(take, ending):
    body = take(ending, q="nowhere")
    assert body
    if ending == "stix.json":
        assert len(stix2.parse(body).objects) == 2
    if ending == "geojson":
        assert json.loads(body)["features"] == []


def test_a_file_is_named_after_timeline_days_and_day(client, world):
    answer = client.get("/timelines/us-iran-2020/events.csv", {"as_of": "2020-01-20"})
    name = "us-iran-2020-2020-01-01-2020-11-30-as-of-2020-01-20.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Link"] == f'<{HERE}?as_of=2020-01-20>; rel="canonical"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.streaming


def test_a_filter_that_makes_no_sense_is_refused_not_left_out(client, world):
    answer = client.get("/timelines/us-iran-2020/events.csv", {"actor": "atlantis", "from": "soon"})
    assert answer.status_code == 400
    assert "atlantis" in answer.content.decode()
    assert "soon" in answer.content.decode()


def test_where_the_page_stands_changes_no_file(take):
    assert lines(take("csv", page="99", event="nothing"))[0]["id"] == IDS[0]


@pytest.mark.parametrize("path", ["us-iran-2020/events.exe", "nowhere/events.csv"])
def test_what_there_is_not_is_not_found(client, world, path):
    assert client.get(f"/timelines/{path}").status_code == 404


def test_a_timeline_that_is_not_public_is_no_file(client, world):
    world.timeline.published = False
    world.timeline.save()
    assert client.get("/timelines/us-iran-2020/events.csv").status_code == 404


def test_addresses_are_those_that_readers_use(take, settings):
    settings.SITE_ADDRESS = "https://tension.example"
    assert (
        json.loads(take("json"))["meta"]["url"] == "https://tension.example/timelines/us-iran-2020/"
    )


def test_characters_that_xml_refuses_are_left_out(take, world):
    world.strike.title = "A \x0b strike"
    world.strike.save()
    assert "A  strike" in take("atom").decode()
