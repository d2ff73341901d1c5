"""The search: what is found by words, phrases and names however they are spelt, and what is never shown."""

import re
from datetime import UTC, date, datetime
from itertools import count, islice

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from apps.actors.models import Alias
from apps.events.models import Event, Evidence
from apps.timelines.queries import names as queries_names
from apps.timelines.queries import search as queries_search
from apps.timelines.queries.highlights import CLOSE, OPEN, runs
from apps.timelines.search.asked import LONGEST, MOST_TERMS, parse
from apps.timelines.search.names import Name, meant, suggestions
from tests import loaded
from tests.factories import (
    make_actor,
    make_article,
    make_claim,
    make_event,
    make_place,
    make_quote,
    make_timeline,
)


def found(client, line: str, **query: str) -> str:
    response = client.get("/search/", {"q": line, **query})
    assert response.status_code == 200
    return response.content.decode()


def titles(page: str, group: str = "") -> list[str]:
    """The titles of what was found, of one kind if `group` is named."""
    if group:
        page = page.partition(f'aria-labelledby="found-{group}"')[2].partition("</section>")[0]
    links = re.findall(r'class="found-title"[^>]*>(.*?)</a>', page, re.S)
    return [re.sub(r"<[^>]+>", "", link).replace("&#x27;", "'") for link in links]


# --- the line -----------------------------------------------------------------------------


def test_a_line_is_words_phrases_and_what_is_not_wanted():
    asked = parse('rockets "Green Zone" -drill Kata')
    assert [(t.text, t.phrase, t.prefix) for t in asked.wanted] == [
        ("rockets", False, False),
        ("Green Zone", True, False),
        ("Kata", False, True),
    ]
    assert [t.text for t in asked.unwanted] == ["drill"]


def test_a_hyphen_inside_a_word_takes_nothing_away():
    assert [t.text for t in parse("US-Iran talks").wanted] == ["US-Iran", "talks"]


def test_a_line_without_letters_asks_for_nothing():
    assert parse('  - "" :* & | ! \\ \' ').wanted == ()


def test_a_long_line_is_cut_and_says_so():
    assert parse("word " * 100).cut
    assert len(parse("x" * 10_000).text) == LONGEST
    assert not parse("a short line").cut


@given(st.text(max_size=300))
def test_whatever_is_typed_can_be_asked(line):
    asked = parse(line)
    assert len(asked.wanted) + len(asked.unwanted) <= MOST_TERMS
    assert "\0" not in asked.text


# --- names --------------------------------------------------------------------------------

NAMES = [
    Name(1, "Qassem Soleimani", True),
    Name(2, "Muqtada al-Sadr", True),
    Name(3, "Hezbollah"),
    Name(4, "Kataib Hezbollah"),
    Name(5, "Iran"),
]


@pytest.mark.parametrize(
    ("line", "owners"),
    [
        ("Qasem Suleimani", [1]),
        ("Kassem Sulaimani", [1]),
        ("Ghassem Soleymani", [1]),
        ("Soleimani Qassem", [1]),
        ("Moqtada Sadr", [2]),
        ("Hezbullah", [3]),
        ("Kata'ib Hizbollah", [4]),
        ("Suleimani Iran", [1, 5]),
        ("missile", []),
        ("irony", []),
    ],
)
def test_names_are_known_however_they_are_spelt(line, owners):
    assert [one.owners[0] for one in meant(parse(line).wanted, NAMES)] == owners


def test_a_longer_name_goes_before_the_shorter_one_in_it():
    (one,) = meant(parse("Kataib Hezbollah").wanted, NAMES)
    assert (one.first, one.last, one.owners) == (0, 1, (4,))


def test_what_was_perhaps_meant_is_suggested():
    assert suggestions("Solemani Kasem", ["Qassem Soleimani", "Iran"]) == ["Qassem Soleimani"]


# --- marks --------------------------------------------------------------------------------


def test_marks_are_runs_of_text_never_markup():
    assert [(run.text, run.marked) for run in runs(f"A {OPEN}<b>{CLOSE} c")] == [
        ("A ", False),
        ("<b>", True),
        (" c", False),
    ]


# --- what is found ------------------------------------------------------------------------


@pytest.fixture
def force():
    person = make_actor("soleimani", name="Qassem Soleimani", kind="person", country="IRN")
    Alias.objects.create(actor=person, name="Haj Qasem", kind="official")
    return person


@pytest.mark.django_db
class TestEvents:
    def test_all_words_must_be_there_and_endings_do_not_count(self, client):
        make_event("Rockets strike the airport", summary="Three Katyushas fell.")
        make_event("A strike in the port")
        assert titles(found(client, "rocket airports")) == ["Rockets strike the airport"]
        assert titles(found(client, "strike katyusha")) == ["Rockets strike the airport"]

    def test_the_last_word_may_be_a_beginning_a_phrase_keeps_its_order(self, client):
        make_event("The Green Zone is shelled")
        make_event("A zone that is green")
        assert len(titles(found(client, "green zon"))) == 2
        assert titles(found(client, '"green zone"')) == ["The Green Zone is shelled"]
        assert titles(found(client, "zone -shelled")) == ["A zone that is green"]

    def test_accents_do_not_count(self, client):
        make_event("Hūthī drones cross")
        assert titles(found(client, "huthi")) == ["Hūthī drones cross"]

    def test_whoever_is_named_brings_the_events_it_takes_part_in_and_the_page_says_so(
        self, client, force
    ):
        make_event("A drone strike at the airport", at=[force])
        make_event("A parade")
        page = found(client, "Ghasem Suleymani")
        assert titles(page, "events") == ["A drone strike at the airport"]
        assert titles(page, "actors") == ["Qassem Soleimani"]
        assert "Takes part: Qassem Soleimani" in page
        assert "Read as a name:" in page

    def test_a_name_and_a_word_narrow_each_other(self, client, force):
        make_event("A drone strike at the airport", at=[force])
        make_event("A visit to Damascus", by=[force])
        make_event("A drone is shown")
        assert titles(found(client, "Suleimani drone"), "events") == [
            "A drone strike at the airport"
        ]

    def test_a_text_that_names_somebody_is_found_by_another_spelling(self, client, force):
        make_event("Mourners bury Soleimani in Kerman")
        assert titles(found(client, "Qasem Sulaimani"), "events") == [
            "Mourners bury Soleimani in Kerman"
        ]

    def test_the_title_and_the_part_go_before_the_rest(self, client):
        make_event("A quiet day", summary="Far away a missile was tested.", start=date(2020, 5, 1))
        make_event("A missile hits a base", start=date(2020, 1, 1))
        assert titles(found(client, "missile"))[0] == "A missile hits a base"
        assert titles(found(client, "missile", sort="new"))[0] == "A quiet day"

    def test_only_what_is_public_is_found(self, client):
        make_event("A secret missile", status="proposed")
        make_event("A rejected missile", status="rejected")
        assert "Nothing was found" in found(client, "missile")

    def test_choices_narrow_and_are_counted_without_themselves(self, client):
        make_timeline("gulf", title="The Gulf")
        make_event("A missile hits", type="ASSAULT", start=date(2019, 5, 1))
        make_event("A missile is shown", type="THREATEN", start=date(2020, 5, 1))
        page = found(client, "missile", type="THREATEN")
        assert titles(page) == ["A missile is shown"]
        facet = page.partition('id="facet-type"')[2].partition("</section>")[0]
        assert re.findall(r'class="count">(\d+)', facet) == ["1", "1"]
        years = page.partition('id="facet-year"')[2].partition("</section>")[0]
        assert "2020" in years
        assert "2019" not in years

    def test_pages_follow_each_other(self, client):
        for number in range(23):
            make_event(f"Rocket {number}")
        first = found(client, "rocket", kind="events")
        second = found(client, "rocket", kind="events", page="2")
        assert len(titles(first)) == 20
        assert len(titles(second)) == 3
        assert not set(titles(first)) & set(titles(second))
        assert 'rel="next"' in first
        assert 'rel="prev"' in second

    def test_text_is_escaped_and_what_was_looked_for_marked(self, client):
        make_event('<script>alert("x")</script> missile \ue000fires\ue001')
        page = found(client, "missile")
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
        assert "<mark>missile</mark>" in page
        assert "<mark>fires" not in page


@pytest.mark.django_db
class TestArticles:
    def test_public_articles_are_found_in_their_newest_version(self, client):
        version = make_article("Sirens howled over the compound at dawn. A base was hit.")
        make_quote(make_event("A base is hit"), version, "A base was hit.")
        hidden = make_article("Sirens howled in another town.", title="Not public")
        page = found(client, "sirens howl", kind="articles")
        assert titles(page) == [version.title]
        assert "<mark>Sirens</mark>" in page
        assert hidden.title not in page


@pytest.mark.django_db
class TestAsOf:
    def test_events_that_were_not_known_yet_are_not_found(self, client):
        make_event("A missile hits", start=date(2020, 1, 8))
        assert titles(found(client, "missile", as_of="2020-01-07")) == []
        assert titles(found(client, "missile", as_of="2020-01-09")) == ["A missile hits"]

    def test_a_summary_that_may_tell_of_later_things_is_neither_searched_nor_shown(self, client):
        event = make_event("A missile hits", summary="Later 110 injuries.", start=date(2020, 1, 8))
        make_claim(event, known_at=datetime(2020, 2, 10, tzinfo=UTC))
        assert titles(found(client, "injuries", as_of="2020-01-20")) == []
        assert "110" not in found(client, "missile", as_of="2020-01-20")
        assert titles(found(client, "missile -injuries", as_of="2020-01-20")) == ["A missile hits"]
        assert titles(found(client, "injuries")) == ["A missile hits"]


@pytest.mark.django_db
class TestWhatCannotBeAnswered:
    def test_an_empty_line_and_signs_alone_are_told_so(self, client):
        assert "every article that is public" in found(client, "")
        assert "There is no word in it" in found(client, "&|!:*()")
        assert "What is wanted?" in found(client, "-iran")

    def test_a_name_that_nearly_fits_is_suggested(self, client, force):
        page = found(client, "Soleimont")
        assert "Did you mean:" in page
        assert "Qassem Soleimani" in page

    @pytest.mark.parametrize(
        "line",
        [
            "' OR 1=1 --",
            "a\0b",
            "\\",
            "foo:* & !bar | (baz) <-> 'qux",
            '"unclosed phrase',
            "%_%",
            "<script>",
            "x" * 5000,
            "the",
            "ك ت ا ب",
            "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        ],
    )
    def test_no_line_breaks_it(self, client, force, line):
        make_event("An event", by=[force])
        assert client.get("/search/", {"q": line}).status_code == 200

    def test_choices_that_make_no_sense_are_left_out_in_a_sentence(self, client):
        page = found(client, "x", kind="zz", type="NOPE", page="-1", year="9", timeline="none")
        assert page.count("is nothing to choose here") == 5


@pytest.mark.django_db
def test_names_are_found_without_pg_trgm_too(client, force, monkeypatch):
    monkeypatch.setattr(queries_names, "has_trigrams", lambda: False)
    assert titles(found(client, "Kasem Sulaimani"), "actors") == ["Qassem Soleimani"]


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_what_is_found(client, force):
    numbers = count()

    def queries(many: int) -> int:
        for number in islice(numbers, many):
            event = make_event(f"Missile {number}", by=[force], place=make_place(f"place-{number}"))
            make_quote(event, make_article(f"A missile text {number}."), "A missile")
            make_timeline(f"timeline-{number}")
        with CaptureQueriesContext(connection) as told:
            found(client, "missile Suleimani")
            found(client, "missile")
        return len(told)

    queries(1)
    assert queries(1) == queries(3)


@pytest.mark.django_db
def test_words_are_read_by_their_index():
    """Whatever stands in the table: without the index a search would read every text through."""
    known = datetime(2020, 1, 2, tzinfo=UTC)
    events = Event.objects.bulk_create(
        Event(
            public_id=f"E-{n}",
            title=f"Report {n} about word{n % 400}",
            type="CONSULT",
            start=date(2020, 1, 1),
            end=date(2020, 1, 1),
            precision="day",
            edtf="2020-01-01",
            status="published",
            first_public_at=known,
        )
        for n in range(2000)
    )
    Evidence.objects.bulk_create(
        Evidence(
            event=event,
            url="https://news.example/1",
            stance="supports",
            standing="published",
            known_at=known,
        )
        for event in events
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE events_event")
    asked = parse("report word17 -nothing")
    wanted = queries_search.wanted(asked, queries_names.named(asked, None))
    for moment in (None, datetime(2020, 3, 1, tzinfo=UTC)):
        ((events, _),) = queries_search._ways(wanted, moment)
        plan = queries_search.newest(events).explain()
        assert "search_events" in plan
        assert "Seq Scan on events_event" not in plan


# --- the dossier itself -------------------------------------------------------------------

CASES = [
    # What an analyst types, a kind, and words of the title that must come first.
    ("Qasem Suleimani", "events", "kills Qassem Soleimani"),
    ("Kassem Sulaimani", "actors", "Qassem Soleimani"),
    ("Ghassem Soleymani", "actors", "Qassem Soleimani"),
    ("Moqtada Sadr", "actors", "Muqtada al-Sadr"),
    ("Hezbullah", "actors", "Hezbollah"),
    ("Tramp", "actors", "Donald Trump"),
    ('"Ain al-Asad" missiles', "events", "Iran fires ballistic missiles"),
    ("natanz explos", "events", "Explosion wrecks"),
    ("Rouhani", "actors", "Hassan Rouhani"),
]


@pytest.mark.django_db
def test_the_first_dossier_answers(client):
    loaded.us_iran()
    missed = []
    for line, kind, title in CASES:
        told = titles(found(client, line, kind=kind))
        if not told or title not in told[0]:
            missed.append((line, told[:3]))
    assert missed == []
