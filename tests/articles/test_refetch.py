"""Pages are fetched again by a plan; what changed, vanished or leads elsewhere is noted."""

import zlib
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.articles import standing
from apps.articles.incoming import Incoming, enqueue
from apps.articles.ingest import ingest
from apps.articles.models import Article, ArticleVersion, IntakeItem, Refetch
from apps.articles.refetch import refetch, waiting
from apps.articles.tasks import ingest_waiting, refetch_waiting
from apps.core.stages import StageStatus
from apps.events.corrections import propagate
from apps.events.source_changes import detail
from apps.events.source_changes import notice as notice_changes
from config.celery import SWEEPS
from tests.articles.test_extract import HTML, SENTENCES
from tests.factories import make_event, make_quote
from tests.sources.server import answer, redirect

pytestmark = pytest.mark.django_db
KIND = "text/html; charset=utf-8"
MODIFIED = '<meta property="article:modified_time" content="2020-03-14T09:00:00Z">'
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def page(html: str = HTML, **headers):
    # Without its canonical link: the local server is the article's home.
    return answer(html.replace('rel="canonical"', 'rel="x"').encode(), kind=KIND, **headers)


@pytest.fixture
def article(server) -> Article:
    """An article that was fetched from the web."""
    server.routes["/a"] = page(ETag='"one"', Last_Modified="Fri, 13 Mar 2020 20:30:00 GMT")
    item = enqueue([Incoming("a", url=f"{server.url}/a")], label="t").items.get()
    ingest(item)
    item.refresh_from_db()
    assert item.outcome == "new", item.error
    return item.article


def visit(article: Article, number: int = 1) -> Refetch:
    """Have the article visited, and what came of it taken in."""
    row = article.refetches.get(number=number)
    Refetch.objects.filter(pk=row.pk).update(next_try_at=timezone.now())
    row = refetch(row)
    ingest_waiting()
    article.refresh_from_db()
    row.refresh_from_db()
    return row


# --- the plan --------------------------------------------------------------------------------


def test_visits_are_planned_when_an_article_was_first_fetched(article):
    planned = article.refetches.order_by("number").values_list("next_try_at", flat=True)
    after = [at - article.first_seen_at for at in planned]
    assert [round(one / HOUR) for one in after] == [1, 6, 24, 7 * 24]
    assert not waiting().exists(), "an hour has not passed"


def test_the_plan_is_a_setting(server, settings):
    settings.REFETCH_AFTER = (2 * DAY,)
    server.routes["/a"] = page()
    ingest(enqueue([Incoming("a", url=f"{server.url}/a")], label="t").items.get())
    (row,) = Refetch.objects.all()
    assert row.next_try_at - row.article.first_seen_at >= 2 * DAY - HOUR


def test_where_it_is_turned_off_nothing_is_planned_and_nothing_planned_is_done(article, settings):
    Refetch.objects.update(next_try_at=timezone.now())
    assert waiting().count() == 4
    settings.REFETCH_AFTER = ()
    assert waiting().count() == 0


def test_files_and_sample_dispatches_are_never_fetched(server):
    server.routes["/a"] = page()
    incoming = [
        Incoming("file", HTML.encode(), url="https://news.example/file"),
        Incoming("sample", url=f"{server.url}/a", project_written=True),
    ]
    for item in enqueue(incoming, label="t").items.all():
        ingest(item)
    assert Article.objects.count() == 2
    assert not Refetch.objects.exists()


def test_a_new_version_plans_nothing_anew(server, article):
    server.routes["/a"] = page(HTML.replace("three soldiers", "five soldiers"))
    assert visit(article).item.outcome == "updated"
    assert Refetch.objects.count() == 4


def test_the_sweep_is_on_the_clock(server, article):
    assert "articles.refetch_waiting" in SWEEPS
    Refetch.objects.filter(number=1).update(next_try_at=timezone.now())
    server.asked.clear()
    refetch_waiting()
    assert [path for path, _ in server.asked] == ["/a"]


def test_after_a_standstill_one_visit_is_enough(server, article):
    Refetch.objects.update(next_try_at=timezone.now())
    server.asked.clear()
    refetch_waiting()
    outcomes = article.refetches.order_by("number").values_list("outcome", flat=True)
    assert list(outcomes) == ["skipped", "skipped", "skipped", "unchanged"]
    assert len(server.asked) == 1


# --- what a visit finds ----------------------------------------------------------------------


def test_the_server_is_asked_whether_anything_changed(server, article):
    server.routes["/a"] = answer(status=304)
    row = visit(article)
    _, headers = server.asked[-1]
    assert headers["if-none-match"] == '"one"'
    assert headers["if-modified-since"] == "Fri, 13 Mar 2020 20:30:00 GMT"
    assert (row.status, row.outcome, row.item) == (StageStatus.DONE, "unchanged", None)


def test_the_marks_of_the_newest_answer_are_sent(server, article):
    server.routes["/a"] = page(HTML.replace("three", "five"), ETag='"two"')
    visit(article)
    server.routes["/a"] = answer(status=304)
    visit(article, 2)
    _, headers = server.asked[-1]
    assert headers["if-none-match"] == '"two"'
    assert "if-modified-since" not in headers


def test_the_same_text_among_other_things_is_no_version_and_its_bytes_are_not_kept(server, article):
    server.routes["/a"] = page(HTML.replace("<nav>", "<nav class='new'>"))
    row = visit(article)
    assert (row.outcome, row.item.outcome, row.item.raw) == ("read", "unchanged", None)
    assert len(row.raw_sha256) == 64
    assert article.versions.count() == 1


def test_a_text_that_differs_beside_the_article_alone_is_no_version_and_is_kept(server, article):
    later = HTML.replace("<article>", "<article><p>Updated 5 minutes ago</p>")
    server.routes["/a"] = page(later)
    row = visit(article)
    assert row.item.outcome == "unchanged"
    assert article.versions.count() == 1


def test_a_changed_figure_without_a_notice_is_a_stealth_edit(server, article):
    server.routes["/a"] = page(HTML.replace("three soldiers", "five soldiers"))
    row = visit(article)
    version = article.latest()
    assert (version.number, version.edit) == (2, "stealth")
    assert version.edit_note == "1 word removed and 1 word added."
    assert row.item.version == version
    assert b"five soldiers" in zlib.decompress(bytes(version.raw))


@pytest.mark.parametrize(
    ("was", "now", "edit", "note"),
    [
        ("<p>Rockets", "<p>Correction: five, not three.</p><p>Rockets", "correction", "five, not three"),
        ("<p>Rockets", "<p>This article has been updated.</p><p>Rockets", "noticed", "has been updated"),
        ("</head>", f"{MODIFIED}</head>", "noticed", "2020-03-14 09:00"),
        ("struck", "strucck", "slight", ""),
    ],
)  # fmt: skip
def test_a_change_that_is_told_or_slight_is_none(server, article, was, now, edit, note):
    changed = HTML if edit == "slight" else HTML.replace("three soldiers", "five soldiers")
    server.routes["/a"] = page(changed.replace(was, now))
    visit(article)
    version = article.latest()
    assert (version.number, version.edit) == (2, edit)
    assert note in version.edit_note


def test_a_changed_headline_is_a_version(server, article):
    later = HTML.replace("Rockets hit base", "Rockets miss base")
    server.routes["/a"] = page(later)
    visit(article)
    version = article.latest()
    assert (version.number, version.title, version.edit) == (2, "Rockets miss base", "stealth")
    assert version.edit_note == "The headline was: Rockets hit base"


def test_a_feed_s_other_title_is_no_change_of_the_page(server):
    server.routes["/a"] = page()
    url = f"{server.url}/a"
    item = enqueue([Incoming("a", url=url, title="Base hit, says feed")], label="t").items.get()
    ingest(item)
    server.routes["/a"] = page(HTML.replace("<nav>", "<nav class='new'>"))
    row = visit(Article.objects.get())
    assert row.item.outcome == "unchanged"
    assert row.item.told == {"title": "Rockets hit base"}


def test_what_a_later_reading_says_otherwise_is_kept_beside_and_overwrites_nothing(server, article):
    before = Article.objects.values().get()
    later = HTML.replace("Associated Press", "Agence France-Presse").replace("13T23:30", "14T08:00")
    server.routes["/a"] = page(later)
    row = visit(article)
    assert Article.objects.values().get() == before
    assert row.item.told["agency"] == "AFP"
    assert row.item.told["published_at"].startswith("2020-03-14T05:00:00")


def test_a_page_behind_a_wall_is_no_shorter_version(server, article):
    long = HTML.replace(
        "</article>", "".join(f"<p>Part {n} of it was told.</p>" for n in range(40))
    )
    server.routes["/a"] = page(long)
    visit(article)
    assert article.versions.count() == 2
    server.routes["/a"] = page(HTML)
    row = visit(article, 2)
    assert row.item.outcome == "refused"
    assert "paywall" in row.item.error
    assert row.item.raw, "what was refused is kept"
    assert article.versions.count() == 2


# --- where the page is no more ---------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_noted_and_comes_back(server, article, status, monkeypatch):
    woken = []
    monkeypatch.setattr(standing, "wake", lambda *call: woken.append(call))
    server.routes["/a"] = answer(status=status)
    row = visit(article)
    assert (row.status, row.outcome) == (StageStatus.DONE, "gone")
    assert article.gone_at is not None
    assert woken == [("events.propagate_waiting",)]
    server.routes["/a"] = page()
    visit(article, 2)
    assert article.gone_at is None


def test_a_page_that_leads_to_the_front_page_is_gone_and_no_version(server, article):
    server.routes["/a"] = redirect("/")
    server.routes["/"] = page(HTML.replace("Rockets", "Today's news"))
    row = visit(article)
    assert (row.outcome, row.item) == ("elsewhere", None)
    assert article.gone_at is not None
    assert Article.objects.count() == 1


def test_a_page_that_was_moved_on_its_site_is_the_same_article(server, article):
    server.routes["/a"] = redirect("/world/a-new-name")
    server.routes["/world/a-new-name"] = page(HTML.replace("three", "five"))
    row = visit(article)
    assert row.item.article == article
    assert article.versions.count() == 2
    assert Article.objects.count() == 1


def test_a_failing_server_is_asked_again_with_a_pause_and_then_left(server, article, settings):
    server.routes["/a"] = answer(status=503)
    for attempt in range(1, settings.STAGE_MAX_ATTEMPTS + 1):
        row = visit(article)
        assert row.attempts == attempt
        assert "the server answered 503" in row.error
    assert row.status == StageStatus.QUARANTINED
    assert article.gone_at is None
    assert article.refetches.filter(status=StageStatus.WAITING).count() == 3, "the plan goes on"


def test_a_refusal_is_no_failure_to_be_tried_again(server, article):
    server.routes["/a"] = answer(status=403)
    row = visit(article)
    assert (row.status, row.outcome) == (StageStatus.DONE, "refused")
    assert article.gone_at is None


def test_a_visit_that_is_cut_off_leaves_nothing_half_done(server, article, monkeypatch):
    server.routes["/a"] = page(HTML.replace("three", "five"))
    before = IntakeItem.objects.count()
    monkeypatch.setattr(Refetch, "save", lambda *a, **k: 1 / 0)
    row = visit(article)
    assert row.status == StageStatus.FAILED
    assert IntakeItem.objects.count() == before


# --- what is told to what rests on it --------------------------------------------------------


def test_the_desk_is_told_that_a_text_was_changed_in_silence(server, article):
    server.routes["/a"] = page(HTML.replace("three soldiers", "five soldiers"))
    visit(article)
    notice_changes()
    (change,) = article.source_changes.select_related("version")
    assert "Changed without a notice. 1 word removed and 1 word added." in detail(change)


def test_the_desk_is_told_the_publisher_s_notice(server, article):
    corrected = HTML.replace(SENTENCES[0], f"Correction: it was Thursday.</p><p>{SENTENCES[0]}")
    server.routes["/a"] = page(corrected)
    visit(article)
    notice_changes()
    (change,) = article.source_changes.select_related("version")
    assert detail(change).endswith("The publisher says so: Correction: it was Thursday.")


def test_versions_stay_as_they_were(article):
    assert ArticleVersion.objects.get().edit == ""


def test_a_silent_change_of_a_sentence_that_carries_evidence_is_asked_about(server, article):
    evidence = make_quote(make_event(), article.latest(), SENTENCES[0])
    server.routes["/a"] = page(HTML.replace("three soldiers", "five soldiers"))
    visit(article)
    notice_changes()
    propagate(article.source_changes.get())
    (correction,) = evidence.corrections.all()
    assert (correction.outcome, correction.cause) == ("open", "new_version")
    assert "three soldiers" in correction.was
    assert "five soldiers" in correction.now
    assert "Changed without a notice." in correction.detail


def test_a_change_beside_the_article_asks_nothing(server, article):
    make_quote(make_event(), article.latest(), SENTENCES[0])
    server.routes["/a"] = page(HTML.replace("<article>", "<article><p>1.2K shares</p>"))
    visit(article)
    notice_changes()
    assert not article.source_changes.exists()
