"""Forms of what editors keep: reasons, and the second editor is told what the first changed."""

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.roles import ANALYSTS, OPERATORS, SENIOR_EDITORS
from apps.actors.models import Actor, Alias, Relation
from apps.core import history
from apps.core.models import Change
from apps.events.models import Claim, Decision, Event, Evidence, Participation
from apps.places.models import Place
from apps.sources.models import Feed, Source
from apps.timelines.models import Dyad, Timeline
from tests import rows
from tests.events import make
from tests.factories import make_dyad, make_timeline, relate
from tests.forms import shown, values

pytestmark = pytest.mark.django_db


def someone(name, *roles):
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(*Group.objects.filter(name__in=roles or (SENIOR_EDITORS, OPERATORS)))
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def anna():
    return someone("anna")


@pytest.fixture
def ben():
    return someone("ben")


def page(row):
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])


def saved(answer):
    assert answer.status_code == 302, answer.context and answer.context["errors"]
    return answer


def save(client, row, form=None, **changes):
    form = form if form is not None else shown(client, page(row))
    return client.post(page(row), form | changes)


def told(answer):
    assert answer.status_code == 200
    return [str(one) for one in answer.context["conflict"]]


# --- the second editor is told -------------------------------------------------------------------


def test_the_second_editor_is_told_who_changed_what_when_and_why_and_nothing_is_saved(anna, ben):
    place = make.place("erbil")
    form = shown(ben, page(place))
    saved(save(anna, place, name="Arbil", reason="as the map has it"))
    answer = save(ben, place, form, notes="A city")
    assert told(answer) == ["place Arbil: name changed from Erbil to Arbil"]
    html = answer.content.decode()
    assert "anna" in html
    assert "as the map has it" in html
    assert "<del>Erbil</del> <ins>Arbil</ins>" in html
    place.refresh_from_db()
    assert place.notes == ""


def test_nothing_typed_is_lost_and_fields_left_alone_show_what_the_first_saved(anna, ben):
    place = make.place("erbil", notes="old")
    form = shown(ben, page(place))
    saved(save(anna, place, name="Arbil", kind="region"))
    again = values(save(ben, place, form, notes="typed"))
    assert (again["notes"], again["name"], again["kind"]) == ("typed", "Arbil", "region")


def test_the_second_save_goes_on_top_and_keeps_what_the_first_did_elsewhere(anna, ben):
    place = make.place("erbil")
    form = shown(ben, page(place))
    saved(save(anna, place, name="Arbil"))
    again = values(save(ben, place, form, notes="typed", reason="seen"))
    saved(save(ben, place, again))
    place.refresh_from_db()
    assert (place.name, place.notes) == ("Arbil", "typed")
    assert Change.objects.first().why == "seen"


def test_a_field_that_both_changed_is_named_and_the_second_editors_value_stays(anna, ben):
    place = make.place("erbil")
    form = shown(ben, page(place))
    saved(save(anna, place, name="Arbil"))
    answer = save(ben, place, form, name="Hewler")
    assert "You changed too: Name." in answer.content.decode()
    assert values(answer)["name"] == "Hewler"
    saved(save(ben, place, values(answer)))
    place.refresh_from_db()
    assert place.name == "Hewler"


def test_a_third_change_while_the_second_editor_looks_is_told_again(anna, ben):
    place = make.place("erbil")
    form = shown(ben, page(place))
    saved(save(anna, place, name="Arbil"))
    again = values(save(ben, place, form, notes="typed"))
    saved(save(anna, place, radius_km="3"))
    assert told(save(ben, place, again)) == ["place Arbil: radius km changed from 1 to 3"]


def test_taking_theirs_is_opening_the_page_again(anna, ben):
    place = make.place("erbil")
    form = shown(ben, page(place))
    saved(save(anna, place, name="Arbil"))
    html = save(ben, place, form, notes="typed").content.decode()
    assert f'<a href="{page(place)}">take theirs' in html
    saved(save(ben, place, notes="another"))


def test_every_kind_of_field_that_was_left_alone_shows_what_the_first_saved(anna, ben):
    event = make.published(place=make.place("erbil"), names=["the raid"])
    form = shown(ben, page(event))
    moscow = make.place("moscow")
    saved(
        save(
            anna, event, place=moscow.pk, names="the strike,the raid", start="2020-01-07",
            first_public_at_0="2020-02-03", first_public_at_1="04:05:06", type="COERCE", rank="1.5",
        )
    )  # fmt: skip
    again = values(save(ben, event, form, summary="typed"))
    assert (again["place"], again["names"]) == (str(moscow.pk), "the strike,the raid")
    assert (again["start"], again["type"], again["rank"]) == (
        "07/01/2020",
        "COERCE",
        "1.5",
    )
    assert (again["first_public_at_0"], again["first_public_at_1"]) == ("03/02/2020", "04:05:06")
    saved(save(ben, event, again))
    event.refresh_from_db()
    assert (event.place, event.summary, event.names) == (
        moscow,
        "typed",
        ["the strike", "the raid"],
    )


def test_a_tick_that_was_left_alone_follows_the_first_editor(anna, ben):
    relation = relate(make.actor("iran"), "backs", make.actor("kh"), disputed=True)
    form = shown(ben, page(relation))
    untick = shown(anna, page(relation))
    del untick["disputed"]
    saved(save(anna, relation, untick))
    again = values(save(ben, relation, form, evidence="typed"))
    assert "disputed" not in again
    saved(save(ben, relation, again))
    relation.refresh_from_db()
    assert (relation.disputed, relation.evidence) == (False, "typed")


def lane():
    return make_dyad(make_timeline(), "d", [make.actor("iran")], [make.actor("iraq")])


CASES = {
    Place: (make.place, "notes", "name"),
    Actor: (lambda: make.actor("iran"), "notes", "name"),
    Alias: (rows.alias, "name", "kind"),
    Relation: (rows.relation, "evidence", "since"),
    Source: (rows.source, "notes", "name"),
    Feed: (rows.feed, "interval_minutes", "url"),
    Timeline: (make_timeline, "description", "title"),
    Dyad: (lane, "position", "label"),
    Event: (make.published, "summary", "title"),
    Claim: (lambda: make.claim(make.published(), "killed", number=1), "value", "speaker_text"),
    Evidence: (lambda: make.published().evidence.get(), "publisher", "why"),
}
TYPED = {"interval_minutes": "77", "position": "7", "kind": "acronym", "since": "2020-01-02",
         "url": "https://example.org/other"}  # fmt: skip


@pytest.mark.parametrize("model", CASES, ids=lambda model: model._meta.label)
def test_it_is_so_in_every_form_of_what_editors_keep(anna, ben, model):
    maker, mine, theirs = CASES[model]
    row = maker()
    form = shown(ben, page(row))
    saved(save(anna, row, **{theirs: TYPED.get(theirs, "Another")}))
    answer = save(ben, row, form, **{mine: TYPED.get(mine, "typed")})
    assert len(told(answer)) == 1
    saved(save(ben, row, values(answer)))
    row.refresh_from_db()
    assert str(getattr(row, mine)) == TYPED.get(mine, "typed")
    assert str(getattr(row, theirs)) == TYPED.get(theirs, "Another")


def test_what_hangs_on_the_row_is_told_too(anna, ben):
    actor = make.actor("iran")
    form = shown(ben, page(actor))
    with transaction.atomic(), history.noted(user=anna.user):
        Alias.objects.create(actor=actor, name="Persia")
    assert told(save(ben, actor, form, notes="typed")) == [
        "alias Persia added: name Persia, kind official name"
    ]


def test_a_row_of_the_page_whose_history_is_elsewhere_is_told_too(anna, ben):
    iran, hezbollah = make.actor("iran"), make.actor("hezbollah")
    relation = relate(iran, "backs", hezbollah)
    form = shown(ben, page(hezbollah))  # the relation stands in Iran's history
    saved(save(anna, relation, evidence="said so"))
    again = values(save(ben, hezbollah, form, notes="typed"))
    assert again["relations_in-0-evidence"] == "said so"
    saved(save(ben, hezbollah, again))
    relation.refresh_from_db()
    assert relation.evidence == "said so"


def test_a_lists_change_inside_a_row_of_the_page_is_told(anna, ben):
    timeline = make_timeline()
    dyad = make_dyad(timeline, "d", [make.actor("iran")], [make.actor("iraq")])
    form = shown(ben, page(timeline))
    with transaction.atomic(), history.noted(user=anna.user):
        dyad.side_a.add(make.actor("hezbollah"))
    assert told(save(ben, timeline, form, description="typed")) == ["side a added: Hezbollah"]


def test_a_row_that_the_first_editor_removed_is_told(anna, ben):
    actor = make.actor("iran")
    Alias.objects.create(actor=actor, name="Persia")
    form = shown(ben, page(actor))
    with transaction.atomic(), history.noted(user=anna.user):
        Alias.objects.all().delete()
    answer = save(ben, actor, form, notes="typed")
    assert answer.status_code == 200
    assert "alias Persia removed" in told(answer)[0]


# --- no false alarm ------------------------------------------------------------------------------


def test_nobody_is_told_of_their_own_changes(anna):
    place = make.place("erbil")
    form = shown(anna, page(place))
    saved(save(anna, place, name="Arbil"))
    saved(save(anna, place, form | {"name": "Arbil"}, notes="typed"))


def test_what_the_machine_attaches_meanwhile_does_not_disturb(ben):
    event = make.published()
    form = shown(ben, page(event))
    with transaction.atomic(), history.noted(who="stage: assembly"):
        evidence = make.cited(event, "https://example.org/new")
        claim = make.claim(event, "killed", number=3, evidence=evidence)
        Claim.objects.filter(pk=claim.pk).update(number=4)
    Event.objects.update(killed=3, stale=True, severity=2)
    saved(save(ben, event, form, summary="typed"))
    event.refresh_from_db()
    assert (event.summary, event.killed) == ("typed", None)


def test_what_the_machine_or_sql_changes_in_the_very_row_is_told(ben):
    event = make.published(title="Rockets hit")
    form = shown(ben, page(event))
    with transaction.atomic(), history.noted(who="Dossier loader"):
        Event.objects.update(title="Drones hit")
    assert "title changed from Rockets hit to Drones hit" in told(save(ben, event, form))[0]


def test_a_change_of_another_row_does_not_disturb(anna, ben):
    claim = make.claim(make.published(), "killed", number=3)
    form = shown(ben, page(claim))
    saved(save(anna, claim.event, title="Another title"))
    saved(save(ben, claim, form, value="typed"))


def test_a_form_that_is_wrong_is_told_so_and_still_remembers_what_was_seen(anna, ben):
    place = make.place("erbil")
    form = shown(ben, page(place))
    wrong = save(ben, place, form, lat="200")
    assert "conflict" not in wrong.context
    saved(save(anna, place, name="Arbil"))
    assert told(save(ben, place, values(wrong), lat="3"))


def test_a_form_without_what_was_seen_is_saved(ben):
    place = make.place("erbil")
    form = shown(ben, page(place))
    del form["_seen"]
    Place.objects.update(name="Arbil")
    saved(save(ben, place, form, notes="typed"))
    saved(save(ben, place, form, _seen="no number"))


# --- only what changed is saved ------------------------------------------------------------------


def test_a_form_of_an_event_saves_only_what_it_changed(ben, monkeypatch):
    event = make.published()
    saved_columns = []
    save_event = Event.save

    def noting(self, *args, **kwargs):
        saved_columns.append(kwargs.get("update_fields"))
        save_event(self, *args, **kwargs)

    monkeypatch.setattr(Event, "save", noting)
    saved(save(ben, event, summary="typed"))
    columns = {name for some in saved_columns for name in some or ("all",)}
    assert "summary" in columns
    assert not columns & {"all", "killed", "severity", "status", "title"}


# --- reasons -------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", CASES, ids=lambda model: model._meta.label)
def test_every_form_asks_why_says_that_it_is_public_and_keeps_it(anna, model):
    maker, mine, _ = CASES[model]
    row = maker()
    assert "Reasons are public" in anna.get(page(row)).content.decode()
    saved(save(anna, row, **{mine: TYPED.get(mine, "typed")}, reason="seen on a map"))
    change = Change.objects.filter(table=row._meta.db_table, row_id=row.pk).first()
    assert (change.user, change.why) == (anna.user, "seen on a map")


def test_who_only_reads_is_not_asked_why():
    reader = someone("reader", ANALYSTS)
    html = reader.get(page(make.place("erbil"))).content.decode()
    assert "Reasons are public" not in html


# --- the history page ----------------------------------------------------------------------------


def past(row):
    return page(row).replace("/change/", "/history/")


def test_the_history_tells_every_change_with_who_when_and_why(anna, ben):
    place = make.place("erbil")
    saved(save(anna, place, name="Arbil", reason="as the map has it"))
    html = ben.get(past(place)).content.decode()
    assert "<del>Erbil</del> <ins>Arbil</ins>" in html
    assert "“as the map has it”" in html
    assert "anna" in html
    assert "added" in html


def test_one_change_is_taken_back_with_a_button(anna, ben):
    place = make.place("erbil")
    saved(save(anna, place, name="Arbil", notes="seen"))
    change = Change.objects.filter(table="places_place", op="U").get()
    answer = ben.post(
        reverse("admin:events_event_take_back"),
        {"change": change.pk, "reason": "Erbil is the usual name", "back": past(place)},
    )
    assert answer.url == past(place)
    place.refresh_from_db()
    assert (place.name, place.notes) == ("Erbil", "")
    newest = Change.objects.first()
    assert (newest.user, newest.why) == (ben.user, "Erbil is the usual name")
    assert "Taken back." in ben.get(past(place)).content.decode()


def test_a_whole_decision_is_taken_back_with_a_button_and_marked(anna):
    event = make.published(title="Rockets hit")
    saved(save(anna, event, title="Drones hit", summary="A summary"))
    group = Decision.objects.get().group
    values = {"group": group, "reason": "no", "back": past(event)}
    anna.post(reverse("admin:events_event_undo"), values)
    event.refresh_from_db()
    assert (event.title, event.summary) == ("Rockets hit", "")
    html = anna.get(past(event)).content.decode()
    assert '<span class="kept-mark">taken back</span>' in html
    assert f"Taken back: {event.public_id}." in html
    anna.post(reverse("admin:events_event_undo"), values)
    assert "taken back already" in anna.get(past(event)).content.decode()


def test_what_cannot_be_taken_back_is_told_on_the_page(anna, ben):
    place = make.place("erbil")
    saved(save(anna, place, name="Arbil"))
    change = Change.objects.first()
    saved(save(ben, place, name="Hewler"))
    for number in (change.pk, 0, "x"):
        values = {"change": number, "reason": "no", "back": past(place)}
        anna.post(reverse("admin:events_event_take_back"), values)
    html = anna.get(past(place)).content.decode()
    assert "was changed since by ben" in html
    assert html.count("There is no such change") == 2


def test_who_may_not_change_sees_no_button_and_is_refused(anna):
    place = make.place("erbil")
    saved(save(anna, place, name="Arbil"))
    reader = someone("reader", ANALYSTS)
    assert "Take " not in reader.get(past(place)).content.decode()
    change = Change.objects.first()
    for address, sent in (
        ("take_back", {"change": change.pk}),
        ("undo", {"group": change.group}),
    ):
        answer = reader.post(reverse(f"admin:events_event_{address}"), sent)
        assert answer.status_code == 403
    place.refresh_from_db()
    assert place.name == "Arbil"


@pytest.mark.parametrize("address", ["take_back", "undo"])
def test_taking_back_takes_a_post_and_leads_nowhere_else(anna, address):
    address = reverse(f"admin:events_event_{address}")
    assert anna.get(address).status_code == 405
    answer = anna.post(address, {"back": "https://evil.example/"})
    assert answer.url == reverse("admin:index")


def test_the_history_of_a_moved_row_stands_with_both(anna):
    one, two = make.published("T-A"), make.published("T-B")
    claim = make.claim(one, "occurrence")
    with transaction.atomic(), history.noted(user=anna.user):
        Claim.objects.filter(pk=claim.pk).update(event=two)
    for event in (one, two):
        assert "T-B" in anna.get(past(event)).content.decode()
    assert Participation.objects.count() == 0


def test_a_long_history_comes_in_pages_and_takes_the_same_queries(
    anna, django_assert_max_num_queries
):
    few, many = make.place("few"), make.place("many")
    for place, count in ((few, 2), (many, 130)):
        for number in range(count):
            with transaction.atomic(), history.noted(user=anna.user, why=f"step {number}"):
                Place.objects.filter(pk=place.pk).update(name=f"Name {number}")
    anna.get(past(few))
    with django_assert_max_num_queries(60) as of_few:
        anna.get(past(few))
    with django_assert_max_num_queries(len(of_few)):
        first = anna.get(past(many)).content.decode()
    assert "step 129" in first
    assert "step 3”" not in first
    assert "step 3”" in anna.get(past(many) + "?p=2").content.decode()
