"""Which sentences are parsed, and that nothing told by the others is lost."""

import pytest

from apps.annotations.pipeline import sentences
from apps.annotations.pipeline.names import ActorFinder
from apps.annotations.pipeline.sentence_filter import SentenceFilter
from apps.annotations.pipeline.triggers import may_hold
from tests.annotations.reading import PUBLISHED, dossier_lexicon, read_text

DULL = "The museum opened a new wing for old clocks. "
LONG = DULL * 14


def parsed(text: str) -> list[str]:
    """The sentences of a text that would be parsed."""
    lexicon = dossier_lexicon()
    runs = sentences.split(text)
    actors = ActorFinder(lexicon).find(text, runs, PUBLISHED)
    countries = {actor.id: actor.country for actor in lexicon.actors}
    chosen = SentenceFilter(text, runs, actors, countries).chosen()
    return [runs[i].of(text) for i in chosen]


def test_a_sentence_without_words_of_a_happening_is_not_parsed():
    assert parsed(DULL + "Iran is a country in the Middle East.") == []


def test_a_sentence_without_anybody_is_not_parsed_in_a_long_text():
    text = LONG + "The mayor attacked the plan. Iran attacked a base of the United States."
    assert parsed(text) == ["Iran attacked a base of the United States."]


def test_arms_and_casualties_matter_whoever_did_it():
    text = "Iran and Iraq spoke. " + LONG + "Rockets were fired at the airport overnight."
    assert parsed(text)[-1] == "Rockets were fired at the airport overnight."


def test_news_of_one_country_is_read_where_two_of_the_dossiers_actors_meet_or_one_meets_violence():
    text = (
        LONG
        + "Rockets were fired at the airport. Iran arrested two men. "
        + "Hassan Rouhani criticised the Quds Force. Iran fired a missile."
    )
    assert parsed(text) == ["Hassan Rouhani criticised the Quds Force.", "Iran fired a missile."]


def test_the_lead_of_news_of_one_country_is_read():
    assert parsed("Iran arrested two men. " + LONG) == ["Iran arrested two men."]


def test_after_the_lead_one_actor_needs_a_day_a_number_violence_or_another_name():
    told = [
        "Iran arrested a man on Monday.",
        "Iran arrested 12 men.",
        "Then Iran arrested Parviz Example near Yazd.",
    ]
    text = "Iran met Iraq. " + LONG + "Iran arrested a man. " + " ".join(told)
    assert parsed(text) == ["Iran met Iraq.", *told]


def test_who_was_just_named_may_go_on():
    text = "Iran met Iraq. " + LONG + "The Quds Force gave an account. It denied the attack."
    assert parsed(text)[-2:] == ["The Quds Force gave an account.", "It denied the attack."]


def test_a_claim_needs_no_word_of_a_happening():
    assert parsed("Tehran said its answer was concluded.")
    assert parsed("Ashab al-Kahf took responsibility. Iran spoke.")


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("They blew up a bridge.", True),
        ("The wind blew.", False),
        ("Envoys held talks.", True),
        ("He held an umbrella.", False),
        ("", False),
    ],
)
def test_a_pattern_of_several_words_needs_all_of_them(text: str, may: bool):
    assert may_hold(text) is may


def test_a_long_article_tells_what_its_sentence_tells_alone():
    alone = "Iranian forces shelled an Iraqi army base near Erbil on Tuesday. "
    together = read_text(LONG + alone + LONG)
    assert [(e.type, e.initiators, e.targets) for e in read_text(alone).events] == [
        (e.type, e.initiators, e.targets) for e in together.events
    ]
    assert together.events
