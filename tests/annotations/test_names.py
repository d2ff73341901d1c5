"""Actors named in a text. Published on 20 November 2020 unless a test says otherwise."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.annotations.pipeline import sentences
from apps.annotations.pipeline.names import ActorFinder
from apps.annotations.pipeline.names_forms import skeleton
from apps.annotations.pipeline.types import ActorEntry, ActorMention, Lexicon
from tests.annotations.small_lexicon import ACTORS, LEXICON, PUBLISHED

FINDER = ActorFinder(LEXICON)


def find(text: str, published: date | None = PUBLISHED) -> list[ActorMention]:
    """Mentions of a text, sentences split."""
    return FINDER.find(text, sentences.split(text), published)


def actors(text: str, published: date | None = PUBLISHED) -> list[tuple[str, str | None]]:
    """Surface and actor of every mention."""
    return [(m.surface, m.actor) for m in find(text, published)]


@pytest.mark.parametrize(
    ("surface", "actor"),
    [
        ("Esmail Ghaani", "ghaani"),
        ("Esmail Qaani", "ghaani"),
        ("Ismail Qa'ani", "ghaani"),
        ("Qasem Soleimani", "soleimani"),
        ("Qassim Suleimani", "soleimani"),
        ("Kassem Suleymani", "soleimani"),
        ("Mustafa Kadhimi", "kadhimi"),
        ("Mustafa al-Kazimi", "kadhimi"),
        ("Kataeb Hizbullah", "kataib-hezbollah"),
        ("Kata’ib Hezbollah", "kataib-hezbollah"),
        ("Ashab Al Kahf", "ashab-al-kahf"),
    ],
)
def test_spellings_of_one_name(surface: str, actor: str) -> None:
    assert actors(f"Later {surface} spoke.") == [(surface, actor)]


def test_a_word_that_only_sounds_alike_in_another_script_is_no_name() -> None:
    assert skeleton("miller") == skeleton("mueller")
    assert actors("US investigators met Mueller.") == [("US", "us-gov")]


@pytest.mark.parametrize(
    ("text", "surface", "actor"),
    [
        ("The US defence secretary spoke.", "US defence secretary", "miller"),
        ("The U.S. Secretary of Defense spoke.", "U.S. Secretary of Defense", "miller"),
        ("Iran’s top leader spoke.", "Iran’s top leader", "khamenei"),
        ("The Supreme Leader of Iran spoke.", "Supreme Leader of Iran", "khamenei"),
        ("The Iraqi prime minister spoke.", "Iraqi prime minister", "kadhimi"),
        ("The commander of the Quds Force spoke.", "commander of the Quds Force", "ghaani"),
    ],
)
def test_an_office_means_its_holder_on_the_day(text: str, surface: str, actor: str) -> None:
    assert actors(text) == [(surface, actor)]


def test_an_office_changes_its_holder_with_the_day() -> None:
    text = "The US defense secretary met the Quds Force commander."
    on = {
        day: [actor for _, actor in actors(text, day)]
        for day in (date(2019, 12, 1), date(2020, 11, 9))
    }
    assert on[date(2019, 12, 1)] == ["esper", "soleimani"]
    assert on[date(2020, 11, 9)] == ["esper", "ghaani"]
    assert [actor for _, actor in actors(text, date(2020, 11, 10))] == ["miller", "ghaani"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He met Defense Secretary Mark Esper.", ("Defense Secretary Mark Esper", "esper")),
        ("He met Secretary of Defense Mark Esper.", ("Secretary of Defense Mark Esper", "esper")),
        ("Iranian General Esmail Ghaani left.", ("Iranian General Esmail Ghaani", "ghaani")),
        ("President Donald Trump left.", ("President Donald Trump", "trump")),
        (
            "Quds Force commander Qassem Soleimani left.",
            ("Quds Force commander Qassem Soleimani", "soleimani"),
        ),
    ],
)
def test_titles_belong_to_the_name(text: str, expected: tuple[str, str]) -> None:
    assert expected in actors(text)
    assert ("Iranian", "iran-gov") not in actors(text)


def test_a_name_in_apposition_names_its_force() -> None:
    text = "Esmail Ghaani, head of the Guard’s Expeditionary Force, left."
    assert actors(text) == [("Esmail Ghaani", "ghaani"), ("Guard’s Expeditionary Force", "irgc-qf")]


def test_what_stands_before_a_name_in_apposition_is_the_person() -> None:
    text = "On Friday a missile struck Iran’s supreme general, Qassim Soleimani."
    assert actors(text) == [
        ("Iran’s supreme general", "soleimani"),
        ("Qassim Soleimani", "soleimani"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Tehran accused Washington of lying.",
            [("Tehran", "iran-gov", "metonym"), ("Washington", "us-gov", "metonym")],
        ),
        ("They discussed Tehran’s request.", [("Tehran", "iran-gov", "metonym")]),
        ("The White House denied it.", [("White House", "us-gov", "metonym")]),
        ("The Pentagon denied it.", [("Pentagon", "us-dod", "metonym")]),
        ("The envoys met in Tehran.", []),
        ("They flew to Baghdad and met near Tehran.", []),
        ("They ran it in the Washington Post.", []),
        ("Protests shook Baghdad’s Green Zone.", []),
    ],
)
def test_a_capital_acts_or_is_a_place(text: str, found: list[tuple[str, str, str]]) -> None:
    assert [(m.surface, m.actor, m.kind) for m in find(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Iran launched missiles.", [("Iran", "iran-gov", "alias")]),
        ("US troops in Iraq were hit.", [("US troops", "us-mil", "alias")]),
        ("American forces left northern Iraq.", [("American forces", "us-mil", "alias")]),
        ("An Iranian-backed force left.", [("Iranian", "iran-gov", "demonym")]),
        ("An Iran – backed force left.", [("Iran", "iran-gov", "demonym")]),
        ("He criticised the Iran deal.", [("Iran", "iran-gov", "demonym")]),
        ("Iranian drones were seen.", [("Iranian drones", "iran-gov", "role")]),
        ("Iraqi militia factions met.", [("Iraqi militia factions", "pmf", "role")]),
        ("Iraqi security forces came.", [("Iraqi security forces", "iraq-mil", "role")]),
        ("French envoys met.", [("French", None, "demonym")]),
    ],
)
def test_countries_and_demonyms(text: str, found: list[tuple[str, str | None, str]]) -> None:
    assert [(m.surface, m.actor, m.kind) for m in find(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "Give us the order.",
        "He fired an AK-47.",
        "Michael Jordan won.",
        "Trump Tower opened to us.",
    ],
)
def test_words_that_name_nobody(text: str) -> None:
    assert {m.actor for m in find(text)} <= {None, "trump"}
    assert not any(m.kind == "acronym" or m.surface == "us" for m in find(text))


def test_hezbollah_of_lebanon_and_kataib_hezbollah() -> None:
    both = "Kataib Hezbollah denied it in Iraq. In Lebanon, Hezbollah agreed."
    assert [a for _, a in actors(both)] == ["kataib-hezbollah", "hezbollah-lb"]
    iraqi = "Kataib Hezbollah denied it. Hezbollah fighters in Iraq agreed."
    assert [a for _, a in actors(iraqi)] == ["kataib-hezbollah", "kataib-hezbollah"]


def test_a_last_name_alone_after_the_full_name() -> None:
    assert [a for _, a in actors("Esmail Qaani came. Qaani left.")] == ["ghaani", "ghaani"]


def test_a_last_name_with_another_first_name_is_somebody_else() -> None:
    assert ("Dehghan", "dehghan") not in actors("Iran named Reza Dehghan. Dehghan spoke.")


@pytest.mark.parametrize(
    ("text", "surface", "actor"),
    [
        ("Mark Esper left. He had objected.", "He", "esper"),
        ("Trump spoke. His firing of Mark Esper surprised them.", "His", "trump"),
        ("Esmail Ghaani came and while he was there, rockets fell.", "he", "ghaani"),
        ("Ashab al-Kahf claimed it. The group gave no proof.", "The group", "ashab-al-kahf"),
        (
            "Kataib Hezbollah spoke. Days passed. The militia left.",
            "The militia",
            "kataib-hezbollah",
        ),
    ],
)
def test_references(text: str, surface: str, actor: str) -> None:
    mention = next(m for m in find(text) if m.surface == surface)
    assert (mention.actor, mention.kind) == (actor, "coreference")


def test_a_reference_does_not_reach_far_back_and_not_over_an_unknown_person() -> None:
    far = "Ashab al-Kahf claimed it. One. Two came. Three came. Four came. The group left."
    assert ("The group", "ashab-al-kahf") not in actors(far)
    over = "Mark Esper left. Senator Jane Roe said that he lied."
    assert not any(m.surface == "he" and m.actor == "esper" for m in find(over))


def test_a_described_general_is_the_one_in_office_whom_the_text_names() -> None:
    text = (
        "A senior Iranian general came. Iran’s supreme general, Qassem Soleimani, died in January. "
        "Iranian General Esmail Ghaani spoke."
    )
    assert actors(text)[0] == ("A senior Iranian general", "ghaani")
    assert actors("A senior Iranian general came.") == [("Iranian", "iran-gov")]


def test_an_adviser_to_the_leader_is_not_the_leader() -> None:
    text = "An adviser to Iran’s top leader warned. “No war,” said Hossein Dehghan."
    assert actors(text)[0] == ("An adviser to Iran’s top leader", "dehghan")
    assert actors("An adviser to Iran’s top leader warned.")[0][1] == "iran-gov"


def test_ordinary_words_are_weak_and_need_their_country() -> None:
    assert [(m.surface, m.kind) for m in find("Two tankers left.")] == [("tankers", "weak")]
    assert actors("Five civilians died in Norway.") == []
    assert ("civilians", "iraq-public") in actors(
        "Rockets hit Iraq’s capital and five civilians died."
    )
    assert ("foreign ministry", "iran-gov") not in actors(
        "The foreign ministry of Norway denied it."
    )


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("Colonel Wayne Marotto denied it.", "Wayne Marotto"),
        ("The attack was wrong, Jane Roe said.", "Jane Roe"),
        ("The Saraya Salam Brigades claimed it.", "Saraya Salam Brigades"),
    ],
)
def test_unknown_names_are_offered(text: str, surface: str) -> None:
    assert [(m.surface, m.actor, m.kind) for m in find(text)] == [(surface, None, "unknown")]


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    for mention in find(text):
        assert mention.surface == mention.span.of(text)


WORDS = [
    "Iran",
    "US troops",
    "Esmail Qaani",
    "he",
    "the group",
    "said",
    "in",
    "Kataib Hezbollah",
    "Iranian",
    "general",
    ",",
    ".",
    "\n\n",
    "A senior",
    "adviser to",
    "President",
    "Trump",
    "Baghdad",
    "’s",
    "-backed",
]


@given(
    st.lists(st.sampled_from(WORDS), max_size=30),
    st.sampled_from([None, PUBLISHED, date(2019, 1, 1)]),
)
def test_mentions_match_the_text_and_do_not_overlap(
    words: list[str], published: date | None
) -> None:
    text = " ".join(words)
    end = 0
    for mention in find(text, published):
        assert mention.surface == mention.span.of(text)
        assert end <= mention.span.start < mention.span.end <= len(text)
        assert mention.actor is None or mention.actor in {a.id for a in ACTORS}
        end = mention.span.end


@settings(max_examples=4, deadline=None)
@given(st.permutations(["Iran struck. He left.", "Mark Esper spoke. He left.", "The group left."]))
def test_a_text_is_read_alike_whatever_was_read_before(texts: list[str]) -> None:
    alone = {
        text: ActorFinder(LEXICON).find(text, sentences.split(text), PUBLISHED) for text in texts
    }
    assert {text: find(text) for text in texts} == alone


def test_the_order_of_the_lexicon_does_not_matter() -> None:
    text = "Iran’s top leader met Esmail Qaani and Kataib Hezbollah. The group left Tehran’s side."
    turned = ActorFinder(Lexicon(tuple(reversed(ACTORS)), (), ()))
    assert turned.find(text, sentences.split(text), PUBLISHED) == find(text)


def test_ten_thousand_actors_cost_a_text_no_more_time() -> None:
    letters = "bdfghklmnprstvz"
    names = [
        f"{a}a{b}o{c}im {c}u{b}a{a}ek".title() for a in letters for b in letters for c in letters
    ]
    crowd = tuple(ActorEntry(f"x{i}", name, "person", "IRQ") for i, name in enumerate(names * 3))[
        :10000
    ]
    crowded = ActorFinder(Lexicon(ACTORS + crowd, (), ()))
    text = "Iran struck US troops in Iraq on Thursday, Esmail Qaani said. " * 400
    spans = sentences.split(text)
    started = time.process_time()
    FINDER.find(text, spans, PUBLISHED)
    few = time.process_time() - started
    started = time.process_time()
    crowded.find(text, spans, PUBLISHED)
    assert time.process_time() - started < 3 * few + 0.5
