"""Files of signals: streamed, gone on with, known again, replaced by a later word, taken back."""

import gzip
import io
import zipfile

import pytest
from django.core.management import CommandError, call_command

from apps.signals import importing
from apps.signals.formats.row import kind_of
from apps.signals.importing import NotTakenError, take
from apps.signals.models import Party, Signal, SignalFile, SignalSource, Spot
from apps.timelines import signal_counts
from apps.timelines.models import SignalCount
from tests.factories import make_actor, make_place, make_timeline
from tests.signals.test_formats import gdelt_cells

pytestmark = pytest.mark.django_db
HEAD = "id,date,type,mode,initiator,target,place,country,known_at,mentions,text,url"


@pytest.fixture
def source():
    return SignalSource.objects.create(slug="ours", name="Ours", kind="own")


@pytest.fixture
def gdelt_source():
    return SignalSource.objects.create(slug="gdelt", name="GDELT 2.0", kind="gdelt")


def lines(*rows):
    return "\n".join([HEAD, *rows]).encode() + b"\n"


def brought(source, content, name="a.csv"):
    return take(source, name, io.BytesIO(content), lambda file: None)


def numbers(file):
    return file.new, file.replaced, file.known, file.unclassed, file.refused


def many(count, first=0):
    return [
        f"{n},2020-01-{1 + n % 28:02},ASSAULT,,iran,us,,,,1,word{n},"
        for n in range(first, first + count)
    ]


class TestTaking:
    def test_lines_become_signals_that_keep_their_origin(self, source):
        file = brought(
            source, lines("x1,2020-01-08,ASSAULT,drone,iran,us,,,,3,Drones,https://e.g/")
        )
        signal = Signal.objects.get()
        assert (signal.source, signal.file, signal.line) == (source, file, 2)
        assert (signal.external_id, signal.type, signal.mode) == ("x1", "ASSAULT", "drone")
        assert (signal.initiator.name, signal.target.name) == ("iran", "us")
        assert (signal.severity, signal.late) == (9.5, False)
        assert numbers(file) == (1, 0, 0, 0, 0)
        assert file.finished_at is not None

    def test_a_bad_line_costs_itself_alone_and_is_named(self, source):
        file = brought(
            source, lines(*many(2), "3,soon,ASSAULT,,,,,,,,,", "4,2020-01-01", *many(1, 9))
        )
        assert numbers(file) == (3, 0, 0, 0, 2)
        assert [fault.split(":")[0] for fault in file.faults] == ["Line 4", "Line 5"]

    def test_broken_quotes_and_bytes_cost_a_line(self, source):
        file = brought(
            source, lines("1,2020-01-01,ASSAULT,,,,,,,,\xff,").replace(b"\xc3\xbf", b"\xff")
        )
        assert (file.new, Signal.objects.get().text) == (1, "\ufffd")

    def test_what_plover_has_no_class_for_is_counted(self, gdelt_source):
        content = "\n".join(["\t".join(gdelt_cells()), "\t".join(gdelt_cells(c0="411", c26="010"))])
        assert numbers(brought(gdelt_source, content.encode())) == (1, 0, 0, 1, 0)

    def test_a_file_of_another_kind_is_refused_and_leaves_nothing(self, source):
        with pytest.raises(NotTakenError, match="No column is called"):
            brought(source, b"a,b,c\n1,2,3\n")
        assert Signal.objects.count() == 0

    def test_the_same_file_again_changes_nothing(self, source):
        content = lines(*many(5))
        first, second = brought(source, content), brought(source, content, "renamed.csv")
        assert first == second
        assert Signal.objects.count() == 5

    def test_a_stream_that_grew_brings_what_is_new(self, source, monkeypatch):
        monkeypatch.setattr(importing, "START", 100)
        first = many(9)
        brought(source, lines(*first))
        file = brought(source, lines(*first, *many(3, 100)))
        assert (SignalFile.objects.count(), Signal.objects.count()) == (1, 12)
        assert numbers(file) == (12, 0, 0, 0, 0)

    def test_another_file_with_known_lines_brings_the_new_ones(self, source):
        brought(source, lines(*many(5)))
        assert numbers(brought(source, lines(*many(8)))) == (3, 0, 5, 0, 0)
        assert Signal.objects.count() == 8

    def test_one_id_twice_in_a_file_is_one_signal(self, source):
        assert numbers(brought(source, lines(*many(1), *many(1)))) == (1, 0, 1, 0, 0)

    def test_two_sources_may_use_the_same_ids(self, source):
        other = SignalSource.objects.create(slug="b", name="B", kind="own")
        brought(source, lines(*many(1)))
        brought(other, lines(*many(1)))
        assert Signal.objects.count() == 2


class TestGoingOn:
    @pytest.fixture(autouse=True)
    def _short_pieces(self, monkeypatch):
        monkeypatch.setattr(importing, "PIECE", 10)

    def test_a_run_that_was_cut_off_goes_on_where_it_was(self, source):
        content, seen = lines(*many(35)), []

        def told(file):
            seen.append(file.lines)
            if len(seen) == 2:
                raise InterruptedError

        with pytest.raises(InterruptedError):
            take(source, "a.csv", io.BytesIO(content), told)
        assert (Signal.objects.count(), SignalFile.objects.get().finished_at) == (20, None)
        file = take(source, "a.csv", io.BytesIO(content), lambda file: seen.append(file.lines))
        assert numbers(file) == (35, 0, 0, 0, 0)
        assert seen == [11, 21, 31, 36]

    def test_a_fault_in_the_middle_keeps_what_came_before(self, source):
        packed = gzip.compress(lines(*many(3000)))
        stream = gzip.GzipFile(fileobj=io.BytesIO(packed[: len(packed) // 2]))
        with pytest.raises(EOFError):
            take(source, "a.csv.gz", stream, lambda file: None)
        assert not SignalFile.objects.exclude(finished_at=None).exists()


class TestLaterWord:
    def row(self, known, type_="ASSAULT"):
        return f"1,2020-01-08,{type_},,iran,us,,,{known},1,,"

    def test_a_later_word_replaces_an_earlier_one_and_is_counted_once(self, source):
        make_timeline(actors=[make_actor("iran")])
        signal_counts.refresh()
        brought(source, lines(self.row("2020-01-09")))
        before = set(SignalCount.objects.values_list("dim", "period", "count"))
        file = brought(source, lines(self.row("2020-02-01", "THREATEN")))
        assert numbers(file) == (0, 1, 0, 0, 0)
        assert Signal.objects.get().type == "THREATEN"
        assert Signal.objects.get().file == file
        assert set(SignalCount.objects.values_list("dim", "period", "count")) == before
        threat = kind_of("THREATEN")
        assert set(SignalCount.objects.values_list("kind", flat=True)) == {threat}

    def test_an_earlier_word_changes_nothing(self, source):
        brought(source, lines(self.row("2020-02-01")))
        assert numbers(brought(source, lines(self.row("2020-01-09", "THREATEN")))) == (
            0,
            0,
            1,
            0,
            0,
        )
        assert Signal.objects.get().type == "ASSAULT"

    def test_the_latest_of_several_lines_stands(self, source):
        known = ("2020-01-09", "2020-03-01", "2020-02-01")
        types = ("ASSAULT", "COERCE", "THREATEN")
        brought(source, lines(*map(self.row, known, types)))
        assert Signal.objects.get().type == "COERCE"


class TestMeaning:
    def test_codes_mean_the_actor_that_has_them_and_organs_their_government(self, gdelt_source):
        us = make_actor("us-gov", code="USAGOV", country="USA")
        iran = make_actor("iran-gov", code="IRNGOV", country="IRN")
        codes = {"USA": us, "USAGOV": us, "USAMIL": us, "IRN": iran, "IRNEDU": None, "XYZ": None}
        content = [
            "\t".join(gdelt_cells(c0=str(n), c5=code)) for n, code in enumerate(codes, start=1)
        ]
        brought(gdelt_source, "\n".join(content).encode())
        assert {p.key: p.actor for p in Party.objects.all()} == codes

    def test_of_actors_with_one_code_the_government_is_meant_or_nobody(self, gdelt_source):
        gov = make_actor("gov", code="USAGOV")
        make_actor("office", code="USAGOV", kind="organisation")
        make_actor("one", code="IRQREB", kind="armed_group")
        make_actor("two", code="IRQREB", kind="armed_group")
        content = "\t".join(gdelt_cells(c5="USAGOV", c15="IRQREB"))
        brought(gdelt_source, content.encode())
        assert {p.key: p.actor for p in Party.objects.all()} == {"USAGOV": gov, "IRQREB": None}

    def test_names_and_aliases_mean_their_actor(self, source):
        iran = make_actor("iran-gov", name="Government of Iran")
        iran.aliases.create(name="Tehran", normalised="tehran")
        brought(source, lines("1,2020-01-08,ASSAULT,,TEHRAN,government of iran,,,,,,"))
        assert set(Party.objects.values_list("actor", flat=True)) == {iran.pk}

    def test_a_place_means_that_of_its_country_or_else_the_country(self, gdelt_source):
        iraq = make_place("iraq", name="Iraq", kind="country", country="IRQ")
        town = make_place("tripoli", name="Tripoli", country="LBY", parent=None)
        asad = make_place("al-asad", name="Al Asad", country="IRQ", parent=iraq)
        cells = [
            gdelt_cells(c0="1"),
            gdelt_cells(c0="2", c52="Tripoli, Iraq", c58="9"),
            gdelt_cells(c0="3", c52="Nowhere, Atlantis", c58="8"),
        ]
        brought(gdelt_source, "\n".join("\t".join(row) for row in cells).encode())
        found = {s.name.split(",")[0]: s.place for s in Spot.objects.all()}
        assert found == {"Al Asad": asad, "Tripoli": iraq, "Nowhere": None}
        assert town not in found.values()


class TestTakingBack:
    def test_a_file_goes_with_its_signals_and_their_counts(self, source):
        make_timeline(actors=[make_actor("iran")])
        signal_counts.refresh()
        first, second = brought(source, lines(*many(3))), brought(source, lines(*many(5)))
        before = SignalCount.objects.count()
        assert importing.remove(second) == 2
        assert importing.remove(first) == 3
        assert before > 0
        assert (Signal.objects.count(), SignalCount.objects.count()) == (0, 0)


class TestCommand:
    def run(self, capsys, *arguments):
        call_command("import_signals", *map(str, arguments))
        return capsys.readouterr().out

    def test_files_are_taken_in_packed_or_not(self, capsys, tmp_path):
        plain, packed, zipped = (tmp_path / name for name in ("a.csv", "b.csv.gz", "c.CSV.zip"))
        plain.write_bytes(lines(*many(2)))
        packed.write_bytes(gzip.compress(lines(*many(2, 2))))
        with zipfile.ZipFile(zipped, "w") as archive:
            archive.writestr("c.csv", lines(*many(2, 4)))
        told = self.run(capsys, "own", plain, packed, zipped, "--source", "Our coders")
        assert told.count("2 new") == 3
        assert Signal.objects.filter(source__slug="our-coders").count() == 6

    def test_refused_lines_make_it_fail_after_all_files(self, tmp_path):
        bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
        bad.write_bytes(lines("1,soon,ASSAULT,,,,,,,,,"))
        good.write_bytes(lines(*many(1)))
        missing = tmp_path / "none.csv"
        with pytest.raises(CommandError, match="what was is kept"):
            call_command(
                "import_signals", "own", str(missing), str(bad), str(good), "--source", "x"
            )
        assert Signal.objects.count() == 1

    def test_a_file_given_again_is_left_alone_and_a_mended_one_is_read(
        self, capsys, tmp_path, monkeypatch
    ):
        monkeypatch.setattr(importing, "START", 100)
        file, rows = tmp_path / "a.csv", many(9)
        bad = rows[-1].replace("2020", "2O2O")
        file.write_bytes(lines(*rows[:-1], bad))
        with pytest.raises(CommandError):
            self.run(capsys, "own", file, "--source", "Our coders")
        with pytest.raises(CommandError):
            self.run(capsys, "own", file, "--source", "Our coders")
        assert SignalFile.objects.count() == 1
        file.write_bytes(lines(*rows))
        told = self.run(capsys, "own", file, "--source", "Our coders")
        assert "1 new, 0 replaced, 8 known" in told
        assert Signal.objects.count() == 9

    def test_a_source_keeps_its_kind(self, tmp_path):
        SignalSource.objects.create(slug="acled", name="ACLED", kind="own")
        with pytest.raises(CommandError, match="our own CSV"):
            call_command("import_signals", "acled", str(tmp_path / "x.csv"))

    def test_files_of_our_own_need_a_name(self, tmp_path):
        with pytest.raises(CommandError, match="--source"):
            call_command("import_signals", "own", str(tmp_path / "x.csv"))

    def test_a_broken_archive_is_told(self, tmp_path, capsys):
        broken = tmp_path / "a.zip"
        broken.write_bytes(b"PK no archive")
        with pytest.raises(CommandError):
            call_command("import_signals", "gdelt", str(broken))
        assert "compression is broken" in capsys.readouterr().err
