"""The Pipeline page: every stage at a glance, cheap to ask, and buttons that let failed rows go on."""

import json
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.roles import EDITORS, OPERATORS
from apps.articles.models import IntakeBatch, IntakeItem
from apps.core import pipeline
from apps.core.pipeline import Count, Reason, Stage, grouped
from apps.core.stages import StageRun
from apps.sources.models import Feed, FeedPoll, Source
from tests.factories import make_article

pytestmark = pytest.mark.django_db
PAGE = "admin:pipeline"


def items(number: int = 1, **values) -> list[IntakeItem]:
    batch = IntakeBatch.objects.create(label="a batch")
    rows = [IntakeItem(batch=batch, label=f"item {n}", **values) for n in range(number)]
    return IntakeItem.objects.bulk_create(rows)


def stage(key: str = "articles.intakeitem") -> Stage:
    return next(one for one in pipeline.stages(timezone.now()) if one.key == key)


def login(client, role: str = OPERATORS) -> User:
    user = User.objects.create_user("somebody", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return user


def press(client, do: str, key: str = "articles.intakeitem"):
    return client.post(reverse("admin:pipeline_release"), {"stage": key, "do": do}, follow=True)


# --- what is counted -------------------------------------------------------------------------


def test_every_stage_is_there_in_the_order_of_the_news():
    keys = [one.key for one in pipeline.stages(timezone.now())]
    assert {model._meta.label_lower for model in StageRun.__subclasses__()} < set(keys)
    assert keys[0] == "sources.feed"
    assert keys.index("articles.intakeitem") < keys.index("annotations.annotation")
    assert keys.index("annotations.annotation") < keys.index("events.assembly")
    assert "timelines.timeline" in keys


def test_rows_are_counted_where_they_stand():
    now = timezone.now()
    items(3)
    items(2, next_try_at=now + timedelta(hours=1))
    items(1, status="running", started_at=now)
    items(4, status="failed", error="x")
    items(2, status="quarantined", error="x")
    items(5, status="done", finished_at=now - timedelta(hours=3))
    found = stage()
    told = [found.waiting, found.planned, found.running, found.failed, found.quarantined]
    assert [str(count) for count in told] == ["3", "2", "1", "4", "2"]
    assert (str(found.done), str(found.hour)) == ("5", "0")
    assert found.trouble == "bad"


def test_the_oldest_that_waits_is_told():
    long_ago = timezone.now() - timedelta(hours=5)
    items(1, next_try_at=long_ago)
    items(1)
    assert stage().oldest == long_ago


def test_the_rate_is_of_the_last_hour_in_steps_of_five_minutes():
    now = timezone.now()
    items(6, status="done", finished_at=now - timedelta(minutes=1))
    items(3, status="done", finished_at=now - timedelta(minutes=57))
    items(9, status="done", finished_at=now - timedelta(minutes=61))
    items(2, status="failed", finished_at=now)
    found = stage()
    assert (found.bars[0], found.bars[-1], str(found.hour)) == (3, 6, "9")
    assert found.per_minute == pytest.approx(0.15)
    assert max(high for _, _, high in found.drawn) == 20


def test_versions_that_nobody_has_begun_to_read_wait(settings):
    make_article("Rockets hit the camp.")
    make_article("Nobody was hurt.")
    assert str(stage("annotations.annotation").waiting) == "2"
    settings.PIPELINE_NEWEST = 1
    assert str(stage("annotations.annotation").waiting) == "1+"


def test_reasons_that_differ_in_numbers_and_addresses_are_one():
    rows = [
        ("https://a.example/1 could not be fetched: the server answered 503.", False),
        ("https://b.example/2 could not be fetched: the server answered 502.", True),
        ("ValueError: no title\nTraceback ...", False),
        ("", False),
    ]
    assert grouped(rows) == [
        Reason(rows[0][0], 2, 1),
        Reason("ValueError: no title", 1, 0),
        Reason("No reason was written down.", 1, 0),
    ]


def test_feeds_that_fail_are_told_with_their_reason():
    source = Source.objects.create(slug="s", name="S")
    feed = Feed.objects.create(
        source=source,
        url="https://s.example/feed",
        active=True,
        failures=3,
        last_error="It is dead.",
    )
    Feed.objects.create(source=source, url="https://s.example/off", failures=3, last_error="Off.")
    FeedPoll.objects.create(feed=feed, ok=True)
    found = stage("sources.feed")
    assert (str(found.waiting), str(found.failed), str(found.hour)) == ("1", "1", "1")
    assert [reason.text for reason in found.reasons] == ["It is dead."]


def test_counts_say_where_counting_ended():
    assert [str(Count(5)), str(Count(100_000, more=True))] == ["5", "100,000+"]
    assert str(Count(1_200_000, about=True)) == "about 1,200,000"


# --- what it costs ---------------------------------------------------------------------------


def test_the_number_of_queries_is_the_same_whatever_there_is():
    pipeline.stages(timezone.now())
    with CaptureQueriesContext(connection) as none:
        pipeline.stages(timezone.now())
    items(30, status="failed", error="x")
    items(30, status="done", finished_at=timezone.now())
    with CaptureQueriesContext(connection) as many:
        pipeline.stages(timezone.now())
    assert len(many) == len(none) <= 9


def scans(plan: dict) -> list[dict]:
    return [plan, *(one for part in plan.get("Plans", []) for one in scans(part))]


def test_millions_of_rows_that_are_done_are_not_read_through():
    """Among 60,000 done rows and few others, every question ends at an index or at its limit."""
    (batch,) = IntakeBatch.objects.bulk_create([IntakeBatch(label="a batch")])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO articles_intakeitem (batch_id, label, url, content_type, title, published_precision, "
            "source_name, project_written, outcome, told, key, status, attempts, error, next_try_at, "
            "finished_at) SELECT %s, 'x', '', '', '', '', '', false, 'new', '{}', '', 'done', 1, '', "
            "now() - interval '30 days', now() - interval '30 days' FROM generate_series(1, 60000)",
            [batch.pk],
        )
    items(20)
    items(20, status="failed", error="x")
    items(20, status="done", finished_at=timezone.now())
    now = timezone.now()
    values = {"now": now, "since": now - pipeline.HOUR}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE articles_intakeitem")
        for name, sql in pipeline.statements().items():
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values)
            answer = cursor.fetchone()[0]
            plans = answer if isinstance(answer, list) else json.loads(answer)
            of_items = [
                node
                for node in scans(plans[0]["Plan"])
                if node.get("Relation Name") == "articles_intakeitem"
            ]
            assert of_items, name
            read = [n["Actual Rows"] + n.get("Rows Removed by Filter", 0) for n in of_items]
            assert max(read) <= pipeline.MOST_DONE + 1, (name, of_items)
    assert stage().done.about
    assert stage().done.number == pytest.approx(60_020, rel=0.05)


# --- the page --------------------------------------------------------------------------------


def test_the_page_shows_counts_reasons_and_buttons(client):
    login(client)
    items(2, status="failed", error="The server sleeps.")
    items(1, status="quarantined", error="It hangs.")
    html = client.get(reverse(PAGE)).content.decode()
    assert "The server sleeps." in html
    assert 'value="retry"' in html
    assert 'value="release"' in html


def test_htmx_gets_the_part_that_changes_alone(client):
    login(client)
    headers = {"HX-Request": "true", "HX-Target": "pipeline-live"}
    html = client.get(reverse(PAGE), headers=headers).content.decode()
    assert "<table" in html
    assert "<html" not in html


def test_a_quiet_pipeline_says_so(client):
    login(client)
    html = client.get(reverse(PAGE)).content.decode()
    assert "Nothing failed and nothing is set aside." in html
    assert "Nobody has pressed a button here yet." in html


def test_hostile_reasons_are_text(client):
    login(client)
    items(1, status="failed", error="<script>alert(1)</script>")
    assert "<script>alert" not in client.get(reverse(PAGE)).content.decode()


def test_who_may_look_at_nothing_is_refused_and_editors_get_no_buttons(client):
    client.force_login(User.objects.create_user("newcomer", is_staff=True))
    assert client.get(reverse(PAGE)).status_code == 403
    items(1, status="failed", error="x")
    client.logout()
    login(client, EDITORS)
    assert 'value="retry"' not in client.get(reverse(PAGE)).content.decode()
    assert press(client, "retry").status_code == 403
    assert IntakeItem.objects.get().status == "failed"


@pytest.mark.parametrize(("do", "released"), [("retry", "failed"), ("release", "quarantined")])
def test_a_button_lets_its_rows_alone_go_on_and_is_written_down(client, do, released):
    user = login(client)
    for status in ("failed", "quarantined", "done"):
        items(2, status=status, attempts=5, error="x", finished_at=timezone.now())
    html = press(client, do).content.decode()
    assert "2 intake items will be worked on again" in html
    waiting = IntakeItem.objects.filter(status="waiting", attempts=0)
    assert waiting.count() == 2
    assert not IntakeItem.objects.filter(status=released).exists()
    assert IntakeItem.objects.filter(status="done").count() == 2
    (entry,) = LogEntry.objects.all()
    assert (entry.user, entry.object_repr) == (user, "2 intake items")
    assert "somebody" in html
    assert press(client, do).content.decode().count("Nothing to do") == 1
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("key", "do"),
    [("articles.article", "retry"), ("x", "retry"), ("articles.intakeitem", "x"), ("", "")],
)
def test_what_is_no_stage_or_no_button_is_not_found(client, key, do):
    login(client)
    assert press(client, do, key).status_code == 404


def test_a_button_is_pressed_not_followed(client):
    login(client)
    assert client.get(reverse("admin:pipeline_release")).status_code == 405
