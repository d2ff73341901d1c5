"""Actors that turn out to be one: everything moves, nothing is doubled, all of it can be taken back."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from lxml.html import fromstring

from apps.accounts.models import User
from apps.accounts.roles import EDITORS, SENIOR_EDITORS
from apps.actors import merging
from apps.actors.models import Actor, Alias, Relation, Role
from apps.core import history
from apps.core.models import Change
from apps.core.moving import MovingError
from apps.events.models import Claim, Decision, Participation
from tests.factories import make_actor, make_claim, make_dyad, make_event, make_timeline, relate

pytestmark = pytest.mark.django_db


def member(role):
    user = User.objects.create_user(role, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def senior():
    return member(SENIOR_EDITORS)


@pytest.fixture
def kept():
    return make_actor("soleimani", name="Qassem Soleimani", kind="person")


@pytest.fixture
def double():
    return make_actor("suleimani", name="Kassim Suleimani", kind="person")


def merge(double, kept, by):
    merging.merge(double, into=kept, by=by, reason="The same person.")
    double.refresh_from_db()


def names(actor):
    return sorted(actor.aliases.values_list("name", flat=True))


class TestMerge:
    def test_the_row_stays_and_points_on(self, double, kept, senior):
        merge(double, kept, senior)
        assert double.merged_into == kept
        assert list(Actor.objects.standing()) == [kept]

    def test_of_two_who_merge_them_into_each_other_the_second_is_refused(
        self, double, kept, senior
    ):
        seen_double, seen_kept = (Actor.objects.get(pk=row.pk) for row in (double, kept))
        merge(double, kept, senior)
        with pytest.raises(MovingError, match="was merged into"):
            merging.merge(seen_kept, into=seen_double, by=senior, reason="The same person.")
        kept.refresh_from_db()
        assert kept.merged_into is None

    def test_an_editor_does_not_merge_by_a_forged_field_of_the_form(self, client, double, kept):
        client.force_login(member(EDITORS))
        address = reverse("admin:actors_actor_change", args=[double.pk])
        html = client.get(address).content.decode()
        form = next(f for f in fromstring(html).forms if f.get("id") == "actor_form")
        forged = {"name": "Renamed", "merged_into": str(kept.pk), "slug": "another"}
        client.post(address, dict(form.form_values()) | forged)
        double.refresh_from_db()
        assert (double.name, double.merged_into, double.slug) == ("Renamed", None, "suleimani")

    def test_names_move_and_none_is_doubled(self, double, kept, senior):
        Alias.objects.create(actor=kept, name="The General")
        for name in ("the  general", "Haj Qassem", "qassem soleimani"):
            Alias.objects.create(actor=double, name=name)
        merge(double, kept, senior)
        assert names(kept) == ["Haj Qassem", "Kassim Suleimani", "The General"]
        assert names(double) == []

    def test_parts_in_events_move_and_none_is_doubled(self, double, kept, senior):
        alone, both = make_event(at=[double]), make_event(at=[double, kept])
        merge(double, kept, senior)
        parts = Participation.objects.values_list("event", "actor", "role")
        assert set(parts) == {(alone.pk, kept.pk, "target"), (both.pk, kept.pk, "target")}
        assert len(parts) == 2

    def test_claims_move_and_none_is_said_twice(self, double, kept, senior):
        event = make_event()
        twice = {"field": "killed", "number": 3, "value": "3"}
        first = make_claim(event, kept, **twice)
        make_claim(event, double, **twice, standing="proposed")
        other = make_claim(event, double, field="killed", number=4, value="4")
        merge(double, kept, senior)
        assert set(Claim.objects.values_list("pk", "speaker")) == {
            (first.pk, kept.pk),
            (other.pk, kept.pk),
        }

    def test_an_answer_to_a_claim_that_was_doubled_answers_the_one_that_stays(
        self, double, kept, senior
    ):
        event = make_event()
        first, second = make_claim(event, kept), make_claim(event, double)
        denial = make_claim(event, make_actor("ministry"), act="denies", answers=second)
        merge(double, kept, senior)
        denial.refresh_from_db()
        assert denial.answers == first

    def test_relations_and_roles_move_without_doubles_or_relations_to_itself(
        self, double, kept, senior
    ):
        force, army = make_actor("force"), make_actor("army")
        relate(kept, "commands", force)
        relate(double, "commands", force)
        relate(double, "commands", force, since=date(1998, 1, 1))
        relate(double, "ally_of", kept)
        relate(army, "backs", double)
        Role.objects.create(person=kept, title="Commander", organisation=force)
        Role.objects.create(person=double, title="Commander", organisation=force)
        Role.objects.create(person=double, title="Major general")
        merge(double, kept, senior)
        assert set(Relation.objects.values_list("source", "kind", "target", "since")) == {
            (kept.pk, "commands", force.pk, None),
            (kept.pk, "commands", force.pk, date(1998, 1, 1)),
            (army.pk, "backs", kept.pk, None),
        }
        assert sorted(kept.roles.values_list("title", flat=True)) == ["Commander", "Major general"]
        assert not double.roles.exists()

    def test_scopes_and_lanes_of_timelines_move(self, double, kept, senior):
        one, both = (
            make_timeline("one", actors=[double]),
            make_timeline("both", actors=[double, kept]),
        )
        lane = make_dyad(one, "a-b", [double], [make_actor("other")])
        merge(double, kept, senior)
        assert list(one.actors.all()) == list(both.actors.all()) == [kept]
        assert list(lane.side_a.all()) == [kept]

    def test_who_was_merged_into_the_double_points_to_the_actor_that_stands(
        self, double, kept, senior
    ):
        third = make_actor("third", kind="person")
        merge(third, double, senior)
        merge(double, kept, senior)
        third.refresh_from_db()
        assert third.merged_into == kept
        assert set(Actor.objects.by_slug().values()) == {kept}
        assert Actor.objects.by_slug().keys() == {"soleimani", "suleimani", "third"}

    def test_every_event_that_changed_has_a_decision_with_the_reason(self, double, kept, senior):
        touched, untouched = make_event(by=[double]), make_event(by=[kept])
        merge(double, kept, senior)
        decision = Decision.objects.get()
        assert (decision.event, decision.action, decision.by) == (touched, "edit", senior)
        assert decision.reason == "The same person."
        assert decision.after["participants"] == ["initiator: soleimani"]
        assert untouched.decisions.count() == 0

    def test_the_headline_is_derived_again(self, double, kept, senior):
        event = make_event(contested=True)
        make_claim(event, double, field="killed", number=3)
        late = date(2020, 1, 9)
        make_claim(event, kept, field="killed", number=5, known_at=f"{late}T00:00Z")
        merge(double, kept, senior)
        event.refresh_from_db()
        assert (event.killed, event.contested) == (5, False)

    def test_all_of_it_is_one_group_of_the_history_and_can_be_taken_back(
        self, double, kept, senior
    ):
        Alias.objects.create(actor=double, name="Haj Qassem")
        force = make_actor("force")
        for person in (double, kept):
            relate(person, "commands", force)
        event = make_event(at=[double, kept])
        for person in (double, kept):
            make_claim(event, person)
        make_timeline(actors=[double, kept])
        before = state()
        merge(double, kept, senior)
        assert state() != before
        changes = Change.objects.filter(group=Decision.objects.get().group)
        assert {change.who for change in changes} == {str(senior)}
        history.revert(changes)
        assert state() == before

    @pytest.mark.parametrize(
        ("spoil", "told"),
        [
            (lambda double, kept, senior: merge(double, double, senior), "into itself"),
            (
                lambda double, kept, senior: merging.merge(
                    double, into=kept, by=senior, reason=" "
                ),
                "Give a reason",
            ),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, double, kept, senior, spoil, told):
        with pytest.raises(MovingError, match=told):
            spoil(double, kept, senior)

    def test_a_merged_actor_is_merged_no_more_and_none_into_it(self, double, kept, senior):
        merge(double, kept, senior)
        third = make_actor("third")
        with pytest.raises(MovingError, match="was merged into Qassem Soleimani already"):
            merge(double, third, senior)
        with pytest.raises(MovingError, match="choose that one"):
            merge(third, double, senior)

    def test_it_takes_the_right(self, double, kept):
        with pytest.raises(PermissionDenied):
            merge(double, kept, member(EDITORS))
        assert not Change.objects.filter(op="U").exists()


def state():
    """Every recorded row that a merge may touch, but for the derived columns."""
    tables = (Actor, Alias, Relation, Role, Participation, Claim)
    through = [make_timeline.__globals__["Timeline"].actors.through]
    return {
        model._meta.label: sorted(map(str, model.objects.order_by("pk").values()))
        for model in (*tables, *through)
    }


class TestSplit:
    def test_what_is_chosen_moves_to_a_new_actor(self, kept, senior):
        stays, goes = make_event(at=[kept]), make_event(at=[kept])
        name = Alias.objects.create(actor=kept, name="The Brother")
        claim = make_claim(stays, kept)
        part = goes.participations.get()
        new = Actor(slug="brother", name="Sohrab Soleimani", kind="person", country="IRN")
        chosen = [
            ("actors.alias.actor", name.pk),
            ("events.participation.actor", part.pk),
        ]
        merging.split(kept, new, chosen=chosen, by=senior, reason="Two persons.")
        assert names(new) == ["The Brother"]
        assert [p.actor for p in Participation.objects.order_by("event")] == [kept, new]
        claim.refresh_from_db()
        assert claim.speaker == kept
        assert [d.event for d in Decision.objects.all()] == [goes]

    def test_rows_of_others_are_not_moved(self, kept, senior):
        foreign = Alias.objects.create(actor=make_actor("other"), name="Other")
        new = Actor(slug="brother", name="Brother", kind="person", country="IRN")
        chosen = [("actors.alias.actor", foreign.pk), ("accounts.user.groups", 1)]
        merging.split(kept, new, chosen=chosen, by=senior, reason="Two persons.")
        assert not new.aliases.exists()

    def test_it_can_be_taken_back(self, kept, senior):
        event = make_event(at=[kept])
        chosen = [("events.participation.actor", event.participations.get().pk)]
        new = Actor(slug="brother", name="Brother", kind="person", country="IRN")
        before = state()
        merging.split(kept, new, chosen=chosen, by=senior, reason="Two persons.")
        history.revert(Change.objects.filter(group=Decision.objects.get().group))
        assert state() == before

    def test_a_slug_that_is_taken_is_refused(self, kept, double, senior):
        new = Actor(slug=double.slug, name="Brother", kind="person", country="IRN")
        with pytest.raises(MovingError, match="slug suleimani already"):
            merging.split(kept, new, chosen=[], by=senior, reason="Two persons.")


class TestAdmin:
    @pytest.fixture(autouse=True)
    def log_in(self, client, senior):
        client.force_login(senior)

    def merge_page(self, actor):
        return reverse("admin:actors_actor_merge", args=[actor.pk])

    def test_what_will_change_is_shown_and_nothing_is_done_yet(self, client, double, kept):
        Alias.objects.create(actor=double, name="Haj Qassem")
        make_event("Strike at the airport", at=[double])
        before = state()
        sent = {"into": kept.pk, "reason": "The same."}
        html = client.post(self.merge_page(double), sent).content.decode()
        assert "What will change" in html
        assert "Haj Qassem" in html
        assert "Strike at the airport" in html
        assert state() == before
        assert not Decision.objects.exists()

    def test_it_is_done_when_confirmed(self, client, double, kept):
        sent = {"into": kept.pk, "reason": "The same.", "confirm": "Merge now"}
        answer = client.post(self.merge_page(double), sent)
        assert answer.url == reverse("admin:actors_actor_change", args=[kept.pk])
        double.refresh_from_db()
        assert double.merged_into == kept
        change = Change.objects.get(table="actors_actor", row_id=double.pk, op="U")
        assert (change.who, change.why) == ("Senior editors", "The same.")

    @pytest.mark.parametrize(
        "sent", [{}, {"into": "x", "reason": "r"}, {"into": "0", "reason": "r"}]
    )
    def test_a_form_that_is_incomplete_is_told(self, client, double, sent):
        html = client.post(self.merge_page(double), {**sent, "confirm": "1"}).content.decode()
        assert "errornote" in html
        double.refresh_from_db()
        assert double.merged_into is None

    def test_an_actor_is_split_in_the_form(self, client, kept):
        event = make_event("Strike", at=[kept])
        page = reverse("admin:actors_actor_split", args=[kept.pk])
        assert "Strike" in client.get(page).content.decode()
        sent = {
            "name": "Brother",
            "slug": "brother",
            "kind": "person",
            "country": "IRN",
            "reason": "Two persons.",
            "chosen": [f"events.participation.actor:{event.participations.get().pk}"],
        }
        assert "What will change" in client.post(page, sent).content.decode()
        assert not Actor.objects.filter(slug="brother").exists()
        client.post(page, {**sent, "confirm": "1"})
        assert event.participations.get().actor.slug == "brother"

    def test_a_merged_actor_is_shown_but_changed_no_more(self, client, double, kept, senior):
        merge(double, kept, senior)
        page = reverse("admin:actors_actor_change", args=[double.pk])
        html = client.get(page).content.decode()
        assert "Merged into" in html
        assert "_save" not in html
        assert client.post(page, {"name": "x"}).status_code == 403

    def test_lists_and_choices_leave_merged_actors_out(self, client, double, kept, senior):
        merge(double, kept, senior)
        listed = client.get(reverse("admin:actors_actor_changelist")).content.decode()
        assert "Qassem Soleimani" in listed
        assert "Kassim Suleimani" not in listed
        merged = client.get(reverse("admin:actors_actor_changelist") + "?merged=yes")
        assert "Kassim Suleimani" in merged.content.decode()
        asked = {"app_label": "events", "model_name": "claim", "field_name": "speaker", "term": "s"}
        found = client.get(reverse("admin:autocomplete"), asked).json()["results"]
        assert [row["text"] for row in found] == ["Qassem Soleimani"]

    def test_the_number_of_queries_of_the_split_form_does_not_grow(
        self, client, kept, django_assert_max_num_queries
    ):
        for _ in range(5):
            make_claim(make_event(at=[kept]), kept)
        client.get(reverse("admin:actors_actor_split", args=[kept.pk]))
        with django_assert_max_num_queries(45):
            client.get(reverse("admin:actors_actor_split", args=[kept.pk]))
