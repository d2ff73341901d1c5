"""Which texts tell of the same happening, each in its own words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from apps.articles import stories
from apps.articles.extract.coverage import SAME, alike, group, rarity, terms, vector
from apps.articles.models import Article
from tests.articles.test_ingest import bring

STRIKE = (
    "Rockets struck the Taji base north of Baghdad on Wednesday, killing two American soldiers and a British "
    "medic, the coalition said. A truck with the launchers was found in Rashidiya."
)
STRIKE_TOO = (
    "A British medic and two Americans died when Taji, a base near Baghdad, came under rocket fire. Iraqi "
    "troops later discovered launchers on a truck that had been left in Rashidiya."
)
ELECTION = (
    "Voters queued in Minsk on Sunday as Lukashenko sought a sixth term; observers spoke of ballots cast "
    "before the polls had opened and of students driven to the booths."
)
DAY = date(2020, 3, 11)


def likeness(one: str, other: str) -> float:
    return alike(vector(one), vector(other))


def test_two_reports_of_one_attack_are_alike_and_another_matter_is_not():
    assert likeness(STRIKE, STRIKE_TOO) >= SAME
    assert likeness(STRIKE, ELECTION) < SAME / 2


def test_common_words_weigh_next_to_nothing():
    assert rarity("the") < 0.001 < rarity("government") < rarity("taji")
    assert rarity("است") < rarity("موشک")
    assert rarity("على") < rarity("قاذفات")
    assert likeness("He said that it was there.", "It was said that he had been there.") < 1
    assert terms(vector("the and of to")) == terms(vector("to of and the"))


def test_endings_and_case_do_not_part_words():
    assert likeness("The LAUNCHERS", "a launcher's") == pytest.approx(1)


@given(st.text(), st.text())
def test_likeness_is_a_share_and_the_same_both_ways(one, other):
    share = likeness(one, other)
    assert 0 <= share <= 1
    assert share == likeness(other, one)


@given(st.text(min_size=1))
def test_a_text_is_wholly_like_itself(text):
    known = vector(text)
    assert alike(known, known) == pytest.approx(1 if known else 0)
    assert terms(known) == sorted(terms(known))
    assert all(-(2**31) <= number < 2**31 for number in terms(known))


def grouped(*texts: tuple[str, date | None]) -> list[int]:
    return group([(vector(text), day) for text, day in texts])


def test_what_tells_of_one_happening_is_one_coverage_whatever_the_order():
    assert grouped((STRIKE_TOO, DAY), (ELECTION, DAY), (STRIKE, DAY)) == [0, 1, 0]
    assert grouped((STRIKE, DAY + timedelta(days=1)), (STRIKE_TOO, DAY)) == [1, 1]


def test_the_same_words_of_another_month_are_another_happening():
    assert grouped((STRIKE, DAY), (STRIKE_TOO, DAY + timedelta(days=40))) == [0, 1]


def test_an_undated_text_joins_by_its_words_alone():
    assert grouped((STRIKE, None), (STRIKE_TOO, DAY)) == [1, 1]


def test_texts_without_words_are_each_alone():
    assert grouped(("", DAY), ("...", DAY)) == [0, 1]


class TestStored:
    """The articles that tell of the same happening, looked up in the database."""

    pytestmark = pytest.mark.django_db

    def told(self, text: str, url: str, day: date | None = DAY) -> Article:
        """Bring a text that was published on a day."""
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC) if day else None
        return bring(
            text, url=url, published_at=at, published_precision="instant" if at else ""
        ).article

    def test_another_report_of_those_days_is_found(self):
        ours = self.told(STRIKE, "https://one.example/taji")
        theirs = self.told(STRIKE_TOO, "https://two.example/taji", DAY + timedelta(days=1))
        self.told(ELECTION, "https://three.example/minsk")
        assert stories.coverage_of(ours) == [theirs]
        assert stories.coverage_of(theirs) == [ours]

    def test_a_report_of_another_month_is_not(self):
        ours = self.told(STRIKE, "https://one.example/taji")
        self.told(STRIKE_TOO, "https://two.example/taji", DAY + timedelta(days=40))
        assert stories.coverage_of(ours) == []

    def test_a_copy_is_of_the_same_story_and_no_other_report(self):
        ours = self.told(STRIKE, "https://one.example/taji")
        copy = self.told(f"{STRIKE} More follows.", "https://two.example/taji")
        assert copy.story == ours.story
        assert stories.coverage_of(ours) == []

    def test_undated_reports_are_found_by_when_they_came_in(self):
        ours = self.told(STRIKE, "https://one.example/taji", None)
        theirs = self.told(STRIKE_TOO, "https://two.example/taji", None)
        assert stories.coverage_of(ours) == [theirs]
        Article.objects.filter(pk=theirs.pk).update(
            first_seen_at=theirs.first_seen_at - timedelta(days=30)
        )
        assert stories.coverage_of(ours) == []

    def test_it_takes_few_queries_however_many_are_found(self):
        ours = self.told(STRIKE, "https://one.example/taji")
        for number in range(3):
            words = f"{STRIKE_TOO} Reporter {number} was there, and wrote of the {'very ' * number} long night."
            self.told(words, f"https://two.example/{number}")
        with CaptureQueriesContext(connection) as queries:
            stories.coverage_of(ours)
        assert len(queries) == 4
