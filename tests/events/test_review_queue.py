"""The review queue: what waits, with evidence beside it; decisions go through curate, by curators only."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.roles import ANALYSTS, SENIOR_EDITORS
from apps.events import review
from apps.events.assemble import assemble
from apps.events.models import Decision, Event, Standing
from tests.events import make

pytestmark = pytest.mark.django_db
QUEUE = "admin:events_event_queue"
DECIDE = "admin:events_event_decide"
LEAD = "Nobody expected it. "
SENTENCE = "Rockets hit the US embassy in Baghdad on Tuesday."


def user(name, group=None, **fields):
    row = User.objects.create_user(name, is_staff=True, **fields)
    if group:
        row.groups.add(Group.objects.get(name=group))
    return row


@pytest.fixture
def editor(client):
    row = user("editor", SENIOR_EDITORS)
    client.force_login(row)
    return row


def proposal(sentence=SENTENCE, day=date(2020, 11, 17)):
    """A proposal made by the machine from one article."""
    make.actor("us-gov")
    text = f"BAGHDAD - {LEAD * 30}{sentence} {LEAD * 30}"
    row = make.annotation(make.version(text, title="Embassy under fire"))
    make.story_event(row, sentence, targets=["us-gov"], date_from=day, why="trigger 'hit'")
    assemble(row)
    return Event.objects.latest("pk")


def act(client, action, follow=True, **fields):
    return client.post(reverse(DECIDE), {"action": action, **fields}, follow=follow)


def test_the_evidence_stands_beside_the_proposal_with_its_surroundings(client, editor):
    event = proposal()
    page = client.get(reverse(QUEUE))
    html = page.content.decode()
    assert event.public_id in html
    assert "Embassy under fire" in html
    assert "<mark><strong>R</strong>ockets hit the US embassy in Baghdad on Tuesday.</mark>" in html
    assert "Nobody expected it." in html
    assert "read as ASSAULT" in html
    assert "trigger &#x27;hit&#x27;" in html
    assert "confidence 0.80" in html
    assert html.count("<script") == html.count("<script src")
    assert 'style="' not in html


def test_text_of_an_article_cannot_break_the_page(client, editor):
    proposal("Rockets hit the <script>alert(1)</script> US embassy on Tuesday.")
    assert "<script>alert(1)" not in client.get(reverse(QUEUE)).content.decode()


def test_known_events_that_come_near_are_offered_for_merging(client, editor):
    known = make.published(
        "USIR-20201118-1", start=date(2020, 11, 30), targets=("us-gov",), title="Rockets on the embassy"
    )  # fmt: skip
    event = proposal()
    Event.objects.filter(pk=known.pk).update(start=date(2020, 11, 17), end=date(2020, 11, 17))
    html = client.get(reverse(QUEUE)).content.decode()
    assert "Merge into USIR-20201118-1" in html
    act(client, "merge", event=event.pk, into_id="USIR-20201118-1")
    event.refresh_from_db()
    assert event.merged_into == known


def test_publish(client, editor):
    event = proposal()
    page = act(client, "publish", event=event.pk)
    event.refresh_from_db()
    assert event.status == Event.Status.PUBLISHED
    assert f"{event.public_id} is published." in page.content.decode()
    assert Decision.objects.latest("pk").by == editor
    assert not review.waiting().exists()


def test_reject_needs_a_reason(client, editor):
    event = proposal()
    assert "Give a reason" in act(client, "reject", event=event.pk).content.decode()
    act(client, "reject", event=event.pk, reason="an exercise")
    event.refresh_from_db()
    assert event.status == Event.Status.REJECTED
    assert Decision.objects.latest("pk").reason == "an exercise"


def test_merge_by_number(client, editor):
    event = proposal()
    known = make.published("USIR-20180101-1", start=date(2018, 1, 1))
    assert "is none" in act(client, "merge", event=event.pk, into="USIR-1").content.decode()
    act(client, "merge", event=event.pk, into="usir-20180101-1")
    event.refresh_from_db()
    assert event.merged_into == known


def test_additions_to_published_events_are_decided_one_by_one(client, editor):
    known = make.published("USIR-1", title="Embassy attacked")
    good = make.cited(known, "https://example.org/good")
    bad = make.cited(known, "https://example.org/bad")
    claim = make.claim(known, "killed", number=3)
    doubtful = make.claim(known, "killed", number=300)
    html = client.get(reverse(QUEUE)).content.decode()
    assert "Published event, with additions" in html
    assert "a witness" in html
    act(client, "publish_evidence", evidence=good.pk)
    act(client, "reject_evidence", evidence=bad.pk, reason="another embassy")
    act(client, "publish_claim", claim=claim.pk)
    act(client, "reject_claim", claim=doubtful.pk, reason="a misprint")
    for row in (good, bad, claim, doubtful, known):
        row.refresh_from_db()
    assert (good.standing, claim.standing) == (Standing.PUBLISHED, Standing.PUBLISHED)
    assert (bad.standing, doubtful.standing) == (Standing.REJECTED, Standing.REJECTED)
    assert known.killed == 3
    assert not review.waiting().exists()


def test_refusals_are_told(client, editor):
    event = make.event()
    assert "has no evidence" in act(client, "publish", event=event.pk).content.decode()
    assert "no such event" in act(client, "publish", event=10**9).content.decode()
    assert "no such claim" in act(client, "publish_claim", claim="x").content.decode()
    assert "Choose what to do" in act(client, "explode", event=event.pk).content.decode()


def test_an_empty_queue_says_so(client, editor):
    assert "Nothing waits for a decision." in client.get(reverse(QUEUE)).content.decode()


def test_newest_or_most_salient_first(client, editor):
    grave = make.event(type="ASSAULT")
    mild = make.event(type="CONSULT")
    make.cited(grave)
    make.cited(mild)
    assert list(review.waiting()) == [mild, grave]
    assert list(review.waiting(order="salient")) == [grave, mild]


def test_kinds_and_a_single_event(client, editor):
    new = make.event(title="A new one")
    make.cited(new)
    known = make.published(title="A known one")
    make.cited(known, "https://example.org/more")
    assert list(review.waiting("events")) == [new]
    assert list(review.waiting("rows")) == [known]
    html = client.get(reverse(QUEUE), {"event": new.pk}).content.decode()
    assert "A new one" in html
    assert f"card-{known.pk}" not in html


@pytest.mark.parametrize("query", ["?page=99", "?page=x", "?kind=y&order=z", "?event=x", "?event="])
def test_odd_addresses_are_answered(client, editor, query):
    assert client.get(reverse(QUEUE) + query).status_code == 200


def test_pages(client, editor):
    for _ in range(11):
        make.cited(make.event())
    first = client.get(reverse(QUEUE)).content.decode()
    assert "Page 1 of 2" in first
    assert first.count('class="module queue-card"') == 10
    second = client.get(reverse(QUEUE), {"page": 2}).content.decode()
    assert second.count('class="module queue-card"') == 1


def test_the_way_back_is_kept_and_leads_nowhere_else(client, editor):
    event = make.event()
    here = f"{reverse(QUEUE)}?order=salient&page=2"
    assert act(client, "publish", event=event.pk, back=here, follow=False).url == here
    away = act(client, "publish", event=event.pk, back="https://evil.example/", follow=False)
    assert away.url == reverse(QUEUE)


def test_only_curators_decide(client):
    event = proposal()
    for who in (user("analyst", ANALYSTS), user("nobody")):
        client.force_login(who)
        assert client.get(reverse(QUEUE)).status_code == 403
        assert act(client, "publish", event=event.pk, follow=False).status_code == 403
    client.logout()
    assert client.get(reverse(QUEUE)).status_code == 302
    assert act(client, "publish", event=event.pk, follow=False).status_code == 302
    event.refresh_from_db()
    assert event.status == Event.Status.PROPOSED


def test_a_decision_needs_the_forms_token(editor):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert strict.post(reverse(DECIDE), {"action": "publish"}).status_code == 403


def test_the_page_is_read_and_the_decision_posted(client, editor):
    assert client.post(reverse(QUEUE)).status_code == 405
    assert client.get(reverse(DECIDE)).status_code == 405


def test_the_queue_is_linked_from_the_index_the_list_and_the_event(client, editor):
    event = proposal()
    queue = reverse(QUEUE)
    assert queue in client.get(reverse("admin:index")).content.decode()
    assert queue in client.get(reverse("admin:events_event_changelist")).content.decode()
    page = client.get(reverse("admin:events_event_change", args=[event.pk])).content.decode()
    assert f"{queue}?event={event.pk}" in page


def test_queries_do_not_grow_with_the_queue(client, editor):
    def fill(day):
        proposal(f"{SENTENCE[:-1]}, report {day}.", date(2020, day, day))
        known = make.published(start=date(2019, day, day), targets=("us-gov",))
        make.claim(known, number=day, evidence=make.cited(known, "https://example.org/x"))

    fill(1)
    client.get(reverse(QUEUE))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(QUEUE))
    fill(2)
    fill(3)
    with CaptureQueriesContext(connection) as three:
        client.get(reverse(QUEUE))
    assert len(three) == len(one)


@pytest.mark.parametrize("number", ["²", "9" * 5000, "-1", "1 or 1=1", "a\0b", "9" * 18, ""])
def test_a_number_that_names_no_event_is_told_and_breaks_nothing(client, editor, number):
    answer = act(client, "reject", event=number, reason="x")
    assert answer.status_code == 200
    assert "There is no such event any more" in answer.content.decode()
    if len(number) < 1000:
        assert client.get(reverse(QUEUE), {"event": number}).status_code == 200


def test_a_nul_in_what_an_editor_sends_is_dropped(client, editor):
    event = proposal()
    answer = act(client, "merge", event=event.pk, into="EV-\0no")
    assert "“EV-no” is none" in answer.content.decode()
    act(client, "reject", event=event.pk, reason="not\0 news")
    assert Decision.objects.latest("pk").reason == "not news"


def test_a_script_s_address_is_no_link_in_the_queue(client, editor):
    event = proposal()
    event.evidence.create(url="javascript:alert(1)", publisher="Evil")
    html = client.get(reverse(QUEUE)).content.decode()
    assert "javascript:alert(1)" in html
    assert 'href="javascript:' not in html
