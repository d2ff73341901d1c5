"""The desk under attack: two editors against each other, values that no calendar or column can hold."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from lxml.html import fromstring

from apps.accounts.roles import EDITORS, SENIOR_EDITORS
from apps.events import curate, desk
from apps.events.curate import CurateError
from apps.events.models import Decision, Event, Evidence, Link
from apps.events.models.event import FIRST_DAY, LAST_DAY
from tests.events import make
from tests.events.test_admin_desk import DECIDE, SCREEN, press, simple, status, text, user

pytestmark = pytest.mark.django_db
STRANGE = ("\0", "9" * 30, "-1", "²", "<script>", "A" * 5000, "9999-12-31")


@pytest.fixture
def senior(client):
    row = user("senior", SENIOR_EDITORS)
    client.force_login(row)
    return row


# --- two at once -----------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_of_two_who_merge_two_events_into_each_other_one_is_told_why_not(monkeypatch):
    one, other = simple("The first"), simple("The second")
    clients = {}
    for name in ("ana", "ben"):
        clients[name] = Client()
        clients[name].force_login(user(name, SENIOR_EDITORS))
    both_hold, hold, held = threading.Barrier(2, timeout=20), desk.hold, set()

    def hold_and_wait(event, by, now):
        """Each holds its own event before either reaches for the other's."""
        hold(event, by, now)
        if by.pk not in held:
            held.add(by.pk)
            both_hold.wait()

    monkeypatch.setattr(desk, "hold", hold_and_wait)
    answers = {}

    def merge(name, event, into):
        sent = {"do": f"merge:{into.pk}", "seen": str(10**17)}
        answers[name] = clients[name].post(reverse(DECIDE, args=[event.pk]), sent)
        connection.close()

    threads = [
        threading.Thread(target=merge, args=("ana", one, other)),
        threading.Thread(target=merge, args=("ben", other, one)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(answer.status_code for answer in answers.values()) == [200, 302]
    assert sorted([status(one), status(other)]) == ["merged", "proposed"]
    refused = next(answer for answer in answers.values() if answer.status_code == 200)
    assert "Nothing was decided" in text(refused)


# --- days that no calendar reckons with ------------------------------------------------------
@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31"])
def test_days_where_no_timeline_lies_are_refused_in_a_sentence(client, senior, day):
    event = simple()
    typed = {"event-start": day, "event-end": day, "sure": "save"}
    answer = press(client, event, "save", **typed)
    assert f"An event lies between {FIRST_DAY.year} and {LAST_DAY.year}" in text(answer)
    assert client.get(reverse(SCREEN, args=[event.pk])).status_code == 200
    event.refresh_from_db()
    assert event.start.isoformat() != day


def test_the_admins_form_refuses_them_too(client, senior):
    event = simple()
    address = reverse("admin:events_event_change", args=[event.pk])
    html = client.get(address).content.decode()
    form = next(f for f in fromstring(html).forms if f.get("id") == "event_form")
    sent = dict(form.form_values()) | {"start": "9999-12-31", "end": "9999-12-31"}
    assert "An event lies between" in text(client.post(address, sent))


@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY])
def test_the_first_and_the_last_day_are_days_like_any_other(client, senior, day):
    event = simple()
    curate.revise(event, {"start": day, "end": day}, confirmed=True, by=senior)
    assert client.get(reverse(SCREEN, args=[event.pk])).status_code == 200


# --- strange values --------------------------------------------------------------------------
@pytest.mark.parametrize("value", STRANGE)
def test_buttons_with_strange_arguments_decide_nothing_and_break_nothing(client, senior, value):
    event = simple()
    verbs = ("accept-evidence", "reject-claim", "accept-link", "take-over", "remove", "attach")
    for verb in (*verbs, "merge", "snooze", "split", "no-such-verb"):
        address = reverse(DECIDE, args=[event.pk])
        sent = {"do": f"{verb}:{value}", "seen": value, "until": value, "split-evidence": value}
        assert client.post(address, sent | {"into": value, "ahead": value}).status_code == 200
    for what in ("decision", "snooze", "recommend", "other"):
        undone = client.post(
            reverse("admin:events_event_desk_undo"), {"what": f"{what}:{value}"}, follow=True
        )
        assert undone.status_code == 200
    assert status(event) == "proposed"
    assert event.decisions.count() == 0


# --- rows of other events --------------------------------------------------------------------
def test_rows_of_another_event_are_decided_by_no_button_of_this_one(client, senior):
    mine, other = simple("Mine"), make.published(title="Another's")
    waiting = make.cited(other, "https://example.org/waits")
    link = Link.objects.create(source=other, target=mine, kind=Link.Kind.RESPONDS_TO)
    for do in (f"accept-evidence:{waiting.pk}", f"reject-evidence:{waiting.pk}"):
        assert "There is no such evidence" in text(press(client, mine, do, follow=True))
    assert "There is no such link" in text(press(client, mine, f"accept-link:{link.pk}"))
    with pytest.raises(CurateError, match="no longer that of"):
        curate.split(mine, evidence=[waiting.pk], by=senior, reason="two events")
    waiting.refresh_from_db()
    assert (waiting.event_id, waiting.standing) == (other.pk, "proposed")


def test_fields_that_are_not_the_desks_are_not_written_however_they_are_sent(client):
    client.force_login(user("ed", EDITORS))
    event = simple()
    forged = {
        "event-status": "published", "status": "published", "event-merged_into": "1",
        "event-first_public_at": "2001-01-01", "event-public_id": "X-1", "event-title": "New title",
    }  # fmt: skip
    press(client, event, "save", **forged)
    event.refresh_from_db()
    assert (event.status, event.title, event.first_public_at) == ("proposed", "New title", None)
    assert event.public_id != "X-1"


def test_forged_fields_of_the_admins_form_are_not_written_either(client):
    client.force_login(user("ed", EDITORS))
    event = simple()
    row: Evidence = event.evidence.get()
    address = reverse("admin:events_event_change", args=[event.pk])
    html = client.get(address).content.decode()
    form = next(f for f in fromstring(html).forms if f.get("id") == "event_form")
    forged = {
        "status": "published", "merged_into": "", "killed": "99", "_saveasnew": "1",
        "evidence-TOTAL_FORMS": "1", "evidence-INITIAL_FORMS": "1", "evidence-0-id": str(row.pk),
        "evidence-0-standing": "published", "evidence-0-DELETE": "on",
    }  # fmt: skip
    client.post(address, dict(form.form_values()) | forged)
    event.refresh_from_db()
    row.refresh_from_db()
    assert (event.status, event.killed, row.standing) == ("proposed", None, "proposed")
    assert Event.objects.count() == 1


# --- what an editor may not do by going round ------------------------------------------------
def test_an_editor_does_not_take_back_what_made_an_event_public(client, senior):
    event = simple()
    decision = curate.publish(event, by=senior, confirmed=True)
    editor = Client()
    editor.force_login(user("ed", EDITORS))
    for address, sent in (
        ("admin:events_event_undo", {"group": decision.group}),
        ("admin:events_event_desk_undo", {"what": f"decision:{decision.group}"}),
    ):
        editor.post(reverse(address), sent)
        assert status(event) == "published"
    changes = event.decisions.count()
    editor.post(reverse("admin:events_event_undo"), {"group": decision.group, "reason": "no"})
    assert event.decisions.count() == changes


def test_an_editor_does_not_make_public_by_restoring_what_was_taken_back(client, senior):
    event = simple()
    curate.publish(event, by=senior, confirmed=True)
    taken_back = curate.reject(event, by=senior, reason="a mistake")
    editor = Client()
    editor.force_login(user("ed", EDITORS))
    answer = editor.post(reverse("admin:events_event_undo"), {"group": taken_back.group})
    assert answer.status_code == 403
    assert status(event) == "rejected"
    assert not Decision.objects.filter(action=Decision.Action.UNDO).exists()
