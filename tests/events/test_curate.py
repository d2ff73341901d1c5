"""Decisions: each action, what it writes, what it refuses, and who may take it."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import User
from apps.actors.models import Relation
from apps.events import curate
from apps.events.models import Claim, Decision, Event, Evidence, Link, Standing
from apps.events.snapshot import snapshot
from tests.events import make

pytestmark = pytest.mark.django_db(transaction=False)


@pytest.fixture
def woken(monkeypatch):
    """The stages woken, in order: what would have been sent to the queue."""
    sent = []
    monkeypatch.setattr("apps.events.decide.wake", lambda name, *args: sent.append((name, *args)))
    return sent


@pytest.fixture
def by():
    return make.editor()


def test_publish_makes_event_evidence_and_claims_public_and_says_who_and_why(by, woken):
    event = make.event()
    evidence = make.cited(event, known_at=datetime(2020, 1, 8, tzinfo=UTC))
    make.claim(event, "killed", number=3)
    curate.publish(event, by=by, reason="three agencies carry it")
    assert event.status == Event.Status.PUBLISHED
    assert Evidence.objects.public().get() == evidence
    assert Claim.objects.public().count() == 1
    assert (event.killed, event.contested) == (3, False)
    assert event.first_public_at == evidence.known_at
    decision = Decision.objects.get()
    assert (decision.action, decision.by, decision.reason) == (
        "publish",
        by,
        "three agencies carry it",
    )
    assert (decision.before["status"], decision.after["status"]) == ("proposed", "published")
    assert decision.after["killed"] == 3
    assert woken == [("timelines.refresh_event", event.pk)]


def test_publish_leaves_rejected_evidence_rejected(by):
    event = make.event()
    make.cited(event)
    bad = make.cited(event, "https://example.org/other")
    curate.reject_evidence(bad, by=by, reason="another attack")
    curate.publish(event, by=by)
    bad.refresh_from_db()
    assert bad.standing == Standing.REJECTED


def test_publish_without_evidence_is_refused(by):
    event = make.event()
    with pytest.raises(curate.CurateError, match="no evidence"):
        curate.publish(event, by=by)
    assert Decision.objects.count() == 0


def test_publish_on_a_contradiction_alone_is_refused(by):
    event = make.event()
    make.cited(event, stance="contradicts")
    with pytest.raises(curate.CurateError, match="no evidence that supports"):
        curate.publish(event, by=by)


def test_publish_twice_is_refused(by):
    event = make.published()
    with pytest.raises(curate.CurateError, match="only a proposal"):
        curate.publish(event, by=by)


def test_reject_needs_a_reason_and_keeps_it(by):
    event = make.event()
    with pytest.raises(curate.CurateError, match="Give a reason"):
        curate.reject(event, by=by, reason="  ")
    curate.reject(event, by=by, reason="an exercise, no attack")
    assert event.status == Event.Status.REJECTED
    assert Decision.objects.get().reason == "an exercise, no attack"


def test_a_published_event_can_be_taken_back(by):
    event = make.published()
    curate.reject(event, by=by, reason="the agency retracted")
    assert not Event.objects.public().exists()
    assert not Evidence.objects.public().exists()


def test_reject_twice_is_refused(by):
    event = make.event(status="rejected")
    with pytest.raises(curate.CurateError, match="reopen"):
        curate.reject(event, by=by, reason="again")


def test_reopen_makes_a_rejected_event_a_proposal_again(by):
    event = make.event(status="rejected")
    curate.reopen(event, by=by)
    assert event.status == Event.Status.PROPOSED
    with pytest.raises(curate.CurateError, match="only a rejected"):
        curate.reopen(event, by=by)


def test_merge_moves_everything_and_keeps_the_row_pointing(by, woken):
    known = make.published(initiators=("us-mil",), targets=("iran-gov",))
    event = make.event(initiators=("us-mil", "trump"))
    other = make.event()
    make.cited(event, "https://example.org/new")
    make.claim(event, "wounded", number=5)
    Link.objects.create(source=event, target=other, kind="responds_to")
    curate.merge(event, into=known, by=by, reason="same night")
    assert (event.status, event.merged_into) == (Event.Status.MERGED, known)
    assert known.evidence.count() == 2
    assert known.evidence.filter(standing=Standing.PUBLISHED).count() == 2
    assert known.wounded == 5
    assert set(known.participations.values_list("actor__slug", "role")) == {
        ("us-mil", "initiator"),
        ("trump", "initiator"),
        ("iran-gov", "target"),
    }
    assert known.links_out.get().target == other
    assert not event.evidence.exists()
    assert not event.participations.exists()
    assert [(d.event, d.action) for d in Decision.objects.order_by("id")] == [
        (known, "merge"),
        (event, "merge"),
    ]
    assert ("timelines.refresh_event", known.pk) in woken


def test_merge_drops_what_the_target_has_already(by):
    known = make.published()
    event = make.event()
    double = make.cited(event)
    claim = make.claim(event, "killed", number=2, speaker="iraq-gov", evidence=double)
    Link.objects.create(source=event, target=known, kind="part_of")
    curate.merge(event, into=known, by=by)
    assert known.evidence.count() == 1
    claim.refresh_from_db()
    assert claim.evidence == known.evidence.get()
    assert not Link.objects.exists()


def test_merge_never_brings_back_what_was_rejected_on_the_target(by):
    known = make.published()
    refused = make.cited(known, "https://example.org/doubtful", standing=Standing.REJECTED)
    event = make.event()
    make.cited(event, "https://example.org/doubtful")
    curate.merge(event, into=known, by=by)
    refused.refresh_from_db()
    assert refused.standing == Standing.REJECTED


def test_merging_a_chain_points_to_its_end(by):
    first, second, third = make.event(), make.event(), make.event()
    curate.merge(first, into=second, by=by)
    curate.merge(second, into=third, by=by)
    first.refresh_from_db()
    assert first.merged_into == third


@pytest.mark.parametrize("status", ["rejected", "merged"])
def test_merge_into_what_does_not_stand_is_refused(by, status):
    target = make.event(status=status, merged_into=make.event() if status == "merged" else None)
    with pytest.raises(curate.CurateError, match="choose an event that stands"):
        curate.merge(make.event(), into=target, by=by)


def test_merge_into_itself_is_refused(by):
    event = make.event()
    with pytest.raises(curate.CurateError, match="into itself"):
        curate.merge(event, into=event, by=by)


def test_evidence_is_accepted_one_by_one(by, woken):
    event = make.published()
    evidence = make.cited(event, "https://example.org/more")
    curate.publish_evidence(evidence, by=by)
    assert evidence.standing == Standing.PUBLISHED
    assert Decision.objects.get().after["row"] == f"evidence {evidence.pk}"
    assert woken
    with pytest.raises(curate.CurateError, match="already"):
        curate.publish_evidence(evidence, by=by)


def test_a_published_event_keeps_its_last_evidence(by):
    event = make.published()
    with pytest.raises(curate.CurateError, match="rests on this evidence alone"):
        curate.reject_evidence(event.evidence.get(), by=by, reason="wrong day")


def test_rejected_evidence_takes_its_claims_along(by):
    event = make.published()
    evidence = make.cited(event, "https://example.org/more", standing=Standing.PUBLISHED)
    claim = make.claim(event, "killed", number=9, evidence=evidence, standing=Standing.PUBLISHED)
    curate.refresh_headline(event)
    assert event.killed == 9
    curate.reject_evidence(evidence, by=by, reason="another attack")
    claim.refresh_from_db()
    event.refresh_from_db()
    assert (claim.standing, event.killed) == (Standing.REJECTED, None)
    with pytest.raises(curate.CurateError, match="evidence of this claim was rejected"):
        curate.publish_claim(claim, by=by)


def test_a_claim_is_accepted_with_its_sentence(by):
    event = make.published()
    evidence = make.cited(event, "https://example.org/more")
    claim = make.claim(event, "killed", number=9, evidence=evidence)
    curate.publish_claim(claim, by=by)
    evidence.refresh_from_db()
    event.refresh_from_db()
    assert (claim.standing, evidence.standing, event.killed) == (
        Standing.PUBLISHED,
        Standing.PUBLISHED,
        9,
    )
    curate.reject_claim(claim, by=by, reason="misread")
    event.refresh_from_db()
    assert event.killed is None


def test_links_are_decided_too(by):
    link = Link.objects.create(
        source=make.published(), target=make.published(), kind="retaliates_for"
    )
    curate.publish_link(link, by=by)
    assert link.standing == Standing.PUBLISHED
    curate.reject_link(link, by=by, reason="no such order")
    assert link.standing == Standing.REJECTED


def test_load_publishes_what_the_dossier_ships_and_nothing_of_the_machine(woken):
    event = make.event()
    make.cited(event, origin="dossier")
    machine = make.cited(event, "https://example.org/machine")
    decision = curate.load(event, by_label="dossier us-iran-2020", reason="version 1")
    machine.refresh_from_db()
    assert decision is not None
    assert decision.action == "load"
    assert (event.status, machine.standing) == (Event.Status.PUBLISHED, Standing.PROPOSED)


def test_load_again_changes_nothing(woken):
    event = make.event()
    make.cited(event, origin="dossier")
    curate.load(event, by_label="dossier us-iran-2020")
    assert curate.load(event, by_label="dossier us-iran-2020") is None
    assert Decision.objects.count() == 1


def test_load_leaves_an_editors_rejection(by):
    event = make.event()
    make.cited(event, origin="dossier")
    curate.reject(event, by=by, reason="not ours")
    with pytest.raises(curate.CurateError, match="rejected"):
        curate.load(event, by_label="dossier us-iran-2020")


def test_a_rejected_dossier_claim_stays_rejected_when_loaded_again(by):
    event = make.event()
    make.cited(event, origin="dossier")
    claim = make.claim(event, "killed", number=80, origin="dossier")
    curate.load(event, by_label="dossier us-iran-2020")
    claim.refresh_from_db()
    curate.reject_claim(claim, by=by, reason="unsupported")
    curate.load(event, by_label="dossier us-iran-2020")
    claim.refresh_from_db()
    assert claim.standing == Standing.REJECTED


def test_propose_records_what_proposed(woken):
    event = make.event()
    curate.propose(event, by_label="pipeline 1", reason="no known event fits")
    assert Decision.objects.get().by_label == "pipeline 1"
    with pytest.raises(curate.CurateError, match="no longer a proposal"):
        curate.propose(make.published(), by_label="pipeline 1")


def test_an_edit_is_recorded_with_before_and_after(by):
    event = make.published(title="Rockets hit")
    before = snapshot(event)
    assert curate.edited(event, before=before, by=by) is None
    event.title = "Katyusha rockets hit"
    event.save()
    decision = curate.edited(event, before=before, by=by, reason="kind of rocket known")
    assert decision is not None
    assert (decision.before["title"], decision.after["title"]) == (
        "Rockets hit",
        "Katyusha rockets hit",
    )


def test_a_government_is_one_voice_in_the_headline(by):
    event = make.published(targets=("us-mil",))
    government, forces = make.actor("us-gov"), make.actor("us-mil")
    forces.kind = "armed_forces"
    forces.save()
    president = make.actor("trump", kind="person")
    Relation.objects.create(source=forces, target=government, kind="part_of")
    Relation.objects.create(source=president, target=government, kind="commands")
    day = datetime(2020, 1, 8, tzinfo=UTC)
    later = datetime(2020, 1, 16, tzinfo=UTC)
    public = {"standing": Standing.PUBLISHED}
    make.claim(event, "wounded", number=0, speaker=president, known_at=day, **public)
    make.claim(event, "wounded", number=11, speaker=forces, known_at=later, **public)
    curate.refresh_headline(event)
    assert (event.wounded, event.wounded_low, event.contested) == (11, 11, False)
    assert "official" in event.headline_rule


def test_an_armed_group_does_not_speak_for_the_government_it_is_formally_part_of(by):
    event = make.published(targets=("iraq-gov",))
    group = make.actor("kataib-hezbollah", kind="armed_group", country="IRQ")
    Relation.objects.create(source=group, target=make.actor("iraq-gov"), kind="part_of")
    public = {"standing": Standing.PUBLISHED}
    make.claim(event, "killed", number=0, speaker=group, **public)
    make.claim(event, "killed", number=2, speaker="iraq-gov", **public)
    curate.refresh_headline(event)
    assert (event.killed, event.killed_low, event.killed_high, event.contested) == (2, 0, 2, True)


ACTIONS = {
    "load": lambda event, **who: curate.load(event, **who),
    "propose": lambda event, **who: curate.propose(event, **who),
    "publish": lambda event, **who: curate.publish(event, **who),
    "reject": lambda event, **who: curate.reject(event, reason="why", **who),
    "reopen": lambda event, **who: curate.reopen(event, **who),
    "merge": lambda event, **who: curate.merge(event, into=make.event(), **who),
    "publish_evidence": lambda event, **who: curate.publish_evidence(make.cited(event), **who),
    "reject_evidence": lambda event, **who: curate.reject_evidence(
        make.cited(event), reason="why", **who
    ),
    "publish_claim": lambda event, **who: curate.publish_claim(make.claim(event, number=1), **who),
    "reject_claim": lambda event, **who: curate.reject_claim(
        make.claim(event, number=1), reason="why", **who
    ),
    "publish_link": lambda event, **who: curate.publish_link(
        Link.objects.create(source=event, target=make.event(), kind="part_of"), **who
    ),
    "reject_link": lambda event, **who: curate.reject_link(
        Link.objects.create(source=event, target=make.event(), kind="part_of"),
        reason="why",
        **who,
    ),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_refuses_who_may_not_decide(action):
    analyst = User.objects.create_user("analyst", is_staff=True)
    with pytest.raises(PermissionDenied):
        ACTIONS[action](make.event(), by=analyst)
    assert Decision.objects.count() == 0


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_needs_an_author(action):
    with pytest.raises(curate.CurateError, match="author"):
        ACTIONS[action](make.event())


@pytest.mark.parametrize("name", [name for name in ACTIONS if name.startswith("reject")])
def test_every_rejection_needs_a_reason(by, name):
    rows = {
        "reject": make.event,
        "reject_evidence": lambda: make.cited(make.event()),
        "reject_claim": lambda: make.claim(make.event(), number=1),
        "reject_link": lambda: Link.objects.create(
            source=make.event(), target=make.event(), kind="part_of"
        ),
    }
    with pytest.raises(curate.CurateError, match="Give a reason"):
        getattr(curate, name)(rows[name](), by=by, reason=" ")
