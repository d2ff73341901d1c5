"""The address is the state: it is read, what it cannot mean is told, and it is written back in one form."""

from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from apps.timelines.filters import Bounds, Filters, chips, cleared, parse

BOUNDS = Bounds(
    start=date(2018, 5, 1),
    end=date(2020, 12, 31),
    focus_start=date(2020, 1, 1),
    focus_end=date(2020, 11, 30),
    actors={"us-gov", "iran-gov"},
    dyads={"us-iran"},
)
FOCUS = (BOUNDS.focus_start, BOUNDS.focus_end)


def read(query: str) -> tuple[Filters, list[str]]:
    return parse(QueryDict(query), BOUNDS)


def test_an_empty_address_is_the_focus_without_filters() -> None:
    filters, faults = read("")
    assert (filters.start, filters.end) == FOCUS
    assert not filters.narrowed
    assert faults == []
    assert filters.href == "?"


def test_every_filter_is_read() -> None:
    filters, faults = read(
        "actor=us-gov&actor=iran-gov&dyad=us-iran&type=ASSAULT&from=2020-01-03&to=2020-01-08"
        "&q=general+killed&contested=1&event=USIR-20200103-1&page=2"
    )
    assert faults == []
    assert filters == Filters(
        start=date(2020, 1, 3),
        end=date(2020, 1, 8),
        actors=("us-gov", "iran-gov"),
        dyads=("us-iran",),
        types=("ASSAULT",),
        text="general killed",
        contested=True,
        event="USIR-20200103-1",
        page=2,
    )


def test_blank_fields_of_a_submitted_form_ask_for_nothing() -> None:
    filters, faults = read("q=&from=&to=&actor=&page=")
    assert (filters, faults) == (read("")[0], [])


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("actor=nobody", "no actor “nobody”"),
        ("dyad=us-mars", "no dyad “us-mars”"),
        ("type=DANCE", "no type “DANCE”"),
        ("from=yesterday", "“yesterday” is not a day"),
        ("to=2020-02-30", "“2020-02-30” is not a day"),
        ("from=2020-05-01&to=2020-04-01", "1 May 2020 is after 1 April 2020"),
        ("from=1999-01-01&to=1999-12-31", "lie outside"),
        ("page=-1", "no page “-1”"),
        ("page=many", "no page “many”"),
        (f"q={'x' * 300}", "cut to its first 200"),
    ],
)
def test_a_value_that_makes_no_sense_is_left_out_and_told(query: str, told: str) -> None:
    filters, faults = read(query)
    assert len(faults) == 1
    assert told in faults[0]
    assert (filters.start, filters.end) == FOCUS
    assert (filters.actors, filters.dyads, filters.types, filters.page) == ((), (), (), 1)


def test_days_beyond_the_timeline_are_cut_to_it() -> None:
    filters, faults = read("from=2000-01-01&to=2030-01-01")
    assert (filters.start, filters.end) == (BOUNDS.start, BOUNDS.end)
    assert faults == []


def test_one_day_alone_leaves_the_other_side_open() -> None:
    assert read("from=2020-06-01")[0].end == BOUNDS.end
    assert read("to=2020-06-01")[0].start == BOUNDS.start


def test_zero_bytes_never_reach_the_database() -> None:
    assert "\0" not in read("q=a%00b&event=%00")[0].text


@given(
    st.dictionaries(
        st.sampled_from(["actor", "dyad", "type", "from", "to", "q", "contested", "event", "page"]),
        st.lists(st.text(max_size=30), max_size=3),
    )
)
def test_nothing_in_an_address_breaks_the_reading(values: dict[str, list[str]]) -> None:
    query = QueryDict(mutable=True)
    for key, found in values.items():
        query.setlist(key, found)
    filters, faults = parse(query, BOUNDS)
    assert BOUNDS.start <= filters.start <= filters.end <= BOUNDS.end
    assert all(fault.endswith((".", "outside.", "shown.")) for fault in faults)


@given(
    st.builds(
        Filters,
        start=st.dates(date(2018, 5, 1), date(2019, 5, 1)),
        end=st.dates(date(2019, 6, 1), date(2020, 12, 31)),
        actors=st.sampled_from([(), ("us-gov",), ("iran-gov", "us-gov")]),
        dyads=st.sampled_from([(), ("us-iran",), ("us-iran", "other")]),
        types=st.sampled_from([(), ("ASSAULT",), ("THREATEN", "AID")]),
        text=st.sampled_from(["", "rockets", "a & b = “c”"]),
        contested=st.booleans(),
        event=st.sampled_from(["", "USIR-20200103-1"]),
        page=st.integers(1, 50),
        focus=st.just(FOCUS),
    )
)
def test_a_view_written_as_an_address_reads_as_the_same_view(filters: Filters) -> None:
    assert read(filters.query()) == (filters, [])


def test_each_filter_in_force_is_a_chip_that_leads_to_the_view_without_it() -> None:
    filters, _ = read(
        "actor=us-gov&type=ASSAULT&q=rockets&contested=1&from=2020-02-01&to=2020-03-01"
    )
    found = chips(filters, {"us-gov": "United States"}.__getitem__, str)
    assert [chip.label for chip in found] == [
        "United States",
        "Assault",
        "“rockets”",
        "Contested only",
    ]
    without_actor, _ = read(found[0].href.removeprefix("?"))
    assert without_actor == found[0].without == filters.changed(actors=())


def test_clearing_keeps_the_days_and_the_open_event() -> None:
    filters, _ = read("actor=us-gov&q=x&from=2020-02-01&to=2020-03-01&event=E-1")
    assert read(cleared(filters).query())[0] == Filters(
        start=date(2020, 2, 1), end=date(2020, 3, 1), event="E-1"
    )
