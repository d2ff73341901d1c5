"""The lists of articles, visits and intake items in the admin: what they tell, what narrows them."""

from hashlib import sha256

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.articles.models import ArticleVersion, IntakeBatch, IntakeItem
from tests.factories import make_article

pytestmark = pytest.mark.django_db
ARTICLES = "admin:articles_article_changelist"


@pytest.fixture
def root(client):
    client.force_login(User.objects.create_superuser("root"))
    return client


def listed(client, query: str = "", name: str = ARTICLES) -> str:
    answer = client.get(reverse(name) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def article(title: str, edit: str = "", **values) -> ArticleVersion:
    first = make_article(f"{title} is told here.", title=title, **values)
    if edit:
        text = f"{title} is told otherwise."
        ArticleVersion.objects.create(
            article=first.article,
            number=2,
            title=title,
            text=text,
            sha256=sha256(text.encode()).hexdigest(),
            edit=edit,
        )
    return first


def item(version: ArticleVersion, **values) -> IntakeItem:
    batch = IntakeBatch.objects.create(label="a batch")
    return IntakeItem.objects.create(batch=batch, label="x", article=version.article, **values)


def test_an_article_tells_its_versions_copies_and_marks(root):
    first = article("Rockets", "stealth", gone_at=timezone.now())
    article("Rockets again", story=first.article.story)
    html = listed(root, "?q=Rockets")
    assert "2, compare</a>" in html
    assert "2 copies</a>" in html
    assert "gone, changed without a notice" in html


def test_what_went_wrong_last_leads_to_its_item_and_is_forgotten_once_mended(root):
    version = article("Rockets")
    failed = item(version, status="failed", error="The server sleeps.")
    html = listed(root)
    assert "The server sleeps." in html
    assert reverse("admin:articles_intakeitem_change", args=[failed.pk]) in html
    assert "Rockets" in listed(root, "?trouble=1")
    item(version, status="done", outcome="unchanged")
    assert "The server sleeps." not in listed(root)
    assert "0 articles" in listed(root, "?trouble=1")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?edit=stealth", {"Silent"}),
        ("?edit=correction", {"Corrected"}),
        ("?edit=nonsense", {"Silent", "Corrected", "Plain"}),
        ("?copies=1", {"Corrected", "Plain"}),
        ("?copies=0", {"Silent"}),
        ("?retracted_at__isempty=0", {"Plain"}),
    ],
)
def test_articles_are_narrowed(root, query, found):
    article("Silent", "stealth")
    story = article("Corrected", "correction").article.story
    article("Plain", story=story, retracted_at=timezone.now(), retraction_note="x")
    html = listed(root, query)
    assert {name for name in ("Silent", "Corrected", "Plain") if f">{name}</a>" in html} == found


def test_the_list_asks_no_more_for_three_than_for_one(root):
    item(article("One", "stealth"), status="failed", error="x")
    listed(root)
    with CaptureQueriesContext(connection) as one:
        listed(root)
    for name in ("Two", "Three"):
        item(article(name, "stealth"), status="failed", error="x")
    with CaptureQueriesContext(connection) as three:
        listed(root)
    assert len(three) == len(one) <= 12


def test_a_batch_tells_what_it_brought_and_leads_there(root):
    version = article("Rockets")
    failed = item(version, status="failed", error="x")
    page = root.get(reverse("admin:articles_intakebatch_change", args=[failed.batch_id]))
    address = f"batch__id__exact={failed.batch_id}&amp;status__exact=failed&amp;outcome__exact="
    assert address in page.content.decode()
    query = f"?batch__id__exact={failed.batch_id}&status__exact=failed"
    assert "1 intake item" in listed(root, query, "admin:articles_intakeitem_changelist")


def test_a_long_reason_is_cut_in_the_list_and_whole_on_its_page(root):
    failed = item(article("Rockets"), status="failed", error="Because " * 60)
    assert failed.error not in listed(root, name="admin:articles_intakeitem_changelist")
    page = root.get(reverse("admin:articles_intakeitem_change", args=[failed.pk]))
    assert failed.error.strip() in page.content.decode()
