"""Time expressions and the days they name. Publication is Friday, 20 November 2020, unless said."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.annotations.pipeline import dates, sentences
from apps.annotations.pipeline.dates_calendar import NoSuchDayError, shifted
from apps.annotations.pipeline.types import DateMention, Interval, KnownEvent
from tests.annotations.small_lexicon import ANCHORS, PUBLISHED


def find(text: str, published: date | None = PUBLISHED) -> list[DateMention]:
    """Mentions of a text, sentences split."""
    return dates.find(text, sentences.split(text), published, ANCHORS)


def iso(interval: Interval | None) -> str | None:
    """`from/to` in ISO, one day alone."""
    if interval is None:
        return None
    ends = [interval.start.isoformat(), interval.end.isoformat()]
    return ends[0] if ends[0] == ends[1] else "/".join(ends)


def values(text: str, published: date | None = PUBLISHED) -> list[tuple[str, str | None]]:
    """Surface and unit of every mention."""
    return [(m.surface, iso(m.value)) for m in find(text, published)]


@pytest.mark.parametrize(
    ("text", "surface", "value"),
    [
        ("It was signed on January 3, 2020.", "January 3, 2020", "2020-01-03"),
        ("It was signed on 3 January 2020.", "3 January 2020", "2020-01-03"),
        ("It was signed on Friday, Jan. 3, 2020.", "Friday, Jan. 3, 2020", "2020-01-03"),
        ("It was signed on the 3rd of January 2020.", "the 3rd of January 2020", "2020-01-03"),
        ("It was signed on 2020-01-03.", "2020-01-03", "2020-01-03"),
        ("It was signed on 1/3/2020.", "1/3/2020", "2020-01-03"),
        ("It was signed on 31/1/2020.", "31/1/2020", "2020-01-31"),
        ("It began in June 2018.", "June 2018", "2018-06-01/2018-06-30"),
        ("It began in 2018.", "2018", "2018-01-01/2018-12-31"),
        ("It has lasted since 2018.", "2018", "2018-01-01/2018-12-31"),
        ("It began in the 1990s.", "the 1990s", "1990-01-01/1999-12-31"),
        ("It began in the summer of 2019.", "the summer of 2019", "2019-06-01/2019-08-31"),
        (
            "It fell in the second quarter of 2019.",
            "the second quarter of 2019",
            "2019-04-01/2019-06-30",
        ),
    ],
)
def test_dates_written_out(text: str, surface: str, value: str) -> None:
    assert values(text) == [(surface, value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Rockets fell on Thursday.", "2020-11-19"),
        ("Rockets fell on Friday.", "2020-11-20"),
        ("Rockets fell on Saturday.", "2020-11-14"),
        ("Rockets fell last Friday.", "2020-11-13"),
        ("The envoys will meet on Monday.", "2020-11-23"),
        ("They meet next Monday.", "2020-11-23"),
        ("Rockets fell yesterday.", "2020-11-19"),
        ("Rockets fell this morning.", "2020-11-20"),
        ("Rockets fell last night.", "2020-11-19"),
        ("The talks resume tomorrow.", "2020-11-21"),
        ("Rockets fell last week.", "2020-11-09/2020-11-15"),
        ("Rockets fell last month.", "2020-10-01/2020-10-31"),
        ("Rockets fell over the weekend.", "2020-11-14/2020-11-15"),
        ("Rockets fell three days ago.", "2020-11-17"),
        ("Rockets fell twenty-one days ago.", "2020-10-30"),
        ("Rockets fell two weeks ago.", "2020-11-02/2020-11-08"),
        ("It began a year ago.", "2019-01-01/2019-12-31"),
        ("It began in October.", "2020-10-01/2020-10-31"),
        ("It began on October 10.", "2020-10-10"),
        ("It began on 10 October.", "2020-10-10"),
        ("It began last December.", "2019-12-01/2019-12-31"),
        ("It began in early March.", "2020-03-01/2020-03-31"),
        ("The drawdown should end in mid-January.", "2021-01-01/2021-01-31"),
        ("The deal will expire on January 20.", "2021-01-20"),
        ("The new team takes over in two months.", "2021-01-01/2021-01-31"),
        ("It was due by the end of June.", "2021-06-01/2021-06-30"),
        ("The officer will be sentenced on 5 March.", "2021-03-05"),
        ("The parade takes place on 5 March.", "2021-03-05"),
        ("The officer was sentenced on 5 March.", "2020-03-05"),
        ("He fled before the Sept. 11 attacks.", "2001-09-11"),
        ("It opened on Sept. 11 to visitors.", "2020-09-11"),
    ],
)
def test_expressions_read_from_the_day_of_publication(text: str, value: str) -> None:
    assert [iso(m.value) for m in find(text)] == [value]


@pytest.mark.parametrize(
    ("text", "unit", "likely"),
    [
        ("It ends in mid-January 2021.", "2021-01-01/2021-01-31", "2021-01-11/2021-01-20"),
        ("It ended in early June 2019.", "2019-06-01/2019-06-30", "2019-06-01/2019-06-10"),
        ("It ended at the end of June 2019.", "2019-06-01/2019-06-30", "2019-06-24/2019-06-30"),
        ("It ended in late 2019.", "2019-01-01/2019-12-31", "2019-09-01/2019-12-31"),
        ("It began earlier this year.", "2020-01-01/2020-12-31", "2020-01-01/2020-11-20"),
        ("It happened earlier this month.", "2020-11-01/2020-11-30", "2020-11-01/2020-11-20"),
        ("They met this week.", "2020-11-16/2020-11-22", "2020-11-16/2020-11-20"),
        ("They will meet later this year.", "2020-01-01/2020-12-31", "2020-11-20/2020-12-31"),
        ("Attacks grew in recent months.", None, "2020-07-20/2020-11-20"),
        ("They agreed a few weeks before the election.", None, "2020-09-22/2020-10-20"),
    ],
)
def test_the_wording_narrows_the_unit_to_likely_days(
    text: str, unit: str | None, likely: str
) -> None:
    (mention,) = find(text)
    assert (iso(mention.value), iso(mention.likely)) == (unit, likely)
    assert mention.days == mention.likely


@pytest.mark.parametrize(
    ("text", "surface", "value"),
    [
        (
            "He was dismissed two days after the election.",
            "two days after the election",
            "2020-11-05",
        ),
        (
            "He left the day before the presidential election.",
            "the day before the presidential election",
            "2020-11-02",
        ),
        (
            "Mourners came 40 days after the killing of Soleimani.",
            "40 days after the killing of Soleimani",
            "2020-02-12",
        ),
        ("They signed six weeks after the earthquake.", "six weeks after", None),
    ],
)
def test_expressions_lean_on_known_events(text: str, surface: str, value: str | None) -> None:
    assert values(text) == [(surface, value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A bomb killed two on Tuesday. A day after the blast, shops opened.", "2020-11-18"),
        ("A bomb killed two on Tuesday. The day before the bombing it rained.", "2020-11-16"),
        (
            "A bomb killed two on Tuesday. Guards left two days before the deadly blast.",
            "2020-11-15",
        ),
        ("They voted on 1 November. He quit two days after the election.", "2020-11-03"),
        ("They voted on 1 November. He fled the week before the vote.", "2020-10-19/2020-10-25"),
        ("Masri was shot on 2 May. His son fled three days after the killing.", None),
        (
            "Masri was killed on 2 May. His son fled three days after the killing of Masri.",
            "2020-05-05",
        ),
        ("Masri was killed on 2 May. His son fled three days after Masri's killing.", "2020-05-05"),
        ("Masri was killed on 2 May. His son fled three days after the killing of Amini.", None),
        ("It rained on 2 May and on 5 May a bomb exploded. A day after the blast it rained.", None),
        ("A bomb exploded. A day after the blast, shops opened.", None),
    ],
)
def test_expressions_lean_on_what_the_text_told_of_a_day(text: str, value: str | None) -> None:
    last = dates.find(text, sentences.split(text), date(2020, 11, 20))[-1]
    assert iso(last.value) == value


def test_of_two_events_of_one_name_the_last_before_publication_is_meant() -> None:
    elections = [
        KnownEvent("e-2016", ("the election",), date(2016, 11, 8), date(2016, 11, 8)),
        KnownEvent("e-2020", ("the election",), date(2020, 11, 3), date(2020, 11, 3)),
    ]
    text = "He left two days after the election."
    for published, expected in (
        (date(2017, 1, 1), "2016-11-10"),
        (date(2020, 12, 1), "2020-11-05"),
    ):
        (mention,) = dates.find(text, sentences.split(text), published, elections)
        assert iso(mention.value) == expected


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Rockets fell on January 3. The next day, troops left.", "2020-01-04"),
        ("Rockets fell on January 3. Two days later, troops left.", "2020-01-05"),
        ("Rockets fell on January 3. Troops had left the day before.", "2020-01-02"),
        ("Rockets fell on January 3. Troops left that same day.", "2020-01-03"),
        ("It began in June 2018. Later that year, troops left.", "2018-01-01/2018-12-31"),
    ],
)
def test_expressions_lean_on_what_the_text_named_before(text: str, last: str) -> None:
    assert [iso(m.value) for m in find(text)][-1] == last


def test_both_ends_of_a_range_know_the_whole() -> None:
    for text in ("It ran from May 3 to May 5, 2019.", "It ran May 3-5, 2019."):
        mentions = find(text)
        assert [iso(m.value) for m in mentions][-1] == "2019-05-05" or len(mentions) == 2
        assert {iso(m.likely) for m in find("It ran on May 3-5, 2019.")} == {
            "2019-05-03/2019-05-05"
        }
    first, last = find("It ran between 2016 and 2018.")
    assert (iso(first.value), iso(last.value)) == ("2016-01-01/2016-12-31", "2018-01-01/2018-12-31")
    assert iso(first.likely) == iso(last.likely) == "2016-01-01/2018-12-31"


@pytest.mark.parametrize(
    "text",
    [
        "About 2000 people marched.",
        "The bill was $2,015.",
        "They may march in protest.",
        "The company Sun makes chips.",
        "Flight 1803 crashed.",
        "It was the worst strike in a year of strikes.",
        "The score was 3/4 to 1.",
        "He died on February 31.",
    ],
)
def test_what_is_no_time_expression(text: str) -> None:
    assert values(text) == []


def test_the_last_week_of_something_is_not_last_week() -> None:
    assert values("It could strike in the president's last week in office.") == [
        ("last week", None)
    ]


def test_without_publication_only_what_the_text_dates_has_a_value() -> None:
    assert values("Rockets fell yesterday. It began in 2018.", None) == [
        ("yesterday", None),
        ("2018", "2018-01-01/2018-12-31"),
    ]


def test_a_history_is_read_in_its_own_time() -> None:
    text = (
        "The war began on September 1, 1939. Poland fell in October. In May 1940 France was "
        "invaded. Paris fell on June 14. In 1941 the front moved east. By December it stood at "
        "Moscow. In 1942 it turned."
    )
    assert [iso(m.value) for m in find(text)] == [
        "1939-09-01",
        "1939-10-01/1939-10-31",
        "1940-05-01/1940-05-31",
        "1940-06-14",
        "1941-01-01/1941-12-31",
        "1941-12-01/1941-12-31",
        "1942-01-01/1942-12-31",
    ]


def test_news_that_looks_back_is_no_history() -> None:
    text = (
        "In court on Tuesday the doctor denied it. He was hired in March 2015, met the singer in "
        "2015, moved in 2016 and was charged in 2016."
    )
    assert ("Tuesday", "2020-11-17") in [
        (surface.removeprefix("on "), value) for surface, value in values(text)
    ]


def test_a_time_of_day_belongs_to_the_day_named_beside_it() -> None:
    assert {iso(m.value) for m in find("The blast came at 10:35 a.m. local time on Thursday.")} == {
        "2020-11-19"
    }


@given(
    st.text(alphabet="0123456789 -/,.abcdefJanMayMonday ago last week", max_size=80),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
)
def test_mentions_match_the_text_and_intervals_are_in_order(text: str, published: date) -> None:
    end = 0
    for mention in find(text, published):
        assert mention.surface == mention.span.of(text)
        assert end <= mention.span.start < mention.span.end
        end = mention.span.end
        for interval in (mention.value, mention.likely):
            assert interval is None or interval.start <= interval.end


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    find(text)


@given(st.dates(date(1960, 1, 1), date(2090, 1, 1)), st.integers(0, 6))
def test_a_weekday_is_the_last_such_day_on_or_before_publication(
    published: date, weekday: int
) -> None:
    name = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][weekday]
    (mention,) = find(f"Rockets fell on {name}.", published)
    assert mention.value is not None
    assert mention.value.start.weekday() == weekday
    assert timedelta(0) <= published - mention.value.start < timedelta(7)


@given(st.dates(date(1100, 1, 1), date(2900, 1, 1)), st.integers(-500, 500))
def test_shifting_by_months_keeps_the_calendar(moment: date, count: int) -> None:
    there = shifted(moment, "month", count)
    assert (there.year * 12 + there.month) - (moment.year * 12 + moment.month) == count
    assert there.day <= moment.day


def test_shifting_beyond_the_calendar_is_refused_with_a_sentence() -> None:
    with pytest.raises(NoSuchDayError, match="beyond the calendar"):
        shifted(date(2020, 1, 1), "year", 5000)


def test_reading_twice_gives_the_same() -> None:
    text = "Rockets fell on Thursday, two days after the election. The next day, troops left."
    assert json.dumps(values(text)) == json.dumps(values(text))
