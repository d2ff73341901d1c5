"""How alike two spellings are."""

import pytest

from apps.annotations.likeness import LEAST, likeness


@pytest.mark.parametrize(
    ("name", "known", "person", "told"),
    [
        ("Khamene'i", "Khamenei", True, "but for accents"),
        ("Al-Asad", "Asad", False, "but for accents"),
        ("Recep Tayyip Erdoğan", "Recep Tayyip Erdogan", True, "but for accents"),
        ("Zarif Javad", "Javad Zarif", True, "another order"),
        ("Kassim Suleimani", "Qassem Soleimani", True, "another transliteration"),
        ("Ismail Qaani", "Esmail Ghaani", True, "another transliteration"),
        ("Mohammad Khaddafi", "Muhammad Khadafi", True, "another transliteration"),
        ("I.A.E.A.", "International Atomic Energy Agency", False, "the initials of"),
        ("International Atomic Energy Agency", "IAEA", False, "written out"),
        ("Suleimani", "Qassem Soleimani", True, "the last name of"),
        ("Harakat Hizbullah al-Nujabaa", "Harakat Hezbollah al-Nujaba", False, "transliteration"),
        ("Popular Mobilisation Units", "Popular Mobilization Units", False, "almost"),
    ],
)
def test_the_same_name_in_another_spelling_is_found(name, known, person, told):
    found = likeness(name, known, person=person)
    assert found.score >= LEAST
    assert told in found.why


@pytest.mark.parametrize(
    ("name", "known", "person"),
    [
        ("Javad Zarif", "Qassem Soleimani", True),
        ("Ali", "Ali Khamenei", True),
        ("Army", "Arms", False),
        ("UN", "United Nations", False),
        ("Soleimani Brigade", "Qassem Soleimani", True),
        ("", "Qassem Soleimani", True),
        ("Mike Pence", "Mike Pompeo", True),
        ("Iran", "Iraq", False),
        ("Bank", "World Bank", False),
    ],
)
def test_other_names_stay_apart(name, known, person):
    assert likeness(name, known, person=person).score < LEAST


def test_the_closer_spelling_counts_more():
    same, spelt, last = (
        likeness(name, "Qassem Soleimani", person=True).score
        for name in ("Qassem Soleimâni", "Kassem Suleimani", "Soleimani")
    )
    assert same > spelt > last
