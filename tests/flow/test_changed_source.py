"""A source changes after its event was published: real pages, real intake, real workers, the desk, the page."""

import re

import pytest
from celery import current_app
from django.contrib.auth.models import Group
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.roles import SENIOR_EDITORS
from apps.core.stages import StageStatus
from apps.events import curate
from apps.events.models import Correction, DeskItem, Event, SourceChange
from tests.flow.test_feed_to_page import PAGE, eventually, status_of, text_of
from tests.sources.server import answer

LATER = PAGE.replace("killing two people", "killing five people")


@pytest.fixture
def senior(transactional_db):
    user = User.objects.create_user("senior", is_staff=True)
    user.groups.add(Group.objects.get(name=SENIOR_EDITORS))
    return user


def published_attack(senior) -> Event:
    """The article comes in, the machine proposes its event, an editor publishes it."""
    current_app.send_task("sources.poll_due")
    found = Event.objects.filter(type="ASSAULT", participations__actor__slug="iran")
    eventually(found.exists, 120)
    attack = found.get()
    curate.publish(attack, by=senior, reason="clear report")
    attack.refresh_from_db()
    return attack


def check_again(client, attack):
    """Press the editors' button for the article's page to be fetched anew."""
    article = attack.evidence.first().article_version.article
    data = {"action": "fetch_again", "_selected_action": [article.pk]}
    client.post(reverse("admin:articles_article_changelist"), data)
    return article


def test_a_changed_toll_goes_from_the_page_to_the_desk_and_back_to_the_reader(
    server,
    feed,
    start_worker,
    live_server,
    client,
    senior,
):
    start_worker()
    client.force_login(senior)
    attack = published_attack(senior)
    old = attack.claims.get(field="killed")
    assert (attack.killed, old.number) == (2, 2)
    address = f"{live_server.url}{attack.get_absolute_url()}"
    assert "killing two people" in text_of(address)

    server.routes["/missiles"] = answer(LATER.encode(), kind="text/html; charset=utf-8")
    article = check_again(client, attack)
    eventually(Correction.objects.exists, 120)
    assert article.versions.count() == 2
    assert SourceChange.objects.get().status == StageStatus.DONE
    row = Correction.objects.get()
    assert row.evidence.quote == row.was
    assert "killing two people" in row.was
    assert "killing five people" in row.now
    assert "killed" in row.fields
    assert [change["now"] for change in row.changes if change["claim"] == old.pk] == ["5"]
    assert "killing five" not in text_of(address), "nothing is shown before an editor decided"

    assert DeskItem.objects.get(event=attack).corrections_waiting == 1
    shown = client.get(reverse("admin:events_event_desk", args=[attack.pk])).content.decode()
    assert "the article says something else now" in shown

    decide = reverse("admin:events_event_desk_decide", args=[attack.pk])
    seen = re.search(r'name="seen" value="(\d+)"', shown)
    data = {"do": f"take-over:{row.pk}", "seen": seen[1] if seen else ""}
    assert client.post(decide, data).status_code in (200, 302)
    row.refresh_from_db()
    assert row.outcome == Correction.Outcome.TAKEN_OVER
    attack.refresh_from_db()
    assert attack.killed == 5
    new = attack.claims.get(field="killed", number=5)
    assert (new.answers, new.speaker_name) == (old, old.speaker_name)

    after = text_of(address)
    assert "killing five people" in after
    assert "killing two people" in after, "what was said before stays to be seen"
    assert "The article says something else since" in after
    assert "the new wording was taken over" in after


def test_a_page_that_is_gone_waits_on_the_desk_until_it_is_back(
    server,
    feed,
    start_worker,
    client,
    senior,
    live_server,
):
    start_worker()
    client.force_login(senior)
    attack = published_attack(senior)
    server.routes["/missiles"] = answer(status=404)
    check_again(client, attack)
    eventually(Correction.objects.filter(cause="gone").exists, 120)
    assert status_of(f"{live_server.url}{attack.get_absolute_url()}") == 200
    server.routes["/missiles"] = answer(PAGE.encode(), kind="text/html; charset=utf-8")
    check_again(client, attack)
    eventually(lambda: not Correction.objects.open().exists(), 120)
    assert not DeskItem.objects.filter(event=attack).exists()
