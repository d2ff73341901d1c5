"""Lines of GDELT, ACLED and our own files become rows, or say why they do not."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import plover
from apps.signals.formats import acled, cameo, gdelt, own
from apps.signals.formats.row import (
    KINDS,
    SEVERITY,
    BadRowError,
    UnclassedError,
    around,
    kind_of,
    kinds_of,
    told_after,
)

OWN_HEAD = ["id", "date", "precision", "type", "mode", "initiator", "target", "place", "known_at"]


def gdelt_cells(**values):
    """A line of GDELT 2.0 with some cells set by number, as c5="IRN"."""
    cells = [""] * 61
    cells[0], cells[1], cells[26], cells[31] = "410", "20200108", "190", "12"
    cells[5], cells[6], cells[15], cells[16] = "IRNMIL", "IRANIAN MILITARY", "USA", "AMERICAN"
    cells[51], cells[52], cells[56], cells[57] = "4", "Al Asad, Al Anbar, Iraq", "33.8", "42.4"
    cells[58], cells[59] = "-3102", "20200108013000"
    cells[60] = "https://news.example/world/iran-fires-missiles-at-base-in-iraq.html?x=1"
    for name, value in values.items():
        cells[int(name[1:])] = value
    return cells


def own_row(head=OWN_HEAD, **values):
    line = {"id": "7", "date": "2020-01-08", "type": "ASSAULT", **values}
    return own.FORMAT.reader(head)([line.get(name, "") for name in head])


def acled_row(**values):
    line = {
        "event_id_cnty": "IRQ100", "event_date": "08 January 2020", "time_precision": "1",
        "event_type": "Explosions/Remote violence", "sub_event_type": "Air/drone strike",
        "actor1": "Military Forces of Iran", "actor2": "Military Forces of the United States",
        "country": "Iraq", "location": "Ain al Asad", "latitude": "33.8", "longitude": "42.4",
        "notes": "Missiles hit the base.", "fatalities": "0", "timestamp": "1578900000",
    }  # fmt: skip
    line |= values
    return acled.FORMAT.reader(list(line))(list(line.values()))


class TestClasses:
    def test_a_kind_keeps_its_number(self):
        # They are stored: the first and the last of the table as it was first used.
        assert KINDS[0] == ("AGREE", "")
        assert KINDS[81] == ("ASSAULT", "unconventional")
        assert len(KINDS) == len(plover.PUBLISHED) == 82

    def test_every_cameo_code_has_a_type_of_plover_or_none(self):
        assert KINDS[cameo.kind("190")] == ("ASSAULT", "")
        assert KINDS[cameo.kind("163")] == ("SANCTION", "discontinue")
        assert KINDS[cameo.kind("186")] == ("ASSAULT", "targeted")
        assert KINDS[cameo.kind("1952")] == ("ASSAULT", "drone")

    def test_a_finer_code_than_the_table_has_is_read_as_the_one_above(self):
        assert cameo.kind("19099") == cameo.kind("190")

    @pytest.mark.parametrize("code", ["010", "0251", "1", "", "99", "x"])
    def test_statements_appeals_and_nonsense_have_no_class(self, code):
        with pytest.raises(UnclassedError):
            cameo.kind(code)

    def test_zeros_before_a_code_count(self):
        assert KINDS[cameo.kind("100")][0] == "REQUEST"
        assert KINDS[cameo.kind("040")][0] == "CONSULT"

    def test_classes_are_chosen_by_type_and_by_severity_either_way(self):
        assert {KINDS[k][0] for k in kinds_of(["AID"])} == {"AID"}
        assert {SEVERITY[k] for k in kinds_of(severity=10)} == {10.0, -10.0}
        assert len(kinds_of()) == len(KINDS)


class TestGdelt:
    def test_a_line_says_who_did_what_to_whom_when_and_where(self):
        row = gdelt.read(gdelt_cells())
        assert (row.start, row.end, row.precision) == (date(2020, 1, 8),) * 2 + ("day",)
        assert row.known_at == datetime(2020, 1, 8, 1, 30, tzinfo=UTC)
        assert (row.initiator.key, row.target.key) == ("IRNMIL", "USA")
        assert (row.where.name, row.where.country) == ("Al Asad, Al Anbar, Iraq", "Iraq")
        assert row.mentions == 12
        assert "iran fires missiles base iraq" in row.text.replace(" at ", " ").replace(" in ", " ")

    @pytest.mark.parametrize(
        ("cells", "reason"),
        [
            (["1", "2"], "61"),
            (gdelt_cells(c0="x"), "GLOBALEVENTID"),
            (gdelt_cells(c1="20201308"), "SQLDATE"),
            (gdelt_cells(c1="02020101"), "SQLDATE"),
            (gdelt_cells(c59="yesterday"), "DATEADDED"),
            (gdelt_cells(c56="133.8"), "earth"),
            (gdelt_cells(c56="north"), "latitude"),
        ],
    )
    def test_a_bad_line_says_why(self, cells, reason):
        with pytest.raises(BadRowError, match=reason):
            gdelt.read(cells)

    @given(st.lists(st.text(max_size=30), min_size=61, max_size=61))
    def test_whatever_stands_in_the_cells_a_line_is_read_or_refused(self, cells):
        try:
            gdelt.read(cells)
        except (BadRowError, UnclassedError):
            return

    @given(st.text(max_size=200), st.text(max_size=60))
    def test_no_cell_brings_a_line_break_or_a_nul_into_what_is_stored(self, url, name):
        row = gdelt.read(gdelt_cells(c60=url, c6=name, c52=name))
        assert not {"\n", "\r", "\x00", "\t"} & set(row.text)


class TestAcled:
    def test_a_line_is_read(self):
        row = acled_row()
        assert KINDS[row.kind] == ("ASSAULT", "aerial")
        assert row.initiator.key == "military forces of iran"
        assert row.known_at == datetime.fromtimestamp(1578900000, UTC)
        assert row.text == "Missiles hit the base."

    def test_a_date_may_stand_for_its_week_or_month(self):
        week, month = acled_row(time_precision="2"), acled_row(time_precision="3")
        assert (week.start, week.end) == (date(2020, 1, 6), date(2020, 1, 12))
        assert (month.start, month.end) == (date(2020, 1, 1), date(2020, 1, 31))

    def test_what_has_no_time_of_telling_is_known_when_it_was_over(self):
        assert acled_row(timestamp="", time_precision="2").known_at == told_after(date(2020, 1, 12))

    def test_other_has_no_class(self):
        with pytest.raises(UnclassedError):
            acled_row(sub_event_type="Other")

    def test_a_head_without_the_needed_columns_is_refused_by_name(self):
        with pytest.raises(BadRowError, match="sub_event_type"):
            acled.FORMAT.reader(["event_id_cnty", "event_date", "event_type", "actor1"])


class TestOwn:
    def test_a_line_is_read(self):
        row = own_row(initiator="iran-gov", known_at="2020-01-09T10:00:00")
        assert row.kind == kind_of("ASSAULT")
        assert row.known_at == datetime(2020, 1, 9, 10, tzinfo=UTC)
        assert row.initiator == ("iran-gov", "iran-gov")

    @pytest.mark.parametrize(
        ("values", "reason"),
        [
            ({"id": ""}, "no id"),
            ({"date": "soon"}, "date is no day"),
            ({"date": "1620-01-01"}, "1900 to 2100"),
            ({"type": "WAR"}, "WAR"),
            ({"mode": "laser"}, "laser"),
            ({"precision": "hour"}, "precision"),
            ({"known_at": "noon"}, "known_at"),
        ],
    )
    def test_a_bad_value_is_named(self, values, reason):
        with pytest.raises(BadRowError, match=reason):
            own_row(**values)

    @pytest.mark.parametrize(
        ("head", "reason"),
        [
            (["id", "date", "type", "colour"], "colour"),
            (["id", "date"], "type"),
            (["id", "type"], "date"),
            (["id", "id", "date", "type"], "twice"),
        ],
    )
    def test_a_bad_head_is_named(self, head, reason):
        with pytest.raises(BadRowError, match=reason):
            own.FORMAT.reader(head)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(["week", "month", "year"]))
def test_a_day_lies_in_the_days_that_it_stands_for(day, precision):
    first, last = around(day, precision)
    assert first <= day <= last
    assert around(first, precision) == around(last, precision) == (first, last)
