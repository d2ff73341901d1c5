"""Sealed snapshots: what is in them, that they load elsewhere, and that nobody can change one unnoticed."""

import io
import json
import zipfile
from datetime import date
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.events.models import Event, Link, Standing
from apps.sources.models import Source
from apps.timelines.models import Membership, Snapshot, Timeline
from apps.timelines.snapshots import making, opening
from apps.timelines.snapshots.making import MANIFEST, seal_of
from tests.factories import (
    make_actor,
    make_article,
    make_claim,
    make_dyad,
    make_event,
    make_evidence,
    make_place,
    make_quote,
    make_timeline,
)
from tests.loaded import us_iran

pytestmark = pytest.mark.django_db
REAL = "us-iran-2020"


def taken(client: Client, slug: str, **query: str) -> bytes:
    answer = client.get(reverse("snapshot", args=[slug]), query)
    assert answer.status_code == 200
    return answer.getvalue()


def contents(snapshot: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(snapshot)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def sealed_anew(content: dict[str, bytes], **changes: object) -> dict[str, bytes]:
    """The files with another manifest, sealed as whoever forges one would."""
    manifest = json.loads(content[MANIFEST]) | changes
    return content | {MANIFEST: json.dumps(manifest | {"seal": seal_of(manifest)}).encode()}


def loaded(content: bytes, folder: Path, *options: str) -> str:
    file = folder / "snapshot.zip"
    file.write_bytes(content)
    out = StringIO()
    call_command("load_snapshot", str(file), *options, stdout=out)
    return out.getvalue()


def empty_installation() -> None:
    """What a fresh database has: nothing. Rows that no DELETE may touch go, too."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "TRUNCATE timelines_timeline, timelines_dossierrecord, events_event, actors_actor, "
            "places_place, sources_source, articles_story CASCADE"
        )
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def small() -> Timeline:
    us, iran = make_actor("us-gov"), make_actor("iran-gov")
    timeline = make_timeline("small", actors=[us], licence="CC BY 4.0", code="TEST")
    make_dyad(timeline, "us-iran", [us], [iran])
    attack = make_event("The attack", by=[iran], at=[us], start=date(2020, 1, 8))
    text = "The base was hit by rockets. Nobody was hurt. A paragraph that nobody quotes."
    make_quote(attack, make_article(text), "The base was hit by rockets.")
    make_claim(attack, us, field="wounded", number=12)
    make_event("Kept by an editor", public_id="TEST-20200201-9", start=date(2020, 2, 1), by=[iran])
    Membership.objects.create(timeline=timeline, event=_pinned(), kind=Membership.Kind.PINNED)
    return timeline


def _pinned() -> Event:
    return Event.objects.get(public_id="TEST-20200201-9")


def test_the_real_dossier_loads_into_an_empty_installation_with_the_same_events_and_index(
    client, tmp_path
):
    us_iran()
    before = list(Event.objects.order_by("public_id").values_list("public_id", "killed", "denied"))
    series = client.get(reverse("index_series", args=[REAL])).getvalue()
    snapshot = taken(client, REAL)
    empty_installation()
    told = loaded(snapshot, tmp_path)
    assert "the index is the sealed one on every day" in told
    after = list(Event.objects.order_by("public_id").values_list("public_id", "killed", "denied"))
    assert after == before
    assert client.get(reverse("index_series", args=[REAL])).getvalue() == series
    assert taken(client, REAL) == snapshot


def test_the_same_content_has_the_same_bytes(client, small):
    assert taken(client, "small") == taken(client, "small")


def test_it_holds_quotes_with_their_source_and_no_text_of_an_article(client, small):
    files = contents(taken(client, "small"))
    told = b"".join(files.values()).decode()
    assert "The base was hit by rockets." in told
    assert "nobody quotes" not in told
    manifest = json.loads(files[MANIFEST])
    assert manifest["licence"] == "CC BY 4.0"
    assert manifest["formula"] == "T1"
    assert manifest["complete"] is True
    assert manifest["url"].endswith("/timelines/small/")
    assert manifest["files"].keys() == files.keys() - {MANIFEST}


def test_what_editors_and_machines_noted_for_the_desk_is_not_given_away(client, small):
    attack, note = Event.objects.get(title="The attack"), "desk-note"
    place = make_place(notes=note)
    Event.objects.filter(pk=attack.pk).update(notes=note, place=place)
    Source.objects.create(slug="example-news", name="Example News", kind="newspaper", notes=note)
    make_evidence(attack, url="https://example.com/1")
    Link.objects.create(
        source=_pinned(), target=attack, kind=Link.Kind.RESPONDS_TO, why=note,
        standing=Standing.PUBLISHED, origin="machine", known_at=attack.first_public_at,
    )  # fmt: skip
    files = contents(taken(client, "small"))
    for file, word in (("events", "responds_to"), ("places", place.slug), ("sources", "Example")):
        assert word in files[f"dossier/{file}.yaml"].decode()
    assert not [name for name, content in files.items() if b"desk-note" in content]


def test_pins_of_editors_are_kept(client, small, tmp_path):
    snapshot = taken(client, "small")
    empty_installation()
    make_event("Of this installation", by=[make_actor("us-gov")])
    told = loaded(snapshot, tmp_path)
    assert Membership.objects.filter(event=_pinned(), kind=Membership.Kind.PINNED).exists()
    assert "1 other events of this installation belong to it" in told


def test_filters_days_and_the_day_as_of_which_it_speaks_are_honoured(client, small):
    make_evidence(_pinned(), url="https://late.example/", known_at="2020-03-01T00:00Z")
    files = contents(taken(client, "small", **{"from": "2020-02-01", "to": "2020-02-28"}))
    told = json.loads(files["data/events.json"])
    assert [event["title"] for event in told["events"]] == ["Kept by an editor"]
    assert json.loads(files[MANIFEST])["complete"] is False
    then = contents(taken(client, "small", as_of="2020-01-31"))
    told_then = b"".join(then.values()).decode()
    assert "The attack" in told_then
    assert "Kept by an editor" not in told_then
    assert (
        "late.example"
        not in b"".join(contents(taken(client, "small", as_of="2020-02-20")).values()).decode()
    )
    assert json.loads(then[MANIFEST])["as_of"] == "2020-01-31"


def test_a_sample_confirms_nothing_where_it_is_loaded(client, small):
    attack = Event.objects.get(title="The attack")
    made_up = make_article("Rockets fell, it is said.", project_written=True)
    made_up.article.canonical_url = "https://sample.example/1"
    made_up.article.save()
    make_quote(attack, made_up, "Rockets fell, it is said.")
    files = contents(taken(client, "small"))
    assert b"sample.example" not in files["dossier/events.yaml"]
    assert b"Rockets fell, it is said." in files["data/events.json"]


@pytest.mark.parametrize("name", ["dossier/events.yaml", "index/index.csv", "README.txt"])
def test_one_changed_byte_is_refused_and_the_file_is_named(client, small, tmp_path, name):
    files = contents(taken(client, "small"))
    first, *rest = files[name]
    files[name] = bytes([first ^ 1, *rest])
    with pytest.raises(CommandError, match=f"{name} was changed"):
        loaded(packed(files), tmp_path, "--into-existing")


def test_every_flipped_byte_of_the_zip_changes_nothing_or_is_refused(client, small, tmp_path):
    snapshot = taken(client, "small")
    file = tmp_path / "flipped.zip"
    for at in range(0, len(snapshot), max(1, len(snapshot) // 60)):
        file.write_bytes(snapshot[:at] + bytes([snapshot[at] ^ 0x10]) + snapshot[at + 1 :])
        try:
            found = opening.open_snapshot(file)
        except making.SnapshotError:
            continue
        assert found.files == {k: v for k, v in contents(snapshot).items() if k != MANIFEST}


def broken_seal(files):
    return files | {MANIFEST: files[MANIFEST].replace(b"CC BY", b"CC XX")}


def unknown_version(files):
    return sealed_anew(files, version=7)


def other_formula(files):
    return sealed_anew(files, formula="T9")


def a_way_out(files):
    return files | {"../evil.yaml": b"x"}


def an_absolute_path(files):
    return files | {"/etc/evil.yaml": b"x"}


def one_more(files):
    return files | {"dossier/more.yaml": b"[]"}


def one_less(files):
    return {name: content for name, content in files.items() if name != "dossier/places.yaml"}


def no_manifest(files):
    return {name: content for name, content in files.items() if name != MANIFEST}


def referring(files):
    bomb = b"- &a [x, x]\n- [*a, *a]\n"
    told = json.loads(files[MANIFEST])["files"]
    told["dossier/places.yaml"] = {"sha256": making.sha256(bomb).hexdigest(), "bytes": len(bomb)}
    return sealed_anew(files | {"dossier/places.yaml": bomb}, files=told)


def other_timeline(files):
    return sealed_anew(files, timeline="other")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (broken_seal, "The seal of manifest.json is broken"),
        (unknown_version, "version 7 of the snapshot format"),
        (other_formula, "names index formula T9"),
        (a_way_out, "“../evil.yaml” is no name"),
        (an_absolute_path, "“/etc/evil.yaml” is no name"),
        (one_more, "dossier/more.yaml was added"),
        (one_less, "dossier/places.yaml is missing"),
        (no_manifest, "manifest.json is missing"),
        (referring, "dossier/places.yaml has a reference"),
        (other_timeline, "dossier/dossier.yaml is not of the timeline"),
    ],
)
def test_what_was_tampered_with_is_refused_in_a_sentence(client, small, tmp_path, spoil, told):
    files = contents(taken(client, "small"))
    with pytest.raises(CommandError) as refused:
        loaded(packed(spoil(files)), tmp_path, "--into-existing")
    assert told in str(refused.value)


def resealed(files, name, content):
    """Another file under a seal that fits: whoever forges a snapshot computes both."""
    told = json.loads(files[MANIFEST])["files"]
    told[name] = {"sha256": sha256(content).hexdigest(), "bytes": len(content)}
    return sealed_anew(files | {name: content}, files=told)


INDEX = "index/index.csv"


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda index: index.splitlines()[0] + b"\n", "2018-05-01 is missing"),
        (lambda index: index + b"2031-01-01,0,0,0,0,T1\n", "2031-01-01 is no day of the"),
        (lambda index: b"day,load\n2020-01-01,x\n", "line 2, is no day of an index"),
        (lambda index: index.splitlines()[0] + b"\n2020-01-01,nan,nan,nan,nan,T1\n", "line 2, is no"),
        (lambda index: b"\xff\xfe", "line 1, is no day of an index"),
    ],
)  # fmt: skip
def test_an_index_that_agrees_with_every_other_one_is_none(client, small, tmp_path, spoil, told):
    """The seal can be made by anybody: a forged index without days must not be told to be "the sealed one"."""
    files = contents(taken(client, "small"))
    forged = packed(resealed(files, INDEX, spoil(files[INDEX])))
    empty_installation()
    with pytest.raises(CommandError, match=told):
        loaded(forged, tmp_path)
    assert not Timeline.objects.exists(), "all or nothing"


def test_a_manifest_that_no_seal_can_be_of_is_refused_in_a_sentence(client, small, tmp_path):
    files = contents(taken(client, "small"))
    manifest = json.loads(files[MANIFEST]) | {"title": "\ud800"}
    with pytest.raises(CommandError, match="no JSON"):
        loaded(packed(files | {MANIFEST: json.dumps(manifest).encode()}), tmp_path)


def test_a_bomb_is_refused_before_it_is_unpacked(small, tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "MOST_BYTES", 1000)
    with pytest.raises(CommandError, match="larger than"):
        loaded(packed({"dossier/events.yaml": b"0" * 2000}), tmp_path)


def test_what_is_no_zip_is_refused(tmp_path):
    with pytest.raises(CommandError, match="no zip file"):
        loaded(b"not a zip", tmp_path)


def test_a_timeline_that_is_here_already_is_left_alone(client, small, tmp_path):
    snapshot = taken(client, "small")
    assert "the seal holds" in loaded(snapshot, tmp_path, "--check")
    with pytest.raises(CommandError, match="--into-existing"):
        loaded(snapshot, tmp_path)


def test_too_much_for_one_snapshot_is_refused_in_a_sentence(client, small, monkeypatch):
    monkeypatch.setattr(making, "MOST_EVENTS", 1)
    answer = client.get(reverse("snapshot", args=["small"]))
    assert answer.status_code == 422
    assert "one holds 1 at most" in answer.content.decode()


def test_kept_snapshots_are_listed_and_say_what_they_said(client, small, tmp_path):
    out = StringIO()
    call_command("make_snapshot", "small", "--out", str(tmp_path / "s.zip"), stdout=out)
    call_command("make_snapshot", "small", stdout=out)
    assert "nothing changed since" in out.getvalue()
    (row,) = Snapshot.objects.all()
    listed = client.get(reverse("snapshots", args=["small"])).content.decode()
    assert row.sha256 in listed
    Event.objects.filter(title="The attack").update(title="Another title")
    address = reverse("kept_snapshot", args=["small", row.sha256])
    answer = client.get(address)
    assert answer.content == (tmp_path / "s.zip").read_bytes()
    assert b"The attack" in contents(answer.content)["dossier/events.yaml"]
    # Kept today: as of an earlier day it is not there.
    assert client.get(address, {"as_of": "2020-03-01"}).status_code == 404
    assert (
        "None had been kept"
        in client.get(
            reverse("snapshots", args=["small"]), {"as_of": "2020-03-01"}
        ).content.decode()
    )


def test_there_is_nothing_to_seal_of_a_timeline_without_events():
    make_timeline("bare", actors=[make_actor("them")])
    with pytest.raises(CommandError, match="no swim lane"):
        call_command("make_snapshot", "bare")
    with pytest.raises(CommandError, match="no published timeline"):
        call_command("make_snapshot", "nowhere")
