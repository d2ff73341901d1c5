"""A cause is another event with days of its own."""

from datetime import date

from tests.annotations.reading import read_text


def days(text: str) -> dict[str, date | None]:
    """The first day of each event by its trigger word."""
    return {
        e.trigger.of(text): e.date.start if e.date is not None else None
        for e in read_text(text).events
    }


def test_the_day_of_the_cause_is_not_the_day_of_the_answer():
    found = days(
        "Iran fired missiles at US troops in answer to the killing of Qassem Soleimani on Jan. 3."
    )
    assert found == {"fired": None, "killing": date(2020, 1, 3)}


def test_days_are_counted_back_to_the_cause():
    found = days(
        "Iran fired missiles at US troops on Wednesday, two days after a U.S. drone killed Ali Shamkhani."
    )
    assert found == {"fired": date(2020, 3, 18), "killed": date(2020, 3, 16)}


def test_the_day_of_an_accusation_is_not_the_day_of_the_attack():
    found = days("The Pentagon on Thursday accused Kataib Hezbollah of the attack.")
    assert found == {"accused": date(2020, 3, 19), "attack": None}


def test_the_matter_of_a_warrant_has_not_the_day_of_the_warrant():
    found = days(
        "On Monday the prosecutor issued a warrant for Donald Trump over the killing of Qassem Soleimani."
    )
    assert found["killing"] is None


def test_a_habit_has_no_day():
    found = days(
        "Donald Trump threatened on Wednesday to sink Iranian boats that harass U.S. ships."
    )
    assert found["harass"] is None


def test_a_pointer_takes_no_day_of_what_followed():
    found = days("That raid led to a strike on US troops on Monday.")
    assert found["raid"] is None
