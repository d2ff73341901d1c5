"""Every address, model, action and decision with everybody who may come, in open and closed installations.

The table is tests/permissions/table.py. What is not in it makes a test here fail.
"""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from apps.accounts.models import User
from apps.core import history
from apps.core.models import Change
from apps.events import admin_desk_actions, curate, desk, revising
from apps.events.models import Decision, Event
from apps.timelines.models import Timeline
from apps.timelines.snapshots.storing import keep
from tests import rows
from tests.factories import (
    make_actor,
    make_article,
    make_dyad,
    make_event,
    make_evidence,
    make_quote,
    make_timeline,
)
from tests.permissions import table
from tests.permissions.people import (
    EVERYBODY,
    READER,
    STAFF,
    STRANGER,
    expected,
    outcome,
    user_of,
)

pytestmark = pytest.mark.django_db
# Whose names the admin's autocomplete is asked for.
CHOICE = {"app_label": "events", "model_name": "claim", "field_name": "speaker", "term": "x"}
PAGES = ("changelist", "add", "change", "delete", "history")
WHO = pytest.mark.parametrize("who", EVERYBODY)
MODELS = pytest.mark.parametrize("label", table.MODELS)


@pytest.fixture
def come(client):
    """Return a function that logs somebody in."""

    def come_as(who):
        user = user_of(who)
        if user is not None:
            client.force_login(user)
        return user

    return come_as


def addresses(patterns=None, before="", space=""):
    """Every address of the product: (name, pattern)."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = ":".join(part for part in (space, pattern.namespace) if part)
            yield from addresses(pattern.url_patterns, here, inside)
        elif isinstance(pattern, URLPattern):
            yield f"{space}:{pattern.name}" if space and pattern.name else pattern.name or "", here


def of_models():
    return {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
        for model in admin.site._registry
        for page in PAGES
    }


def page_of(model, page, row=None):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    return reverse(name, args=[row.pk] if row is not None else [])


def a_row(model, user):
    """A row that the user may look at where anybody may."""
    if model is Group:
        return Group.objects.first()
    row = rows.MAKERS[model]()
    if model._meta.label == "events.SecondCoding" and user is not None:
        model.objects.update(coder=user)
        row.refresh_from_db()
    return row


class TestComplete:
    """The table has everything that is there, and nothing that is not."""

    def test_every_address_is_in_the_table(self):
        known = {
            *of_models(),
            *table.ADMIN,
            *table.PUBLIC,
            *table.API,
            *table.FREE,
            *table.OWN,
            *table.BY_TOKEN,
            *table.BY_BEARER,
        }
        assert {name for name, _ in addresses() if name} == known

    def test_addresses_without_a_name_are_the_admins_own(self):
        unnamed = {
            re.sub(r"admin/\w+/\w+/", "admin/<app>/<model>/", pattern)
            for name, pattern in addresses()
            if not name or name.endswith(":")
        }
        assert unnamed == set(table.UNNAMED)

    def test_every_model_of_the_admin_is_in_the_table(self):
        assert {model._meta.label for model in admin.site._registry} == set(table.MODELS)

    def test_every_action_is_in_the_table(self):
        request = RequestFactory().get("/")
        request.user = User.objects.create_superuser("root")
        found = {
            model._meta.label: set(where.get_actions(request))
            for model, where in admin.site._registry.items()
            if where.get_actions(request)
        }
        assert found == {label: set(actions) for label, actions in table.ACTIONS.items()}

    def test_every_button_of_the_desk_is_in_the_table(self):
        assert set(admin_desk_actions._ACTIONS) == set(table.DESK)
        assert set(desk.ACTIONS) == set(table.BULK)


@WHO
@MODELS
def test_pages_of_models(client, come, who, label):
    model, rights = apps.get_model(label), table.MODELS[label]
    row = a_row(model, come(who))
    for page, allowed in (
        (page_of(model, "changelist"), rights.view),
        (page_of(model, "add"), rights.add),
        (page_of(model, "change", row), rights.view),
        (page_of(model, "history", row), rights.view),
        (page_of(model, "delete", row), rights.delete),
    ):
        response = client.get(page)
        assert outcome(response) == expected(who, allowed), page
        assert outcome(response) != "let in" or response.status_code == 200, page


@WHO
@MODELS
def test_what_is_sent_to_models(client, come, who, label):
    model, rights = apps.get_model(label), table.MODELS[label]
    row = a_row(model, come(who))
    before, count = model.objects.filter(pk=row.pk).values().get(), model.objects.count()
    for page, allowed in (
        (page_of(model, "add"), rights.add),
        (page_of(model, "change", row), rights.change),
        (page_of(model, "delete", row), rights.delete),
    ):
        sent = {"post": "yes"} if page.endswith("/delete/") else {"name": ""}
        response = client.post(page, sent)
        assert outcome(response) == expected(who, allowed), page
    if who not in (*rights.change, *rights.delete):
        assert model.objects.filter(pk=row.pk).values().get() == before
    if who not in (*rights.add, *rights.delete):
        assert model.objects.count() == count


@WHO
@pytest.mark.parametrize("label", table.ACTIONS)
def test_actions_on_chosen_rows(client, come, who, label):
    model = apps.get_model(label)
    user = come(who)
    row = a_row(model, user)
    request = RequestFactory().get("/")
    request.user = user
    for name, allowed in table.ACTIONS[label].items():
        if who in STAFF:
            offered = admin.site._registry[model].get_actions(request)
            assert (name in offered) is (who in allowed), name
        before = model.objects.filter(pk=row.pk).values().get()
        sent = {"action": name, "_selected_action": [row.pk]}
        response = client.post(page_of(model, "changelist"), sent)
        if who not in STAFF:
            assert outcome(response) == "login"
        if who not in allowed:
            assert model.objects.filter(pk=row.pk).values().get() == before, name
        else:
            assert response.status_code in (200, 302), name


def argument_of(name):
    """What an address is asked for with."""
    if name.startswith(("admin:actors_actor", "admin:places_place")):
        model = apps.get_model(*name.removeprefix("admin:").split("_")[:2])
        return [a_row(model, None).pk]
    if name == "admin:auth_user_password_change":
        return [User.objects.create_user("another").pk]
    if name == "admin:view_on_site":
        return [ContentType.objects.get_for_model(Event).pk, make_event().pk]
    return {
        "admin:app_list": ["events"],
        "admin:events_event_desk_offers": ["actor"],
    }.get(name) or ([a_proposal().pk] if "<int:pk>" in dict(addresses())[name] else [])


def a_change():
    """What taking back is asked for with: a change of a proposal's title."""
    event = a_proposal()
    editor = User.objects.create_user("an editor")
    with history.noted(user=editor, group="a decision"):
        Event.objects.filter(pk=event.pk).update(title="Another title")
    change = Change.objects.get(group="a decision")
    return {"group": change.group, "change": change.pk, "reason": "An exercise."}


def a_proposal():
    event = make_event(status=Event.Status.PROPOSED, evidence=0)
    make_evidence(event, url=f"https://news.example/{event.pk}", standing="proposed")
    return event


@WHO
@pytest.mark.parametrize("name", table.ADMIN)
def test_other_pages_of_the_admin(client, come, who, name):
    method, allowed = table.ADMIN[name]
    come(who)
    address = reverse(name, args=argument_of(name))
    response = client.get(address, CHOICE) if method == "GET" else client.post(address, a_change())
    assert outcome(response) == expected(who, allowed)
    assert response.status_code < 500
    if method == "GET" and outcome(response) == "let in":
        assert client.post(address, {}).status_code < 500


@WHO
@pytest.mark.parametrize("name", ["admin:actors_actor_merge", "admin:places_place_merge"])
def test_a_merge_that_is_sent(client, come, who, name):
    come(who)
    model = apps.get_model(*name.removeprefix("admin:").split("_")[:2])
    one, other = rows.MAKERS[model](), rows.MAKERS[model]()
    sent = {"into": other.pk, "reason": "The same.", "confirm": "1"}
    client.post(reverse(name, args=[one.pk]), sent)
    one.refresh_from_db()
    assert (one.merged_into == other) is (who in table.SENIORS)


@WHO
@pytest.mark.parametrize("verb", table.DESK)
def test_buttons_of_the_desk(client, come, who, verb):
    come(who)
    event = a_proposal()
    address = reverse("admin:events_event_desk_decide", args=[event.pk])
    seen = revising.newest_change(event)
    response = client.post(address, {"do": verb, "own-reason": "An exercise.", "seen": seen})
    assert outcome(response) == expected(who, table.DESK[verb])
    event.refresh_from_db()
    if who not in table.DESK[verb]:
        assert event.status == Event.Status.PROPOSED
        assert not Decision.objects.exists()
    elif verb == "publish":
        assert event.status == Event.Status.PUBLISHED


@WHO
@pytest.mark.parametrize("action", table.BULK)
def test_actions_on_many_at_the_desk(client, come, who, action):
    come(who)
    event = a_proposal()
    sent = {"action": action, "id": [event.pk], "own-reason": "An exercise.", "sure": "1"}
    response = client.post(reverse("admin:events_event_desk_bulk"), sent)
    assert response.status_code < 500
    event.refresh_from_db()
    if who not in table.BULK[action]:
        assert event.status == Event.Status.PROPOSED
        assert not Decision.objects.exists()
    elif action == "publish":
        assert event.status == Event.Status.PUBLISHED


@WHO
def test_a_published_event_is_taken_back_by_seniors_alone(who):
    user, event = user_of(who), make_event()
    if user is None:
        return
    if who in table.SENIORS:
        curate.reject(event, by=user, reason="An exercise.")
    else:
        with pytest.raises(PermissionDenied):
            curate.reject(event, by=user, reason="An exercise.")
    event.refresh_from_db()
    assert (event.status == Event.Status.REJECTED) is (who in table.SENIORS)


def with_an_event():
    us = make_actor("us-gov")
    timeline = make_timeline(actors=[us])
    make_dyad(timeline, "us", [us], [us])
    make_event(by=[us])
    return timeline


# Addresses that ask for a timeline's slug alone.
OF_A_TIMELINE = (
    *("timeline", "known", "difference", "changes", "compare", "map", "network"),
    *("signals", "api-signals", "api-signals-loudest", "api-signals-load"),
    *("index", "index_series", "index_contributions", "index_zip", "snapshots", "timeline_report"),
    *("embed", "embed-timeline", "api-timeline", "api-events", "api-index", "api-coverage"),
)


def public_address(name):
    event = make_event()
    version = make_article("Rockets hit the base on Friday.")
    make_quote(event, version, "Rockets hit the base")
    arguments = {
        **dict.fromkeys(OF_A_TIMELINE, lambda: [make_timeline().slug]),
        "index_day": lambda: [make_timeline().slug, "2020-01-03"],
        "snapshot": lambda: [with_an_event().slug],
        "kept_snapshot": lambda: [with_an_event().slug, keep(Timeline.objects.get(), "")[0].sha256],
        "timeline_file": lambda: [make_timeline().slug, "csv"],
        "timeline_cite": lambda: [make_timeline().slug, "bib"],
        "event_cite": lambda: [event.public_id, "ris"],
        "event": lambda: [event.public_id],
        "actor": lambda: [make_actor("iran-gov").slug],
        "article": lambda: [version.article_id],
        "article_differences": lambda: [version.article_id],
        "article_cite": lambda: [version.article_id, "bib"],
        "embed-event": lambda: [event.public_id],
        "api-day": lambda: [make_timeline().slug, "2020-01-03"],
        "api-event": lambda: [event.public_id],
        "api-actor": lambda: [make_actor("iran-gov").slug],
        "api-actor-events": lambda: [make_actor("iran-gov").slug],
        "api-article": lambda: [version.article_id],
        "api-unknown": lambda: ["v1/nothing"],
    }
    return reverse(name, args=arguments[name]() if name in arguments else [])


# Whoever is logged in reads the same: the middleware asks for nothing else.
READERS = (STRANGER, READER)


@pytest.mark.parametrize("name", table.PUBLIC)
def test_public_pages(client, come, settings, name):
    address = public_address(name)
    for who in READERS:
        come(who)
        for closed in (False, True):
            settings.CLOSED = closed
            wanted = "login" if closed and who == STRANGER else "let in"
            response = client.get(address)
            assert outcome(response) == wanted, (who, closed)
            assert response.status_code == (302 if wanted == "login" else 200), (who, closed)


@pytest.mark.parametrize("name", table.API)
def test_addresses_for_programs(client, come, settings, name):
    address, there = public_address(name), 404 if name in ("api-unknown", "oembed") else 200
    for who in READERS:
        come(who)
        for closed in (False, True):
            settings.CLOSED = closed
            wanted = 401 if closed and who == STRANGER else there
            assert client.get(address).status_code == wanted, (who, closed)


@pytest.mark.parametrize("name", table.FREE)
def test_what_needs_no_login_anywhere(client, come, settings, name):
    method, allowed = table.FREE[name]
    for who in READERS:
        come(who)
        for closed in (False, True):
            settings.CLOSED = closed
            response = client.get(reverse(name)) if method == "GET" else client.post(reverse(name))
            assert response.status_code in (200, 302), (who, closed)
            if who == STRANGER and method == "GET" and name not in table.AFTER_PASSWORD:
                assert response.status_code == 200, closed
        assert who in allowed


@WHO
def test_the_admin_of_a_closed_installation_is_as_closed(client, come, settings, who):
    settings.CLOSED = True
    come(who)
    response = client.get(reverse("admin:events_event_changelist"))
    assert outcome(response) == expected(who, STAFF)


def test_the_history_is_written_by_nobody(client, come):
    come("a superuser")
    row = rows.MAKERS[Change]()
    for page in ("change", "delete"):
        assert client.post(page_of(Change, page, row), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("name", table.OWN)
def test_what_is_somebodys_own(client, come, settings, name):
    """Strangers are sent to the login, the owner is let in, and for others it is not there."""
    view = rows.saved_view()
    type(view.timeline).objects.update(published=True)
    arguments = {"saved_views": [], "keep_view": [view.timeline.slug]}.get(name, [view.pk])
    address = reverse(name, args=arguments)
    send = getattr(client, table.OWN[name].lower())
    for who in READERS:
        come(who)
        for closed in (False, True):
            settings.CLOSED = closed
            answer = send(address)
            assert outcome(answer) == ("login" if who == STRANGER else "let in"), closed
            if who != STRANGER:
                assert answer.status_code == (404 if arguments == [view.pk] else 200), closed
    client.force_login(view.user)
    assert outcome(send(address)) == "let in"


@pytest.mark.parametrize("name", table.BY_TOKEN)
def test_what_is_read_by_its_address(client, come, settings, name):
    view = rows.saved_view()
    type(view.timeline).objects.update(published=True)
    for closed in (False, True):
        settings.CLOSED = closed
        assert client.get(reverse(name, args=[view.token])).status_code == 200
        assert client.get(reverse(name, args=[view.token[:-1]])).status_code == 404


@pytest.mark.parametrize("name", table.BY_BEARER)
def test_what_is_read_by_a_bearer_token(client, come, settings, name):
    for who in READERS:
        come(who)
        for closed in (False, True):
            settings.CLOSED = closed
            settings.METRICS_TOKEN = ""
            assert client.get(reverse(name)).status_code == 404
            settings.METRICS_TOKEN = "the right one"
            assert client.get(reverse(name)).status_code == 403
            for given, wanted in (("the wrong one", 403), ("the right one", 200)):
                headers = {"Authorization": f"Bearer {given}"}
                assert client.get(reverse(name), headers=headers).status_code == wanted
