"""Cue words: which kind of link a text states between the events told in it, and in which direction."""

import re

import pytest

from apps.events.cues import Told, cues, links

TYPES = {"!": "ASSAULT", "?": "THREATEN", "=": "AGREE", "$": "SANCTION", "~": "PROTEST"}


def read(text: str):
    """The links of a text whose triggers are marked: `!bombed`, `?warned`, `=agreed`, `$banned`, `~marched`.

    Events are numbered in the order of their triggers. Sentences end at full stops.
    """
    clean, told, number = "", [], 0
    for sentence in re.findall(r"[^.]+\.", text):
        start = len(clean)
        found = []
        for part in re.split(r"([!?=$~])", sentence):
            if part in TYPES:
                number += 1
                found.append((len(clean), number, TYPES[part]))
            else:
                clean += part
        told += [Told(at, start, len(clean), event, type_) for at, event, type_ in found]
    return [(link.kind, link.source, link.target) for link in links(clean, told)]


@pytest.mark.parametrize(
    "cue",
    [
        "in retaliation for", "in apparent retaliation for", "as retaliation for", "in revenge for",
        "in reprisal for", "to avenge", "avenging", "retaliating for", "as payback for",
        "as part of its revenge for",
    ],
)  # fmt: skip
def test_an_attack_retaliates_for_another(cue):
    assert read(f"Aircraft !bombed the depots {cue} the rockets that !killed two soldiers.") == [
        ("retaliates_for", 1, 2)
    ]


@pytest.mark.parametrize(
    "cue",
    [
        "in response to", "in direct response to", "in answer to", "in reaction to", "responding to",
        "in protest at", "prompted by", "citing",
    ],
)  # fmt: skip
def test_other_acts_respond(cue):
    assert read(f"The Treasury $imposed sanctions {cue} the missiles that were !fired.") == [
        ("responds_to", 1, 2)
    ]


def test_an_answer_by_arms_to_an_attack_is_retaliation_whatever_it_is_called():
    assert read("Iran !fired missiles in answer to the !killing.") == [("retaliates_for", 1, 2)]
    assert read("Iran !fired missiles in answer to the $sanctions.") == [("responds_to", 1, 2)]


@pytest.mark.parametrize("cue", ["led to", "prompted", "triggered", "set off", "was answered with"])
def test_a_cause_may_stand_first(cue):
    assert read(f"The !raid {cue} the ~storming of the embassy.") == [("responds_to", 2, 1)]


def test_a_cue_may_open_its_sentence():
    text = "In retaliation for the !killing, the Guard !fired missiles."
    assert read(text) == [("retaliates_for", 2, 1)]


def test_a_cue_without_an_object_means_what_was_told_before():
    assert read("Commandos !raided the site. Militiamen !drove into the zone in answer.") == [
        ("retaliates_for", 2, 1)
    ]
    assert read("Rockets !hit the base. Washington retaliated by !bombing the depots.") == [
        ("retaliates_for", 2, 1)
    ]
    assert read("Rockets !hit the base. That prompted $sanctions.") == [("responds_to", 2, 1)]


def test_an_object_that_only_names_a_kind_of_event_means_the_last_one_of_that_kind():
    text = "Rockets !hit the base. Iran was ?warned. It $imposed a ban in response to the attack."
    assert read(text) == [("responds_to", 3, 1)]


@pytest.mark.parametrize("cue", ["made good on its threat", "carried out his warning"])
def test_a_threat_is_carried_out(cue):
    text = f"The group ?threatened the base. It !fired rockets and {cue}."
    assert read(text) == [("carries_out_threat", 2, 1)]


@pytest.mark.parametrize(
    "cue", ["breaking the truce", "despite the ceasefire", "violating the truce"]
)
def test_a_truce_is_violated(cue):
    text = f"Militias =announced a halt. Rockets !fell on the zone, {cue}."
    assert read(text) == [("violates", 2, 1)]


def test_a_part_belongs_to_its_whole():
    assert read("The raid !hit one depot as part of the !campaign.") == [("part_of", 1, 2)]


@pytest.mark.parametrize(
    "text",
    [
        "Aircraft !bombed the depots hours after rockets !hit the base.",
        "The army said the strike was !launched not in retaliation for the !killing.",
        "It denied that the !raid was in response to the !attack.",
        "In Europe governments triggered the mechanism.",
        "Rockets !fell on the zone, breaking the truce.",
        "Aircraft !bombed the depots in retaliation for what had happened.",
    ],
)
def test_what_states_no_link_is_no_link(text):
    assert read(text) == []


def test_of_cues_that_overlap_the_longest_counts():
    assert [cue.words for cue in cues("It was in direct retaliation for it.")] == [
        "was in direct retaliation for"
    ]
