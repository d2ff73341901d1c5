"""Whether an article still stands: gone from its address, taken back by its publisher, checked again."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.roles import ANALYSTS, EDITORS
from apps.articles import standing
from apps.articles.admin import MOST_CHECKED
from apps.articles.bring import bring
from apps.articles.brought import Given, Refused
from apps.articles.extract.retraction import retraction
from apps.articles.incoming import Incoming, check_again, enqueue
from apps.articles.ingest import ingest
from apps.articles.models import Article, IntakeItem
from apps.articles.tasks import ingest_waiting
from tests.articles.test_extract import HTML, SENTENCES
from tests.factories import make_article
from tests.sources.server import answer

pytestmark = pytest.mark.django_db
PAGE = answer(HTML.encode(), kind="text/html; charset=utf-8")


@pytest.fixture
def woken(monkeypatch):
    """What was woken when something about an article changed."""
    calls = []
    monkeypatch.setattr(standing, "wake", lambda *call: calls.append(call))
    return calls


def take(url, **values) -> IntakeItem:
    """Have an address fetched and taken in; return its row as it stands then."""
    item = enqueue([Incoming(url, url=url, **values)], label="t").items.get()
    ingest(item)
    item.refresh_from_db()
    return item


@pytest.fixture
def article(server):
    """An article that was fetched."""
    server.routes["/a"] = PAGE
    return take(f"{server.url}/a").article


# --- gone ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_a_known_article_whose_page_is_gone_is_noted_with_the_time(server, article, woken, status):
    server.routes["/a"] = answer(status=status)
    item = take(article.url)
    assert (item.outcome, item.article, item.version) == ("gone", article, None)
    assert f"the server answered {status}" in item.error
    article.refresh_from_db()
    first = article.gone_at
    assert first is not None
    assert woken == [("events.propagate_waiting",)]
    take(article.url)
    article.refresh_from_db()
    assert article.gone_at == first, "since when, not when last"
    assert len(woken) == 1


def test_a_page_that_is_back_is_gone_no_more(server, article, woken):
    server.routes["/a"] = answer(status=404)
    take(article.url)
    server.routes["/a"] = PAGE
    assert take(article.url).outcome == "unchanged"
    article.refresh_from_db()
    assert article.gone_at is None
    assert len(woken) == 2


@pytest.mark.parametrize("status", [403, 451, 500, 503])
def test_other_answers_say_nothing_about_the_article(server, article, status):
    server.routes["/a"] = answer(status=status)
    take(article.url)
    article.refresh_from_db()
    assert article.gone_at is None


def test_text_given_by_hand_does_not_bring_the_page_back(server, article):
    server.routes["/a"] = answer(status=404)
    take(article.url)
    item = enqueue([Incoming("file", HTML.encode(), url=article.url)], label="t").items.get()
    ingest(item)
    article.refresh_from_db()
    assert article.gone_at is not None


def test_an_address_nobody_knows_is_refused_as_before(server):
    item = take(f"{server.url}/never")
    assert (item.outcome, item.article) == ("refused", None)


def test_the_address_as_it_was_given_is_known_too(server, article):
    Article.objects.filter(pk=article.pk).update(canonical_url="https://elsewhere.example/1")
    server.routes["/a"] = answer(status=404)
    assert take(article.url).article == article


def test_an_address_given_to_the_command_is_noted_alike(server, article):
    server.routes["/a"] = answer(status=410)
    (refused,) = bring(article.url, None, Given())
    assert isinstance(refused, Refused)
    article.refresh_from_db()
    assert article.gone_at is not None
    server.routes["/a"] = PAGE
    list(bring(article.url, None, Given()))
    article.refresh_from_db()
    assert article.gone_at is None


# --- retracted -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("RETRACTED: Iran strikes base", ""),
        ("[Retracted] Iran strikes base", ""),
        ("Retraction: Iran strikes base", ""),
        ("RETRACTED ARTICLE: Iran strikes base", ""),
        ("WITHDRAWN - Iran strikes base", ""),
        ("Iran strikes base", "This article has been retracted.\n\nBAGHDAD - Iran struck."),
        (
            "Iran strikes base",
            "Editor's note: this story was subsequently withdrawn because of errors.",
        ),
        ("Iran strikes base", "BAGHDAD\n\nThe agency has retracted this report."),
        ("Iran strikes base", "MANDATORY KILL: Iran strikes base"),
        ("Article retiré : frappe contre une base", ""),
        ("Raketen", "Dieser Artikel wurde zurückgezogen.\n\nBAGDAD - Raketen schlugen ein."),
        ("Cohetes", "Este artículo ha sido retirado por errores."),
        ("این خبر حذف شد", ""),
        ("Ракеты", "Этот материал был отозван редакцией."),
    ],
)
def test_a_publisher_s_mark_is_read(title, text):
    assert retraction(title, text)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Correction: Iran strikes base", "Correction: an earlier version gave a wrong number."),
        (
            "Iran retracted its statement",
            "TEHRAN - Iran has withdrawn its threat, it said in this article.",
        ),
        ("Retraction of troops begins", "The troops were withdrawn."),
        ("Articles retirés des rayons", "Les articles ont été retirés de la vente."),
        ("این خبر حذف شدنی نیست", ""),
        ("WITHDRAWN TROOPS RETURN HOME", ""),
        ("Kill list grows", "Kill or be killed, he said."),
        ("A report", "one\ntwo\nthree\nfour\nThis article has been retracted."),
        ("", ""),
    ],
)
def test_what_is_told_of_others_or_only_corrected_is_none(title, text):
    assert retraction(title, text) == ""


def text_item(text, url="https://news.example/1", **values):
    item = enqueue([Incoming("x", text.encode(), url=url, **values)], label="t").items.get()
    ingest(item)
    item.refresh_from_db()
    return item


BODY = "\n\n".join(SENTENCES)


def test_a_new_version_that_is_marked_retracts_the_article(woken):
    article = text_item(BODY, title="Rockets").article
    item = text_item(f"This article has been retracted.\n\n{BODY}", title="Rockets")
    article.refresh_from_db()
    assert item.outcome == "updated"
    assert article.retracted_at is not None
    assert article.retraction_note == "This article has been retracted."
    assert woken == [("events.propagate_waiting",)]


def test_a_mark_in_the_title_counts_where_the_text_is_unchanged(woken):
    article = text_item(BODY, title="Rockets").article
    assert text_item(BODY, title="RETRACTED: Rockets").outcome == "unchanged"
    article.refresh_from_db()
    assert article.retraction_note == "RETRACTED: Rockets"


def test_an_article_that_comes_in_marked_is_retracted_from_the_start():
    assert text_item(BODY, title="RETRACTED: Rockets").article.retracted_at is not None


def test_a_later_version_without_the_mark_lifts_nothing():
    text_item(BODY, title="RETRACTED: Rockets")
    article = text_item(f"{BODY} More.", title="Rockets").article
    assert article.retracted_at is not None


# --- the admin -------------------------------------------------------------------------------


def login(client, role):
    user = User.objects.create_user("somebody", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)


def form_of(article, **changes):
    values = {
        "title": article.title, "source": "", "byline": "", "agency": "", "dateline": "",
        "language": "", "published_at_0": "", "published_at_1": "", "published_precision": "unknown",
        "story": article.story_id, "retracted_at_0": "", "retracted_at_1": "", "retraction_note": "",
        "versions-TOTAL_FORMS": 0, "versions-INITIAL_FORMS": 0,
    }  # fmt: skip
    return values | changes


def test_an_editor_says_that_an_article_was_taken_back_and_why(client, monkeypatch):
    calls = []
    monkeypatch.setattr("apps.articles.admin.wake", lambda *call: calls.append(call))
    article = make_article(BODY).article
    login(client, EDITORS)
    address = reverse("admin:articles_article_change", args=[article.pk])
    when = {"retracted_at_0": "2020-03-14", "retracted_at_1": "12:00"}
    told = client.post(address, form_of(article, **when)).content.decode()
    assert "Say who took it back" in told
    told = client.post(address, form_of(article, retraction_note="x")).content.decode()
    assert "Say when it was taken back" in told
    later = {"retracted_at_0": f"{timezone.now().year + 1}-03-14", "retracted_at_1": "12:00"}
    told = client.post(address, form_of(article, **later, retraction_note="x")).content.decode()
    assert "lies in the future" in told
    assert calls == []
    answered = client.post(address, form_of(article, **when, retraction_note="By its publisher"))
    assert answered.status_code == 302
    article.refresh_from_db()
    assert article.retraction_note == "By its publisher"
    assert calls == [("events.propagate_waiting",)]


def press(client, articles):
    data = {"action": "fetch_again", "_selected_action": [article.pk for article in articles]}
    return client.post(reverse("admin:articles_article_changelist"), data, follow=True)


def test_pages_are_checked_again_on_demand(client, server, article):
    login(client, EDITORS)
    server.routes["/a"] = answer(status=404)
    assert "1 of 1 will be fetched" in press(client, [article]).content.decode()
    ingest_waiting()
    article.refresh_from_db()
    assert article.gone_at is not None


def test_who_only_reads_checks_nothing(client, article):
    login(client, ANALYSTS)
    press(client, [article])
    assert not IntakeItem.objects.filter(batch__label__startswith="checked").exists()


def test_only_so_many_at_once(client):
    login(client, EDITORS)
    story = make_article(BODY).article.story
    many = Article.objects.bulk_create(
        Article(
            url=f"https://e.example/{n}",
            canonical_url=f"https://e.example/{n}",
            title="t",
            story=story,
        )
        for n in range(MOST_CHECKED + 1)
    )
    assert f"at most {MOST_CHECKED}" in press(client, many).content.decode()
    assert not IntakeItem.objects.exists()


def test_what_has_no_web_address_is_left_out():
    by_hand = text_item(BODY, url="").article
    assert not check_again([by_hand], label="t").items.exists()
