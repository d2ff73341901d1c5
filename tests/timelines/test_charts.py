"""The figure: what stands where, how much of it, and nothing in it that the page could not show."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import plotly.graph_objects as go
import pytest

from apps.timelines import tension
from apps.timelines.drawing import charts
from apps.timelines.drawing.chart_frame import Arc, Covered
from apps.timelines.drawing.charts import Chart, LaneSpec
from apps.timelines.drawing.packing import Fold, Mark

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


def test_plotly_knows_every_part_of_the_figure() -> None:
    marks = [mark("a", contested=True), mark("b", quad=1), mark("c", precision="week")]
    many = {"arcs": [Arc("a", "b", "x")], "part": tension.series([], START, END), "today": START}
    folds = [Fold("other", START, END, (1, 0, 2, 3), 4.0)]
    strip = [Covered(START, START, 1, 2, 3, 0), Covered(END, END, 0, 2, 0, 0)]
    go.Figure(figure(*marks, folds=folds, coverage=strip, **many))
    with pytest.raises(ValueError, match="corner"):
        go.Figure({"data": [{"type": "bar", "marker": {"corner": 1}}]})


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
    assert "Material conflict: 39" in bar["hovertext"][0]


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


def test_conflict_is_square_and_cooperation_round() -> None:
    drawn = bars(
        figure(mark("a"), mark("b", quad=2, type="AID"), mark("c", quad=1, type="CONSULT"))
    )
    assert [bar["marker"]["cornerradius"] > 0 for bar in drawn] == [True, True, False]


def test_days_known_to_the_week_only_are_a_faint_band_in_brackets() -> None:
    exact = figure(mark("a"))
    assert not [trace for trace in exact["data"] if trace["name"] == "brackets"]
    drawn = figure(mark("a"), mark("b", end=date(2020, 1, 9), precision="week"))
    (bar,) = bars(drawn)
    assert bar["marker"]["color"] == ["var(--quad-4)", "var(--quad-4-wash)"]
    assert bar["marker"]["line"]["width"] == [1.3, 0]
    (brackets,) = [trace for trace in drawn["data"] if trace["name"] == "brackets"]
    ends = [x[:10] for x in brackets["x"] if x]
    assert min(ends) == "2020-01-03"
    assert max(ends) == "2020-01-10"


def arcs(drawn: dict[str, Any]) -> list[dict[str, Any]]:
    return [trace for trace in drawn["data"] if trace["name"] == "arcs"]


def test_an_arc_goes_from_the_earlier_mark_to_the_later_one_and_says_how() -> None:
    pair = (mark("a"), mark("b", start=date(2020, 1, 20), end=date(2020, 1, 20), title="B <i>"))
    (arc,) = arcs(figure(*pair, arcs=[Arc("a", "b", "retaliates for", backward=True)]))
    assert arc["x"][0].startswith("2020-01-03")
    assert arc["x"][-2].startswith("2020-01-20")
    assert arc["hovertext"][0] == "B &lt;i&gt;<br>↓ retaliates for<br>A strike"
    assert min(y for y in arc["y"] if y is not None) < arc["y"][0]
    # One head, at its end.
    assert [n for n, size in enumerate(arc["marker"]["size"]) if size] == [len(arc["x"]) - 2]


def test_arcs_of_the_open_event_stand_out_and_those_without_both_marks_are_left_out() -> None:
    marks = [
        mark(key, start=date(2020, 1, n), end=date(2020, 1, n)) for n, key in enumerate("abc", 3)
    ]
    links = [Arc("a", "b", "x"), Arc("b", "c", "x"), Arc("a", "elsewhere", "x")]
    others, chosen = arcs(figure(*marks, arcs=links, selected="c"))
    assert others["line"]["color"] == "var(--arc)"
    assert chosen["line"]["color"] == "var(--focus)"
    assert [sum(map(bool, t["marker"]["size"])) for t in (others, chosen)] == [1, 1]


def test_coverage_stands_under_the_lanes_and_blind_days_are_hatched() -> None:
    parts = [
        Covered(date(2020, 1, 1), date(2020, 1, 2), 4, 4, 100, 3),
        Covered(date(2020, 1, 3), date(2020, 1, 5), 0, 4, 0, 0),
        Covered(date(2020, 1, 6), date(2020, 1, 31), 1, 4, 25, 0),
    ]
    drawn = figure(mark(), coverage=parts)
    rows = {bar["name"]: bar for bar in bars(drawn) if bar["yaxis"] == "y3"}
    assert rows["articles"]["width"][0] == 2 * rows["articles"]["width"][1]
    assert rows["feeds"]["width"][0] == 4 * rows["feeds"]["width"][1]
    assert rows["blind"]["base"] == ["2020-01-03T00:00:00"]
    assert rows["blind"]["x"] == [3 * DAY]
    assert rows["blind"]["marker"]["pattern"]["shape"] == "/"
    assert "No feed was alive" in rows["blind"]["hovertext"][0]
    assert "4 of 4 feeds alive" in rows["feeds"]["hovertext"][0]
    assert (
        "100 articles, and 3 undated that were first seen then" in rows["articles"]["hovertext"][0]
    )
    layout = drawn["layout"]
    assert layout["yaxis3"]["domain"][1] < layout["yaxis2"]["domain"][0]
    assert layout["xaxis"]["anchor"] == "y3"


def test_without_a_followed_feed_there_is_no_strip() -> None:
    assert "yaxis3" not in figure(mark())["layout"]


def test_today_is_a_line_where_it_lies_in_the_days_shown() -> None:
    lines = [s for s in figure(today=date(2020, 1, 9))["layout"]["shapes"] if s["xref"] == "x"]
    assert [line["x0"][:10] for line in lines] == ["2020-01-09"]
    assert not [s for s in figure()["layout"]["shapes"] if s["xref"] == "x"]


def test_the_opened_day_is_a_line_through_its_middle() -> None:
    (line,) = [s for s in figure(opened=date(2020, 1, 9))["layout"]["shapes"] if s["xref"] == "x"]
    assert line["x0"] == line["x1"] == "2020-01-09T12:00:00"


def test_marks_find_room_in_whatever_order_they_come() -> None:
    days = [date(2020, 1, n) for n in (20, 3, 11)]
    (bar,) = bars(figure(*(mark(str(n), start=day, end=day) for n, day in enumerate(days))))
    assert len(set(bar["y"])) == 1
