"""The chart as an SVG: every part of the figure is in it, and no text of an event is taken for markup."""

from datetime import date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.timelines import tension
from apps.timelines.drawing import charts
from apps.timelines.drawing.chart_frame import Arc, Covered
from apps.timelines.drawing.charts import Chart
from apps.timelines.drawing.packing import Fold
from apps.timelines.drawing.still import still
from apps.timelines.drawing.ticks import ticks
from tests.timelines.test_charts import END, LANES, START, mark

Element = ElementTree.Element


def svg(*marks: object, **values: object) -> Element:
    chart = Chart(START, END, tension.series([], START, END), LANES, marks, **values)  # type: ignore[arg-type]
    return ElementTree.fromstring(still(charts.figure(chart)))  # noqa: S314  our own markup


def texts(drawn: Element) -> list[str]:
    return ["".join(text.itertext()) for text in drawn.iter("text")]


def keyed(drawn: Element) -> dict[str, Element]:
    return {
        rect.attrib["data-key"]: rect for rect in drawn.iter("rect") if "data-key" in rect.attrib
    }


def test_a_mark_stands_on_its_days_and_names_its_event() -> None:
    rect = keyed(svg(mark("E-1", start=date(2020, 1, 1), end=date(2020, 1, 1))))["E-1"]
    assert (rect.attrib["x"], rect.attrib["width"]) == ("0%", "3.226%")
    assert rect.attrib["fill"] == "var(--quad-4)"
    assert "A strike" in (rect.findtext("title") or "")


def test_a_mark_leads_to_its_line_a_counted_one_says_its_number() -> None:
    drawn = svg(mark("E-1"))
    assert [a.attrib["href"] for a in drawn.iter("a")] == ["#e-E-1"]
    assert all(a.attrib["tabindex"] == "-1" for a in drawn.iter("a"))
    drawn = svg(folds=[Fold("other", START, START + timedelta(days=9), (0, 0, 0, 1234), 9.0)])
    assert list(keyed(drawn)) == ["2020-01-01/2020-01-10"]
    assert "1234" in texts(drawn)
    assert list(drawn.iter("a")) == []


def test_contested_marks_are_hatched_in_the_colour_of_their_class() -> None:
    drawn = svg(mark("a"), mark("b", contested=True))
    assert keyed(drawn)["b"].attrib["fill"] == "url(#hatch-varquad4)"
    assert [p.attrib["id"] for p in drawn.iter("pattern")] == ["hatch-varquad4"]


@pytest.mark.parametrize("title", ["<script>", "a & b", "\"quoted\" 'words'", "]]>", "&lt;b&gt;"])
def test_text_stays_text(title: str) -> None:
    rect = keyed(svg(mark("E-1", title=title)))["E-1"]
    assert (rect.findtext("title") or "").splitlines()[0] == title
    assert "Other <&>  0" in texts(svg())


def test_arcs_have_a_head_at_their_end_and_the_strip_its_name() -> None:
    pair = (mark("a"), mark("b", start=date(2020, 1, 20), end=date(2020, 1, 20)))
    drawn = svg(*pair, arcs=[Arc("a", "b", "x")], coverage=[Covered(START, END, 0, 2, 0, 0)])
    (head,) = [p for p in drawn.iter("path") if "transform" in p.attrib]
    assert head.attrib["fill"] == "var(--arc)"
    assert "Coverage" in texts(drawn)
    assert not [p for p in svg(*pair).iter("path") if "transform" in p.attrib]


def test_today_is_said() -> None:
    assert "today" in texts(svg(today=date(2020, 1, 9)))
    assert "today" not in texts(svg())


day = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@given(day, st.integers(0, 73_000), st.integers(2, 14))
def test_dates_below_the_chart_lie_in_it_and_are_no_more_than_fit(
    start: date, days: int, most: int
) -> None:
    first = datetime(start.year, start.month, start.day)  # noqa: DTZ001
    end = min(first + timedelta(days=days + 1), datetime(2100, 12, 31))  # noqa: DTZ001
    found = ticks(first, end, most)
    assert all(first <= tick.at < end for tick in found)
    assert [tick.at for tick in found] == sorted({tick.at for tick in found})
    assert len(found) <= most + 1
    years = [words[-1] for words in (tick.words for tick in found) if words[-1].isdigit()]
    assert len(years) == len(set(years))


def test_dates_are_days_weeks_months_or_years() -> None:
    def words(start: date, end: date) -> list[str]:
        between = (datetime(d.year, d.month, d.day) for d in (start, end))  # noqa: DTZ001
        return [" ".join(tick.words) for tick in ticks(*between, 12)]

    assert words(date(2020, 1, 1), date(2020, 1, 4)) == ["1 Jan 2020", "2 Jan", "3 Jan"]
    assert words(date(2020, 1, 1), date(2020, 2, 1))[:2] == ["6 Jan 2020", "13 Jan"]
    # Fortnights are counted from one Monday, so that they stay when the view moves.
    assert words(date(2019, 12, 10), date(2020, 4, 9))[:3] == [
        "23 Dec 2019",
        "6 Jan 2020",
        "20 Jan",
    ]
    assert words(date(2019, 12, 24), date(2020, 4, 9))[:2] == ["6 Jan 2020", "20 Jan"]
    assert words(date(2019, 10, 2), date(2020, 5, 1))[:3] == ["Nov 2019", "Dec", "Jan 2020"]
    assert words(date(2000, 1, 1), date(2010, 1, 1)) == [str(year) for year in range(2000, 2010)]
