"""An article is removed on legal request: its words are nowhere any more, and the ledger stays whole."""

import subprocess
from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.actors.models import Actor, AliasSuggestion
from apps.annotations.annotate import annotate
from apps.annotations.models import StoryEvent
from apps.articles.blacking import Words, black
from apps.articles.incoming import Incoming, enqueue
from apps.articles.ingest import ingest
from apps.articles.models import Article, ArticleVersion, IntakeItem, Refetch, Removal
from apps.core.backup import programs
from apps.core.models import Change
from apps.events import corrections, curate, removing
from apps.events.assemble import assemble
from apps.events.models import Decision, Event, Evidence
from apps.events.source_changes import notice
from apps.sources.models import Feed, ListedEntry, Source
from apps.timelines.models import Notice, SavedView, Snapshot
from apps.timelines.snapshots import storing
from tests.events import make
from tests.factories import make_actor, make_dyad, make_quote, make_timeline
from tests.flow.test_feed_to_page import make_known_names
from tests.permissions.people import EDITOR, OPERATOR, SENIOR, user_of
from tests.timelines.test_leaks import PAGES, walk

URL = "https://news.example/missiles"
OTHER = "https://other.example/report"
# Every word that begins so is the article's alone.
PLANT = "zyx"
REASON = "Order of a court of 3 May, asked for by the person named."
HIT = (
    "Iran fired ballistic missiles at American troops in Baghdad near Zyxburg on Wednesday, "
    "killing two people."
)
PAGE = """<!doctype html><html lang="en"><head><title>Zyxtitle missiles hit base</title>
<meta name="author" content="Ana Zyxbyline"></head><body><article>
<h1>Zyxtitle missiles hit base</h1><p>BAGHDAD (AP) - {hit}</p>
<p>The Zyxite Brigade attacked an American convoy in Baghdad on Wednesday, wounding three
soldiers.</p>
<p>Colonel Omar Zyxman of the Zyxite Brigade said that nobody was hurt, according to zyxquoted officials who
were not authorised to speak about it at all.</p>
<p>Oil prices rose in early zyxtrading and airlines changed their routes, while ministers in several
capitals were called to meetings and asked their citizens to leave the country for the time being.</p>
</article></body></html>"""
FIRST = PAGE.format(hit=HIT)
SECOND = PAGE.format(hit=HIT.replace("two people", "five zyxpeople"))
ELSEWHERE = "Rockets hit a base in Baghdad, the army said. Nobody else reported anything that day."


@pytest.fixture
def people(queue):
    make_known_names()
    for slug in ("us-gov", "iran-gov", "late-group"):  # whom the walk of all pages asks for
        make_actor(slug)
    iran, usa = Actor.objects.get(slug="iran"), Actor.objects.get(slug="usa")
    timeline = make_timeline(actors=[iran, usa])
    make_dyad(timeline, "us-iran", [usa], [iran])
    return timeline


def taken_in(content: str, url: str = URL, **values) -> IntakeItem:
    given = {"content_type": "text/html; charset=utf-8", "title": "Zyxfeed title of it"} | values
    item = Incoming(label=url, raw=content.encode(), url=url, **given)
    batch = enqueue([item], label="a test")
    row = batch.items.get()
    version = ingest(row)
    if version is not None:
        reading = annotate(version)
        if reading is not None:
            assemble(reading)
    row.refresh_from_db()
    return row


@pytest.fixture
def article(people) -> Article:
    """An article in two versions, read and assembled; its event is published, corrected, sealed and told of."""
    day = {"published_at": datetime(2020, 1, 9, 6, tzinfo=UTC), "published_precision": "instant"}
    item = taken_in(FIRST, **day)
    found: Article = item.article
    attack = Event.objects.filter(evidence__article_version__article=found, type="ASSAULT").first()
    curate.publish(
        attack, by_label="editor", reason="The Zyxite Brigade is nobody else, clear report"
    )
    taken_in(SECOND, **day)
    assert found.versions.count() == 2
    notice()
    for change in corrections.waiting():
        corrections.propagate(change)
    example = {
        "article": found.pk,
        "title": found.title,
        "before": "of the",
        "name": "Zyxite",
        "after": "B",
    }
    AliasSuggestion.objects.create(name="Zyxite", normalised="zyxite", examples=[example])
    # A party that nobody is known by: the machine called the event after it, an editor called it otherwise.
    StoryEvent.objects.filter(annotation__article_version__article=found).update(
        initiators=["Zyxite Brigade"]
    )
    events = Event.objects.filter(pk=attack.pk)
    events.update(title="Attack by Zyxite Brigade")
    events.update(title="Attack on the Americans")
    proposal = make.event(
        title="Attack by Zyxite on a convoy", summary="Zyxite did it.", names=["Zyxday"]
    )
    make_quote(proposal, found.latest(), "The Zyxite Brigade attacked", standing="proposed")
    curate.propose(proposal, by_label="pipeline 1", reason=f"Nothing fits “{found.title}”.")
    # The same bytes, which could not be read when they came from another address.
    batch = enqueue(
        [Incoming(label="mirror", raw=FIRST.encode(), title="Zyxmirror of it")], label="m"
    )
    batch.items.update(status="failed", error="No Zyxerror")
    feed = Feed.objects.create(
        source=Source.objects.create(slug="n", name="N"), url="https://news.example/feed"
    )
    ListedEntry.objects.create(
        feed=feed,
        identity="1",
        url=URL,
        title="Zyxtitle missiles",
        summary="Zyxsummary",
        author="Zyxa",
    )
    Refetch.objects.create(article=found, number=1)
    editor = User.objects.create_user("ana")
    LogEntry.objects.log_actions(editor.pk, [found], CHANGE, "Looked at.")
    view = SavedView.objects.create(user=editor, timeline=people, name="All")
    Notice.objects.create(
        view=view, kind="digest", until=found.first_seen_at, subject="New", body=HIT
    )
    assert storing.keep(people, "https://t.example")[1]
    return found


@pytest.fixture
def other(people) -> ArticleVersion:
    item = taken_in(ELSEWHERE, url=OTHER, content_type="text/plain", title="Another report of it")
    return item.version


def dumped() -> str:
    """The whole database as SQL, queue included, in lower case."""
    with programs.told_errors("pg_dump") as messages:
        process = programs.start("pg_dump", stdout=subprocess.PIPE, stderr=messages)
        told, _ = process.communicate()
    assert process.returncode == 0
    return told.decode().lower()


def lines_with(word: str, text: str) -> list[str]:
    found = [(line, line.find(word)) for line in text.splitlines()]
    return [line[max(at - 100, 0) : at + 100] for line, at in found if at >= 0]


def remove(article: Article, **values) -> Removal:
    return removing.remove(article, **({"by_label": "test", "reason": REASON} | values))


# --- nowhere --------------------------------------------------------------------------------------


def test_its_words_are_nowhere_in_the_database_nor_on_any_page(article):
    before = dumped()
    for table in (
        *("articles_articleversion", "articles_intakeitem", "events_evidence", "core_change"),
        *("events_decision", "events_event", "events_correction", "timelines_snapshot"),
        *("annotations_storyevent", "events_claim", "actors_aliassuggestion"),
    ):
        start = before.index(f"copy public.{table} (")
        assert PLANT in before[start : before.index("\\.\n", start)], table
    pages = walk(Client(), None)
    assert any(PLANT in body.lower() for body in pages.values())
    raws = ArticleVersion.objects.exclude(raw=None).count()
    remove(article)
    assert lines_with(PLANT, dumped()) == []
    assert ArticleVersion.objects.exclude(raw=None).count() == raws - 2
    assert not IntakeItem.objects.exclude(raw=None).exists()
    analyst = Client()
    analyst.force_login(User.objects.create_superuser("root"))
    for client in (Client(), analyst):
        for address, body in walk(client, None, PAGES.keys() - {"kept_snapshot"}).items():
            assert PLANT not in body.lower(), address


def test_proposals_that_were_merged_or_taken_back_keep_none_of_them(article):
    """Nothing rests on them any more: the history tells that it did."""
    attack = Event.objects.public().get()
    merged = make.event(title="Attack by Zyxite elsewhere", fingerprint="f" * 64)
    make_quote(merged, article.latest(), "Omar Zyxman of the Zyxite Brigade", standing="proposed")
    curate.propose(merged, by_label="pipeline 1", reason="Nothing known fits.")
    curate.merge(merged, into=attack, by_label="editor", reason="It is the same.")
    given_up = make.event(title="Attack by Zyxite given up", fingerprint="e" * 64)
    quote = make_quote(given_up, article.latest(), "ministers in several", standing="proposed")
    curate.propose(given_up, by_label="pipeline 1", reason="Nothing known fits.")
    quote.delete()
    Event.objects.filter(pk=given_up.pk).update(status="rejected")
    remove(article)
    assert lines_with(PLANT, dumped()) == []
    merged.refresh_from_db()
    assert (merged.status, merged.merged_into) == ("merged", attack)


def test_a_kept_snapshot_that_holds_them_is_withdrawn_and_others_stay(article, client, people):
    sealed = Snapshot.objects.get()
    address = reverse("kept_snapshot", args=[people.slug, sealed.sha256])
    assert client.get(address).status_code == 200
    remove(article)
    answer = client.get(address)
    assert answer.status_code == 410
    assert "withdrawn" in answer.content.decode()
    kept, _ = storing.keep(people, "https://t.example")
    address = reverse("kept_snapshot", args=[people.slug, kept.sha256])
    assert client.get(address).status_code == 200


# --- the ledger stays -----------------------------------------------------------------------------


def test_events_keep_evidence_claims_decisions_and_history(article):
    public = set(Event.objects.public().values_list("pk", flat=True))
    assert public
    spans = list(
        Evidence.objects.order_by("pk").values_list("pk", "event", "start", "end", "standing")
    )
    decisions = list(Decision.objects.order_by("pk").values_list("pk", "action", "by_label", "at"))
    chain = list(
        Change.objects.order_by("pk").values_list("pk", "at", "who", "op", "table", "row_id")
    )
    removal = remove(article)
    article.refresh_from_db()
    assert set(Event.objects.public().values_list("pk", flat=True)) == public
    kept = Evidence.objects.order_by("pk").values_list("pk", "event", "start", "end", "standing")
    assert [row[:4] for row in kept] == [row[:4] for row in spans]
    for row in Evidence.objects.filter(article_version__article=article):
        assert row.quote == black(row.quote)
        assert len(row.quote) == row.end - row.start
    kept = Decision.objects.order_by("pk").values_list("pk", "action", "by_label", "at")
    assert list(kept)[: len(decisions)] == decisions
    kept = Change.objects.order_by("pk").values_list("pk", "at", "who", "op", "table", "row_id")
    assert list(kept)[: len(chain)] == chain
    assert (removal.article, removal.by_label, removal.reason) == (article, "test", REASON)
    assert article.removed_at == removal.at
    assert article.canonical_url == URL


def test_what_the_machine_made_of_it_alone_is_rejected_and_nothing_is_read_anew(article):
    proposed = Event.objects.filter(status=Event.Status.PROPOSED)
    assert {e.pk for e in removing.preview(article).proposals} == {e.pk for e in proposed} != set()
    pks = [event.pk for event in proposed]
    remove(article)
    assert set(Event.objects.filter(pk__in=pks).values_list("status", flat=True)) == {"rejected"}
    assert annotate(article.latest()) is None


def test_other_articles_and_editors_words_about_the_event_stay(article, other):
    event = Event.objects.public().get()
    quote = make_quote(event, other, "Rockets hit a base in Baghdad, the army said.")
    Event.objects.filter(pk=event.pk).update(
        title="An attack on a base", summary="As was reported."
    )
    told = removing.preview(article)
    assert told.published == [event]
    assert told.alone == []
    remove(article)
    quote.refresh_from_db()
    event.refresh_from_db()
    assert quote.quote == "Rockets hit a base in Baghdad, the army said."
    assert (event.title, event.summary) == ("An attack on a base", "As was reported.")
    assert other.article.title == "Another report of it"
    assert Change.objects.filter(after__title="An attack on a base").exists()


def test_who_decides_is_told_before_what_will_stand_without_words(article):
    event = Event.objects.public().get()
    told = removing.preview(article)
    assert told.alone == [event]
    assert (told.versions, told.items) == (2, 3)


# --- not taken in again ---------------------------------------------------------------------------


@pytest.mark.parametrize("url", [URL, "https://mirror.example/same"])
def test_it_is_not_taken_in_again_by_address_nor_by_content(article, url):
    remove(article)
    changed = FIRST if url != URL else FIRST.replace("early zyxtrading", "late zyxtrading")
    item = taken_in(changed, url=url)
    assert (item.outcome, item.version) == ("refused", None)
    assert "was removed on legal request" in item.error
    assert article.versions.count() == 2
    assert lines_with(PLANT, dumped()) == []


def test_planned_visits_end(article):
    remove(article)
    assert set(article.refetches.values_list("status", "outcome")) == {("done", "skipped")}


# --- who may, and how -----------------------------------------------------------------------------


def test_it_needs_the_right_and_a_reason_and_happens_once(article):
    with pytest.raises(PermissionDenied):
        remove(article, by=user_of(EDITOR), by_label="")
    User.objects.filter(username="somebody").delete()
    with pytest.raises(removing.RemovalError, match="Say who asked"):
        remove(article, reason=" ")
    with pytest.raises(removing.RemovalError, match="needs its author"):
        remove(article, by_label="")
    assert not Removal.objects.exists()
    assert remove(article, by=user_of(OPERATOR), by_label="").by.username == "somebody"
    with pytest.raises(removing.RemovalError, match="was removed on"):
        remove(article)


def test_in_the_admin_it_is_shown_before_and_done_with_a_reason(article, client):
    client.force_login(user_of(SENIOR))
    event = Event.objects.public().get()
    chosen = {"action": "remove", "_selected_action": [article.pk]}
    answer = client.post(reverse("admin:articles_article_changelist"), chosen)
    address = reverse("admin:articles_article_remove", args=[article.pk])
    assert answer.url == address
    shown = client.get(address).content.decode()
    assert "NOTHING ELSE supports it" in shown
    assert event.public_id in shown
    assert "This field is required" in client.post(address, {"reason": ""}).content.decode()
    assert not Removal.objects.exists()
    assert client.post(address, {"reason": REASON}).status_code == 302
    assert Removal.objects.get().by.username == "somebody"
    assert "was removed on" in client.post(address, {"reason": REASON}).content.decode()


def test_the_command_tells_first_and_does_it_when_it_is_confirmed(article, capsys):
    call_command("remove_article", URL)
    assert "Nothing was changed" in capsys.readouterr().out
    assert not Removal.objects.exists()
    with pytest.raises(CommandError, match="Say who asked"):
        call_command("remove_article", str(article.pk), confirm=True)
    call_command("remove_article", str(article.pk), confirm=True, reason=REASON)
    assert Removal.objects.get().reason == REASON
    with pytest.raises(CommandError, match="There is no article"):
        call_command("remove_article", "https://nowhere.example/")


# --- the narrow way through -----------------------------------------------------------------------


def refused(statement: str, *values: object, removal_of: Article | None = None) -> bool:
    """Whether the database refuses a statement, in a transaction that removes an article if one is named."""
    try:
        with transaction.atomic():
            if removal_of is not None:
                Removal.objects.create(article=removal_of, by_label="x", reason="x")
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
    except IntegrityError as error:
        return "refused" in str(error)
    return False


def test_outside_a_removal_nothing_immutable_is_blacked_out(article):
    assert refused(
        "UPDATE articles_articleversion SET text = repeat('█', length(text)), raw = NULL"
    )
    assert refused("UPDATE core_change SET why = repeat('█', length(why)) WHERE why <> ''")
    assert refused(
        "UPDATE events_decision SET reason = repeat('█', length(reason)) WHERE reason <> ''"
    )


def test_in_a_removal_words_become_blocks_and_nothing_else(article, other):
    for statement in (
        "UPDATE articles_articleversion SET text = 'x', raw = NULL WHERE article_id = %s",
        "UPDATE articles_articleversion SET text = overlay(text PLACING 'X' FROM 3), raw = NULL "
        "WHERE article_id = %s",
        "UPDATE articles_articleversion SET fetched_at = now(), raw = NULL WHERE article_id = %s",
        "DELETE FROM articles_articleversion WHERE article_id = %s",
    ):
        assert refused(statement, article.pk, removal_of=article)
    blacken = "UPDATE articles_articleversion SET text = repeat('█', length(text)), raw = NULL "
    assert refused(f"{blacken} WHERE id = %s", other.pk, removal_of=article)
    for statement in (
        "UPDATE core_change SET who = 'me'",
        "UPDATE core_change SET at = now()",
        "UPDATE core_change SET after = '{}' WHERE after IS NOT NULL",
        "UPDATE core_change SET after = after || '{\"id\": 0}' WHERE after ? 'id'",
        "UPDATE core_change SET before = NULL WHERE before IS NOT NULL",
        "DELETE FROM core_change",
        "UPDATE events_decision SET by_label = 'me'",
        "UPDATE events_decision SET action = 'load'",
        'UPDATE events_decision SET after = after || \'{"title": "Other"}\'',
        "DELETE FROM events_decision",
    ):
        assert refused(statement, removal_of=article), statement


def test_a_removal_stays(article):
    remove(article)
    assert refused("UPDATE articles_removal SET reason = 'x'")
    assert refused("DELETE FROM articles_removal")


# --- blacking out ---------------------------------------------------------------------------------


def test_five_words_in_a_row_and_telling_phrases_go_and_what_anybody_says_stays():
    words = Words(["The general said on Monday that nobody was hurt."], ["Omar Zyxman"])
    assert words.out("He told us: “said on Monday that nobody was”.") == (
        f"He told us: “{'█' * 4} {'█' * 2} {'█' * 6} {'█' * 4} {'█' * 6} {'█' * 3}”."
    )
    assert words.out("said on Monday that, and nobody was") == "said on Monday that, and nobody was"
    assert words.out("by Omar Zyxman, Omar Zyxmani") == f"by {'█' * 11}, Omar Zyxmani"
    told = {"quote": "on Monday that nobody was hu", "number": 3, "rows": ["Omar Zyxman", None]}
    assert words.out_of(told) == {
        "quote": "██ ██████ ████ ██████ ███ ██", "number": 3, "rows": ["█" * 11, None],
    }  # fmt: skip
