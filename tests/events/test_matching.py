"""Matching: the same happening told in other words finds its event, another one does not."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from apps.events.alikeness import type_likeness
from apps.events.comparing import toll_agrees
from apps.events.happenings import Days, Known, Reported
from apps.events.kinship import Bond, Kinship
from apps.events.matching import MERGE, THRESHOLD, Match, Matcher
from apps.events.titles import title
from apps.events.wording import Counts, words

KINDS = {
    "trump": "person",
    "soleimani": "person",
    "esper": "person",
    "ghaani": "person",
    "kataib-hezbollah": "armed_group",
    "aah": "armed_group",
}
RELATIONS = [
    ("us-dod", "part_of", "us-gov"),
    ("us-mil", "part_of", "us-dod"),
    ("us-dod", "commands", "us-mil"),
    ("us-state", "part_of", "us-gov"),
    ("trump", "commands", "us-gov"),
    ("esper", "commands", "us-dod"),
    ("irgc", "part_of", "iran-gov"),
    ("irgc-asf", "part_of", "irgc"),
    ("soleimani", "member_of", "irgc"),
    ("ghaani", "commands", "irgc-qf"),
    ("irgc-qf", "part_of", "irgc"),
    ("irgc-qf", "backs", "kataib-hezbollah"),
    ("kataib-hezbollah", "part_of", "pmf"),
    ("aah", "part_of", "pmf"),
    ("pmf", "part_of", "iraq-gov"),
    ("ashab-al-kahf", "front_of", "kataib-hezbollah"),
]
KINSHIP = Kinship((Bond(*relation) for relation in RELATIONS), KINDS)
ANY_DAY = date(2020, 6, 1)


def day(text: str, end: str = "", precision: str = "day") -> Days:
    return Days(date.fromisoformat(text), date.fromisoformat(end or text), precision)


def known(number, label, type_, when, by, at, text, places=(), mode="", **rest) -> Known:
    return Known(
        number, label, type_, mode, when, frozenset(by), frozenset(at), places, text=text, **rest
    )


BAGHDAD = ("baghdad", "iraq", "IRQ")
GREEN_ZONE = ("green-zone", "baghdad", "iraq", "IRQ")
STRIKE = known(
    1, "strike", "ASSAULT", day("2020-01-03"), ["us-mil", "trump"], ["soleimani"],
    "Drone kills the Quds Force commander Qassem Soleimani at Baghdad airport",
    ("baghdad-airport", *BAGHDAD), "drone", killed=10,
)  # fmt: skip
MISSILES = known(
    2, "missiles", "ASSAULT", day("2020-01-08"), ["irgc-asf", "irgc"], ["us-mil"],
    "Ballistic missiles fired at troops in Ain al-Asad and Erbil",
    ("ain-al-asad", "anbar", "iraq", "IRQ"), killed=0, wounded=110,
)  # fmt: skip
JANUARY_ROCKETS = known(
    3, "january rockets", "ASSAULT", day("2020-01-20"), [], ["us-gov"],
    "Three Katyusha rockets land near the US embassy in the Green Zone", GREEN_ZONE,
)  # fmt: skip
NOVEMBER_ROCKETS = known(
    4, "november rockets", "ASSAULT", day("2020-11-17"), ["ashab-al-kahf"], ["us-gov"],
    "Katyusha rockets hit the Green Zone, a child is killed outside", GREEN_ZONE, killed=1, wounded=5,
)  # fmt: skip
SEPTEMBER_ROCKETS = known(
    5, "september rockets", "ASSAULT", day("2020-09-22"), [], ["us-gov"],
    "Rockets aimed at the Green Zone miss and hit houses", GREEN_ZONE,
    hosts=frozenset({"iraq-gov", "iraq-mil"}),
)  # fmt: skip
DISMISSAL = known(
    6, "dismissal", "COERCE", day("2020-11-09"), ["trump"], ["esper"],
    "President fires defense secretary Mark Esper on Twitter", ("washington", "USA"),
)  # fmt: skip
MESSAGE = known(
    7, "message", "REQUEST", day("2020-11-17", "2020-11-19", "week"), ["ghaani"],
    ["kataib-hezbollah", "aah", "pmf"],
    "Ghaani tells militias in Baghdad to hold fire until the president leaves", BAGHDAD,
)  # fmt: skip
VISIT = known(
    8, "visit", "CONSULT", day("2020-03-30", "2020-04-01"), ["ghaani"], ["iraq-gov"],
    "Ghaani visits Baghdad and meets Shiite leaders", BAGHDAD,
)  # fmt: skip
EXIT = known(
    9, "exit", "REJECT", day("2018-05-08"), ["trump"], ["iran-gov"],
    "The US leaves the nuclear deal", ("washington", "USA"), names=("the nuclear exit",),
)  # fmt: skip
SANCTIONS = [
    known(
        20 + month, f"sanctions {month}", "SANCTION", day(f"2020-{month:02}-10"), ["us-treasury"],
        ["iran-gov"], "Treasury puts sanctions on Iranian companies", ("washington", "USA"),
    )
    for month in (3, 6, 10)
]  # fmt: skip
ALL = [
    STRIKE,
    MISSILES,
    JANUARY_ROCKETS,
    NOVEMBER_ROCKETS,
    SEPTEMBER_ROCKETS,
    DISMISSAL,
    MESSAGE,
    VISIT,
    EXIT,
]


def counted(events) -> Counts:
    """How rare the words and actors of these events are among them."""
    of_words = Counter(word for event in events for word in words(event.text))
    of_actors = Counter(actor for event in events for actor in event.initiators | event.targets)
    return Counts(len(events), of_words, of_actors)


COUNTS = counted([*ALL, *SANCTIONS])
MATCHER = Matcher([*ALL, *SANCTIONS], KINSHIP, COUNTS)


def told(type_, when, by, at, text, places=(), mode="", published="2020-11-20", **rest) -> Reported:
    return Reported(
        type_, mode, when, frozenset(by), frozenset(at), places, date.fromisoformat(published),
        text=text, **rest,
    )  # fmt: skip


CASES = {
    "nobody is named: place and day": (
        told("ASSAULT", day("2020-01-20"), [], [], "Three more fell near the compound.", GREEN_ZONE,
             "heavy-weapons", published="2020-01-24"),
        "january rockets",
    ),
    "nobody is named: another place on that day": (
        told("ASSAULT", day("2020-01-20"), [], [], "Three more fell near the camp.",
             ("camp-taji", "iraq", "IRQ"), "heavy-weapons", published="2020-01-24"),
        None,
    ),
    "another type, but the day, the actor and the words": (
        told("SUPPORT", day("2018-05-08"), ["trump"], [], "The president left the nuclear deal."),
        "exit",
    ),
    "a threat is not what the speaker did": (
        told("THREATEN", day("2020-11-09"), ["trump"], [], "The president threatened revenge."),
        None,
    ),
    "somebody says that another did it": (
        told("ASSAULT", day("2020-11-17"), ["ghaani"], ["us-gov"],
             "He said that Ghaani approved the rockets.", GREEN_ZONE, alleged=True),
        "november rockets",
    ),
    "an event of the next day is not the one a report tells": (
        told("ASSAULT", day("2020-01-15", "2020-01-20", "week"), [], ["us-gov"],
             "Gunmen opened fire on a guard.", BAGHDAD, published="2020-01-19"),
        None,
    ),
    "year only, the general's name": (
        told("ASSAULT", day("2020-01-01", "2020-11-20", "year"), ["us-gov"], ["soleimani"],
             "An American air strike earlier this year killed the general Qasem Soleimani.",
             mode="aerial"),
        "strike",
    ),
    "no day at all, a state for its missile force": (
        told("ASSAULT", None, ["iran-gov"], ["us-mil"],
             "Tehran answered with ballistic missiles on American troops in Iraq."),
        "missiles",
    ),
    "a day off: whose midnight": (
        told("ASSAULT", day("2020-01-02"), ["us-dod"], ["soleimani"],
             "The Pentagon said it had killed Soleimani.", published="2020-01-03"),
        "strike",
    ),
    "two years ago, year only": (
        told("RETREAT", day("2018-01-01", "2018-12-31", "year"), ["us-gov"], ["iran-gov"],
             "Washington left the nuclear deal in 2018."),
        "exit",
    ),
    "no initiator known, the toll agrees": (
        told("ASSAULT", day("2020-11-16", "2020-11-20", "week"), [], ["us-gov"],
             "Rockets aimed at the embassy killed a child and wounded five.", GREEN_ZONE,
             killed=1, wounded=5),
        "november rockets",
    ),
    "the group that denies: close to the one that claimed": (
        told("ASSAULT", day("2020-11-17"), ["kataib-hezbollah"], [],
             "It denied having fired the Katyushas.", GREEN_ZONE),
        "november rockets",
    ),
    "literal reading four days off, rare actors": (
        told("COERCE", day("2020-11-05"), ["trump"], ["esper"],
             "Two days after the vote he sacked his defense chief, Mark Esper."),
        "dismissal",
    ),
    "another spelling, another type, this week": (
        told("CONSULT", day("2020-11-16", "2020-11-20", "week"), ["ghaani"], ["pmf"],
             "Qaani met militia leaders in Baghdad and told them to hold fire.", BAGHDAD),
        "message",
    ),
    "the same man's earlier visit": (
        told("CONSULT", day("2020-03-31"), ["ghaani"], ["iraq-gov"],
             "Qaani met Shiite leaders.", BAGHDAD, published="2020-04-01"),
        "visit",
    ),
    "its own name in the sentence": (
        told("RETREAT", None, [], ["iran-gov"], "After the nuclear exit the accord withered."),
        "exit",
    ),
    "the same kind of attack five days later": (
        told("ASSAULT", day("2020-09-27"), [], ["us-gov"],
             "Rockets were fired at the Green Zone.", GREEN_ZONE, published="2020-09-28"),
        None,
    ),
    "the right day, other parties": (
        told("ASSAULT", day("2020-01-08"), ["saudi-gov"], ["houthis"],
             "Saudi jets struck Houthi positions.", ("sanaa", "YEM"), published="2020-01-09"),
        None,
    ),
    "parties turned round": (
        told("ASSAULT", day("2020-01-08"), ["us-mil"], ["irgc"],
             "American jets struck Guards positions.", published="2020-01-09"),
        None,
    ),
    "before it happened": (
        told("ASSAULT", None, ["us-mil"], ["soleimani"], "A strike killed Soleimani.",
             published="2019-12-30"),
        None,
    ),
    "cooperation is no attack": (
        told("AID", day("2020-01-08"), ["iran-gov"], ["us-mil"], "Iran sent help.",
             published="2020-01-09"),
        None,
    ),
    "the same sanctions a week later": (
        told("SANCTION", day("2020-06-17"), ["us-treasury"], ["iran-gov"],
             "The Treasury put sanctions on Iranian companies.", published="2020-06-18"),
        None,
    ),
    "the same parties in the same week, another matter": (
        told("COERCE", day("2020-06-10"), ["us-gov"], ["iran-gov"],
             "Cyber units disabled a port's computers.", published="2020-06-11"),
        None,
    ),
    "somebody named, where nobody knows who did it": (
        told("ASSAULT", day("2020-01-20"), ["iran-gov"], ["us-gov"],
             "Iran launched missiles at the mission.", BAGHDAD, published="2020-01-21"),
        None,
    ),
    "somebody named, and the words are the same": (
        told("ASSAULT", day("2020-01-20"), ["iran-gov"], ["us-gov"],
             "Iran fired three Katyusha rockets that landed near the embassy.", BAGHDAD,
             published="2020-01-21"),
        "january rockets",
    ),
    "somebody named, at another place": (
        told("ASSAULT", day("2020-01-08"), ["iran-gov"], ["us-gov"],
             "Iran fired mortar shells at a hotel in the capital, whose guests had fled to the cellar.",
             BAGHDAD, published="2020-01-09"),
        None,
    ),
    "whom the attack hit did not do it": (
        told("ASSAULT", day("2020-01-20"), ["us-gov"], [],
             "American rockets struck a militia by the embassy.", GREEN_ZONE, published="2020-01-21"),
        None,
    ),
    "a host did not do it": (
        told("ASSAULT", day("2020-09-22"), ["iraq-mil"], [], "The army's rockets hit houses.",
             GREEN_ZONE, published="2020-09-23"),
        None,
    ),
    "a saying to nobody named, in other words": (
        told("REQUEST", day("2020-11-18"), ["ghaani"], [],
             "Ghaani asked a neighbour's finance minister for patience over unpaid bills for gas.",
             BAGHDAD),
        None,
    ),
    "another kind of event at the very place on those days": (
        told("PROTEST", day("2020-01-20"), [], ["us-gov"],
             "A crowd set gates of the embassy on fire, and burnt tyres there all night.",
             GREEN_ZONE, published="2020-01-21"),
        "january rockets",
    ),
    "nothing but a kind of event": (
        told("ASSAULT", None, [], [], "There were attacks."),
        None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_report_finds_its_event_or_none(case):
    reported, label = CASES[case]
    match = MATCHER.attach(reported)
    found = match.known.label if match else None
    assert found == label, [(m.known.label, m.why) for m in MATCHER.ranked(reported)]


@pytest.mark.parametrize(
    "reported",
    [
        told("SANCTION", None, ["us-treasury"], ["iran-gov"], "Sanctions on Iranian companies."),
        told("ASSAULT", day("2020-08-20", "2020-11-20", "month"), [], ["us-gov"],
             "Frequent rocket attacks in recent months aimed at the Green Zone.", GREEN_ZONE),
    ],
    ids=["sanctions without a day", "frequent attacks in recent months"],
)  # fmt: skip
def test_what_fits_several_events_alike_is_told_as_ambiguous(reported):
    match = MATCHER.attach(reported)
    assert match is not None
    assert match.rivals


def test_an_exact_day_decides_between_like_events():
    match = MATCHER.attach(
        told(
            "SANCTION", day("2020-06-10"), ["us-treasury"], ["iran-gov"], "Sanctions on companies."
        )
    )
    assert match is not None
    assert (match.known.label, match.rivals) == ("sanctions 6", ())


def test_an_undated_report_means_what_was_news_that_day():
    alike = replace(SEPTEMBER_ROCKETS, id=30, label="next rockets", days=day("2020-09-27"))
    matcher = Matcher([SEPTEMBER_ROCKETS, alike], KINSHIP, COUNTS)
    text = "Rockets were aimed at the Green Zone."
    soon, later = (
        told("ASSAULT", None, [], ["us-gov"], text, GREEN_ZONE, published=on)
        for on in ("2020-09-28", "2020-10-05")
    )
    match = matcher.attach(soon)
    assert (match.known.label, match.rivals) == ("next rockets", ())
    assert matcher.attach(later).rivals


def test_without_a_day_some_words_must_agree():
    long = (
        MISSILES.text
        + " before dawn; soldiers sheltered in bunkers, warned hours ahead by radar crews"
    )
    matcher = Matcher([replace(MISSILES, text=long)], KINSHIP, COUNTS)
    text = "Guards' boats have harassed American warships and troops since spring, with lasers and drones."
    reported = told("ASSAULT", None, ["irgc"], ["us-mil"], text, published="2020-01-10")
    assert matcher.ranked(reported)
    assert matcher.attach(reported) is None


def test_what_differs_in_nothing_but_its_day_is_too_near_to_be_new():
    reported = told(
        "COERCE", day("2020-11-01"), ["us-gov"], ["esper"],
        "He let Esper, the secretary whom he had called weak, go in a letter.", ("mar-a-lago", "USF"),
    )  # fmt: skip
    assert MATCHER.attach(reported) is None
    assert MATCHER.nearest(reported).known.label == "dismissal"


@pytest.mark.parametrize(
    ("said", "held", "agrees"), [(0, 0, 0.5), (0, 3, 0.0), (3, 3, 1.0), (2, 3, 0.6), (None, 3, 0.5)]
)
def test_that_nobody_died_marks_no_event(said, held, agrees):
    reported = told("ASSAULT", None, [], [], "", killed=said)
    assert toll_agrees(reported, replace(JANUARY_ROCKETS, killed=held)) == agrees


def test_the_score_is_explained():
    match = MATCHER.ranked(CASES["year only, the general's name"][0])[0]
    assert "strike with 0." in match.why
    assert "targets 1.00" in match.why
    assert THRESHOLD <= match.score <= 1


def test_a_rejected_event_matches_and_says_so():
    matcher = Matcher([replace(STRIKE, standing=False)], KINSHIP, COUNTS)
    match = matcher.attach(CASES["year only, the general's name"][0])
    assert match is not None
    assert not match.known.standing


def test_order_of_the_known_events_does_not_matter():
    for reported, _ in CASES.values():
        forwards = MATCHER.ranked(reported)
        backwards = Matcher([*SANCTIONS, *ALL][::-1], KINSHIP, COUNTS).ranked(reported)
        assert forwards == backwards


@pytest.mark.parametrize(
    ("one", "other", "closeness"),
    [
        ("us-gov", "us-gov", 1.0),
        ("us-mil", "us-dod", 0.9),
        ("us-mil", "us-gov", 0.8),
        ("trump", "us-gov", 0.9),
        ("us-state", "us-mil", 0.6),
        ("ashab-al-kahf", "kataib-hezbollah", 0.9),
        ("kataib-hezbollah", "aah", 0.6),
        ("kataib-hezbollah", "pmf", 0.9),
        ("kataib-hezbollah", "iraq-gov", 0.0),
        ("irgc-qf", "kataib-hezbollah", 0.0),
        ("us-gov", "iran-gov", 0.0),
        ("nobody", "us-gov", 0.0),
    ],
)
def test_closeness_of_actors(one, other, closeness):
    assert KINSHIP.closeness(one, other, ANY_DAY) == pytest.approx(closeness)
    assert KINSHIP.closeness(other, one, ANY_DAY) == pytest.approx(closeness)


def test_who_belongs_to_whom_is_asked_for_a_day():
    esper = Bond("esper", "member_of", "us-dod", date(2019, 7, 23), date(2020, 11, 9))
    kinship = Kinship([esper, Bond("us-dod", "part_of", "us-gov")], KINDS)
    assert kinship.closeness("esper", "us-gov", date(2020, 11, 9)) == pytest.approx(0.8)
    for before_or_after in (date(2019, 7, 22), date(2020, 11, 10)):
        assert kinship.closeness("esper", "us-gov", before_or_after) == 0


def test_two_events_that_look_the_same_propose_a_merge():
    assert Match(STRIKE, MERGE).proposes_merge
    assert not Match(STRIKE, MERGE - 0.01).proposes_merge
    assert not Match(replace(STRIKE, standing=False), 1.0).proposes_merge


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        (("ASSAULT", "drone"), ("ASSAULT", "aerial"), 0.9, 1.0),
        (("ASSAULT", "drone"), ("ASSAULT", ""), 1.0, 1.0),
        (("ASSAULT", "drone"), ("ASSAULT", "beat"), 0.8, 0.9),
        (("REQUEST", ""), ("CONSULT", ""), 0.7, 0.7),
        (("ACCUSE", ""), ("REQUEST", ""), 0.5, 0.5),
        (("ACCUSE", ""), ("ASSAULT", ""), 0.1, 0.1),
        (("SUPPORT", ""), ("THREATEN", ""), 0.25, 0.25),
        (("RETREAT", "ceasefire"), ("CONCEDE", ""), 0.85, 0.85),
        (("AID", ""), ("ASSAULT", ""), 0.0, 0.0),
    ],
)
def test_likeness_of_types(one, other, least, most):
    assert least <= type_likeness(*one, *other) <= most
    assert type_likeness(*one, *other) == type_likeness(*other, *one)


@pytest.mark.parametrize(
    ("coded", "words"),
    [
        (
            ("ASSAULT", "drone", ["A"], ["B", "C"], "Baghdad"),
            "Attack (drone) by A on B and C, Baghdad",
        ),
        (("ASSAULT", "", [], ["B"]), "Attack on B"),
        (("THREATEN", "", ["A"], []), "Threat by A"),
        (("SANCTION", "", [], [], "Iraq"), "Sanction, parties not named, Iraq"),
        (("CONSULT", "", ["A", "B", "C", "D"], []), "Talks by A, B, C and others"),
    ],
)
def test_a_title_says_what_was_coded_and_no_more(coded, words):
    assert title(*coded) == words
