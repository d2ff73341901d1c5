"""Editing events in the admin: everything an editor saves is a decision with who, why and what changed."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.forms import MultiWidget
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.roles import EDITORS
from apps.events.models import Claim, Decision, Event, Standing
from tests.events import make

pytestmark = pytest.mark.django_db
INLINES = ("participations", "evidence", "claims", "links_out", "links_in", "decisions")


@pytest.fixture
def editor(client):
    user = User.objects.create_user("editor", is_staff=True)
    user.groups.add(Group.objects.get(name=EDITORS))
    client.force_login(user)
    return user


def page(event):
    return reverse("admin:events_event_change", args=[event.pk])


def form(client, address, **changes):
    """What the browser would send back from the page, with the changes."""
    context = client.get(address).context
    values = {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for one in forms:
        for bound in one:
            value, widget = bound.value(), bound.field.widget
            if isinstance(widget, MultiWidget):
                for number, part in enumerate(widget.decompress(value)):
                    values[f"{bound.html_name}_{number}"] = "" if part is None else part
                continue
            values[bound.html_name] = "" if value is None else value
    for field in ("names",):
        if isinstance(values.get(field), list):
            values[field] = ",".join(values[field])
    return {key: value for key, value in values.items() if value is not False} | changes


def save(client, address, **changes):
    answer = client.post(address, form(client, address, **changes))
    errors = answer.context and answer.context.get("errors")
    assert answer.status_code == 302, errors
    return answer


def added(prefix, **values):
    """One added row of an inline."""
    return {f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": 0} | {
        f"{prefix}-0-{key}": value for key, value in values.items()
    }


def test_a_change_is_recorded_with_who_why_before_and_after(client, editor):
    event = make.published(title="Rockets hit")
    save(client, page(event), title="Katyusha rockets hit", reason="the army named the weapon")
    decision = Decision.objects.get()
    assert (decision.action, decision.by, decision.reason) == (
        "edit",
        editor,
        "the army named the weapon",
    )
    assert (decision.before["title"], decision.after["title"]) == (
        "Rockets hit",
        "Katyusha rockets hit",
    )


def test_saving_without_a_change_decides_nothing(client, editor):
    event = make.published()
    save(client, page(event))
    assert not Decision.objects.exists()


def test_a_status_sent_by_hand_is_ignored(client, editor):
    event = make.event()
    save(client, page(event), status="published", title="Another title")
    event.refresh_from_db()
    assert event.status == Event.Status.PROPOSED


def test_days_are_kept_as_edtf(client, editor):
    event = make.published()
    save(client, page(event), start="2020-03-01", end="2020-03-31", precision="month")
    event.refresh_from_db()
    assert event.edtf == "2020-03"


def test_new_days_in_the_wrong_order_are_told(client, editor):
    event = make.published()
    address = page(event)
    answer = client.post(address, form(client, address, end="1999-01-01"))
    assert answer.status_code == 200
    assert answer.context["errors"]


def test_a_new_event_gets_a_number_and_waits_as_a_proposal(client, editor):
    address = reverse("admin:events_event_add")
    save(
        client, address, title="A strike", type="ASSAULT", start="2020-05-05", end="2020-05-05",
        precision="day", reason="seen on the wire",
    )  # fmt: skip
    event = Event.objects.get()
    assert (event.public_id, event.status, event.edtf) == (
        "EV-20200505-1",
        Event.Status.PROPOSED,
        "2020-05-05",
    )
    decision = Decision.objects.get()
    assert (decision.action, decision.by, decision.reason) == (
        "propose",
        editor,
        "seen on the wire",
    )


def test_what_an_editor_adds_to_a_published_event_is_public_and_the_editors(client, editor):
    event = make.published()
    speaker = make.actor("iraq-gov", country="IRQ")
    evidence = added("evidence", url="https://example.org/b", stance="supports")
    claims = added("claims", speaker=speaker.pk, act="asserts", field="killed", number=4)
    save(client, page(event), **evidence, **claims)
    fresh = event.evidence.get(origin="editor")
    claim = event.claims.get()
    event.refresh_from_db()
    assert (fresh.standing, claim.standing, claim.origin) == (
        Standing.PUBLISHED,
        Standing.PUBLISHED,
        "editor",
    )
    assert event.killed == 4


def test_participants_are_edited_in_place(client, editor):
    event = make.published()
    actor = make.actor("us-mil")
    save(
        client, page(event), **added("participations", actor=actor.pk, role="initiator", position=0)
    )
    assert event.participations.get().actor == actor
    assert Decision.objects.get().after["participants"] == ["initiator: us-mil"]


def test_a_changed_claim_is_a_decision_about_its_event(client, editor):
    event = make.published()
    claim = make.claim(event, "killed", number=3, standing=Standing.PUBLISHED)
    address = reverse("admin:events_claim_change", args=[claim.pk])
    save(client, address, number=5, reason="misread")
    event.refresh_from_db()
    decision = Decision.objects.get()
    assert event.killed == 5
    assert decision.event == event
    assert "number: misread" in decision.reason


def test_standing_cannot_be_changed_by_hand(client, editor):
    event = make.published()
    claim = make.claim(event, "killed", number=3)
    evidence = make.cited(event, "https://example.org/b")
    for row, model in ((claim, "claim"), (evidence, "evidence")):
        address = reverse(f"admin:events_{model}_change", args=[row.pk])
        save(client, address, standing="published")
        row.refresh_from_db()
        assert row.standing == Standing.PROPOSED


def test_the_span_of_evidence_is_fixed(client, editor):
    version = make.version("Rockets hit the embassy.")
    span = {"article_version": version, "start": 0, "end": 7, "quote": "Rockets"}
    row = make.cited(make.event(), "", **span)
    address = reverse("admin:events_evidence_change", args=[row.pk])
    save(client, address, start=8, end=11, quote="hit", stance="mentions")
    row.refresh_from_db()
    assert (row.start, row.quote, row.stance) == (0, "Rockets", "mentions")


def test_the_history_tells_who_why_and_what(client, editor):
    event = make.published(title="Rockets hit")
    save(client, page(event), title="Katyushas hit", reason="the army named the weapon")
    html = client.get(reverse("admin:events_event_history", args=[event.pk])).content.decode()
    assert "the army named the weapon" in html
    assert "<del>Rockets </del> <ins>Katyushas </ins> hit" in html
    assert "editor" in html


def test_nobody_deletes_an_event(client, editor):
    event = make.published()
    User.objects.filter(pk=editor.pk).update(is_superuser=True)
    client.force_login(User.objects.get(pk=editor.pk))  # another role ends the session
    address = reverse("admin:events_event_delete", args=[event.pk])
    assert client.post(address, {"post": "yes"}).status_code == 403
    assert Event.objects.exists()


def test_who_may_change_but_not_decide_is_refused(client):
    user = User.objects.create_user("half", is_staff=True)
    user.groups.add(Group.objects.get(name=EDITORS))
    Group.objects.get(name=EDITORS).permissions.remove(
        *Group.objects.get(name=EDITORS).permissions.filter(codename="curate_event")
    )
    client.force_login(user)
    event = make.published()
    assert client.post(page(event), {"title": "x"}).status_code == 403


def test_the_page_of_an_event_does_not_query_row_by_row(
    client, editor, django_assert_max_num_queries
):
    def fill(event, number):
        version = make.version("Rockets hit the embassy.", title=f"Article {number}")
        for start in range(number):
            span = {"start": start, "end": 7, "quote": "Rockets"[start:]}
            make.cited(event, "", article_version=version, **span)
        for _ in range(number):
            make.claim(event, "killed", number=3, speaker="iraq-gov")

    few, many = make.published(start=date(2020, 1, 1)), make.published(start=date(2020, 1, 2))
    fill(few, 1)
    fill(many, 5)
    client.get(page(few))
    with django_assert_max_num_queries(200) as small:
        client.get(page(few))
    with django_assert_max_num_queries(len(small)):
        client.get(page(many))
    assert Claim.objects.count() == 6


@pytest.mark.parametrize("number", ["abc", "_5F", "9" * 30])
def test_the_history_of_no_event_leads_back_to_the_admin(client, editor, number):
    answer = client.get(reverse("admin:events_event_history", args=[number]))
    assert answer.status_code == 302


@pytest.mark.parametrize("end", [7, 3])
def test_a_quote_that_the_article_does_not_say_is_refused_in_the_form(client, editor, end):
    event, version = make.event(), make.version("Rockets hit the embassy.")
    row = {"stance": "supports", "article_version": version.pk, "start": 0, "end": end}
    change = form(client, page(event), **added("evidence", **row, quote="Missile"))
    answer = client.post(page(event), change)
    assert answer.status_code == 200
    assert f"“{'Rockets'[:end]}”" in answer.content.decode()
    assert not event.evidence.exists()


def test_a_quote_left_empty_is_taken_from_the_article(client, editor):
    event, version = make.event(), make.version("Rockets hit the embassy.")
    row = {"stance": "supports", "article_version": version.pk, "start": 0, "end": 7}
    save(client, page(event), **added("evidence", **row))
    assert event.evidence.get().quote == "Rockets"


@pytest.mark.parametrize("span", [(7, 0), (500, 600), (0, None)])
def test_a_span_that_is_none_is_refused_in_the_form(client, editor, span):
    event, version = make.event(), make.version("Rockets hit the embassy.")
    ends = {"start": span[0], "end": "" if span[1] is None else span[1]}
    row = {"stance": "supports", "article_version": version.pk, **ends, "quote": "Rockets"}
    answer = client.post(page(event), form(client, page(event), **added("evidence", **row)))
    assert answer.status_code == 200
    assert not event.evidence.exists()
