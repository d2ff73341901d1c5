"""The review desk's pages: the queue, one screen per proposal, decisions by button, undo, what is typed."""

import json
import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml.html import fromstring

from apps.accounts.models import User
from apps.accounts.roles import ANALYSTS, EDITORS, OPERATORS, SENIOR_EDITORS
from apps.events import curate, desk, periods
from apps.events.assemble import assemble
from apps.events.models import Correction, Decision, DeskItem, Event, Link, Standing
from apps.events.revising import newest_change
from tests.events import make

pytestmark = pytest.mark.django_db
QUEUE = "admin:events_event_queue"
SCREEN = "admin:events_event_desk"
DECIDE = "admin:events_event_desk_decide"
LEAD = "Nobody expected it. "
SENTENCE = "Rockets hit the US embassy in Baghdad on Tuesday."


def user(name, group=None):
    row = User.objects.create_user(name, is_staff=True)
    if group:
        row.groups.add(Group.objects.get(name=group))
    return row


@pytest.fixture
def senior(client):
    row = user("senior", SENIOR_EDITORS)
    client.force_login(row)
    return row


def proposal(sentence=SENTENCE, day=date(2020, 11, 17), **coded):
    """A proposal made by the machine from one article."""
    make.actor("us-gov")
    text = f"BAGHDAD - {LEAD * 30}{sentence} {LEAD * 30}"
    row = make.annotation(make.version(text, title="Embassy under fire"))
    make.story_event(row, sentence, targets=["us-gov"], date_from=day, why="trigger 'hit'", **coded)
    assemble(row)
    return Event.objects.latest("pk")


def simple(title="Rockets hit the base", **fields):
    """A proposal with one cited source, on the desk."""
    row = make.event(title=title, **fields)
    make.cited(row)
    desk.refresh([row.pk])
    return row


def addition(**fields):
    """A published event with one cited source that waits, on the desk."""
    known = make.published(title="Embassy attacked", **fields)
    row = make.cited(known, "https://example.org/more")
    desk.refresh([known.pk])
    return known, row


def form_of(client, event):
    """What a browser would send of the screen's form when nothing was touched."""
    html = client.get(reverse(SCREEN, args=[event.pk])).content.decode()
    form = next(f for f in fromstring(html).forms if f.get("id") == "desk-form")
    return dict(form.form_values())


def press(client, event, do, follow=True, htmx=False, **typed):
    """Press a button of the screen, with the whole form as it was shown but for what is typed."""
    sent = form_of(client, event) | {"do": do} | typed
    headers = {"HX-Request": "true", "HX-Target": "desk-screen"} if htmx else {}
    address = reverse(DECIDE, args=[event.pk])
    return client.post(address, sent, follow=follow, headers=headers)


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def status(row):
    row.refresh_from_db()
    return row.status


# --- the queue -------------------------------------------------------------------------------
def test_the_queue_shows_what_waits_most_salient_first(client, senior):
    mild, grave = simple("Talks in Doha", type="CONSULT"), simple("Rockets on the embassy")
    html = text(client.get(reverse(QUEUE)))
    assert "2 wait" in html
    assert html.index(grave.title) < html.index(mild.title)
    aged = text(client.get(reverse(QUEUE), {"order": "age"}))
    assert aged.index(mild.title) < aged.index(grave.title)


def test_filters_say_how_many_they_would_leave_and_narrow_the_queue(client, senior):
    simple("Talks in Doha", type="CONSULT")
    simple("Rockets on the embassy")
    addition()
    html = text(client.get(reverse(QUEUE)))
    assert re.search(r'Additions to published events <span class="desk-count">1</span>', html)
    assert re.search(r'CONSULT <span class="desk-count">1</span>', html)
    narrowed = text(client.get(reverse(QUEUE), {"type": "CONSULT"}))
    assert "Talks in Doha" in narrowed
    assert "Rockets on the embassy" not in narrowed
    assert "Show the whole queue" in narrowed


def test_the_queue_tells_who_works_on_what_and_what_is_recommended(client, senior):
    ana = make.editor("ana")
    held, recommended, asleep = simple("Held"), simple("Recommended"), simple("Asleep")
    desk.take(held.desk_item, ana, timezone.now())
    desk.recommend(recommended, ana)
    desk.snooze(asleep.desk_item, timezone.now().date() + timedelta(days=2), ana, "wait for more")
    html = text(client.get(reverse(QUEUE)))
    assert "Taken by ana until" in html
    assert "Recommended by ana" in html
    assert "Asleep</a>" not in html
    sleeping = text(client.get(reverse(QUEUE), {"snoozed": "1"}))
    assert "Asleep</a>" in sleeping
    assert "wait for more" in sleeping


def test_an_empty_queue_says_so(client, senior):
    assert "Nothing waits." in text(client.get(reverse(QUEUE)))
    assert "Nothing waits with these filters." in text(client.get(reverse(QUEUE), {"type": "AID"}))


@pytest.mark.parametrize(
    "query", ["?page=99", "?page=x", "?kind=y&order=z", "?type=\0", "?actor=%00", "?mine=2"]
)
def test_odd_addresses_are_answered(client, senior, query):
    simple()
    assert client.get(reverse(QUEUE) + query).status_code == 200


def test_pages(client, senior):
    for number in range(desk.PER_PAGE + 1):
        simple(f"Number {number}")
    first = text(client.get(reverse(QUEUE)))
    assert "Page 1" in first
    assert first.count('class="desk-tick') == desk.PER_PAGE
    assert text(client.get(reverse(QUEUE), {"page": 2})).count('class="desk-tick') == 1


def test_the_desk_is_linked_from_the_index_the_list_and_the_event(client, senior):
    event = simple()
    queue = reverse(QUEUE)
    assert queue in text(client.get(reverse("admin:index")))
    assert queue in text(client.get(reverse("admin:events_event_changelist")))
    change = text(client.get(reverse("admin:events_event_change", args=[event.pk])))
    assert reverse(SCREEN, args=[event.pk]) in change


# --- one proposal ----------------------------------------------------------------------------
def test_the_sentence_is_marked_in_its_article_with_what_was_understood_and_why(client, senior):
    event = proposal()
    html = text(client.get(reverse(SCREEN, args=[event.pk])))
    assert event.public_id in html
    assert "Embassy under fire" in html
    assert re.search(
        r"<mark id=.evidence-\d+. data-here><strong>R</strong>ockets hit the US embassy in Baghdad",
        html,
    )
    assert "Nobody expected it." in html
    assert "trigger &#x27;hit&#x27;" in html
    assert "0.80" in html


@pytest.mark.parametrize("page", ["queue", "screen", "preview"])
def test_pages_keep_to_the_policy(client, senior, page):
    event = proposal()
    address = {
        "queue": reverse(QUEUE),
        "screen": reverse(SCREEN, args=[event.pk]),
        "preview": reverse("admin:events_event_desk_bulk") + f"?action=publish&id={event.pk}",
    }[page]
    html = client.get(address).content.decode()
    assert html.count("<script") == html.count("<script src")
    assert "style=" not in html
    assert " on" not in re.sub(r">[^<]*<", "><", html).replace(" only", "") or not re.search(
        r"<[^>]* on[a-z]+=", html
    )


def test_text_of_an_article_cannot_break_the_page(client, senior):
    event = proposal("Rockets hit the <script>alert(1)</script> US embassy on Tuesday.")
    assert "<script>alert(1)" not in text(client.get(reverse(SCREEN, args=[event.pk])))


def test_a_script_s_address_is_no_link(client, senior):
    known, _ = addition()
    known.evidence.create(url="https://example.org/x", publisher="Evil", known_at=make.PUBLISHED_AT)
    known.evidence.filter(publisher="Evil").update(url="https://example.org/javascript:alert(1)")
    html = text(client.get(reverse(SCREEN, args=[known.pk])))
    assert 'href="javascript:' not in html


def test_known_events_that_come_near_stand_beside_it(client, senior):
    known = make.published(
        "USIR-20201117-9", start=date(2020, 11, 17), targets=("us-gov",), title="Rockets on the embassy"
    )  # fmt: skip
    event = make.event(start=date(2020, 11, 17), targets=("us-gov",), title="Rockets on embassy")
    make.cited(event)
    desk.refresh([event.pk])
    html = text(client.get(reverse(SCREEN, args=[event.pk])))
    assert f'value="attach:{known.pk}" data-key="1"' in html
    assert "Rockets on the embassy" in html


def test_opening_holds_the_item_and_a_second_editor_is_told(client, senior):
    event = simple()
    client.get(reverse(SCREEN, args=[event.pk]))
    assert DeskItem.objects.get(event=event).claimed_by == senior
    client.force_login(make.editor("ben"))
    html = text(client.get(reverse(SCREEN, args=[event.pk])))
    assert "Taken by senior until" in html
    assert 'value="publish"' not in html
    answer = client.post(reverse(DECIDE, args=[event.pk]), {"do": "publish"}, follow=True)
    assert "taken by senior until" in text(answer)
    assert status(event) == Event.Status.PROPOSED


def test_an_event_on_which_nothing_waits_is_shown_without_decisions(client, senior):
    known = make.published(title="Embassy attacked")
    html = text(client.get(reverse(SCREEN, args=[known.pk])))
    assert "Embassy attacked" in html
    assert 'value="publish"' not in html
    assert 'value="save"' in html


def test_there_is_no_screen_of_an_event_that_is_none(client, senior):
    assert client.get(reverse(SCREEN, args=[10**9])).status_code == 404
    assert client.get(reverse(SCREEN, args=[10**30])).status_code == 404


def test_the_way_to_the_first_and_to_nothing(client, senior):
    first = reverse("admin:events_event_desk_next")
    assert client.get(first).url == reverse(QUEUE)
    event = simple()
    assert client.get(first).url == reverse(SCREEN, args=[event.pk])
    assert client.get(first + "?type=AID").url == reverse(QUEUE) + "?type=AID"


# --- decisions -------------------------------------------------------------------------------
def test_publishing_leads_to_the_next_and_says_what_was_done(client, senior):
    first, second = simple("First"), simple("Second", type="CONSULT")
    answer = press(client, first, "publish")
    assert status(first) == Event.Status.PUBLISHED
    assert Decision.objects.latest("pk").by == senior
    assert answer.redirect_chain[-1][0] == reverse(SCREEN, args=[second.pk])
    assert f"Published {first.public_id}" in text(answer)
    answer = press(client, second, "publish")
    assert answer.redirect_chain[-1][0] == reverse(QUEUE)


def test_the_filters_stay_while_working_through_the_queue(client, senior):
    first, _other, third = simple("A"), simple("B", type="CONSULT"), simple("C")
    sent = form_of(client, first) | {"do": "publish"}
    answer = client.post(reverse(DECIDE, args=[first.pk]) + "?type=ASSAULT", sent)
    assert answer.url == reverse(SCREEN, args=[third.pk]) + "?type=ASSAULT"


def test_what_was_typed_is_published_as_one_decision(client, senior):
    make.actor("iran-gov", name="Government of Iran")
    event = proposal()
    press(
        client, event, "publish",
        **{
            "event-title": "Katyushas on the embassy", "event-mode": "heavy-weapons",
            "event-start": "2020-11-18", "parts-1-role": "initiator", "parts-1-actor": "Government of Iran",
        },
    )  # fmt: skip
    assert status(event) == Event.Status.PUBLISHED
    assert (event.title, event.mode) == ("Katyushas on the embassy", "heavy-weapons")
    assert (event.start, event.end) == (date(2020, 11, 18), date(2020, 11, 18))
    parts = set(event.participations.values_list("role", "actor__slug"))
    assert parts == {("target", "us-gov"), ("initiator", "iran-gov")}
    assert event.decisions.filter(by=senior).values("group").distinct().count() == 1


def test_saving_stays_on_the_screen(client, senior):
    event = simple()
    answer = press(client, event, "save", **{"event-title": "Another title"})
    assert answer.redirect_chain[-1][0] == reverse(SCREEN, args=[event.pk])
    assert "Saved." in text(answer)
    assert status(event) == Event.Status.PROPOSED
    assert event.title == "Another title"
    assert "Nothing was changed." in text(press(client, event, "save"))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"event-title": " "}, "Title: This field is required."),
        ({"event-start": "soon"}, "From: Enter a valid date."),
        ({"event-start": "2020-01-09", "event-end": "2020-01-01"}, "The event ends before it starts."),
        ({"event-mode": "phone"}, "is no mode of ASSAULT"),
        ({"event-place": "Atlantis"}, "No place is called “Atlantis”"),
        ({"parts-0-actor": "Nobody at all"}, "No actor is called “Nobody at all”"),
        ({"parts-0-role": "victim"}, "Select a valid choice"),
        ({"event-type": "MAGIC"}, "Select a valid choice"),
        ({"parts-TOTAL_FORMS": "x"}, "ManagementForm data is missing"),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_told_and_what_was_typed_is_kept(client, senior, typed, told):
    event = simple()
    answer = press(client, event, "publish", **{"event-summary": "x", **typed})
    assert answer.status_code == 200
    assert told in text(answer).replace("&#x27;", "'")
    assert status(event) == Event.Status.PROPOSED
    name, value = next(iter(typed.items()))
    if value.strip() and name.endswith(("title", "place", "actor")):
        assert value in text(answer)


def test_the_value_of_a_claim_is_edited_in_place(client, senior):
    event = simple()
    claim = make.claim(event, "killed", number=3)
    press(client, event, "publish", **{f"claim-{claim.pk}-number": "4"})
    claim.refresh_from_db()
    assert (claim.number, claim.standing) == (4, Standing.PUBLISHED)
    event.refresh_from_db()
    assert event.killed == 4


def test_attach_to_a_match_leaves_its_participants_alone(client, senior):
    known = make.published(title="Embassy attacked")
    event = proposal()
    answer = press(client, event, f"attach:{known.pk}")
    assert f"Attached {event.public_id} to {known.public_id}" in text(answer)
    assert status(event) == Event.Status.MERGED
    assert not known.participations.exists()


def test_merge_into_any_event_by_its_number_or_by_choice(client, senior):
    known = make.published("USIR-20180101-1", start=date(2018, 1, 1), title="The embassy again")
    first, second = proposal(), simple("Second")
    refused = press(client, first, "merge", into="USIR-9")
    assert "is none" in text(refused)
    assert 'value="USIR-9"' in text(refused)
    assert "Name one event" in text(press(client, first, "merge"))
    press(client, first, "merge", into="usir-20180101-1")
    first.refresh_from_db()
    assert first.merged_into == known
    found = press(client, second, "find", into="embassy again")
    assert f'value="merge:{known.pk}"' in text(found)
    press(client, second, f"merge:{known.pk}")
    assert status(second) == Event.Status.MERGED
    assert "There is no such event" in text(press(client, simple("Third"), "merge:99999999"))


def test_split_takes_the_ticked_evidence_to_a_proposal_of_its_own(client, senior):
    event = simple()
    other = make.cited(event, "https://example.org/other")
    desk.refresh([event.pk])
    refused = press(client, event, "split", **{"split-evidence": str(other.pk)})
    assert "Nothing was decided." in text(refused)
    answer = press(
        client, event, "split", **{"split-evidence": str(other.pk), "split-reason": "another base"}
    )
    other.refresh_from_db()
    assert other.event != event
    assert f"{other.event.public_id} waits as a proposal of its own" in text(answer)
    assert DeskItem.objects.filter(event=other.event).exists()


def test_reject_with_a_reason_of_the_list_or_in_own_words(client, senior):
    first, second = simple("First"), simple("Second")
    assert "Give a reason" in text(press(client, first, "reject"))
    assert "desk-reject" in text(press(client, first, "reject"))
    press(client, first, "reject:3")
    assert Decision.objects.latest("pk").reason == "the machine misread the sentence"
    press(client, second, "reject", **{"own-reason": "an exer\0cise"})
    assert Decision.objects.latest("pk").reason == "an exercise"
    assert status(first) == status(second) == Event.Status.REJECTED
    assert "Choose one of the reasons" in text(press(client, simple("Third"), "reject:9"))


def test_a_rejected_proposal_can_be_proposed_again(client, senior):
    event = simple()
    press(client, event, "reject:1")
    answer = press(client, event, "reopen")
    assert "is a proposal again" in text(answer)
    assert status(event) == Event.Status.PROPOSED


def test_reasons_are_said_to_be_public_beside_the_field(client, senior):
    html = text(client.get(reverse(SCREEN, args=[simple().pk])))
    assert "The reason is public" in html


def test_snooze(client, senior):
    event = simple()
    assert "Say until which day" in text(press(client, event, "snooze", until="tomorrow"))
    assert "Snooze until a day after today" in text(
        press(client, event, "snooze", until="2020-01-01")
    )
    answer = press(client, event, "snooze:3")
    item = DeskItem.objects.get(event=event)
    assert item.snoozed_until.date() == timezone.now().date() + timedelta(days=3)
    assert "sleeps until" in text(answer)


def test_who_may_not_publish_recommends(client):
    editor = user("editor", EDITORS)
    client.force_login(editor)
    event = simple()
    html = text(client.get(reverse(SCREEN, args=[event.pk])))
    assert 'value="recommend" data-key="p"' in html
    assert 'value="publish"' not in html
    press(client, event, "recommend")
    assert DeskItem.objects.get(event=event).recommended_by == editor
    client.post(reverse(DECIDE, args=[event.pk]), {"do": "publish"})
    assert status(event) == Event.Status.PROPOSED


def test_additions_are_accepted_or_refused_together(client, senior):
    known, row = addition()
    claim = make.claim(known, "killed", number=3)
    press(client, known, "accept")
    row.refresh_from_db()
    claim.refresh_from_db()
    assert (row.standing, claim.standing) == (Standing.PUBLISHED, Standing.PUBLISHED)
    other, doubtful = addition()
    press(client, other, "reject:5")
    doubtful.refresh_from_db()
    assert doubtful.standing == Standing.REJECTED
    assert status(other) == Event.Status.PUBLISHED


def test_additions_are_decided_one_by_one(client, senior):
    known, good = addition()
    bad = make.cited(known, "https://example.org/bad")
    claim = make.claim(known, "killed", number=3)
    doubtful = make.claim(known, "killed", number=300)
    target = make.published(title="The strike before")
    link = Link.objects.create(source=known, target=target, kind="retaliates_for")
    desk.refresh([known.pk])
    stays = press(client, known, f"accept-evidence:{good.pk}")
    assert stays.redirect_chain[-1][0] == reverse(SCREEN, args=[known.pk])
    assert "Give a reason" in text(press(client, known, f"reject-evidence:{bad.pk}"))
    press(
        client, known, f"reject-evidence:{bad.pk}", **{f"why-evidence-{bad.pk}": "another embassy"}
    )
    press(client, known, f"accept-claim:{claim.pk}")
    press(
        client, known, f"reject-claim:{doubtful.pk}", **{f"why-claim-{doubtful.pk}": "a misprint"}
    )
    press(client, known, f"accept-link:{link.pk}")
    for row in (good, bad, claim, doubtful, link, known):
        row.refresh_from_db()
    assert [row.standing for row in (good, claim, link)] == [Standing.PUBLISHED] * 3
    assert [row.standing for row in (bad, doubtful)] == [Standing.REJECTED] * 2
    assert known.killed == 3
    assert not DeskItem.objects.filter(event=known).exists()


def test_a_row_of_another_event_is_none_of_this_one(client, senior):
    known, _ = addition()
    _other, foreign = addition()
    answer = press(client, known, f"accept-evidence:{foreign.pk}")
    assert "There is no such evidence on this event any more." in text(answer)
    foreign.refresh_from_db()
    assert foreign.standing == Standing.PROPOSED


@pytest.mark.parametrize(
    "do", ["explode", "", "accept-claim:x", "attach:", "reject:²", "take-over:1"]
)
def test_a_button_that_is_none_is_told(client, senior, do):
    event = simple()
    answer = press(client, event, do)
    assert answer.status_code == 200
    assert "Nothing was decided." in text(answer)
    assert status(event) == Event.Status.PROPOSED


def corrected(cause=Correction.Cause.RETRACTED, **fields):
    """A published event with a correction about one of its two reports."""
    known = make.published(title="Embassy attacked")
    row = make.cited(known, "https://example.org/second", standing=Standing.PUBLISHED)
    correction = Correction.objects.create(
        event=known, evidence=row, cause=cause, cause_key="1", fields=["killed"], **fields
    )
    desk.refresh([known.pk])
    return known, row, correction


def test_a_changed_source_is_kept_or_taken_out_with_one_key(client, senior):
    known, row, correction = corrected()
    html = text(client.get(reverse(SCREEN, args=[known.pk])))
    assert "A source changed: the article was retracted" in html
    assert 'data-key="x"' in html
    press(client, known, f"remove:{correction.pk}")
    correction.refresh_from_db()
    row.refresh_from_db()
    assert correction.outcome == Correction.Outcome.REMOVED
    assert row.standing == Standing.REJECTED
    assert Decision.objects.latest("pk").reason == "the article was retracted"
    other, kept, second = corrected()
    press(
        client, other, f"keep:{second.pk}", **{f"why-correction-{second.pk}": "printed elsewhere"}
    )
    kept.refresh_from_db()
    assert kept.standing == Standing.PUBLISHED
    assert Decision.objects.latest("pk").reason == "printed elsewhere"


def test_the_new_wording_is_taken_over_with_what_the_editor_read_there(client, senior):
    known = make.published(title="Embassy attacked")
    old, new = "Three people were killed there.", "Five people were killed there."
    first = make.version(f"BAGHDAD - {old}")
    row = make.cited(known, "", standing=Standing.PUBLISHED, article_version=first, quote=old,
                     start=first.text.index(old), end=len(first.text))  # fmt: skip
    claim = make.claim(known, number=3, evidence=row, standing=Standing.PUBLISHED)
    second = first.article.versions.create(
        number=2, sha256="2" * 64, title="A report", text=f"BAGHDAD - {new}"
    )
    start = second.text.index(new)
    correction = Correction.objects.create(
        event=known, evidence=row, cause="new_version", cause_key="v2", fields=["killed"], was=old, now=new,
        now_version=second, now_start=start, now_end=len(second.text),
        changes=[{"field": "killed", "claim": claim.pk, "was": "3", "now": None}],
    )  # fmt: skip
    correction.claims.add(claim)
    desk.refresh([known.pk])
    html = text(client.get(reverse(SCREEN, args=[known.pk])))
    assert "<del>Three </del> <ins>Five </ins>people were killed there." in html
    assert "not read by the machine" in html
    assert "say what it gives" in text(press(client, known, f"take-over:{correction.pk}"))
    press(client, known, f"take-over:{correction.pk}", **{f"now-{correction.pk}-{claim.pk}": "5"})
    known.refresh_from_db()
    assert known.killed == 5


def the_dossiers_period(event):
    return [periods.Period("US and Iran", date(2018, 1, 1), date(2020, 12, 31))]


def test_days_outside_the_dossier_are_asked_about_twice(client, senior, settings):
    settings.PERIODS_OF_EVENT = "tests.events.test_admin_desk.the_dossiers_period"
    event = simple(start=date(1920, 1, 8))
    asked = press(client, event, "publish")
    assert "Are you sure?" in text(asked)
    assert "lies outside the dossier" in text(asked)
    assert status(event) == Event.Status.PROPOSED
    press(client, event, "publish", sure="publish")
    assert status(event) == Event.Status.PUBLISHED


# --- two editors -----------------------------------------------------------------------------
def test_the_second_editor_sees_what_the_first_changed_and_keeps_what_they_typed(client, senior):
    event = simple()
    seen = form_of(client, event)
    curate.revise(event, {"title": "Two rockets hit the base"}, by=make.editor("ana"))
    typed = seen | {"do": "publish", "event-title": "Rockets hit Camp Taji"}
    answer = client.post(reverse(DECIDE, args=[event.pk]), typed)
    html = text(answer)
    assert "Changed since you opened it." in html
    assert "<b>ana</b>" in html
    assert "Two" in html
    assert "Rockets hit Camp Taji</textarea>" in html
    assert status(event) == Event.Status.PROPOSED
    form = next(f for f in fromstring(answer.content.decode()).forms if f.get("id") == "desk-form")
    client.post(reverse(DECIDE, args=[event.pk]), dict(form.form_values()) | {"do": "publish"})
    assert status(event) == Event.Status.PUBLISHED
    assert event.title == "Rockets hit Camp Taji"


def test_what_was_decided_meanwhile_is_told(client, senior):
    event = simple()
    seen = form_of(client, event)
    DeskItem.objects.update(claimed_by=None, claimed_until=None)
    curate.reject(event, by=make.editor("ana"), reason="an exercise")
    answer = client.post(reverse(DECIDE, args=[event.pk]), seen | {"do": "publish"})
    assert "Changed since you opened it." in text(answer)
    assert "rejected" in text(answer)
    assert status(event) == Event.Status.REJECTED


def test_next_lets_go(client, senior):
    first, second = simple("First"), simple("Second")
    press(client, first, "next")
    assert DeskItem.objects.get(event=first).claimed_by is None
    assert DeskItem.objects.get(event=second).claimed_by == senior


def test_a_page_that_is_still_looked_at_keeps_the_item(client, senior):
    event = simple()
    hold = reverse("admin:events_event_desk_hold", args=[event.pk])
    assert "yours until" in text(client.post(hold))
    now = timezone.now()
    DeskItem.objects.update(claimed_by=make.editor("ana"), claimed_until=now + timedelta(minutes=5))
    assert "taken by ana until" in text(client.post(hold))


# --- undo ------------------------------------------------------------------------------------
def undo(client, what, **options):
    return client.post(
        reverse("admin:events_event_desk_undo"), {"what": what}, follow=True, **options
    )


def undo_button(answer):
    """What the undo button of a page would send."""
    return re.search(r'name="what" value="([^"]*)"', answer.content.decode()).group(1)


def test_undo_takes_the_last_decision_back_and_returns_to_the_item(client, senior):
    first, second = simple("First"), simple("Second")
    press(client, first, "publish")
    answer = press(client, second, "reject:1")
    answer = undo(client, undo_button(answer))
    assert status(second) == Event.Status.PROPOSED
    assert answer.redirect_chain[-1][0] == reverse(SCREEN, args=[second.pk])
    assert "Taken back: rejected" in text(answer)
    assert "Before that: published" in text(answer)
    answer = undo(client, undo_button(answer))
    assert status(first) == Event.Status.PROPOSED
    assert answer.redirect_chain[-1][0] == reverse(SCREEN, args=[first.pk])


def test_an_edit_saved_with_a_decision_is_undone_with_it(client, senior):
    event = simple("Rockets hit the base")
    answer = press(client, event, "publish", **{"event-title": "Another title"})
    undo(client, undo_button(answer))
    assert status(event) == Event.Status.PROPOSED
    assert event.title == "Rockets hit the base"


def test_a_snooze_and_a_recommendation_are_undone(client, senior):
    event = simple()
    answer = press(client, event, "snooze:1")
    undo(client, undo_button(answer))
    assert DeskItem.objects.get(event=event).snoozed_until is None
    answer = press(client, event, "recommend")
    assert undo_button(answer) == f"recommend:{event.pk}"
    undo(client, f"recommend:{event.pk}")
    assert DeskItem.objects.get(event=event).recommended_by is None


def test_only_one_s_own_decisions_are_undone_here(client, senior):
    event = simple()
    theirs = curate.publish(event, by=make.editor("ana"))
    answer = undo(client, f"decision:{theirs.group}")
    assert "Only decisions of your own are undone here" in text(answer)
    assert status(event) == Event.Status.PUBLISHED


@pytest.mark.parametrize("what", ["", "decision:", "decision:x\0", "snooze:x", "recommend:1", "?"])
def test_nothing_to_undo_is_told(client, senior, what):
    assert undo(client, what).status_code == 200
    headers = {"HX-Request": "true", "HX-Target": "desk-screen"}
    answer = undo(client, what, headers=headers)
    assert answer["HX-Reswap"] == "none"
    assert "desk-bad" in text(answer)


# --- without reloading -----------------------------------------------------------------------
def test_the_next_is_fetched_ahead_and_the_decision_answers_with_a_line_alone(client, senior):
    first, second = simple("First"), simple("Second")
    form_of(client, first)
    ahead = client.get(
        reverse("admin:events_event_desk_next"),
        {"after": first.pk},
        headers={"HX-Request": "true", "HX-Target": "desk-next"},
    )
    assert ahead.content.decode().strip().startswith('<div id="desk-screen"')
    assert "Second" in text(ahead)
    answer = press(client, first, "publish", htmx=True, ahead=ahead["X-Desk-Item"])
    assert answer["HX-Reswap"] == "none"
    assert json.loads(answer["HX-Trigger-After-Swap"])["desk-show"] == {
        "key": ahead["X-Desk-Item"],
        "url": reverse(SCREEN, args=[second.pk]),
    }
    assert "Published" in text(answer)
    assert "desk-screen" not in answer.content.decode().replace("#desk-screen", "")


def test_what_changed_since_it_was_fetched_ahead_is_sent_anew(client, senior):
    first, second = simple("First"), simple("Second")
    ahead = f"{second.pk}:{newest_change(second)}"
    curate.revise(second, {"title": "Changed"}, by=make.editor("ana"))
    answer = press(client, first, "publish", htmx=True, ahead=ahead)
    assert "HX-Reswap" not in answer
    assert "Changed" in text(answer)
    assert answer["HX-Push-Url"] == reverse(SCREEN, args=[second.pk])


def test_the_screen_after_a_swap_is_the_screen_of_a_fresh_page(client, senior):
    first, second = simple("First"), simple("Second")
    swapped = press(client, first, "publish", htmx=True).content.decode()
    fresh = client.get(reverse(SCREEN, args=[second.pk])).content.decode()

    def screen(html):
        found = re.search(r'<div id="desk-screen".*?</form>', html, re.DOTALL).group(0)
        return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", found)

    assert screen(swapped) == screen(fresh)


def test_the_end_of_the_queue_is_told(client, senior):
    answer = press(client, simple(), "publish", htmx=True)
    assert "Nothing waits" in text(answer)
    headers = {"HX-Request": "true", "HX-Target": "desk-next"}
    ahead = client.get(reverse("admin:events_event_desk_next"), headers=headers)
    assert ahead.status_code == 204


# --- what is offered while typing ------------------------------------------------------------
def test_names_are_offered_while_typing(client, senior):
    make.actor("iran-gov", name="Government of Iran")
    make.place("baghdad")
    offers = "admin:events_event_desk_offers"
    actors = client.get(reverse(offers, args=["actor"]), {"parts-0-actor": "of ir"})
    assert '<option value="Government of Iran">' in text(actors)
    places = client.get(reverse(offers, args=["place"]), {"event-place": "bagh"})
    assert '<option value="Baghdad">' in text(places)
    for what in ("actor", "place", "secret"):
        assert "<option" not in text(client.get(reverse(offers, args=[what]), {"x": "\0"}))


def test_events_to_merge_into_are_found_by_number_or_words(client, senior):
    event = simple("A new one")
    known = make.published("USIR-20180101-1", title="Rockets on the embassy")
    rejected = make.event(title="Rockets on the moon", status=Event.Status.REJECTED)
    find = reverse("admin:events_event_desk_find", args=[event.pk])
    assert known.public_id in text(client.get(find, {"into": "embassy rockets"}))
    assert known.public_id in text(client.get(find, {"into": "usir-20180101-1"}))
    assert rejected.public_id not in text(client.get(find, {"into": "rockets"}))
    assert "No event that stands" in text(client.get(find, {"into": "xyz"}))


def test_names_are_understood_by_name_alias_or_slug_and_doubts_are_told(client, senior):
    iran = make.actor("iran-gov", name="Government of Iran")
    iran.aliases.create(name="Tehran")
    make.actor("one", name="The Brigade")
    make.actor("two", name="The Brigade")
    event = simple()
    for typed in ("government of iran", "Tehran", "iran-gov"):
        press(client, event, "save", **{"parts-0-role": "initiator", "parts-0-actor": typed})
        assert event.participations.get().actor == iran
        event.participations.all().delete()
    doubt = press(client, event, "save", **{"parts-0-actor": "The Brigade"})
    assert "Several actors are called “The Brigade”: write “one” or “two”." in text(doubt)


# --- many at once ----------------------------------------------------------------------------
BULK = "admin:events_event_desk_bulk"


def test_bulk_shows_what_would_change_before_anything_does(client, senior):
    first, bare = simple("First"), make.event(title="Bare")
    desk.refresh([bare.pk])
    html = text(client.get(reverse(BULK), {"action": "publish", "id": [first.pk, bare.pk]}))
    assert "<strong>1 of 2</strong> would change" in html
    assert "has no evidence that supports it" in html
    assert status(first) == Event.Status.PROPOSED
    sent = {"action": "publish", "id": [first.pk, bare.pk]}
    answer = client.post(reverse(BULK), sent, follow=True)
    assert status(first) == Event.Status.PUBLISHED
    assert status(bare) == Event.Status.PROPOSED
    assert "1 done. 1 not:" in text(answer)
    undo(client, undo_button(answer))
    assert status(first) == Event.Status.PROPOSED


def test_bulk_asks_for_what_it_needs_first(client, senior):
    event = simple()
    asked = text(client.get(reverse(BULK), {"action": "reject", "id": event.pk}))
    assert "Public reason" in asked
    assert "errornote" not in asked
    again = text(client.get(reverse(BULK), {"action": "reject", "id": event.pk, "asked": "1"}))
    assert "Give a reason" in again
    sent = {"action": "reject", "id": event.pk, "own-reason": "an exercise"}
    assert "1 of 1" in text(client.get(reverse(BULK), sent | {"asked": "1"}))
    client.post(reverse(BULK), sent)
    assert status(event) == Event.Status.REJECTED
    assert Decision.objects.latest("pk").reason == "an exercise"


def test_bulk_attaches_snoozes_and_changes_fields(client, senior):
    known = make.published("USIR-20180101-1", title="Embassy attacked")
    first, second, third = simple("First"), simple("Second"), simple("Third")
    client.post(reverse(BULK), {"action": "attach", "id": first.pk, "into": known.public_id})
    assert status(first) == Event.Status.MERGED
    until = (timezone.now() + timedelta(days=3)).date()
    client.post(reverse(BULK), {"action": "snooze", "id": second.pk, "until": str(until)})
    assert DeskItem.objects.get(event=second).snoozed_until.date() == until
    client.post(reverse(BULK), {"action": "revise", "id": third.pk, "confidence": "high"})
    third.refresh_from_db()
    assert third.confidence == "high"


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"action": "publish"},
        {"action": "explode", "id": "1"},
        {"action": "publish", "id": "x"},
        {"action": "snooze", "id": "1", "until": "soon"},
        {"action": "attach", "id": "1", "into": "nothing\0"},
        {"action": "revise", "id": "1", "type": "MAGIC"},
    ],
)
def test_bulk_that_makes_no_sense_is_told(client, senior, sent):
    assert client.get(reverse(BULK), sent | {"asked": "1"}).status_code == 200
    assert client.post(reverse(BULK), sent, follow=True).status_code == 200


# --- who may, and what it costs --------------------------------------------------------------
def addresses(event):
    """Every address of the desk as (method, address)."""
    return [
        ("get", reverse(QUEUE)),
        ("get", reverse("admin:events_event_desk_next")),
        ("get", reverse(SCREEN, args=[event.pk])),
        ("get", reverse("admin:events_event_desk_find", args=[event.pk])),
        ("get", reverse("admin:events_event_desk_offers", args=["actor"])),
        ("get", reverse(BULK)),
        ("post", reverse(BULK)),
        ("post", reverse(DECIDE, args=[event.pk])),
        ("post", reverse("admin:events_event_desk_hold", args=[event.pk])),
        ("post", reverse("admin:events_event_desk_undo")),
    ]


def test_only_those_who_may_decide_are_let_in(client):
    event = simple()
    for who in (user("analyst", ANALYSTS), user("operator", OPERATORS), user("nobody")):
        client.force_login(who)
        for method, address in addresses(event):
            assert getattr(client, method)(address, {"do": "publish"}).status_code == 403, address
    client.logout()
    for method, address in addresses(event):
        answer = getattr(client, method)(address, {"do": "publish"})
        assert answer.status_code == 302
        assert "login" in answer.url
    assert status(event) == Event.Status.PROPOSED


def test_pages_are_read_and_decisions_posted(client, senior):
    for method, address in addresses(simple()):
        if address != reverse(BULK):
            other = {"get": "post", "post": "get"}[method]
            assert getattr(client, other)(address).status_code == 405, address


def test_a_decision_needs_the_forms_token(senior):
    event = simple()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(senior)
    assert strict.post(reverse(DECIDE, args=[event.pk]), {"do": "publish"}).status_code == 403


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_queue_costs_the_same_however_long_it_is(client, senior):
    simple("First", initiators=("iran-gov",))
    one = queries(client, reverse(QUEUE))
    for number in range(2):
        simple(f"More {number}", initiators=("iran-gov", f"actor-{number}"), place=make.place())
        addition()
    assert queries(client, reverse(QUEUE)) == one < 15


def test_a_screen_costs_the_same_however_much_waits(client, senior):
    event = proposal()
    counts = []
    for number in range(3):
        row = make.cited(event, f"https://example.org/{number}")
        make.claim(event, number=number, evidence=row)
        event.participations.create(actor=make.actor(f"actor-{number}"), role="other")
        desk.refresh([event.pk])
        DeskItem.objects.filter(event=event).update(matched_at=timezone.now())
        counts.append(queries(client, reverse(SCREEN, args=[event.pk])))
    one, _, three = counts
    assert three == one
