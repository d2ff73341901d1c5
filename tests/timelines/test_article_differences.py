"""What changed between two versions of an article: what is shown, to whom, and as of which day."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.articles.models import ArticleVersion
from tests.factories import make_article, make_event, make_quote
from tests.timelines.test_article_views import HOSTILE, words
from tests.timelines.test_language import NAMES, NOT_WORDS, said_on

pytestmark = pytest.mark.django_db
TEXT = "\n".join(
    ["Three soldiers were killed.", *(f"Paragraph {n} tells the rest of it." for n in range(8))]
)
PUBLISHED = datetime(2020, 1, 3, 12, tzinfo=UTC)


def later(
    first: ArticleVersion, text: str, *, title: str = "A dispatch", **values
) -> ArticleVersion:
    number = first.article.versions.count() + 1
    values.setdefault("fetched_at", PUBLISHED + timedelta(days=number))
    digest = sha256(text.encode()).hexdigest()
    return ArticleVersion.objects.create(
        article=first.article, number=number, title=title, text=text, sha256=digest, **values
    )


@pytest.fixture
def first() -> ArticleVersion:
    """The first version of an article that anybody may read."""
    version = make_article(TEXT, published_at=PUBLISHED, published_precision="instant")
    make_quote(make_event(), version, "Three soldiers were killed.")
    return version


def shown(client, version: ArticleVersion, query: str = "", status: int = 200) -> str:
    address = reverse("article_differences", args=[version.article_id])
    answer = client.get(address + query)
    assert answer.status_code == status
    return answer.content.decode()


def test_words_that_went_and_came_are_marked_also_for_those_who_hear_the_page(client, first):
    later(first, TEXT.replace("Three", "Five"))
    html = shown(client, first)
    assert "<del>" in html
    assert "<ins>" in html
    assert "[removed: Three] [added: Five] soldiers were killed." in words(html)
    assert "1 word removed" in words(html)


def test_what_stayed_is_folded_and_opens_without_script(client, first):
    later(first, TEXT.replace("Three", "Five"))
    html = shown(client, first)
    assert "7 unchanged paragraphs</summary>" in html
    assert "<details" in html


def test_any_two_versions_are_compared_whatever_their_order(client, first):
    later(first, TEXT.replace("Three", "Five"))
    later(first, TEXT.replace("Three", "Six"))
    assert "[removed: Five] [added: Six]" in words(shown(client, first))
    for query in ("?from=1&to=3", "?from=3&to=1"):
        assert "[removed: Three] [added: Six]" in words(shown(client, first, query))
    assert "[removed: Three] [added: Five]" in words(shown(client, first, "?to=2"))


def test_a_silent_change_is_told_with_what_changed(client, first):
    note = "1 word removed and 1 word added."
    later(first, TEXT.replace("Three", "Five"), edit="stealth", edit_note=note)
    told = words(shown(client, first))
    assert f"changed without a notice {note}" in told
    assert "changed without a notice" in words(
        client.get(first.article.get_absolute_url()).content.decode()
    )


def test_a_changed_headline_is_shown(client, first):
    later(first, TEXT, title="A correction")
    assert "A [removed: dispatch] [added: correction]" in words(shown(client, first))


def test_versions_that_differ_in_white_space_say_so(client, first):
    later(first, TEXT.replace("\n", "\n\n"))
    assert "Word for word the same" in shown(client, first)


def test_the_article_leads_there_and_one_version_compares_with_nothing(client, first):
    address = reverse("article_differences", args=[first.article_id])
    assert address not in client.get(first.article.get_absolute_url()).content.decode()
    assert "Only one version" in shown(client, first)
    later(first, TEXT.replace("Three", "Five"))
    assert address in client.get(first.article.get_absolute_url()).content.decode()


@pytest.mark.parametrize("query", ["?from=1&to=9", "?from=x", "?to=0", "?from=-1", "?to=²"])
def test_versions_that_are_not_there_are_not_found(client, first, query):
    later(first, TEXT.replace("Three", "Five"))
    shown(client, first, query, status=404)


def test_an_article_that_is_not_public_is_not_there(client):
    version = make_article(TEXT)
    later(version, TEXT.replace("Three", "Five"))
    shown(client, version, status=404)


def test_as_of_a_day_later_versions_are_not_there(client, first):
    later(first, TEXT.replace("Three", "Five"))
    secret = later(first, TEXT.replace("Three", "Ninety"))
    day = f"as_of={secret.fetched_at - timedelta(days=1):%Y-%m-%d}"
    html = shown(client, first, f"?{day}")
    assert "Five" in html
    assert "Ninety" not in html
    assert 'name="as_of"' in html
    shown(client, first, f"?from=1&to=3&{day}", status=404)


def test_hostile_texts_are_text(client, first):
    later(first, f"{TEXT}\n{HOSTILE}", title=HOSTILE)
    assert HOSTILE not in shown(client, first)
    assert "&lt;script&gt;" in shown(client, first)


def test_the_number_of_queries_does_not_grow_with_the_versions(client, first):
    later(first, TEXT.replace("Three", "Five"))
    with CaptureQueriesContext(connection) as two:
        shown(client, first)
    for number in range(5):
        later(first, TEXT.replace("Three", str(number)))
    with CaptureQueriesContext(connection) as many:
        shown(client, first, "?from=1&to=7")
    assert len(many) == len(two)
    assert not [q for q in many if '"raw"' in q["sql"]]


def test_in_persian_no_word_of_the_interface_is_left_in_english(client, first):
    moved = "\n".join([*TEXT.split("\n")[1:], TEXT.split("\n")[0]])
    later(first, TEXT.replace("Three", "Five"), edit="stealth", edit_note="1 word removed.")
    later(first, moved, edit="correction", edit_note="Correction: it was three.")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fa"
    for query in ("", "?from=1&to=2", "?from=1&to=3"):
        said = " ".join(said_on(shown(client, first, query)))
        said = NOT_WORDS.sub(" ", said.replace("A dispatch", ""))
        assert set(re.findall("[A-Za-z]{2,}", said)) <= NAMES
    alone = make_article("Nothing changed here.")
    make_quote(make_event(), alone, "Nothing changed here.")
    assert set(re.findall("[A-Za-z]{2,}", " ".join(said_on(shown(client, alone))))) <= {
        *NAMES,
        "dispatch",
    }
