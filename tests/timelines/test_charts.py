"""The figure: what stands where, how much of it, and nothing in it that the page could not show."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from apps.timelines import charts, tension
from apps.timelines.charts import Chart, LaneSpec
from apps.timelines.packing import Fold, Mark

START, END = date(2020, 1, 1), date(2020, 1, 31)
LANES = [LaneSpec("us-iran", "US – Iran"), LaneSpec("other", "Other <&>")]
DAY = 86_400_000


def mark(key: str = "E-1", **values: Any) -> Mark:
    defaults: dict[str, Any] = {
        "title": "A strike",
        "lane": "us-iran",
        "start": date(2020, 1, 3),
        "end": date(2020, 1, 3),
        "precision": "day",
        "type": "ASSAULT",
        "quad": 4,
        "severity": 9.0,
        "contested": False,
    }
    return Mark(key=key, **{**defaults, **values})


def figure(*marks: Mark, **values: Any) -> dict[str, Any]:
    chart = Chart(START, END, tension.series([], START, END), LANES, marks, **values)
    found: dict[str, Any] = json.loads(charts.figure_json(chart))
    return found


def bars(drawn: dict[str, Any]) -> list[dict[str, Any]]:
    return [trace for trace in drawn["data"] if trace["type"] == "bar"]


def test_a_day_is_drawn_as_the_interval_it_is() -> None:
    (bar,) = bars(figure(mark()))
    assert bar["base"] == ["2020-01-03T00:00:00"]
    assert bar["x"] == [DAY]
    assert bar["customdata"] == ["E-1"]


def test_an_interval_reaches_to_the_end_of_its_last_day() -> None:
    (bar,) = bars(figure(mark(end=date(2020, 1, 9), precision="week")))
    assert bar["x"] == [7 * DAY]


def test_a_day_of_a_long_period_is_widened_to_be_seen() -> None:
    chart = Chart(date(2010, 1, 1), date(2020, 12, 31), [], LANES, [mark()])
    (bar,) = bars(json.loads(charts.figure_json(chart)))
    days = (date(2021, 1, 1) - date(2010, 1, 1)).days
    assert bar["x"][0] == pytest.approx(days * DAY / 130, rel=0.01)


@pytest.mark.parametrize("day", [date(2010, 1, 1), date(2015, 6, 1), date(2020, 12, 31)])
def test_a_widened_mark_stays_inside_the_view(day: date) -> None:
    chart = Chart(date(2010, 1, 1), date(2020, 12, 31), [], LANES, [mark(start=day, end=day)])
    (bar,) = bars(json.loads(charts.figure_json(chart)))
    left = datetime.fromisoformat(bar["base"][0])
    right = left + timedelta(milliseconds=bar["x"][0])
    assert "2010-01-01" <= left.isoformat() <= f"{day}T00:00:00"
    assert right.isoformat() <= "2021-01-01T00:00:00"


def test_a_mark_is_cut_where_the_view_ends() -> None:
    (bar,) = bars(figure(mark(start=date(2019, 12, 1), end=date(2020, 1, 2))))
    assert (bar["base"], bar["x"]) == (["2020-01-01T00:00:00"], [2 * DAY])


def test_a_view_without_lanes_shows_the_index_alone() -> None:
    chart = Chart(START, END, tension.series([], START, END), [])
    drawn = json.loads(charts.figure_json(chart))
    assert bars(drawn) == []
    assert drawn["layout"]["height"] < 300


def test_each_class_has_its_colour_verbal_ones_are_hollow() -> None:
    drawn = bars(
        figure(
            mark("a", quad=1, type="CONSULT", severity=-2.5),
            mark("b", quad=2, type="AID", severity=-10.0),
            mark("c", quad=3, type="THREATEN", severity=3.5),
            mark("d"),
        )
    )
    assert [bar["marker"]["line"]["color"][0] for bar in drawn] == [
        f"var(--quad-{quad})" for quad in (1, 2, 3, 4)
    ]
    fills = [bar["marker"]["color"][0] for bar in drawn]
    assert fills == ["var(--surface)", "var(--quad-2)", "var(--surface)", "var(--quad-4)"]


def test_contested_marks_are_hatched_and_say_so() -> None:
    (bar,) = bars(figure(mark("a"), mark("b", contested=True)))
    assert bar["marker"]["pattern"]["shape"] == ["", "/"]
    assert ["contested" in words for words in bar["hovertext"]] == [False, True]


def test_the_more_severe_the_taller_either_way() -> None:
    assert charts.tallness(0) < charts.tallness(3.5) < charts.tallness(9) < charts.tallness(15)
    assert charts.tallness(-9) == charts.tallness(9)
    assert charts.tallness(500) == charts.tallness(15)


def test_marks_of_different_lanes_stand_in_different_bands() -> None:
    (bar,) = bars(figure(mark("a"), mark("b", lane="other")))
    tops = [foot + up for foot, up in zip(bar["y"], bar["offset"], strict=True)]
    assert bar["y"][0] < tops[1]


def test_the_open_event_is_outlined() -> None:
    (bar,) = bars(figure(mark("a"), mark("b"), selected="b"))
    assert bar["marker"]["line"]["color"] == ["var(--quad-4)", "var(--focus)"]


def test_titles_cannot_bring_markup_into_a_label() -> None:
    drawn = figure(mark(title="<b>bold</b> & <script>"))
    words = bars(drawn)[0]["hovertext"][0]
    assert "<b>" not in words
    assert "<script>" not in words
    assert "Other &lt;&amp;&gt;" in drawn["layout"]["annotations"][1]["text"]


def test_a_fold_carries_its_number_and_the_days_it_leads_to() -> None:
    fold = Fold("us-iran", date(2020, 1, 1), date(2020, 1, 10), (1, 0, 2, 39), 300.0)
    (bar,) = bars(figure(folds=[fold]))
    assert bar["text"] == ["42"]
    assert bar["customdata"] == ["2020-01-01/2020-01-10"]
    assert "39 material conflict" in bar["hovertext"][0]


def test_years_of_days_become_at_most_400_points_and_keep_the_peak() -> None:
    start, end = date(2000, 1, 1), date(2020, 12, 31)
    reading = tension.Reading("e", "ASSAULT", "", date(2010, 5, 5), date(2010, 5, 5))
    series = tension.series([reading], start, end)
    kept = charts.buckets(series)
    assert len(kept) <= charts.MOST_BUCKETS
    assert max(day.value for day in kept) == max(day.value for day in series)
    assert [day.day for day in kept] == sorted(day.day for day in kept)


def test_the_matching_events_have_a_line_of_their_own() -> None:
    part = tension.series([], START, END)
    names = [trace["name"] for trace in figure(part=part)["data"]]
    assert "Matching events" in names
    assert "Matching events" not in [trace["name"] for trace in figure()["data"]]


def test_all_colours_are_names_of_the_style_sheet() -> None:
    text = json.dumps(figure(mark(), mark("c", contested=True)))
    assert "#" not in text


def test_the_figure_of_the_busiest_view_stays_small() -> None:
    marks = [mark(f"E-{n}", start=START + timedelta(days=n % 31), end=END) for n in range(200)]
    chart = Chart(START, END, tension.series([], START, END), LANES, marks)
    assert len(charts.figure_json(chart)) < 120_000
