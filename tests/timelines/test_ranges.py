"""Moving and zooming stay inside the timeline and keep what else is asked for."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.timelines.filters import Bounds, Filters
from apps.timelines.ranges import SHORTEST_DAYS, around, jumps, moved, presets, resized, steps

BOUNDS = Bounds(
    date(2018, 5, 1), date(2020, 12, 31), date(2020, 1, 1), date(2020, 11, 30), set(), set()
)
DAYS = (BOUNDS.end - BOUNDS.start).days


@st.composite
def views(draw: st.DrawFn) -> Filters:
    first = draw(st.integers(0, DAYS))
    last = draw(st.integers(first, DAYS))
    return Filters(BOUNDS.start + timedelta(days=first), BOUNDS.start + timedelta(days=last))


@given(views(), st.integers(-2000, 2000))
def test_moving_keeps_the_length_and_stays_inside(view: Filters, days: int) -> None:
    start, end = moved(view, BOUNDS, days)
    assert BOUNDS.start <= start <= end <= BOUNDS.end
    assert end - start == view.end - view.start


@given(views(), st.integers(1, 4000))
def test_resizing_gives_the_days_asked_for_where_there_are_so_many(
    view: Filters, days: int
) -> None:
    start, end = resized(view, BOUNDS, days)
    assert BOUNDS.start <= start <= end <= BOUNDS.end
    assert (end - start).days + 1 == min(max(days, SHORTEST_DAYS), DAYS + 1)


def test_a_step_that_leads_nowhere_has_no_address() -> None:
    whole = Filters(BOUNDS.start, BOUNDS.end)
    by_name = {step.name: step.href for step in steps(whole, BOUNDS)}
    assert by_name["earlier"] == by_name["later"] == by_name["wider"] == ""
    assert by_name["closer"] != ""


def test_steps_keep_the_filters() -> None:
    view = Filters(date(2020, 1, 1), date(2020, 1, 31), types=("ASSAULT",))
    assert all("type=ASSAULT" in step.href for step in steps(view, BOUNDS))


def test_the_period_shown_now_is_marked() -> None:
    view = Filters(BOUNDS.focus_start, BOUNDS.focus_end)
    assert [(label, now) for label, _, now in presets(view, BOUNDS)] == [
        ("Jan – Nov 2020", True),
        ("All since 2018", False),
    ]


def test_a_timeline_without_a_focus_has_one_period() -> None:
    bounds = Bounds(BOUNDS.start, BOUNDS.end, BOUNDS.start, BOUNDS.end, set(), set())
    assert len(presets(Filters(bounds.start, bounds.end), bounds)) == 1


KNOWN = (date(2018, 5, 8), date(2020, 11, 17))


def hrefs(view: Filters, today: date, known: tuple[date, date] | None = KNOWN) -> dict[str, str]:
    return {step.name: step.href for step in jumps(view, BOUNDS, known, today)}


def test_jumps_lead_to_the_first_and_the_last_event_with_as_many_days() -> None:
    found = hrefs(Filters(date(2019, 1, 1), date(2019, 1, 31)), date(2026, 1, 1))
    assert found == {
        "first": "?from=2018-05-08&to=2018-06-07",
        "last": "?from=2020-10-18&to=2020-11-17",
    }


def test_today_has_a_button_only_where_it_lies_in_the_timeline() -> None:
    view = Filters(date(2019, 1, 1), date(2019, 1, 31))
    assert hrefs(view, date(2020, 7, 10))["today"] == "?from=2020-06-25&to=2020-07-25"
    assert "today" not in hrefs(view, date(2021, 1, 1))
    assert hrefs(view, date(2021, 1, 1), known=None) == {}


@given(views(), st.dates(BOUNDS.start, BOUNDS.end))
def test_a_day_jumped_to_is_shown(view: Filters, day: date) -> None:
    start, end = around(view, BOUNDS, day)
    assert BOUNDS.start <= start <= day <= end <= BOUNDS.end
    assert end - start == view.end - view.start
