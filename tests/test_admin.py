"""The admin: every model's pages work for an editor, are refused to others, and do not query row by row."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.roles import ANALYSTS, EDITORS
from apps.places.models import Place
from tests import forms, rows

pytestmark = pytest.mark.django_db
# What has no page there, and why.
PAGELESS = {
    "sources.FeedDay": "counted from the polls, drawn in the list of feeds",
    "articles.Signature": "derived from the texts, to look copies up",
    "signals.Signal": "millions; readers' pages and the API show them, their file tells of them",
    "timelines.SignalCount": "counted from the signals",
    "timelines.SignalRun": "the mark of when signals were counted",
    "timelines.Entry": "derived from the events, made anew by the sweep",
    "timelines.EntryRun": "the mark of when entries were made",
    "timelines.Touch": "written by triggers for the sweep alone",
    "timelines.ApiCalls": "hashes and counts that are gone within the hour",
    "timelines.SavedView": "its owner's alone, with the secret of its feed",
}
OURS = [
    model
    for model in apps.get_models()
    if model.__module__.startswith("apps.") and model._meta.label not in PAGELESS
]
EACH = pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
# What editors do not see: users are the superuser's.
NOT_FOR_EDITORS = {"accounts.User"}


# Codings are seen by their coder alone: a row of another's is not there.
OWN_ONLY = {"events.SecondCoding"}


def login(client, role):
    if role == "superuser":
        user = User.objects.create_superuser("super")
    else:
        user = User.objects.create_user("somebody", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return user


def url(model, page, *args):
    opts = model._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=args)


def may_add(client, model):
    request = client.get(reverse("admin:index")).wsgi_request
    return admin.site._registry[model].has_add_permission(request)


def test_what_has_no_page_is_told_with_a_reason():
    assert not {m._meta.label for m in admin.site._registry} & set(PAGELESS)
    assert set(PAGELESS) <= {m._meta.label for m in apps.get_models()}


@EACH
def test_every_model_is_in_the_admin_and_there_is_a_row_of_it(model):
    assert model in admin.site._registry
    assert model in rows.MAKERS


@EACH
@pytest.mark.parametrize("role", ["superuser", EDITORS])
def test_list_search_page_and_history_work(client, model, role):
    row = rows.MAKERS[model]()
    login(client, role)
    expected = 403 if role == EDITORS and model._meta.label in NOT_FOR_EDITORS else 200
    for address in (url(model, "changelist"), url(model, "changelist") + "?q=rockets+2020"):
        assert client.get(address).status_code == expected, address
    expected = 302 if model._meta.label in OWN_ONLY else expected
    for address in (url(model, "change", row.pk), url(model, "history", row.pk)):
        assert client.get(address).status_code == expected, address


@EACH
@pytest.mark.parametrize("role", ["superuser", EDITORS])
def test_the_form_for_a_new_row_opens_where_rows_may_be_added(client, model, role):
    login(client, role)
    allowed = may_add(client, model)
    assert client.get(url(model, "add")).status_code == (200 if allowed else 403)


@EACH
def test_an_analyst_changes_nothing(client, model):
    row = rows.MAKERS[model]()
    login(client, ANALYSTS)
    assert client.get(url(model, "add")).status_code == 403
    assert client.post(url(model, "change", row.pk), {}).status_code == 403
    assert client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@EACH
def test_somebody_who_is_no_staff_is_sent_to_the_login(client, model):
    user = User.objects.create_user("reader")
    user.groups.add(Group.objects.get(name=EDITORS))
    client.force_login(user)
    answer = client.get(url(model, "changelist"))
    assert answer.status_code == 302
    assert "login" in answer.url


@EACH
def test_lists_do_not_query_row_by_row(client, model):
    login(client, "superuser")
    rows.MAKERS[model]()
    client.get(url(model, "changelist"))
    with CaptureQueriesContext(connection) as one:
        client.get(url(model, "changelist"))
    rows.MAKERS[model]()
    rows.MAKERS[model]()
    with CaptureQueriesContext(connection) as three:
        client.get(url(model, "changelist"))
    # Filters by related rows (dossiers, sources) are one query each, whatever they list.
    assert len(three) == len(one), [q["sql"][:200] for q in three]


@EACH
def test_lists_leave_texts_and_bytes_in_the_database(client, model):
    login(client, "superuser")
    rows.MAKERS[model]()
    with CaptureQueriesContext(connection) as queries:
        client.get(url(model, "changelist"))
    assert not [q for q in queries if '"raw"' in q["sql"]]


@EACH
def test_pages_carry_no_inline_script_or_style(client, model):
    row = rows.MAKERS[model]()
    login(client, "superuser")
    for address in (url(model, "changelist"), url(model, "change", row.pk)):
        html = client.get(address).content.decode()
        assert "<style" not in html
        assert "onclick=" not in html
        inline = [part for part in html.split("<script")[1:] if "src=" not in part.split(">")[0]]
        assert [
            part for part in inline if 'type="application/json"' not in part.split(">")[0]
        ] == []


@pytest.mark.parametrize("named", ["x", "<script>", "1e9", "9" * 400, "\u0661"])
def test_a_choice_that_is_no_row_is_told_by_the_form(client, named):
    client.force_login(User.objects.create_superuser("root"))
    place = Place.objects.create(
        slug="here", name="Here", kind=Place.Kind.CITY, country="IRQ", lat=33.0, lon=44.0
    )
    address = reverse("admin:places_place_change", args=[place.pk])
    answer = client.post(address, {**forms.shown(client, address), "parent": named})
    assert answer.status_code == 200
    assert "Select a valid choice" in answer.content.decode()
