"""Texts that a program rewrote: several kinds of marks together, never one alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.articles.extract import paraphrase
from apps.articles.incoming import Incoming, enqueue
from apps.articles.ingest import ingest
from apps.articles.models import Article

REWRITTEN = (
    "The extroverted Obama administration warned the center east. Officials told the New York Occasions so. "
    "The secretary normal of the United Nations was silent."
)
PLAIN = (
    "The outgoing administration warned the Middle East. Officials told the New York Times so. “We know,” said "
    "a general. The U.S. troops left at 5 p.m. on Friday, vs. what was planned."
)
TRACED = (
    "The extroverted president spoke. , who left. He went to the office. then he slept. “We know, ”said he. "
    "It was in two months. 7;s allies came."
)


def test_three_tortured_phrases_mark_a_text_and_are_shown():
    note = paraphrase.note(REWRITTEN)
    assert "“extroverted Obama administration” for “outgoing administration”" in note
    assert "“New York Occasions” for “New York Times”" in note


def test_one_phrase_and_several_traces_mark_a_text():
    note = paraphrase.note(TRACED)
    for trace in ("a point before a comma", "begins small", "on the wrong side", "a broken entity"):
        assert trace in note


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "The extroverted president of the club spoke.",
        TRACED.replace("extroverted", "outgoing"),
        REWRITTEN.split(". ")[0],
        "",
    ],
)
def test_a_text_with_fewer_marks_is_not_marked(text):
    assert paraphrase.note(text) == ""


def test_every_phrase_of_the_table_finds_itself():
    for _, form, meant in paraphrase._table():
        phrase = form.pattern.replace("\\b", "").replace(paraphrase._GAP, "").replace("\\", "")
        assert [m for p, m in paraphrase.tortured(f"They said {phrase} was so.") if m == meant], (
            phrase
        )


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text):
    assert isinstance(paraphrase.note(text), str)


@pytest.mark.django_db
def test_an_article_keeps_and_shows_by_what_it_is_known(admin_client):
    def bring(text: str) -> Article:
        url = "https://news.example/1"
        batch = enqueue(
            [Incoming(label="1", raw=text.encode(), url=url, content_type="text/plain")], label="x"
        )
        ingest(batch.items.get())
        return Article.objects.get()

    article = bring(REWRITTEN)
    assert "New York Occasions" in article.paraphrase_note
    page = admin_client.get(article.get_absolute_url()).content.decode()
    assert "Reads as if a program had rewritten it" in page
    assert bring(PLAIN).paraphrase_note == "", "a later version may be put right"
    assert "rewritten it" not in admin_client.get(article.get_absolute_url()).content.decode()
