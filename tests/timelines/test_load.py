"""Loading a dossier: everything once, again without effect, never over an editor's work."""

import shutil
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.actors.models import Actor, Alias, Relation, Role
from apps.core.dossier import read
from apps.events import curate
from apps.events.models import Claim, Decision, Event, Evidence, Link
from apps.places.models import Place
from apps.sources.models import Source
from apps.timelines.dossiers.load import load
from apps.timelines.models import DossierRecord, Dyad, Timeline
from tests import loaded

pytestmark = pytest.mark.django_db
TINY = Path(__file__).parent.parent / "dossiers" / "tiny"
US_IRAN = Path(__file__).parent.parent.parent / "dossiers" / "us-iran-2020"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy of the tiny dossier that a test may change."""
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def without(path: Path, start: str) -> None:
    """Drop the item of a list that begins with `start`."""
    items = path.read_text().split("\n- ")
    kept = [item for item in items if not item.lstrip("- ").startswith(start)]
    assert len(kept) == len(items) - 1
    path.write_text("\n- ".join(kept) + "\n")


def everything() -> dict[str, list[dict[str, object]]]:
    """All rows a load writes, to compare before and after."""
    models = (
        Actor, Alias, Role, Relation, Place, Source, Event, Evidence, Claim, Link, Timeline, Dyad,
        Decision, DossierRecord,
    )  # fmt: skip
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_every_item_is_loaded() -> None:
    load(read(TINY))
    general = Actor.objects.get(slug="arl-general")
    assert (general.kind, general.active_from) == ("person", date(1990, 1, 1))
    role = general.roles.get()
    assert (role.since, role.until) == (date(2018, 5, 1), date(2020, 12, 31))
    assert role.organisation == Actor.objects.get(slug="arland")
    front = Relation.objects.get(kind="front_of")
    assert (front.source.slug, front.target.slug, front.disputed) == ("hill-front", "borland", True)
    assert Alias.objects.get(name="Arlanders").normalised == "arlanders"
    city = Place.objects.get(slug="arl-city")
    assert city.parent == Place.objects.get(slug="arland-country")
    assert city.aliases == ["Arlton"]
    assert Source.objects.get(slug="daily-arl").reliability == "B"
    assert Source.objects.get(slug="tiny-wire").reliability == "F"
    timeline = Timeline.objects.get()
    assert (timeline.start, timeline.end) == (date(2020, 1, 1), date(2020, 12, 31))
    assert timeline.published
    assert [lane.label for lane in timeline.dyads.all()] == ["Arland – Borland"]


def test_events_are_published_with_cited_sources_claims_and_known_time() -> None:
    load(read(TINY))
    shelling = Event.objects.public().get(public_id="TINY-20200301-1")
    assert shelling.key == "e-20200301-shelling"
    assert shelling.first_public_at == datetime(2020, 3, 2, tzinfo=UTC)
    assert shelling.names == ["the shelling"]
    assert [part.actor.slug for part in shelling.participations.all()] == ["hill-front", "arland"]
    cited = list(Evidence.objects.public().filter(event=shelling).order_by("url"))
    assert [row.publisher for row in cited] == ["Daily Arl", "Tiny Wire (TW)"]
    assert [row.published_on for row in cited] == [date(2020, 3, 2), None]
    assert {row.origin for row in cited} == {"dossier"}
    claims = Claim.objects.public().filter(event=shelling).order_by("known_at", "id")
    assert [(claim.key, claim.known_at) for claim in claims] == [
        ("first-toll", datetime(2020, 3, 2, tzinfo=UTC)),
        ("second-toll", datetime(2020, 3, 5, tzinfo=UTC)),
        ("denial", datetime(2020, 3, 31, tzinfo=UTC)),
    ]
    assert claims[0].evidence == cited[0]
    assert (shelling.killed, shelling.killed_low, shelling.killed_high) == (3, 3, 3)
    decision = shelling.decisions.get()
    assert (decision.action, decision.by_label) == ("load", "Dossier loader")


def test_intervals_months_and_links_are_loaded() -> None:
    load(read(TINY))
    answer = Event.objects.get(key="e-20200304-answer")
    assert (answer.start, answer.end) == (date(2020, 3, 4), date(2020, 3, 5))
    assert (answer.precision, answer.edtf) == ("day", "2020-03-04/2020-03-05")
    talks = Event.objects.get(key="e-202006-talks")
    assert (talks.start, talks.end) == (date(2020, 6, 1), date(2020, 6, 30))
    assert (talks.precision, talks.edtf) == ("month", "2020-06")
    link = Link.objects.get()
    assert (link.source, link.kind, link.standing) == (answer, "retaliates_for", "published")


def test_answers_carried_wires_and_when_links_were_said_are_loaded(files: Path) -> None:
    events = files / "events.yaml"
    replace(events, "number: 3, said", "answers: first-toll, number: 3, said")
    replace(events, "note: said so", "note: said so, known: 2020-03-20")
    load(read(files))
    answer = Claim.objects.get(key="second-toll")
    assert answer.answers == Claim.objects.get(key="first-toll")
    assert Evidence.objects.get(url="https://tiny-wire.example/1").carries == "TW"
    assert Link.objects.get().known_at == datetime(2020, 3, 20, tzinfo=UTC)
    replace(events, "answers: first-toll, ", "")
    load(read(files))
    answer.refresh_from_db()
    assert answer.answers is None


def test_what_older_files_could_not_say_follows_the_files(files: Path) -> None:
    load(read(files))
    for record in DossierRecord.objects.filter(model__in=["events.claim", "events.link"]):
        record.values = {
            key: value for key, value in record.values.items() if key not in ("answers", "known")
        }
        record.save()
    events = files / "events.yaml"
    replace(events, "number: 3, said", "answers: first-toll, number: 3, said")
    replace(events, "note: said so", "note: said so, known: 2020-03-20")
    report = load(read(files))
    assert report.kept == []
    assert Claim.objects.get(key="second-toll").answers is not None
    assert Link.objects.get().known_at is not None


def test_second_load_changes_nothing_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    load(read(TINY))
    before = everything()
    report = load(read(TINY))
    assert report.nothing_done
    assert (report.kept, report.gone) == ([], [])
    assert everything() == before
    call_command("load_dossier", str(TINY))
    assert "nothing to do" in capsys.readouterr().out


def test_change_in_the_files_is_applied(files: Path) -> None:
    load(read(files))
    replace(files / "events.yaml", "title: Shells fall on Arl City", "title: Shells hit Arl City")
    replace(files / "events.yaml", "number: 3", "number: 4")
    replace(files / "actors.yaml", "demonym: [Arlanders]", "demonym: [Arlanders, Arlish]")
    replace(files / "places.yaml", "radius_km: 5", "radius_km: 6")
    replace(files / "events.yaml", "targets: [hill-front, borland]", "targets: [borland]")
    report = load(read(files))
    assert sorted(report.changed) == [
        "actors.actor arland: aliases",
        "events.claim e-20200301-shelling second-toll: number",
        "events.event e-20200301-shelling: title",
        "events.event e-20200304-answer: targets",
        "places.place arl-city: radius_km",
    ]
    shelling = Event.objects.get(key="e-20200301-shelling")
    assert (shelling.title, shelling.killed) == ("Shells hit Arl City", 4)
    assert shelling.decisions.count() == 2
    latest = shelling.decisions.order_by("-id")[0]
    assert latest.before["title"] == "Shells fall on Arl City"
    assert latest.after["title"] == "Shells hit Arl City"
    answer = Event.objects.get(key="e-20200304-answer")
    assert [p.actor.slug for p in answer.participations.filter(role="target")] == ["borland"]
    assert set(Alias.objects.filter(actor__slug="arland").values_list("name", flat=True)) == {
        "Arland",
        "Arlanders",
        "Arlish",
    }
    assert load(read(files)).nothing_done


def test_editors_change_is_kept_and_reported(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load(read(files))
    Event.objects.filter(key="e-20200301-shelling").update(title="The editor's title")
    Claim.objects.filter(key="second-toll").update(number=5)
    replace(files / "events.yaml", "title: Shells fall on Arl City", "title: The file's title")
    call_command("load_dossier", str(files))
    said = capsys.readouterr().out
    assert 'title is "The editor\'s title" here and "The file\'s title" in the files; kept' in said
    assert "second-toll: number is 5 here and 3 in the files; kept" in said
    assert Event.objects.get(key="e-20200301-shelling").title == "The editor's title"
    assert Claim.objects.get(key="second-toll").number == 5


def test_other_fields_of_an_item_that_an_editor_changed_still_follow_the_files(files: Path) -> None:
    load(read(files))
    Actor.objects.filter(slug="arland").update(notes="An editor's note")
    replace(files / "actors.yaml", "code: ARLGOV", "code: ARLGOVX")
    load(read(files))
    arland = Actor.objects.get(slug="arland")
    assert (arland.notes, arland.code) == ("An editor's note", "ARLGOVX")


def test_names_that_an_editor_added_stay(files: Path) -> None:
    load(read(files))
    arland = Actor.objects.get(slug="arland")
    Alias.objects.create(actor=arland, name="The Arl")
    replace(files / "actors.yaml", "official: [Arland]", "official: [Arland, Arlandia]")
    report = load(read(files))
    assert arland.aliases.filter(name="The Arl").exists()
    assert not arland.aliases.filter(name="Arlandia").exists()
    assert [line for line in report.kept if line.startswith("actors.actor arland: aliases is")]


def test_new_items_are_added(files: Path) -> None:
    load(read(files))
    with (files / "events.yaml").open("a") as events:
        events.write(
            "- id: e-20200701-new\n  public_id: TINY-20200701-1\n  title: Something new\n"
            "  type: ACCUSE\n  date: 2020-07-01\n  first_public: 2020-07-01\n  confidence: high\n"
            "  initiators: [arland]\n"
            '  sources: [{source: daily-arl, url: "https://daily-arl.example/4"}]\n'
        )
    replace(
        files / "events.yaml",
        'url: "https://daily-arl.example/2"}',
        'url: "https://daily-arl.example/2"}\n    - {source: daily-arl, url: "https://daily-arl.example/2b"}',
    )
    report = load(read(files))
    assert report.created == {"events.event": 1, "events.evidence": 2}
    assert Event.objects.public().filter(key="e-20200701-new").exists()
    answer = Event.objects.get(key="e-20200304-answer")
    assert Evidence.objects.public().filter(event=answer).count() == 2
    assert answer.decisions.order_by("-id")[0].reason == "The files of the dossier tiny changed."


def test_items_that_left_the_files_are_reported_not_deleted(files: Path) -> None:
    load(read(files))
    without(files / "events.yaml", "id: e-202006-talks")
    report = load(read(files))
    assert report.gone == [
        "events.event e-202006-talks: no longer in the files; its row stays",
        "events.evidence e-202006-talks https://daily-arl.example/3: no longer in the files; its row stays",
    ]
    assert report.nothing_done
    assert Event.objects.public().filter(key="e-202006-talks").exists()


def test_rejected_event_stays_rejected(files: Path) -> None:
    load(read(files))
    talks = Event.objects.get(key="e-202006-talks")
    curate.reject(talks, by_label="An editor", reason="Never happened.")
    replace(files / "events.yaml", "title: Arland and Borland talk", "title: They talk")
    report = load(read(files))
    talks.refresh_from_db()
    assert (talks.status, talks.title) == ("rejected", "They talk")
    assert [line for line in report.kept if "e-202006-talks" in line and "not public" in line]


def test_rejected_claim_stays_rejected() -> None:
    load(read(TINY))
    curate.reject_claim(Claim.objects.get(key="denial"), by_label="An editor", reason="Misheard.")
    report = load(read(TINY))
    assert Claim.objects.get(key="denial").standing == "rejected"
    assert report.kept == [
        "events.claim e-20200301-shelling denial: "
        "standing is 'rejected' here and 'published' in the files; kept"
    ]


def test_item_that_an_editor_deleted_is_not_made_again() -> None:
    load(read(TINY))
    Claim.objects.get(key="denial").delete()
    report = load(read(TINY))
    assert not Claim.objects.filter(key="denial").exists()
    assert report.kept == [
        "events.claim e-20200301-shelling denial: deleted here since it was loaded; not made again"
    ]


def test_what_was_there_before_the_first_load_is_kept() -> None:
    Actor.objects.create(slug="arland", name="Arland, as entered here", kind="state", country="ARL")
    Source.objects.create(slug="daily", name="Daily Arl", domain="daily-arl.example")
    report = load(read(TINY))
    arland = Actor.objects.get(slug="arland")
    assert (arland.name, arland.kind) == ("Arland, as entered here", "state")
    assert any(line.startswith("actors.actor arland: name is") for line in report.kept)
    assert not Source.objects.filter(slug="daily-arl").exists()


def test_faults_are_told_and_nothing_is_written(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(files / "events.yaml", "place: arl-city", "place: nowhere")
    with pytest.raises(CommandError, match="1 fault; nothing was written"):
        call_command("load_dossier", str(files))
    assert capsys.readouterr().err.strip() == (
        "events.yaml:8: e-20200301-shelling: there is no place 'nowhere'"
    )
    assert not Actor.objects.exists()


def test_check_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_dossier", str(TINY), "--check")
    assert "the files are right (3 events, 4 actors" in capsys.readouterr().out
    assert not Actor.objects.exists()


def test_failure_half_way_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = read(TINY)
    dossier.events[2]["public_id"] = dossier.events[1]["public_id"]
    with pytest.raises(Exception, match="public_id"):
        load(dossier)
    assert not Actor.objects.exists()


class TestUsIran:
    """The dossier that comes with the project."""

    def test_loads_in_ten_seconds_and_only_once(self) -> None:
        us_iran = read(US_IRAN)
        began = time.process_time()  # whatever else the machine is doing
        load(us_iran)
        took = time.process_time() - began
        assert Event.objects.public().count() == 123
        assert Actor.objects.count() == 89
        assert not Event.objects.filter(key__contains="-tbi-").exists()
        assert took < 10
        assert load(read(US_IRAN)).nothing_done

    def test_ain_al_asad_keeps_every_count_with_the_day_it_was_known(
        self,
    ) -> None:
        loaded.us_iran()
        asad = Event.objects.get(key="e-20200108-asad-missiles")
        said = Claim.objects.public().filter(event=asad, field="wounded", act="asserts")
        assert list(said.order_by("known_at").values_list("number", "known_at__date")) == [
            (0, date(2020, 1, 8)),
            (11, date(2020, 1, 16)),
            (34, date(2020, 1, 24)),
            (50, date(2020, 1, 28)),
            (64, date(2020, 1, 30)),
            (109, date(2020, 2, 10)),
            (110, date(2020, 2, 21)),
        ]
        assert asad.wounded == 110
        strike = Event.objects.get(key="e-20200103-soleimani-strike")
        assert (strike.killed, strike.killed_low, strike.killed_high) == (10, 10, 10)
        assert all(claim.evidence for claim in said)

    def test_truce_and_green_zone_keep_both_sides(self) -> None:
        loaded.us_iran()
        truce = Claim.objects.public().filter(
            event__key="e-20201010-militia-truce", field="arrangement_holds"
        )
        acts = dict(truce.values_list("speaker__slug", "act"))
        assert (acts["kataib-hezbollah"], acts["khazali"]) == ("asserts", "denies")
        rockets = Event.objects.get(key="e-20201117-gz-rockets")
        who = set(rockets.claims.filter(field="responsible").values_list("speaker__slug", "act"))
        assert {
            ("ashab-al-kahf", "claims_responsibility"),
            ("kataib-hezbollah", "denies"),
        } <= who
        assert rockets.contested
        assert (rockets.killed, rockets.wounded_high) == (1, 7)
