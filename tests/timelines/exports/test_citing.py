"""A citation names what it cites, as of which day, where and when read; no program stumbles over it."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.events.models import Event
from apps.timelines.exports.citing import Citation, as_bibtex, as_ris, as_text, tex
from tests.factories import make_article, make_quote

CITED = Citation(
    key="tensionline-USIR-20200108-1",
    title="Missiles hit 50% of the base & {more}",
    part="event USIR-20200108-1, US-Iran, 2020",
    url="https://tension.example/events/USIR-20200108-1/?as_of=2020-01-20",
    licence="CC BY 4.0",
    as_of=date(2020, 1, 20),
    accessed=date(2026, 11, 22),
)


def test_text_is_one_line_for_a_footnote():
    assert as_text(CITED) == (
        "“Missiles hit 50% of the base & {more}”, event USIR-20200108-1, US-Iran, 2020, Tensionline, "
        "as known on 20 January 2020, https://tension.example/events/USIR-20200108-1/?as_of=2020-01-20 "
        "(accessed 22 November 2026).\n"
    )


def test_bibtex_keeps_every_sign_from_being_a_command():
    assert as_bibtex(CITED) == (
        "@misc{tensionline-USIR-20200108-1,\n"
        "  title = {{Missiles hit 50\\% of the base \\& \\{more\\}}},\n"
        "  author = {{Tensionline}},\n"
        "  year = {2020},\n"
        "  howpublished = {event USIR-20200108-1, US-Iran, 2020},\n"
        "  note = {as known on 20 January 2020; CC BY 4.0},\n"
        "  url = {https://tension.example/events/USIR-20200108-1/?as_of=2020-01-20},\n"
        "  urldate = {2026-11-22},\n"
        "}\n"
    )


@given(st.text())
def test_no_text_opens_or_closes_a_brace_of_bibtex(value):
    bare = re.sub(r"\\text\w+\{\}|\\[{}#$%&_]", "", tex(value))
    assert not set(bare) & set("\\{}#$%&_^~\n\r")


@given(st.text())
def test_every_line_of_ris_is_a_field(value):
    cited = Citation("key", value, value, "https://x.example/", value, None, date(2026, 1, 1))
    for line in as_ris(cited).removesuffix("\r\n").split("\r\n"):
        assert re.match(r"[A-Z][A-Z0-9]  - ", line), line


def test_ris_begins_with_its_type_and_ends_with_its_end():
    lines = as_ris(CITED).split("\r\n")
    assert lines[0] == "TY  - ELEC"
    assert lines[-2:] == ["ER  - ", ""]
    assert "UR  - https://tension.example/events/USIR-20200108-1/?as_of=2020-01-20" in lines
    assert "Y2  - 2026/11/22" in lines


def test_an_event_is_cited_as_of_the_day_that_its_page_shows(client, world):
    today = datetime.now(UTC).date()
    answer = client.get("/events/USIR-20200108-1/cite.txt", {"as_of": "2020-01-20"})
    body = answer.content.decode()
    assert "http://testserver/events/USIR-20200108-1/?as_of=2020-01-20" in body
    assert "as known on 20 January 2020" in body
    assert f"accessed {today.day} " in body
    name = 'attachment; filename="tensionline-USIR-20200108-1.txt"'
    assert answer["Content-Disposition"] == name


def test_a_view_is_cited_with_its_filters(client, world):
    body = client.get("/timelines/us-iran-2020/cite.ris", {"dyad": "us-iran"}).content.decode()
    assert "UR  - http://testserver/timelines/us-iran-2020/?dyad=us-iran\r\n" in body
    assert "United States – Iran" in body


@pytest.mark.parametrize(
    "path",
    [
        "events/USIR-20200108-1/cite.pdf",
        "events/USIR-20200301-1/cite.txt?as_of=2020-01-20",  # not known by then
        "events/nothing/cite.txt",
        "timelines/us-iran-2020/cite.pdf",
        "timelines/nowhere/cite.txt",
    ],
)
def test_what_there_is_not_is_not_found(client, world, path):
    assert client.get(f"/{path}").status_code == 404


def test_a_proposal_is_not_cited(client, world):
    Event.objects.filter(pk=world.attack.pk).update(status=Event.Status.PROPOSED)
    assert client.get("/events/USIR-20200108-1/cite.bib").status_code == 404


def test_an_event_that_was_merged_is_cited_as_the_one_it_became(client, world):
    merged = {"status": Event.Status.MERGED, "merged_into": world.attack}
    Event.objects.filter(pk=world.strike.pk).update(**merged)
    answer = client.get("/events/USIR-20200103-1/cite.bib?as_of=2020-02-01")
    assert answer.status_code == 301
    assert answer.url == "/events/USIR-20200108-1/cite.bib?as_of=2020-02-01"


def test_an_article_is_cited_with_whose_it_is_and_where_it_stands_here(client, world):
    version = make_article("The base was hit.", title="Base hit")
    page = f"/articles/{version.article_id}/"
    assert client.get(f"{page}cite.txt").status_code == 404  # nothing public rests on it
    make_quote(world.attack, version, "The base was hit.")
    shown = client.get(page).content.decode()
    assert f'href="{page}cite.ris"' in shown
    body = client.get(f"{page}cite.txt").content.decode()
    assert "“Base hit”, annotated article" in body
    assert version.article.url in body
    assert f"http://testserver{page}" in body
    assert client.get(f"{page}cite.pdf").status_code == 404


@pytest.mark.parametrize("path", ["events.csv", "events.atom", "report/", "cite.txt"])
def test_a_mistyped_filter_is_refused_and_not_left_out(client, world, path):
    answer = client.get(f"{world.timeline.get_absolute_url()}{path}", {"typ": "ASSAULT"})
    assert answer.status_code == 400
    assert "“typ” is no filter; there are: actor, alone" in answer.content.decode()
