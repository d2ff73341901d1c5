"""Every change is recorded by the database with who, when and why; and can be taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.roles import SENIOR_EDITORS
from apps.actors.models import Actor, Alias, Relation
from apps.core import history
from apps.core.history import HistoryError
from apps.core.models import Change
from apps.events.models import Claim, Event, Evidence, Participation
from apps.places.models import Place
from apps.sources.models import Feed, Source
from config.urls import urlpatterns as real_urls
from tests.events import make
from tests.factories import make_dyad, make_timeline, relate

pytestmark = pytest.mark.django_db
APPS = ("events", "actors", "places", "timelines", "sources", "signals")
# What is not recorded, and why.
UNWATCHED = {
    "events.Decision": "immutable itself",
    "events.Assembly": "a stage's outcome",
    "events.SourceChange": "a stage's outcome",
    "events.DeskItem": "a work list, made from what is watched",
    "events.Placement": "where the machine puts what it reads",
    "events.Rarity": "counted from the events",
    "events.SecondCoding": "a measurement: it changes no event",
    "actors.AliasSuggestion": "the machine's suggestions; what is taken becomes an alias",
    "sources.FeedPoll": "a log itself",
    "sources.FeedDay": "counted from the polls",
    "sources.Host": "what workers note of servers",
    "sources.ListedEntry": "a log itself",
    "signals.SignalSource": "a data set's name; changes by hand are in the admin's log",
    "signals.SignalFile": "a log itself",
    "signals.Party": "a source's own name; what editors say of it is in the admin's log",
    "signals.Spot": "a source's own name; what editors say of it is in the admin's log",
    "signals.Signal": "machine-coded by others, its file kept as its origin",
    "timelines.SignalCount": "counted from the signals",
    "timelines.SignalRun": "counted from the signals",
    "timelines.DayRollup": "counted from the events",
    "timelines.Snapshot": "a sealed copy",
    "timelines.DossierRecord": "what the loader wrote, written by the loader alone",
    "timelines.Entry": "derived from the events",
    "timelines.EntryRun": "derived from the events",
    "timelines.Touch": "a note for the sweep",
    "timelines.SavedView": "a reader's own",
    "timelines.Notice": "a stage's outcome",
    "timelines.ApiCalls": "a counter",
}


def changes(table=None):
    rows = Change.objects.order_by("pk")
    return list(rows.filter(table=table) if table else rows)


def taken_back(*rows):
    return history.revert(Change.objects.filter(pk__in=[row.pk for row in rows]))


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else None


# --- what is watched -----------------------------------------------------------------------------


def test_every_table_that_editors_keep_is_watched():
    """A new model of these apps makes this fail: watch it in a migration, or say here why not."""
    ours = [m for m in apps.get_models(include_auto_created=True) if m._meta.app_label in APPS]
    wanted = {m._meta.db_table for m in ours if m._meta.label not in UNWATCHED}
    assert history.watched() == wanted
    assert UNWATCHED.keys() <= {m._meta.label for m in ours}


# --- recording -----------------------------------------------------------------------------------


def test_an_added_a_changed_and_a_removed_row_are_recorded():
    place = make.place("erbil")
    place.name = "Arbil"
    place.save()
    place.delete()
    added, changed, removed = changes("places_place")
    assert (added.op, added.before, added.after["name"]) == ("I", None, "Erbil")
    assert (changed.before, changed.after) == ({"name": "Erbil"}, {"name": "Arbil"})
    assert (removed.op, removed.before["name"], removed.after) == ("D", "Arbil", None)


def test_bulk_changes_are_recorded_row_by_row():
    actor = make.actor("iran")
    Alias.objects.bulk_create([Alias(actor=actor, name=n, normalised=n) for n in ("a", "b")])
    Alias.objects.update(kind="acronym")
    Alias.objects.bulk_update([Alias(pk=a.pk, name="c") for a in Alias.objects.all()[:1]], ["name"])
    Alias.objects.all().delete()
    assert [c.op for c in changes("actors_alias")] == ["I", "I", "U", "U", "U", "D", "D"]
    assert {c.owner_id for c in changes("actors_alias")} == {actor.pk}


def test_sql_is_recorded_with_the_database_role_as_who():
    make.place("erbil")
    sql("UPDATE places_place SET name = 'Arbil'")
    (role,) = sql("SELECT session_user")[0]
    change = changes("places_place")[-1]
    assert (change.user, change.who, change.why) == (None, f"database role {role}", "")
    assert change.group.startswith("transaction ")


def test_sql_in_another_time_zone_and_search_path_is_recorded_the_same():
    event = make.event(first_public_at=datetime(2020, 1, 8, 12, tzinfo=UTC))
    sql("SET LOCAL timezone TO 'Asia/Tehran'")
    sql("SET LOCAL search_path TO pg_catalog")
    sql("UPDATE public.events_event SET first_public_at = '2020-01-08 12:30:00+00'")
    sql("RESET timezone")
    sql("RESET search_path")
    change = changes("events_event")[-1]
    assert change.after == {"first_public_at": "2020-01-08T12:30:00+00:00"}
    taken_back(change)
    event.refresh_from_db()
    assert event.first_public_at.minute == 0


def test_rows_deleted_along_with_another_are_recorded():
    actor = make.actor("iran")
    Alias.objects.create(actor=actor, name="Persia")
    actor.delete()
    assert [c.table for c in changes() if c.op == "D"] == ["actors_alias", "actors_actor"]


def test_lists_of_a_row_are_recorded_in_its_history():
    iran, iraq = make.actor("iran"), make.actor("iraq")
    timeline = make_timeline(actors=[iran])
    timeline.actors.set([iraq])
    rows = Change.objects.filter(owner_table="timelines_timeline", owner_id=timeline.pk)
    listed = rows.filter(table="timelines_timeline_actors").order_by("pk")
    assert [c.op for c in listed] == ["I", "D", "I"]


def test_an_update_that_changes_nothing_or_only_derived_values_is_none():
    event = make.event()
    before = Change.objects.count()
    event.save()
    Event.objects.update(killed=3, contested=True, severity=4.0, stale=True)
    feed = Feed.objects.create(source=Source.objects.create(slug="s", name="S"), url="https://a.io")
    Feed.objects.update(failures=3, last_error="timeout", next_due=timezone.now())
    assert Change.objects.count() == before + 2
    assert feed.pk


def test_what_is_rolled_back_leaves_no_trace():
    try:
        with transaction.atomic():
            make.place("erbil")
            raise ValueError
    except ValueError:
        pass
    assert not Change.objects.exists()


def test_a_row_that_moves_names_its_former_owner():
    one, two = make.event(), make.event()
    claim = make.claim(one, "occurrence")
    Claim.objects.filter(pk=claim.pk).update(event=two)
    change = changes("events_claim")[-1]
    assert (change.owner_id, change.former_owner_id) == (two.pk, one.pk)
    assert change in Change.objects.of("events_event", one.pk)
    assert change in Change.objects.of("events_event", two.pk)


# --- who and why ---------------------------------------------------------------------------------


def test_a_block_says_who_and_why_and_gives_its_changes_one_group():
    user = User.objects.create_user("anna")
    with transaction.atomic(), history.noted(user=user, why="on the map twice") as group:
        make.place("erbil")
        make.place("arbil")
    rows = changes()
    assert {(c.user_id, c.who, c.why, c.group) for c in rows} == {
        (user.pk, "anna", "on the map twice", group)
    }


def test_a_block_inside_another_keeps_the_group_and_says_its_own_who():
    user = User.objects.create_user("anna")
    with transaction.atomic(), history.noted(user=user, why="tidying"):
        with history.noted(who="Dossier loader"):
            make.place("erbil")
        make.place("arbil")
    inner, outer = changes()
    assert (inner.user, inner.who, inner.why) == (None, "Dossier loader", "tidying")
    assert (outer.user, outer.who) == (user, "anna")
    assert inner.group == outer.group


def test_nothing_is_noted_outside_a_transaction(transactional_db):
    with pytest.raises(ValueError, match="transaction"), history.noted(who="x"):
        pass


def test_who_and_group_do_not_leak_into_the_next_transaction(transactional_db):
    with transaction.atomic(), history.noted(who="a stage", why="because"):
        make.place("erbil")
    make.place("arbil")
    told, untold = changes()
    assert untold.who.startswith("database role")
    assert untold.why == ""
    assert untold.group != told.group
    assert history.group() == ""


def test_an_error_of_the_database_inside_a_block_is_told_as_it_is(transactional_db):
    make.place("erbil")
    with (
        pytest.raises(IntegrityError, match="duplicate key"),
        transaction.atomic(),
        history.noted(who="x"),
    ):
        sql("INSERT INTO places_place SELECT * FROM places_place")  # the same id and slug again
    with transaction.atomic(), history.noted(who="y"):
        Place.objects.update(notes="after the error")
    assert changes()[-1].who == "y"


def test_an_error_caught_inside_a_block_leaves_its_who():
    make.place("erbil")
    with transaction.atomic(), history.noted(who="x"):
        with pytest.raises(IntegrityError), transaction.atomic(), history.noted(who="inner"):
            make.place("arbil", lat=200)
        Place.objects.update(notes="after the error")
    assert changes()[-1].who == "x"


def test_what_no_column_can_hold_is_cut_off():
    with transaction.atomic(), history.noted(who="w" * 300, why="a\0b"):
        make.place("erbil")
    assert (changes()[0].who, changes()[0].why) == ("w" * 150, "ab")


# --- it stays ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_change SET who = 'nobody'",
        "DELETE FROM core_change",
        "ALTER TABLE core_change ENABLE TRIGGER core_change_not_emptied; TRUNCATE core_change CASCADE",
        "ALTER TABLE events_claim ENABLE TRIGGER events_claim_not_emptied; "
        "TRUNCATE events_claim CASCADE",
    ],
)
def test_the_history_cannot_be_rewritten_or_gone_round(statement):
    make.place("erbil")
    # Rules that wait for the end of the transaction would keep TRUNCATE from being tried.
    connection.check_constraints()
    with pytest.raises(IntegrityError, match="is refused"), transaction.atomic():
        sql(statement)
    assert Change.objects.count() == 1


# --- the middleware ------------------------------------------------------------------------------


def _write_and(status):
    def view(request):
        make.place(f"p-{Place.objects.count()}")
        if status == "crash":
            raise RuntimeError
        return HttpResponse(status=status)

    return view


urlpatterns = [
    *real_urls,
    *(path(f"write/{n}/", _write_and(n)) for n in (200, 302, 403, 409, 500, "crash")),
]


@pytest.fixture
def editor(client):
    user = User.objects.create_user("editor", is_staff=True)
    user.groups.add(Group.objects.get(name=SENIOR_EDITORS))
    client.force_login(user)
    return user


@pytest.mark.urls("tests.core.test_history")
@pytest.mark.parametrize("status", [200, 302])
def test_what_a_request_changes_is_its_users_with_the_reason_of_the_form(client, editor, status):
    client.post(f"/write/{status}/", {"reason": "seen\0 on a map"})
    client.post(f"/write/{status}/")
    first, second = changes()
    assert (first.user, first.why) == (editor, "seen on a map")
    assert (second.user, second.why) == (editor, "")
    assert first.group != second.group


@pytest.mark.urls("tests.core.test_history")
@pytest.mark.parametrize("status", [403, 409, 500, "crash"])
def test_a_request_that_is_refused_or_fails_changes_nothing(client, editor, status):
    client.raise_request_exception = False
    answer = client.post(f"/write/{status}/")
    assert answer.status_code >= 400
    assert not Place.objects.exists()
    assert not Change.objects.exists()


@pytest.mark.urls("tests.core.test_history")
def test_nothing_of_a_request_is_left_for_the_next_on_its_connection(
    client, transactional_db, editor
):
    client.post("/write/200/", {"reason": "mine"})
    client.logout()
    client.post("/write/200/", {"reason": "not mine"})
    assert changes("places_place")[-1].who.startswith("database role")
    assert changes("places_place")[-1].why == ""


def test_a_form_of_the_admin_is_one_group(client, editor):
    actor = make.actor("iran")
    address = reverse("admin:actors_actor_change", args=[actor.pk])
    client.post(
        address,
        {
            "name": "Iran", "kind": "state", "country": "IRN", "reason": "as the UN has it",
            "aliases-TOTAL_FORMS": 1, "aliases-INITIAL_FORMS": 0, "aliases-0-name": "Persia",
            "aliases-0-kind": "official", "roles-TOTAL_FORMS": 0, "roles-INITIAL_FORMS": 0,
            "relations_out-TOTAL_FORMS": 0, "relations_out-INITIAL_FORMS": 0,
            "relations_in-TOTAL_FORMS": 0, "relations_in-INITIAL_FORMS": 0,
        },
    )  # fmt: skip
    of_form = [c for c in changes() if c.user == editor]
    assert {c.table for c in of_form} == {"actors_actor", "actors_alias"}
    assert {(c.group, c.why) for c in of_form} == {(of_form[0].group, "as the UN has it")}


# --- taking back ---------------------------------------------------------------------------------


def test_every_kind_of_value_is_set_back():
    parent = make.place("iraq", kind="country")
    place = make.place("erbil", parent=parent, aliases=["Arbil", "Hewlêr"], notes="O'Brien: “a”\n")
    Place.objects.filter(pk=place.pk).update(parent=None, aliases=[], notes="", lat=1.5, name="X")
    taken_back(changes("places_place")[-1])
    place.refresh_from_db()
    assert (place.parent, place.aliases, place.notes) == (
        parent, ["Arbil", "Hewlêr"], "O'Brien: “a”\n",
    )  # fmt: skip
    assert (place.lat, place.name) == (33.3, "Erbil")


def test_days_moments_and_empty_values_are_set_back():
    moment = datetime(2020, 1, 8, 12, 0, 0, 123456, tzinfo=UTC)
    event = make.event(first_public_at=moment, place=make.place())
    Event.objects.update(
        start=date(2020, 1, 1), first_public_at=None, place=None, names=["the raid"], rank=0.25
    )
    taken_back(changes("events_event")[-1])
    event.refresh_from_db()
    assert (event.start, event.first_public_at, event.names) == (date(2020, 1, 8), moment, [])
    assert (event.place.slug, event.rank) == ("baghdad", 0)


def test_a_single_column_is_set_back():
    make.place("erbil")
    Place.objects.update(name="Arbil")
    taken_back(changes("places_place")[-1])
    assert Place.objects.get().name == "Erbil"


def test_a_removed_row_comes_back_with_its_number_and_everything_that_went_along():
    timeline = make_timeline(actors=[make.actor("iran")])
    dyad = make_dyad(timeline, "d", [make.actor("iran")], [make.actor("iraq")])
    start, number = changes()[-1].pk, dyad.pk
    dyad.delete()
    history.revert(Change.objects.filter(pk__gt=start))
    assert timeline.dyads.get().pk == number
    assert [a.slug for a in timeline.dyads.get().side_b.all()] == ["iraq"]


def test_an_added_row_is_removed():
    alias = Alias.objects.create(actor=make.actor("iran"), name="Persia")
    taken_back(changes("actors_alias")[0])
    assert not Alias.objects.filter(pk=alias.pk).exists()


def test_taking_back_is_recorded_too_and_can_be_taken_back():
    make.place("erbil")
    Place.objects.update(name="Arbil")
    for name in ("Erbil", "Arbil", "Erbil"):
        taken_back(changes("places_place")[-1])
        assert Place.objects.get().name == name
    assert len(changes("places_place")) == 5


def test_what_was_changed_since_is_told_with_what_and_who():
    place = make.place("erbil")
    Place.objects.update(name="Arbil")
    first = changes("places_place")[-1]
    with transaction.atomic(), history.noted(who="Anna"):
        Place.objects.update(name="Hewler")
    with transaction.atomic(), history.noted(who="Ben"):
        Place.objects.update(notes="seen")
    with pytest.raises(
        HistoryError, match=r"Place Hewler was changed since by Anna on .* \(name\)"
    ):
        taken_back(first)
    place.refresh_from_db()
    assert place.name == "Hewler"


def test_a_change_of_another_column_does_not_stand_in_the_way():
    make.place("erbil")
    Place.objects.update(name="Arbil")
    first = changes("places_place")[-1]
    Place.objects.update(notes="seen")
    taken_back(first)
    assert (Place.objects.get().name, Place.objects.get().notes) == ("Erbil", "seen")


def test_a_row_that_is_gone_cannot_be_set_back():
    alias = Alias.objects.create(actor=make.actor("iran"), name="Persia")
    Alias.objects.update(name="Farsistan")
    alias.delete()
    with pytest.raises(HistoryError, match=r"removed since .*bring it back first"):
        taken_back(changes("actors_alias")[1])


def test_a_row_that_is_there_is_not_brought_back_twice():
    Alias.objects.create(actor=make.actor("iran"), name="Persia").delete()
    removed = changes("actors_alias")[-1]
    taken_back(removed)
    with pytest.raises(HistoryError, match="there again already"):
        taken_back(removed)


def test_all_or_nothing_is_taken_back():
    make.place("erbil")
    Place.objects.update(name="Arbil")
    Place.objects.update(notes="first")
    name, notes = changes("places_place")[1:]
    Place.objects.update(name="Hewler")
    with pytest.raises(HistoryError):
        taken_back(name, notes)
    assert Place.objects.get().notes == "first"


def test_what_others_point_to_is_not_removed():
    iran = make.actor("iran")
    added = changes("actors_actor")[0]
    Participation.objects.create(event=make.event(), actor=iran, role="target")
    with pytest.raises(HistoryError, match="participations"):
        taken_back(added)
    assert Actor.objects.filter(pk=iran.pk).exists()


def test_what_points_to_something_gone_is_not_brought_back():
    iran, iraq = make.actor("iran"), make.actor("iraq")
    relate(iran, "backs", iraq).delete()
    removed = changes("actors_relation")[-1]
    iraq.delete()
    with pytest.raises(HistoryError, match="relations"):
        taken_back(removed)
    assert not Relation.objects.exists()


def test_a_rule_of_the_database_that_would_be_broken_is_told_in_a_sentence():
    make.place("erbil", radius_km=2)
    Place.objects.update(slug="arbil")
    renamed = changes("places_place")[-1]
    make.place("erbil")
    with pytest.raises(HistoryError, match="would break a rule"):
        taken_back(renamed)
    assert Place.objects.count() == 2


def test_a_rule_that_is_kept_at_the_end_of_a_transaction_is_told_at_once():
    event = make.published()
    added = [c for c in changes("events_evidence") if c.op == "I"]
    with pytest.raises(HistoryError, match="at least one published piece of evidence"):
        taken_back(*added)
    assert Evidence.objects.filter(event=event).exists()
    # and the transaction goes on
    Evidence.objects.update(publisher="Example News")


def test_a_row_of_before_a_column_was_made_comes_back_with_its_default():
    Alias.objects.create(actor=make.actor("iran"), name="Persia").delete()
    change = changes("actors_alias")[-1]
    del change.before["kind"]
    history.revert([change])
    assert Alias.objects.get().kind == Alias.Kind.OFFICIAL


def test_a_column_or_table_that_is_no_more_is_told():
    make.place("erbil")
    Place.objects.update(name="Arbil")
    change = changes("places_place")[-1]
    change.before, change.after = {"altitude": 3}, {"altitude": 4}
    with pytest.raises(HistoryError, match="not kept any more"):
        history.revert([change])
    change.table = "auth_group"
    with pytest.raises(HistoryError, match="not kept any more"):
        history.revert([change])


def test_the_day_of_a_change_is_when_it_was_made():
    before = timezone.now()
    make.place("erbil")
    assert before - timedelta(seconds=1) <= changes()[0].at <= timezone.now()


def test_a_table_that_is_watched_already_is_watched_anew():
    place = make.place("erbil")
    operation = history.watch("places_place", derived=["notes"])
    sql(operation.sql)
    Place.objects.update(notes="no change any more")
    Place.objects.update(name="Arbil")
    assert [c.after for c in Change.objects.of("places_place", place.pk).filter(op="U")] == [
        {"name": "Arbil"}
    ]
