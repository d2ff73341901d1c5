"""Who keeps a view is told by e-mail what changed in it, and when the index crosses a threshold: once each."""

import socketserver
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import connections
from django.test import override_settings
from django.utils import timezone

from apps.accounts.models import User
from apps.events import curate
from apps.timelines import alerts, rollups
from apps.timelines.models import Notice, SavedView, Timeline
from tests.factories import make_actor, make_event, make_timeline

pytestmark = pytest.mark.django_db
DAY, WEEK = timedelta(days=1), timedelta(days=7)
NOW = timezone.now()
SITE = "https://tension.example"


@pytest.fixture
def timeline() -> Timeline:
    us, iran = make_actor("us-gov"), make_actor("iran-gov")
    return make_timeline(actors=[us, iran])


@pytest.fixture
def editor() -> User:
    return User.objects.create_superuser("editor")


@pytest.fixture(autouse=True)
def site(settings) -> None:
    settings.SITE_ADDRESS = SITE


def keep(timeline: Timeline, **values) -> SavedView:
    anna, _ = User.objects.get_or_create(username="anna", defaults={"email": "anna@example.org"})
    defaults = {"name": "Strikes", "query": "type=ASSAULT", "digest": "daily", "digested_at": NOW}
    return SavedView.objects.create(user=anna, timeline=timeline, **{**defaults, **values})


def publish(title: str, editor: User, **values):
    """An event that an editor publishes now."""
    us = make_actor(f"actor-of-{title.lower().replace(' ', '-')}")
    Timeline.objects.get().actors.add(us)
    values.setdefault("start", date(2020, 1, 3))
    event = make_event(title, status="proposed", by=[us], **values)
    curate.publish(event, by=editor, reason="It happened.")
    return event


def test_a_digest_tells_what_is_new_and_what_was_taken_back_since_the_last_one(timeline, editor):
    view = keep(timeline)
    raid = publish("A raid", editor)
    gone = publish("A rumour", editor)
    publish("A threat", editor, type="THREATEN")
    curate.reject(gone, by=editor, reason="It was made up.")
    alerts.run(NOW + DAY)
    (sent,) = mail.outbox
    assert sent.to == ["anna@example.org"]
    assert "A raid" in sent.body
    assert f"{SITE}{raid.get_absolute_url()}" in sent.body
    assert "TAKEN BACK  A rumour" in sent.body
    assert gone.get_absolute_url() not in sent.body
    assert "made up" not in sent.body  # why it was taken back is not public
    assert "A threat" not in sent.body  # not of this view
    assert f"{SITE}/timelines/us-iran-2020/?type=ASSAULT" in sent.body
    assert view.token not in sent.body
    view.refresh_from_db()
    assert view.digested_at == NOW + DAY


def test_nothing_is_told_twice_and_nothing_where_nothing_happened(timeline, editor):
    view = keep(timeline)
    publish("A raid", editor)
    for hours in (1, 23, 24, 25, 47, 48, 72):
        alerts.run(NOW + timedelta(hours=hours))
    assert len(mail.outbox) == 1
    view.refresh_from_db()
    assert view.digested_at == NOW + 3 * DAY  # moved on without a mail
    assert Notice.objects.count() == 1


def test_a_weekly_digest_comes_once_a_week(timeline, editor):
    keep(timeline, digest="weekly")
    publish("A raid", editor)
    alerts.run(NOW + 6 * DAY)
    assert mail.outbox == []
    alerts.run(NOW + WEEK)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda view: User.objects.update(email=""),
        lambda view: User.objects.filter(pk=view.user_id).update(is_active=False),
        lambda view: Timeline.objects.update(published=False),
        lambda view: SavedView.objects.update(digest=""),
    ],
    ids=["no address", "left", "timeline closed", "no digest"],
)
def test_who_cannot_or_does_not_want_to_be_told_is_told_nothing(timeline, editor, change):
    view = keep(timeline)
    publish("A raid", editor)
    change(view)
    alerts.run(NOW + DAY)
    assert mail.outbox == []


class NoAnswerError(Exception):
    """The mail server does not answer."""


def test_a_mail_server_that_fails_loses_nothing(timeline, editor, monkeypatch):
    view = keep(timeline)
    publish("A raid", editor)

    def refuse(self):
        raise NoAnswerError("no answer from mail.example.org")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        alerts.run(NOW + DAY)
    notice = Notice.objects.get()
    assert (notice.status, notice.attempts) == ("failed", 1)
    assert "no answer from mail.example.org" in notice.error
    view.refresh_from_db()
    assert view.digested_at == NOW  # not told yet
    alerts.run(NOW + DAY)
    assert mail.outbox == []  # it waits a while
    Notice.objects.update(next_try_at=NOW)
    alerts.run(NOW + 2 * DAY)
    assert ["A raid" in sent.body for sent in mail.outbox] == [True]
    notice.refresh_from_db()
    assert notice.status == "done"


def test_what_was_set_aside_is_told_by_the_next_digest(timeline, editor):
    view = keep(timeline)
    publish("A raid", editor)
    Notice.objects.create(
        view=view, kind="digest", until=NOW, subject="s", body="b", status="quarantined"
    )
    alerts.run(NOW + DAY)
    assert ["A raid" in sent.body for sent in mail.outbox] == [True]


def test_each_crossing_of_the_threshold_is_told_once(timeline, editor):
    ends = datetime(2020, 1, 10, 12, tzinfo=UTC)
    view = keep(timeline, digest="", threshold=5)
    alerts.run(ends)
    assert mail.outbox == []  # on which side it stands is noted only
    raid = publish("A raid", editor, start=date(2020, 1, 9), killed=80)
    rollups.rebuild(timeline)
    alerts.run(ends)
    alerts.run(ends + timedelta(minutes=1))
    (sent,) = mail.outbox
    assert "above 5" in sent.subject
    assert "on 10 January 2020" in sent.body
    assert f"{SITE}/timelines/us-iran-2020/?day=2020-01-10" in sent.body
    curate.reject(raid, by=editor, reason="It was made up.")
    rollups.rebuild(timeline)
    alerts.run(ends + timedelta(minutes=2))
    alerts.run(ends + timedelta(minutes=3))
    assert len(mail.outbox) == 2
    assert "below 5 again" in mail.outbox[1].subject
    view.refresh_from_db()
    assert view.above is False


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_a_mail_once(timeline, editor):
    view = keep(timeline)
    notice = Notice.objects.create(view=view, kind="digest", until=NOW, subject="s", body="b")
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        alerts.send(notice.pk)
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(mail.outbox) == 1


class Talk(socketserver.StreamRequestHandler):
    """A mail server that takes what it is given."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                letter = iter(self.rfile.readline, b".\r\n")
                self.server.letters.append(b"".join(letter).decode())
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 yes\r\n")
            if verb == b"QUIT":
                return


def test_a_digest_goes_out_over_smtp(timeline, editor):
    keep(timeline, name="Strikes, day by day")
    publish("A raid", editor)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.letters = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=server.server_address[1],
            EMAIL_USE_TLS=False,
        ):
            alerts.run(NOW + DAY)
        server.shutdown()
    (letter,) = server.letters
    assert "To: anna@example.org" in letter
    assert "Subject: Strikes, day by day: 1 change" in letter
    assert "A raid" in letter
