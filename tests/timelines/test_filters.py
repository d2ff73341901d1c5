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
    places={"iraq", "baghdad"},
    actors_became={"usa": "us-gov"},
    places_became={"bagdad": "baghdad"},
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
        "&alone=1&place=iraq&precision=day&precision=week&severity=8&reports=2&q=general+killed&contested=1"
        "&lanes=place&arcs=1&sort=-killed&day=2020-01-04&event=USIR-20200103-1&page=2"
    )
    assert faults == []
    assert filters == Filters(
        start=date(2020, 1, 3),
        end=date(2020, 1, 8),
        actors=("us-gov", "iran-gov"),
        dyads=("us-iran",),
        alone=True,
        types=("ASSAULT",),
        places=("iraq",),
        precisions=("day", "week"),
        severity=8,
        reports=2,
        text="general killed",
        contested=True,
        lanes="place",
        arcs=True,
        sort="-killed",
        day=date(2020, 1, 4),
        event="USIR-20200103-1",
        page=2,
    )


def test_blank_fields_of_a_submitted_form_ask_for_nothing() -> None:
    filters, faults = read("q=&from=&to=&actor=&page=&severity=&reports=0&day=&sort=&lanes=&place=")
    assert (filters, faults) == (read("")[0], [])


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("actor=nobody", "no actor “nobody”"),
        ("dyad=us-mars", "no dyad “us-mars”"),
        ("type=DANCE", "no type “DANCE”"),
        ("place=atlantis", "no place “atlantis”"),
        ("precision=hour", "known to a “hour”: choose day, week, month or year"),
        ("severity=much", "Severity at least “much”: give a whole number from 1 to 20"),
        ("severity=21", "from 1 to 20"),
        ("reports=-1", "Independent reports at least “-1”: give a whole number from 1 to 99"),
        ("lanes=colour", "Lanes are by dyad, actor, type or place, not by “colour”"),
        ("sort=colour", "cannot be sorted by “colour”"),
        ("day=2017-01-01", "1 January 2017 lies outside this timeline"),
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
    assert not filters.narrowed or filters.text
    assert (filters.page, filters.lanes, filters.sort, filters.day) == (1, "dyad", "", None)


def test_who_and_what_was_merged_leads_to_what_it_became() -> None:
    filters, faults = read("actor=usa&actor=us-gov&place=bagdad")
    assert (filters.actors, filters.places, faults) == (("us-gov",), ("baghdad",), [])


@pytest.mark.parametrize(
    "query", ["place=iraq", "precision=day", "severity=1", "reports=1", "actor=us-gov&alone=1"]
)
def test_what_chooses_among_events_narrows_the_view(query: str) -> None:
    assert read(query)[0].narrowed


@pytest.mark.parametrize(
    "query", ["alone=1", "lanes=place", "arcs=1", "sort=-killed", "day=2020-01-04"]
)
def test_what_only_shows_events_otherwise_does_not_narrow_it(query: str) -> None:
    filters, faults = read(query)
    assert (filters.narrowed, faults) == (False, [])
    assert filters.href == f"?{query}"


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
        st.sampled_from(
            [
                *(
                    "actor",
                    "alone",
                    "dyad",
                    "type",
                    "place",
                    "precision",
                    "severity",
                    "reports",
                    "q",
                ),
                *("contested", "lanes", "arcs", "sort", "day", "from", "to", "event", "page"),
            ]
        ),
        st.lists(st.text(max_size=30), max_size=3),
    )
)
def test_nothing_in_an_address_breaks_the_reading(values: dict[str, list[str]]) -> None:
    query = QueryDict(mutable=True)
    for key, found in values.items():
        query.setlist(key, found)
    filters, faults = parse(query, BOUNDS)
    assert BOUNDS.start <= filters.start <= filters.end <= BOUNDS.end
    assert all(fault.endswith(".") for fault in faults)
    assert read(filters.query()) == (filters, [])


@given(
    st.builds(
        Filters,
        start=st.dates(date(2018, 5, 1), date(2019, 5, 1)),
        end=st.dates(date(2019, 6, 1), date(2020, 12, 31)),
        actors=st.sampled_from([(), ("us-gov",), ("iran-gov", "us-gov")]),
        dyads=st.sampled_from([(), ("us-iran",), ("us-iran", "other")]),
        alone=st.booleans(),
        types=st.sampled_from([(), ("ASSAULT",), ("THREATEN", "AID")]),
        places=st.sampled_from([(), ("iraq",), ("iraq", "baghdad")]),
        precisions=st.sampled_from([(), ("day",), ("month", "year")]),
        severity=st.integers(0, 20),
        reports=st.integers(0, 99),
        lanes=st.sampled_from(["dyad", "actor", "type", "place"]),
        arcs=st.booleans(),
        sort=st.sampled_from(["", "-killed", "days"]),
        day=st.none() | st.dates(BOUNDS.start, BOUNDS.end),
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
        "actor=us-gov&alone=1&type=ASSAULT&place=iraq&precision=week&severity=8&reports=2&q=rockets"
        "&contested=1&from=2020-02-01&to=2020-03-01"
    )
    names = {"us-gov": "United States", "iraq": "Iraq"}
    found = chips(filters, names.__getitem__, str, names.__getitem__)
    assert [chip.label for chip in found] == [
        "United States",
        "Actors without their parts",
        "Assault",
        "Iraq",
        "Date known to about a week",
        "Severity 8 or more",
        "2 independent reports or more",
        "“rockets”",
        "Contested only",
    ]
    without_actor, _ = read(found[0].href.removeprefix("?"))
    assert without_actor == found[0].without == filters.changed(actors=(), alone=False)
    for chip in found:
        assert read(chip.href.removeprefix("?")) == (chip.without, [])
        assert len(chips(chip.without, str, str)) < len(found)


def test_clearing_keeps_the_days_the_open_event_and_how_it_is_shown() -> None:
    filters, _ = read(
        "actor=us-gov&q=x&severity=3&from=2020-02-01&to=2020-03-01&event=E-1&lanes=type&sort=event"
    )
    assert read(cleared(filters).query())[0] == Filters(
        start=date(2020, 2, 1), end=date(2020, 3, 1), event="E-1", lanes="type", sort="event"
    )
