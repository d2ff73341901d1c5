"""Reading a dossier: values ready for use, or every fault with file, line, item and reason."""

import json
import re
import shutil
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from apps.core import plover
from apps.core.dossier import Dossier, DossierError, dates, read, yamlfile
from apps.core.dossier.structure import SCHEMA_FILE, schema

TINY = Path(__file__).parent.parent / "dossiers" / "tiny"
US_IRAN = Path(__file__).parent.parent.parent / "dossiers" / "us-iran-2020"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy of the tiny dossier that a test may spoil."""
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def faults(directory: Path) -> list[str]:
    with pytest.raises(DossierError) as caught:
        read(directory)
    return [str(fault) for fault in caught.value.faults]


def test_dates_are_days_and_every_key_is_there() -> None:
    tiny = read(TINY)
    assert tiny.slug == "tiny"
    assert (tiny.timeline["start"], tiny.timeline["end"]) == (date(2020, 1, 1), date(2020, 12, 31))
    general = next(actor for actor in tiny.actors if actor["id"] == "arl-general")
    assert general["active_from"] == date(1990, 1, 1)
    assert general["roles"] == [
        {
            "title": "Chief of staff of Arland",
            "organisation": "arland",
            "since": date(2018, 5, 1),
            "until": date(2020, 12, 31),
        }
    ]
    arland = next(actor for actor in tiny.actors if actor["id"] == "arland")
    assert arland["aliases"] == [
        {"name": "Arland", "kind": "official"},
        {"name": "Arlanders", "kind": "demonym"},
    ]
    shelling, answer, talks = tiny.events
    assert (answer["start"], answer["end"], answer["precision"]) == (
        date(2020, 3, 4),
        date(2020, 3, 5),
        "day",
    )
    assert (talks["start"], talks["end"], talks["precision"]) == (
        date(2020, 6, 1),
        date(2020, 6, 30),
        "month",
    )
    assert (shelling["mode"], talks["mode"], talks["links"], talks["names"]) == (
        "heavy-weapons",
        "",
        [],
        [],
    )


def test_claim_is_known_once_it_was_said_and_the_event_is_public() -> None:
    shelling = read(TINY).events[0]
    known = {claim["id"]: claim["known"] for claim in shelling["claims"]}
    assert known == {
        "first-toll": date(2020, 3, 2),
        "second-toll": date(2020, 3, 5),
        "denial": date(2020, 3, 31),
    }


def test_dispatch_has_its_text_and_its_time() -> None:
    dispatch = read(TINY).dispatches[0]
    assert dispatch["text"].startswith("ARL CITY (TW) - ")
    assert dispatch["published_at"] == datetime(2020, 3, 2, 6, 0, tzinfo=UTC)
    assert dispatch["published_precision"] == "instant"


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2020-01-03", date(2020, 1, 3), date(2020, 1, 3), "day"),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), "month"),
        ("2020", date(2020, 1, 1), date(2020, 12, 31), "year"),
        ("2020-01-04/2020-01-05", date(2020, 1, 4), date(2020, 1, 5), "day"),
        ("2020-01/2020-03", date(2020, 1, 1), date(2020, 3, 31), "month"),
    ],
)
def test_human_dates(text: str, first: date, last: date, precision: str) -> None:
    assert dates.interval_of(text) == (first, last, precision)
    assert dates.edtf_of(first, last, precision) == text


def test_week_is_written_as_about() -> None:
    assert (
        dates.edtf_of(date(2020, 11, 17), date(2020, 11, 19), "week") == "2020-11-17~/2020-11-19~"
    )


# file, what to replace, with what, what is told
FAULTS = [
    # dates
    ("events.yaml", "date: 2020-03-01", "date: 2020-02-30",
     "events.yaml:6: e-20200301-shelling: '2020-02-30' is not in the calendar: day is out of range for month"),
    ("events.yaml", "date: 2020-03-01", "date: March 2020",
     "events.yaml:6: e-20200301-shelling: 'March 2020' is not a date; write 2020-01-03, 2020-01 or 2020"),
    ("events.yaml", "2020-03-04/2020-03-05", "2020-03-05/2020-03-04",
     "events.yaml:26: e-20200304-answer: '2020-03-05/2020-03-04': the interval ends before it starts"),
    ("events.yaml", "2020-03-04/2020-03-05", "2020-03-04/2020-04",
     "e-20200304-answer: '2020-03-04/2020-04': both ends of an interval must be equally precise"),
    ("events.yaml", "first_public: 2020-03-02", "first_public: 2020-02-29",
     "events.yaml:7: e-20200301-shelling: first_public is before the event"),
    ("events.yaml", "date: 2020-03-01", "date: 2021-03-01",
     "events.yaml:6: e-20200301-shelling: 2021-03-01 is outside the timeline's span"),
    ("actors.yaml", "until: 2020}", "until: 2017}",
     "actors.yaml:21: arl-general: until 2017 is before since 2018-05"),
    ("dossier.yaml", "2020-03-01/2020-06-30", "2019-03-01/2020-06-30",
     "dossier.yaml:6: the focus 2019-03-01/2020-06-30 is not inside the span"),
    ("dispatches/index.yaml", "2020-03-02T06:00Z", "2020-03",
     "dispatches/index.yaml:4: first: '2020-03' is neither a day nor an instant like 2020-01-03T09:40Z"),
    # references
    ("events.yaml", "place: arl-city", "place: nowhere",
     "events.yaml:8: e-20200301-shelling: there is no place 'nowhere'"),
    ("events.yaml", "initiators: [hill-front]", "initiators: [hill-font]",
     "events.yaml:12: e-20200301-shelling: there is no actor 'hill-font'"),
    ("events.yaml", "speaker: borland", "speaker: nobody",
     "events.yaml:20: e-20200301-shelling: there is no actor 'nobody'"),
    ("events.yaml", "source: tiny-wire", "source: huge-wire",
     "events.yaml:16: e-20200301-shelling: there is no source 'huge-wire'"),
    ("events.yaml", "to: e-20200301-shelling", "to: e-1",
     "events.yaml:35: e-20200304-answer: there is no event 'e-1'"),
    ("events.yaml", "to: e-20200301-shelling", "to: e-20200304-answer",
     "events.yaml:35: e-20200304-answer: an event has no link to itself"),
    ("actors.yaml", "organisation: arland", "organisation: orland",
     "actors.yaml:21: arl-general: there is no actor 'orland'"),
    ("actors.yaml", "kind: member_of, to: arland", "kind: member_of, to: arl-general",
     "actors.yaml:23: arl-general: an actor has no relation to itself"),
    ("places.yaml", "parent: arland-country", "parent: arl-city",
     "places.yaml:9: arl-city: the place lies in itself: its parents go in a circle"),
    ("dossier.yaml", "places: [arland-country]", "places: [borland-country]",
     "dossier.yaml:11: there is no place 'borland-country'"),
    ("dossier.yaml", "b: [borland]", "b: [bor]", "dossier.yaml:13: there is no actor 'bor'"),
    ("dispatches/index.yaml", "source: tiny-wire", "source: huge-wire",
     "dispatches/index.yaml:5: first: there is no source 'huge-wire'"),
    ("dispatches/index.yaml", "written_for", "revises: second\n  written_for",
     "dispatches/index.yaml:6: first: there is no dispatch 'second'"),
    ("dispatches/reviewed.yaml", "on Sunday", "on Monday",
     "dispatches/reviewed.yaml:1: e-20200301-shelling: the quote does not stand in first.txt"),
    ("dispatches/first.txt", "two people.", "two people. Borland denied any part.",
     "dispatches/reviewed.yaml:2: e-20200301-shelling: the quote stands 2 times in first.txt"),
    # ids once
    ("events.yaml", "id: e-20200304-answer\n", "id: e-20200301-shelling\n",
     "events.yaml:21: e-20200301-shelling: the id 'e-20200301-shelling' is used by "
     "e-20200301-shelling (events.yaml:1) already"),
    ("events.yaml", "TINY-20200304-1", "TINY-20200301-1",
     "events.yaml:22: e-20200304-answer: the public id 'TINY-20200301-1' is used by "
     "e-20200301-shelling (events.yaml:1) already"),
    ("events.yaml", "TINY-20200304-1", "USIR-20200304-1",
     "events.yaml:22: e-20200304-answer: the public id must start with TINY-, "
     "or EV- where it came from no dossier"),
    ("events.yaml", "id: second-toll", "id: first-toll",
     "events.yaml:19: e-20200301-shelling: the claim id 'first-toll' is there twice"),
    ("events.yaml", "tiny-wire.example/1", "daily-arl.example/1",
     "events.yaml:16: e-20200301-shelling: https://daily-arl.example/1 is cited twice"),
    ("sources.yaml", "name: Tiny Wire", "name: Tiny Wire, domain: daily-arl.example",
     "sources.yaml:2: tiny-wire: the domain 'daily-arl.example' is used by daily-arl (sources.yaml:1) already"),
    ("actors.yaml", "official: [Borland]", "official: [Government of Borland]",
     "actors.yaml:13: borland: the name 'Government of Borland' is there twice"),
    # meaning
    ("events.yaml", "mode: aerial", "mode: aerobic",
     "events.yaml:25: e-20200304-answer: 'aerobic' is no mode of ASSAULT; its modes are"),
    ("events.yaml", "field: killed, number: 3,", "field: killed,",
     "events.yaml:19: e-20200301-shelling: claim second-toll: a claim of killed needs a number"),
    ("events.yaml", "value: any part", "number: 5",
     "claim denial: a number says how many were killed or wounded, not responsible"),
    ("events.yaml", "said: 2020-03-02, url: \"https://daily-arl.example/1\"",
     "said: 2020-03-02, url: \"https://daily-arl.example/9\"",
     "events.yaml:18: e-20200301-shelling: https://daily-arl.example/9 is not among the event's sources"),
    ("actors.yaml", "name: Hill Front\n", "name: Hill Front\n  roles: [{title: Chief}]\n",
     "actors.yaml:26: hill-front: only a person holds roles"),
    # in time
    ("events.yaml", "number: 3, said", "answers: third-toll, number: 3, said",
     "events.yaml:19: e-20200301-shelling: claim second-toll: there is no other claim 'third-toll' to answer"),
    ("events.yaml", "number: 2, said", "answers: second-toll, number: 2, said",
     "claim first-toll answers 'second-toll', which became known later (2020-03-05)"),
    ("events.yaml", "act: denies, field: responsible, value: any part",
     "act: declines, field: responsible, answers: second-toll",
     "claim denial: who declines to say answers no claim"),
    ("events.yaml", "date: 2020-03-04/2020-03-05", "date: 2020-02-04/2020-02-05",
     "e-20200304-answer (2020-02-04) began before e-20200301-shelling (2020-03-01): "
     "an event has no effect before it begins"),
    ("events.yaml", "  claims:\n",
     "  links:\n    - {kind: responds_to, to: e-20200304-answer, note: a circle}\n  claims:\n",
     "e-20200301-shelling (2020-03-01) began before e-20200304-answer"),
    # shape
    ("events.yaml", "type: CONSULT", "type: CHAT",
     "events.yaml:39: e-202006-talks: type: 'CHAT' is not one of AGREE, CONSULT,"),
    ("events.yaml", "confidence: low", "confidense: low",
     "e-202006-talks: unknown key 'confidense'; known keys are claims, confidence,"),
    ("events.yaml", "  confidence: low\n", "", "e-202006-talks: missing key 'confidence'"),
    ("events.yaml", "initiators: [arland, borland]", "initiators: arland",
     "e-202006-talks: initiators: 'arland' should be array"),
    ("events.yaml", "speaker: borland, act", "act",
     "e-20200301-shelling: claims: a claim needs a speaker, a source or a speaker_text"),
    ("events.yaml", "soil: 0.5", "soil: 2", "e-20200304-answer: soil: 2 is greater than the maximum of 1"),
    ("places.yaml", "lat: 10.5", "lat: 100.5", "arl-city: lat: 100.5 is greater than the maximum of 90"),
    ("actors.yaml", "country: BOR\n  aliases", "country: Borland\n  aliases",
     "actors.yaml:12: borland: country: 'Borland' does not look like ^[A-Z]{3}$"),
    ("dispatches/index.yaml", "project: true", "project: false",
     "dispatches/index.yaml:6: first: written_for_this_project: True was expected"),
    ("dispatches/reviewed.yaml", "act: denies, field: responsible, ", "",
     "dispatches/reviewed.yaml:2: e-20200301-shelling: missing key 'act', 'field'"),
    # YAML
    ("events.yaml", "title: Arland and Borland talk", "title: [Arland and", "events.yaml:39: not YAML"),
    ("events.yaml", "  confidence: low\n", "  confidence: low\n  confidence: high\n",
     "events.yaml:43: the key 'confidence' is written twice"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "told"), FAULTS, ids=[fault[3][:60] for fault in FAULTS]
)
def test_each_fault_is_told_with_file_line_item_and_reason(
    files: Path, name: str, old: str, new: str, told: str
) -> None:
    path = files / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    assert any(told in fault for fault in faults(files)), faults(files)


def test_links_in_a_circle_are_told(files: Path) -> None:
    events = files / "events.yaml"
    text = events.read_text().replace("date: 2020-03-04/2020-03-05", "date: 2020-03-01")
    circle = "  links:\n    - {kind: responds_to, to: e-20200304-answer, note: x}\n  claims:\n"
    text = text.replace("  claims:\n", circle)
    events.write_text(text.replace("first_public: 2020-03-02", "first_public: 2020-03-04"))
    assert any(
        "the links go in a circle: e-20200301-shelling → e-20200304-answer → e-20200301-shelling"
        in fault
        for fault in faults(files)
    ), faults(files)


def test_all_faults_are_told_at_once(files: Path) -> None:
    events = files / "events.yaml"
    text = events.read_text().replace("mode: aerial", "mode: aerobic")
    events.write_text(text.replace("place: arl-city", "place: nowhere"))
    (files / "dispatches" / "second.txt").write_text("Nobody knows this one.")
    assert len(faults(files)) == 3


def test_missing_file_and_missing_folder_are_told(files: Path) -> None:
    (files / "actors.yaml").unlink()
    assert faults(files) == ["actors.yaml: the file is missing"]
    assert faults(files / "elsewhere") == [
        f"{files / 'elsewhere'}: there is no such dossier folder"
    ]


def test_empty_file_and_wrong_encoding_are_told(files: Path) -> None:
    (files / "places.yaml").write_text("")
    (files / "sources.yaml").write_bytes(
        "- {id: a, name: Zeitung für Öl, kind: wire}".encode("latin-1")
    )
    assert faults(files) == [
        "places.yaml: the file is empty",
        "sources.yaml: the file is not UTF-8 text",
    ]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"B\xf6rse", "dispatches/first.txt is not UTF-8 text"),
        (b"a\x00b", "there is a NUL in dispatches/first.txt, which no text can hold"),
    ],
)
def test_the_text_of_a_dispatch_that_cannot_be_stored_is_told(files, raw, reason):
    (files / "dispatches" / "first.txt").write_bytes(raw)
    assert f"dispatches/index.yaml:1: first: {reason}" in faults(files)


def test_dispatch_without_text_and_text_without_entry_are_told(files: Path) -> None:
    (files / "dispatches" / "first.txt").rename(files / "dispatches" / "other.txt")
    told = faults(files)
    assert "dispatches/index.yaml:1: first: there is no text in dispatches/first.txt" in told
    assert "dispatches/other.txt: this text is not in dispatches/index.yaml" in told


def test_words_that_other_yaml_readers_misread_stay_words(files: Path) -> None:
    actors = files / "actors.yaml"
    actors.write_text(
        actors.read_text().replace("official: [Borland]", "official: [No, 12:30, 2020-01-03]")
    )
    borland = next(actor for actor in read(files).actors if actor["id"] == "borland")
    assert [alias["name"] for alias in borland["aliases"]] == ["No", "12:30", "2020-01-03"]


def test_events_may_be_split_over_files(files: Path) -> None:
    items = (files / "events.yaml").read_text().split("\n- ")
    (files / "events").mkdir()
    (files / "events" / "b.yaml").write_text("- " + "\n- ".join(items[1:]))
    (files / "events" / "a.yaml").write_text(items[0] + "\n")
    (files / "events.yaml").unlink()
    assert [event["id"] for event in read(files).events] == [
        "e-20200301-shelling",
        "e-20200304-answer",
        "e-202006-talks",
    ]


def test_schema_names_plovers_types() -> None:
    assert schema()["$defs"]["event"]["properties"]["type"]["enum"] == list(plover.TYPES)


def test_schema_allows_no_key_that_it_does_not_describe() -> None:
    def objects(part: Any) -> list[dict[str, Any]]:
        if isinstance(part, list):
            return [found for item in part for found in objects(item)]
        if not isinstance(part, dict):
            return []
        here = [part] if part.get("type") == "object" else []
        return here + [found for item in part.values() for found in objects(item)]

    described = objects(json.loads(SCHEMA_FILE.read_text()))
    assert len(described) >= 14
    assert all(part["additionalProperties"] is False for part in described)
    assert all(part["properties"] for part in described)


@pytest.fixture(scope="module")
def us_iran() -> Dossier:
    return read(US_IRAN)


class TestUsIran:
    """The dossier that comes with the project."""

    def test_has_its_events_and_actors(self, us_iran: Dossier) -> None:
        assert len(us_iran.events) == 123
        assert len(us_iran.actors) == 89
        assert not [event["id"] for event in us_iran.events if "-tbi-" in event["id"]]

    def test_public_ids_are_those_of_the_first_release(self, us_iran: Dossier) -> None:
        """They are addresses: whoever linked one finds it again."""
        ids = {event["id"]: event["public_id"] for event in us_iran.events}
        assert len(set(ids.values())) == 123
        assert ids["e-20200103-soleimani-strike"] == "USIR-20200103-1"
        assert ids["e-20200108-asad-missiles"] == "USIR-20200108-1"
        assert ids["e-20201117-gz-rockets"] == "USIR-20201117-2"
        assert ids["e-20201121-b52-flight"] == "USIR-20201121-1"
        day = re.compile(r"e-(\d{8})-")
        assert all(public_id.split("-")[1] == day.match(key)[1] for key, public_id in ids.items())  # type: ignore[index]

    def test_files_keep_the_order_of_days(self, us_iran: Dossier) -> None:
        starts = [event["start"] for event in us_iran.events]
        assert starts == sorted(starts)

    def test_dates_need_no_quotes_and_lists_stand_in_blocks(self) -> None:
        for path in sorted((US_IRAN / "events").glob("*.yaml")):
            assert not re.findall(r"(?:date|said|published|first_public): ['\"]", path.read_text())
            assert isinstance(yaml.safe_load(path.read_text()), list)

    def test_ain_al_asad_rises_from_nothing_to_110(self, us_iran: Dossier) -> None:
        asad = next(e for e in us_iran.events if e["id"] == "e-20200108-asad-missiles")
        wounded = [c for c in asad["claims"] if c["field"] == "wounded" and c["act"] == "asserts"]
        assert [claim["number"] for claim in wounded] == [0, 11, 34, 50, 64, 109, 110]
        assert wounded == sorted(wounded, key=lambda claim: claim["known"])

    def test_nearly_every_event_falls_into_a_lane(self, us_iran: Dossier) -> None:
        above: dict[str, set[str]] = {
            actor["id"]: {
                relation["to"]
                for relation in actor["relations"]
                if relation["kind"] in ("part_of", "member_of", "commands")
            }
            for actor in us_iran.actors
        }

        def acts_for(actor: str) -> set[str]:
            found, queue = {actor}, [actor]
            while queue:
                fresh = above[queue.pop()] - found
                found |= fresh
                queue += fresh
            return found

        def on(side: list[str], actors: list[str]) -> bool:
            return any(acts_for(actor) & set(side) for actor in actors)

        def lane(event: dict[str, Any]) -> str:
            by, at = event["initiators"], event["targets"]
            for lane in us_iran.timeline["lanes"]:
                a, b = lane["a"], lane["b"]
                if (on(a, by) and on(b, at)) or (on(b, by) and on(a, at)):
                    return str(lane["id"])
            return "other"

        lanes = {event["id"]: lane(event) for event in us_iran.events}
        assert Counter(lanes.values())["other"] <= 6
        assert lanes["e-20200103-soleimani-strike"] == "us-iran"
        assert lanes["e-20200311-taji-attack"] == "forces-militias"
        assert lanes["e-20201117-gz-rockets"] == "missions-militias"

    def test_dispatches_are_marked_and_spread_over_the_year(self, us_iran: Dossier) -> None:
        assert 14 <= len(us_iran.dispatches) <= 16
        assert all(dispatch["written_for_this_project"] for dispatch in us_iran.dispatches)
        months = {dispatch["published_at"].month for dispatch in us_iran.dispatches}
        assert {1, 11} <= months
        assert len(months) >= 10
        assert [d["id"] for d in us_iran.dispatches if d["revises"]] == [
            "2020-02-10-brain-injuries-109"
        ]
        words = [len(dispatch["text"].split()) for dispatch in us_iran.dispatches]
        assert all(250 <= count <= 450 for count in words)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("\x00", "not YAML: control characters are not allowed"),
        ("a: " + "[" * 100_000, "nothing in a dossier is nested more than 20 deep"),
        ("{" * 50_000, "nothing in a dossier is nested more than 20 deep"),
        ("&a [*a]", "a part that is written elsewhere (*alias) is to be written out here"),
        ("- &a [1]\n- *a", "a part that is written elsewhere (*alias) is to be written out here"),
        ("? [a]\n: b", "a key is a word"),
        ("!!int abc", "not YAML that a dossier may have: invalid literal"),
        ("x: !!timestamp 2020-99-99", "not YAML that a dossier may have: month must be in 1..12"),
        ("!!python/object:os.system x", "not YAML: could not determine a constructor"),
    ],
)
def test_what_would_crash_a_reader_of_yaml_is_a_fault_of_the_file(tmp_path, text, reason):
    path = tmp_path / "events.yaml"
    path.write_text(text)
    _, (fault,) = yamlfile.load(path, path.name)
    assert fault.reason.startswith(reason)
