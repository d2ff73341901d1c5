"""The relation between two given actors, events of bare sentences, and the lists of words behind them."""

import pytest
import yaml

from apps.annotations.pipeline import events_bare, events_relation, triggers_data
from apps.annotations.pipeline.grammar import DATA
from apps.core import plover

RELATIONS = [
    ("Norland signed a trade agreement with Sudovia on Friday.", "SUPPORT"),
    ("Norland called Sudovia's report a disgrace.", "ACCUSE"),
    ("Norland accused Sudovia of smuggling arms across the river.", "ACCUSE"),
    ("Norland agreed to lift its sanctions on Sudovia.", "AGREE"),
    ("Norland lifted its sanctions on Sudovia.", "RETREAT"),
    ("Norland returned 30 paintings to Sudovia.", "RETREAT"),
    ("Norland granted Sudovia an extension.", "RETREAT"),
    ("Norland conceded that Sudovia had won the vote.", "CONCEDE"),
    ("Norland refused to meet the envoy of Sudovia.", "REJECT"),
    ("Norland threatened to close its border with Sudovia.", "THREATEN"),
    ("Norland donated 40 ambulances to Sudovia.", "AID"),
    ("Norland recalled its ambassador from Sudovia.", "SANCTION"),
    ("Norland imposed new sanctions on Sudovia.", "COERCE"),
    ("Norland imposed a naval blockade on Sudovia.", "ASSAULT"),
    ("Norland asked Sudovia for help with the harvest.", "REQUEST"),
    ("Norland held talks with Sudovia about water.", "CONSULT"),
    ("Norland and Sudovia held joint exercises in the strait.", "COOPERATE"),
    ("Norland will boycott the games of Sudovia.", "THREATEN"),
    ("Norland deployed troops near the border with Sudovia.", "MOBILIZE"),
    ("Norland warned Sudovia not to shell the town.", "THREATEN"),
]


@pytest.mark.parametrize(("text", "type_"), RELATIONS)
def test_what_one_does_to_the_other(text: str, type_: str):
    assert events_relation.code(text, "Norland", "Sudovia") == type_


def test_the_highest_of_several_words_joins_the_sides():
    text = "Norland praised Sudovia for arresting the men who attacked a market."
    assert events_relation.code(text, "Norland", "Sudovia") == "SUPPORT"


def test_a_preposition_before_a_day_is_not_the_verbs_own():
    text = "President Alden of Norland called King Orm of Sudovia on Monday."
    assert events_relation.code(text, "President Alden", "King Orm") == "CONSULT"


def _told(text: str) -> tuple[str, list[str], list[str]]:
    found = events_bare.code(text)[0]
    return (
        found.type,
        [s.of(text) for s in found.initiators[:1]],
        [s.of(text) for s in found.targets[:1]],
    )


def test_aid_is_for_whom_it_goes_to():
    told = _told("The ministry said it has sent emergency food aid to Sudovia.")
    assert told == ("AID", ["The ministry"], ["Sudovia"])


def test_a_day_is_no_target():
    type_, doers, done_to = _told("Norland on Friday rejected the offer of Sudovia.")
    assert (type_, doers) == ("REJECT", ["Norland"])
    assert "Friday" not in done_to


def test_nothing_is_told_where_nothing_happens():
    assert events_bare.code("The park lies between two rivers and has three gates.") == []


def _wide() -> dict:
    return yaml.safe_load((DATA / "triggers_relation.yaml").read_text(encoding="utf-8"))


def test_every_pattern_of_the_wider_list_can_be_read_and_has_a_type():
    loaded = _wide()
    assert set(loaded["verbs"]) | set(loaded["nouns"]) <= set(plover.TYPES)
    assert triggers_data.patterns(False, wide=True)
    assert triggers_data.patterns(True, wide=True)


@pytest.mark.parametrize("part", ["verbs", "nouns"])
def test_no_pattern_of_the_wider_list_stands_twice_in_a_type(part: str):
    for type_, modes in _wide()[part].items():
        listed = [source for sources in modes.values() for source in sources]
        assert sorted(listed) == sorted(set(listed)), type_


@pytest.mark.parametrize("part", ["verbs", "nouns"])
def test_a_pattern_without_conditions_has_one_type_in_the_wider_list(part: str):
    seen: dict[str, str] = {}
    for type_, modes in _wide()[part].items():
        for source in (s for sources in modes.values() for s in sources if " " not in s):
            assert seen.setdefault(source, type_) == type_, source


def test_the_wider_list_leaves_articles_alone():
    assert "taunt" in triggers_data.patterns(False, wide=True)
    assert "taunt" not in triggers_data.patterns(False)
