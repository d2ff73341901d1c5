"""Intake: what comes in becomes an article, a version, or a refusal with its reason."""

import hashlib
import io
import json
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.articles import incoming
from apps.articles import ingest as intake
from apps.articles.bring import bring as bring_items
from apps.articles.brought import Given
from apps.articles.incoming import Incoming, enqueue
from apps.articles.ingest import ingest, waiting
from apps.articles.models import Article, ArticleVersion, IntakeItem, Story
from apps.articles.tasks import ingest_items, ingest_waiting
from apps.core.stages import BACK_OFF, StageStatus
from apps.sources.models import Feed, Source
from tests.articles.test_extract import HTML, SENTENCES
from tests.sources.server import answer

pytestmark = pytest.mark.django_db
TEXT = "\n\n".join(["Rockets hit base", *SENTENCES])
URL = "https://www.news.example/rockets?utm_source=feed"
DAY = datetime(2020, 3, 13, tzinfo=UTC)


@pytest.fixture
def woken(monkeypatch) -> list[tuple]:
    """What the stage wakes, in place of a queue."""
    calls: list[tuple] = []
    for module in (incoming, intake):
        monkeypatch.setattr(module, "wake", lambda *call: calls.append(call))
    return calls


def bring(text: str = TEXT, url: str = URL, **values) -> IntakeItem:
    """Enqueue one text and take it in; return its row as it stands then."""
    incoming = Incoming(label="the item", raw=text.encode(), url=url, **values)
    item = enqueue([incoming], label="test").items.get()
    ingest(item)
    item.refresh_from_db()
    return item


def test_items_are_written_down_and_each_wakes_the_intake(woken):
    batch = enqueue((Incoming(f"item {n}", b"x") for n in range(450)), label="many")
    items = list(batch.items.order_by("id"))
    assert [item.label for item in items] == [f"item {n}" for n in range(450)]
    tasks, groups = zip(*woken, strict=True)
    assert set(tasks) == {"articles.ingest_items"}
    assert [pk for group in groups for pk in group] == [item.pk for item in items]
    assert max(map(len, groups)) == 20
    assert {item.status for item in items} == {StageStatus.WAITING}


def test_a_text_becomes_an_article_with_its_first_version():
    item = bring(published_at=DAY, published_precision="day", source_name="Example News")
    assert (item.outcome, item.status, item.error) == ("new", StageStatus.DONE, "")
    article, version = item.article, item.version
    assert article.title == "Rockets hit base"
    assert (article.url, article.canonical_url) == (URL, "https://www.news.example/rockets")
    assert (article.published_at, article.published_precision) == (DAY, "day")
    assert (article.published_how, article.language) == ("given", "en")
    assert article.story.title == article.title
    assert (version.number, version.text) == (1, TEXT)
    assert version.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()


def test_the_bytes_are_kept_as_they_came():
    version = bring(HTML, content_type="text/html").version
    assert zlib.decompress(bytes(version.raw)) == HTML.encode()
    assert version.raw_sha256 == hashlib.sha256(HTML.encode()).hexdigest()


def test_an_undated_article_stays_undated():
    article = bring().article
    assert article.published_at is None
    assert (article.published_precision, article.published_how) == ("unknown", "none")


def test_the_same_article_again_is_unchanged(woken):
    first = bring()
    second = bring(url="http://www.news.example:80/rockets#top")
    assert second.outcome == "unchanged"
    assert second.version == first.version
    assert ArticleVersion.objects.count() == 1
    assert woken.count(("annotations.annotate_versions", [first.version.pk])) == 1


def test_a_changed_text_is_a_new_version_and_the_old_one_stays():
    first = bring()
    second = bring(TEXT.replace("three soldiers", "five soldiers"))
    assert second.outcome == "updated"
    assert second.article == first.article
    assert [v.number for v in first.article.versions.all()] == [1, 2]
    first.version.refresh_from_db()
    assert "three soldiers" in first.version.text


def test_other_markup_around_the_same_text_is_no_new_version():
    bring(HTML, content_type="text/html")
    again = bring(HTML.replace("<nav>", "<nav class='new'>"), content_type="text/html")
    assert again.outcome == "unchanged"


def test_a_later_reading_fills_gaps_and_overwrites_nothing():
    bring(TEXT)
    bring(TEXT, published_at=DAY, published_precision="day")
    bring(TEXT, published_at=DAY + timedelta(days=9), published_precision="instant")
    article = Article.objects.get()
    assert (article.published_at, article.published_how) == (DAY, "given")


def test_a_copy_at_another_address_joins_the_story():
    first = bring()
    edited = TEXT.replace("on Friday", "late Friday").replace("Rockets hit base", "Base attacked")
    copy = bring(edited, url="https://other.example/base")
    assert copy.outcome == "copy"
    assert copy.article != first.article
    assert copy.article.story == first.article.story
    assert Story.objects.count() == 1


def test_an_excerpt_of_a_known_text_joins_its_story():
    bring()
    excerpt = bring("\n".join(SENTENCES[:3]), url="https://other.example/brief")
    assert excerpt.outcome == "copy"


def test_another_report_of_the_same_event_is_a_story_of_its_own():
    bring()
    own = (
        "Three soldiers were hurt when missiles landed at a camp outside the Iraqi capital. "
        "Coalition forces said they were looking into who fired them and from where. "
        + SENTENCES[1]
    )
    assert bring(own, url="https://other.example/own").outcome == "new"
    assert Story.objects.count() == 2


def test_the_same_text_of_another_year_is_no_copy():
    bring(published_at=DAY, published_precision="day")
    later = {"published_at": DAY + timedelta(days=365), "published_precision": "day"}
    assert bring(url="https://other.example/anniversary", **later).outcome == "new"


def test_a_text_without_address_is_known_by_its_content():
    first = bring(url="")
    assert first.article.canonical_url.startswith("urn:sha256:")
    assert first.article.url == ""
    assert bring(url="").outcome == "unchanged"
    assert bring(TEXT + "\nMore.", url="").outcome == "copy"


def test_a_record_brings_its_own_fields():
    line = {"id": 1, "text": TEXT, "title": "T", "url": URL, "source": "The Wire"}
    item = bring(
        json.dumps(line | {"published_at": "2020-03-13T10:00:00Z"}),
        url="",
        content_type="application/x-ndjson",
    )
    article = item.article
    assert (article.title, article.url, article.source.name) == ("T", URL, "The Wire")
    assert (article.published_precision, article.published_how) == ("instant", "given")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"text": "  "}, "The text is empty"),
        ({"text": "<html><body></body></html>", "content_type": "text/html"}, "no article text"),
        ({"text": "x" * 200_001}, "ARTICLE_MAX_CHARACTERS"),
        ({"url": "ftp://x/"}, "is not a web address"),
        ({"text": "{", "content_type": "application/x-ndjson"}, "not valid JSON"),
    ],
)
def test_what_is_no_article_is_refused_with_its_reason(values, reason):
    item = bring(**values)
    assert (item.outcome, item.status) == ("refused", StageStatus.DONE)
    assert reason in item.error
    assert item.article is None
    assert not Article.objects.exists()


def test_a_source_is_found_by_domain():
    source = Source.objects.create(slug="en", name="Example News", domain="news.example")
    assert bring().article.source == source


def test_a_source_is_found_by_name():
    source = Source.objects.create(slug="en", name="Example News")
    assert bring(url="", source_name="example news").article.source == source


def test_an_unknown_source_is_made_and_cannot_be_judged():
    source = bring().article.source
    assert (source.name, source.domain, source.reliability) == ("news.example", "news.example", "F")
    again = bring("Another text entirely, of some length.", url="https://news.example/2")
    assert again.article.source == source


def test_two_sources_of_one_name_get_slugs_of_their_own():
    Source.objects.create(slug="the-times", name="Something else")
    assert bring(url="", source_name="The Times").article.source.slug == "the-times-2"


def test_a_text_that_tells_no_source_has_none():
    assert bring(url="").article.source is None


def test_an_address_is_fetched(server):
    server.routes["/a"] = answer(HTML.encode(), kind="text/html; charset=utf-8")
    item = enqueue([Incoming("page", url=f"{server.url}/a")], label="t").items.get()
    ingest(item)
    item.refresh_from_db()
    assert item.outcome == "new"
    assert item.article.canonical_url == f"{server.url}/a", "another site's name is not believed"
    assert SENTENCES[0] in item.version.text
    assert item.article.published_how == "page"


def test_a_page_that_is_gone_is_refused_at_once(server):
    item = enqueue([Incoming("page", url=f"{server.url}/gone")], label="t").items.get()
    ingest(item)
    item.refresh_from_db()
    assert (item.outcome, item.status) == ("refused", StageStatus.DONE)
    assert f"{server.url}/gone could not be fetched: the server answered 404." == item.error


def test_a_private_address_is_refused(server, settings):
    settings.FETCH_ALLOWED_PRIVATE = []
    item = enqueue([Incoming("page", url=f"{server.url}/a")], label="t").items.get()
    ingest(item)
    item.refresh_from_db()
    assert item.outcome == "refused"
    assert "not a public address" in item.error
    assert server.asked == []


def test_a_failure_that_may_pass_is_tried_again_with_growing_pauses_then_set_aside(
    server, settings
):
    server.routes["/a"] = answer(status=503)
    item = enqueue([Incoming("page", url=f"{server.url}/a")], label="t").items.get()
    for pause in BACK_OFF[: settings.STAGE_MAX_ATTEMPTS - 1]:
        ingest(item)
        item.refresh_from_db()
        assert item.status == StageStatus.FAILED
        assert "the server answered 503" in item.error
        wait = (item.next_try_at - timezone.now()).total_seconds()
        assert pause - 5 < wait <= pause
        assert item not in waiting()
        asked = len(server.asked)
        ingest(item)
        assert len(server.asked) == asked, "not before its time"
        IntakeItem.objects.update(next_try_at=timezone.now())
        assert item in waiting()
    ingest(item)
    item.refresh_from_db()
    assert item.status == StageStatus.QUARANTINED
    assert item not in waiting()


def test_a_server_that_recovers_loses_nothing(server):
    server.routes["/a"] = answer(status=503)
    item = enqueue([Incoming("page", url=f"{server.url}/a")], label="t").items.get()
    ingest(item)
    server.routes["/a"] = answer(HTML.encode())
    IntakeItem.objects.update(next_try_at=timezone.now())
    ingest(item)
    item.refresh_from_db()
    assert (item.outcome, item.status, item.error) == ("new", StageStatus.DONE, "")


def test_a_crash_in_one_item_does_not_lose_the_others(monkeypatch):
    real = intake.extract

    def crashing(raw, **options):
        if b"crash" in raw:
            raise MemoryError("parser")
        return real(raw, **options)

    monkeypatch.setattr(intake, "extract", crashing)
    texts = [f"Text number {n} of the batch, which is a text." for n in range(4)]
    texts[1] = "crash"
    batch = enqueue([Incoming(t, t.encode()) for t in texts], label="t")
    ingest_waiting()
    outcomes = [(i.outcome, i.status) for i in batch.items.order_by("id")]
    assert outcomes == [
        ("new", StageStatus.DONE),
        ("", StageStatus.FAILED),
        ("new", StageStatus.DONE),
        ("new", StageStatus.DONE),
    ]
    assert batch.items.get(status=StageStatus.FAILED).error == "MemoryError: parser"


def test_a_crash_half_way_through_storing_leaves_nothing_behind(monkeypatch):
    def full(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(ArticleVersion.objects, "create", full)
    item = bring()
    assert item.status == StageStatus.FAILED
    assert not Article.objects.exists()
    assert not Story.objects.exists()
    assert not Source.objects.exists()


def test_an_item_is_worked_on_once():
    item = enqueue([Incoming("x", TEXT.encode())], label="t").items.get()
    ingest_items([item.pk, item.pk])
    ingest_items([item.pk])
    item.refresh_from_db()
    assert item.attempts == 1


def test_an_item_whose_worker_died_is_taken_up_again_and_set_aside_in_the_end(settings):
    lost = timezone.now() - timedelta(seconds=settings.STAGE_LEASE_SECONDS + 1)
    item = enqueue([Incoming("x", TEXT.encode())], label="t").items.get()
    IntakeItem.objects.update(status=StageStatus.RUNNING, started_at=lost, attempts=1)
    assert item in waiting()
    IntakeItem.objects.update(attempts=settings.STAGE_MAX_ATTEMPTS)
    assert item not in waiting()
    ingest_waiting()
    item.refresh_from_db()
    assert item.status == StageStatus.QUARANTINED
    assert "worker died" in item.error


def test_the_annotation_is_woken_for_what_is_new_only(woken):
    new = bring()
    changed = bring(TEXT + "\nMore.")
    bring(TEXT + "\nMore.")
    bring("  ")
    annotated = [call for call in woken if call[0] == "annotations.annotate_versions"]
    assert annotated == [
        ("annotations.annotate_versions", [new.version.pk]),
        ("annotations.annotate_versions", [changed.version.pk]),
    ]


def test_a_version_cannot_be_changed_afterwards():
    version = bring().version
    with pytest.raises(Exception, match="kept as they were written"), connection.cursor() as cursor:
        cursor.execute("UPDATE articles_articleversion SET text = 'x' WHERE id = %s", [version.pk])


def test_an_article_of_a_feed_is_the_feed_s_source():
    source = Source.objects.create(slug="agency", name="Agency")
    feed = Feed.objects.create(source=source, url="https://agency.example/feed")
    incoming = Incoming("x", TEXT.encode(), url=URL, published_at=DAY, published_precision="day")
    item = enqueue([incoming], label="t", feed=feed).items.get()
    ingest(item)
    item.refresh_from_db()
    assert item.article.source == source
    assert item.article.published_how == "feed"


def test_what_the_database_cannot_hold_costs_no_item():
    bad = "a\x00b\ud800c"
    record = json.dumps(
        {"id": bad, "text": f"{bad} {TEXT}", "title": bad, "source": bad, "url": bad}
    )
    batch = enqueue(
        [
            *bring_items("-", io.BytesIO(f"{record}\n".encode()), Given()),
            Incoming(bad, b"x", url=bad, title=bad),
        ],
        label=bad,
    )
    assert batch.label == "ab\ufffdc"
    first, second = batch.items.order_by("id")
    assert (first.url, first.title, first.source_name) == ("ab\ufffdc",) * 3
    assert (second.label, second.url, second.title) == ("ab\ufffdc",) * 3


class TestLineageFollowsTheText:
    """An article whose text changes is counted as what it is now."""

    OWN = (
        "Three soldiers were hurt when missiles landed at a camp outside the Iraqi capital. Coalition forces "
        "said they were looking into who fired them and from where, and asked villagers to come forward."
    )

    def test_a_brief_that_becomes_a_copy_joins_the_story(self):
        first = bring()
        brief = bring(self.OWN, url="https://other.example/brief")
        assert brief.article.story != first.article.story
        again = bring(TEXT, url="https://other.example/brief")
        assert (again.outcome, again.article.lineage) == ("updated", "copy")
        assert again.article.story == first.article.story

    def test_a_copy_that_is_rewritten_is_a_story_of_its_own(self):
        first = bring()
        copy = bring(url="https://other.example/copy")
        assert copy.article.story == first.article.story
        again = bring(self.OWN, url="https://other.example/copy")
        assert again.article.story != first.article.story
        assert (again.article.lineage, again.article.copied_share) == ("own", 0)

    def test_the_text_that_others_took_stays_where_it_is(self):
        first = bring()
        copy = bring(url="https://other.example/copy")
        again = bring(self.OWN)
        assert again.article == first.article
        assert again.article.story == copy.article.story

    def test_what_an_editor_took_out_of_a_story_stays_out(self):
        bring()
        copy = bring(url="https://other.example/copy")
        alone = Story.objects.create(title="By hand")
        Article.objects.filter(pk=copy.article_id).update(story=alone)
        again = bring(TEXT + "\n\nMore was not known.", url="https://other.example/copy")
        assert (again.outcome, again.article.story) == ("updated", alone)


def test_the_wire_of_a_story_is_named_by_whichever_text_tells_it():
    first = bring(TEXT, url="https://other.example/uncredited")
    assert first.article.story.wire_family == ""
    bring(HTML, content_type="text/html")
    assert Story.objects.get().wire_family == "AP"
