"""Proposals that nobody decided about follow their reports; the order of arrival leaves no trace."""

from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from django.utils import timezone

from apps.events import curate
from apps.events.assemble import assemble
from apps.events.models import Assembly, Claim, Decision, Event, Evidence, Placement
from tests.events import make

pytestmark = pytest.mark.django_db

TUESDAY = date(2020, 11, 17)
ROCKETS = "Rockets hit the US embassy in Baghdad on Tuesday."
KATYUSHAS = "Katyusha rockets struck the embassy compound in Baghdad late on Tuesday."
UNDATED = "The rockets on the embassy in Baghdad wounded nobody."
SANCTIONS = "The Treasury imposed sanctions on Iranian banks on Tuesday."


@pytest.fixture(autouse=True)
def reference():
    make.actor("us-gov")
    make.actor("iran-gov", country="IRN")
    make.actor("us-treasury")
    make.place("baghdad")


def told(sentence, hour=9, version=None, pipeline="1", **coded):
    """A read article of one sentence, published at an hour of the 20th."""
    published = datetime(2020, 11, 20, hour, tzinfo=UTC)
    row = make.annotation(
        version or make.version(f"{sentence} More follows.", published_at=published), pipeline
    )
    values = {"targets": ["us-gov"], "place": "baghdad", "date_from": TUESDAY} | coded
    make.story_event(row, sentence, **values)
    return row


def everything():
    """One article of each kind; the second is the first that was published."""
    return [
        told(ROCKETS, hour=10, killed=1),
        told(KATYUSHAS, hour=8),
        told(UNDATED, hour=12, date_from=None),
        told(SANCTIONS, hour=9, type="SANCTION", initiators=["us-treasury"], targets=["iran-gov"], place=""),
    ]  # fmt: skip


def state():
    """What stands, without the numbers of rows."""
    return {
        (
            event.title,
            event.start,
            event.first_public_at,
            frozenset(event.evidence.values_list("quote", "stance")),
            frozenset(event.claims.values_list("field", "number", "speaker_text", "known_at")),
        )
        for event in Event.objects.filter(status__in=["proposed", "published"])
    }


@pytest.mark.parametrize("order", list(permutations(range(4)))[::3])
def test_any_order_gives_the_same_events(order):
    rows = everything()
    for index in order:
        assemble(rows[index])
    rockets = Event.objects.get(type="ASSAULT", status="proposed")
    assert set(rockets.evidence.values_list("quote", flat=True)) == {ROCKETS, KATYUSHAS, UNDATED}
    assert rockets.first_public_at == datetime(2020, 11, 20, 8, tzinfo=UTC)
    assert (
        Placement.objects.get(event=rockets, leads=True).story_event.mentions.get().surface
        == KATYUSHAS
    )
    assert state() == {
        (
            "Attack on Us Gov, Baghdad", TUESDAY, datetime(2020, 11, 20, 8, tzinfo=UTC),
            frozenset({(ROCKETS, "supports"), (KATYUSHAS, "supports"), (UNDATED, "supports")}),
            frozenset({("killed", 1, "the report", datetime(2020, 11, 20, 10, tzinfo=UTC))}),
        ),
        (
            "Sanction by Us Treasury on Iran Gov", TUESDAY, datetime(2020, 11, 20, 9, tzinfo=UTC),
            frozenset({(SANCTIONS, "supports")}), frozenset(),
        ),
    }  # fmt: skip


def test_a_proposal_keeps_its_number_while_its_words_change_with_the_first_report():
    assemble(told(ROCKETS, hour=10, mode="heavy-weapons"))
    before = Event.objects.get()
    assemble(told(KATYUSHAS, hour=8))
    after = Event.objects.get()
    assert (after.pk, after.public_id) == (before.pk, before.public_id)
    assert (before.title, after.title) == (
        "Attack (heavy weapons) on Us Gov, Baghdad",
        "Attack on Us Gov, Baghdad",
    )
    decision = Decision.objects.filter(action="edit").get()
    assert decision.by_label == "pipeline 1"
    assert decision.before["title"] == before.title


def test_a_report_between_two_proposals_makes_them_one():
    apart = {"targets": ["us-gov"], "place": ""}
    first = told("A blast shook a convoy.", hour=8, **apart, date_from=date(2020, 11, 16))
    last = told(
        "Gunfire near a depot.",
        hour=10,
        **apart,
        date_from=date(2020, 11, 18),
        initiators=["iran-gov"],
    )
    assemble(first)
    assemble(last)
    before = Event.objects.filter(status="proposed").count()
    assemble(
        told(
            "A blast shook a convoy.",
            hour=7,
            **apart,
            date_from=date(2020, 11, 17),
            initiators=["iran-gov"],
        )
    )
    left = Event.objects.filter(status="proposed")
    assert left.count() <= before
    assert Evidence.objects.filter(event__in=left).count() == 3
    for gone in Event.objects.filter(status="merged"):
        assert gone.merged_into in left
        assert gone.decisions.filter(action="merge", by_label="pipeline 1").exists()


def test_what_a_newer_reading_does_not_make_is_withdrawn():
    version = make.version(f"{ROCKETS} More follows.")
    assemble(told(ROCKETS, version=version))
    event = Event.objects.get()
    newer = make.annotation(version, "2")
    assemble(newer)
    event.refresh_from_db()
    assert event.status == Event.Status.REJECTED
    assert not Evidence.objects.exists()
    decision = event.decisions.first()
    assert (decision.action, decision.by_label) == ("reject", "pipeline 2")
    assert "No report tells it any more" in decision.reason


def test_what_was_withdrawn_is_taken_up_again():
    version = make.version(f"{ROCKETS} More follows.")
    assemble(told(ROCKETS, version=version))
    assemble(make.annotation(version, "2"))
    assemble(told(ROCKETS, version=version, pipeline="3"))
    event = Event.objects.get()
    assert event.status == Event.Status.PROPOSED
    assert event.evidence.get().quote == ROCKETS


def test_what_a_newer_reading_still_makes_goes_on_with_another_type():
    version = make.version(f"{ROCKETS} More follows.")
    assemble(told(ROCKETS, version=version))
    before = Event.objects.get()
    assemble(told(ROCKETS, version=version, pipeline="2", type="COERCE"))
    after = Event.objects.get()
    assert (after.pk, after.type, after.status) == (before.pk, "COERCE", Event.Status.PROPOSED)


def test_proposed_evidence_that_a_newer_reading_does_not_make_goes_and_published_stays():
    known = make.published(
        title="Rockets hit the US embassy in Baghdad", start=TUESDAY, targets=("us-gov",),
        place=make.place("baghdad"),
    )  # fmt: skip
    version = make.version(f"{ROCKETS} {KATYUSHAS} More follows.")
    row = told(ROCKETS, version=version)
    make.story_event(row, KATYUSHAS, targets=["us-gov"], place="baghdad", date_from=TUESDAY)
    assemble(row)
    curate.publish_evidence(known.evidence.get(quote=ROCKETS), by=make.editor())
    assemble(make.annotation(version, "2"))
    assert known.evidence.get(origin="machine").quote == ROCKETS


def test_an_older_reading_that_comes_late_changes_nothing():
    version = make.version(f"{ROCKETS} More follows.")
    older, newer = told(ROCKETS, version=version), told(ROCKETS, version=version, pipeline="2")
    assemble(newer)
    before = state()
    assembly = assemble(older)
    assert state() == before
    assert "a newer reading" in assembly.skipped[0]["reason"]


def test_what_an_editor_decided_about_is_left_alone():
    assemble(told(ROCKETS, hour=10, mode="heavy-weapons"))
    event = Event.objects.get()
    before = Event.objects.filter(pk=event.pk).values("title", "fingerprint").get()
    editor = make.editor()
    curate.reject_evidence(event.evidence.get(), by=editor, reason="Not this sentence.")
    assemble(told(KATYUSHAS, hour=8))
    assert Event.objects.filter(pk=event.pk).values("title", "fingerprint").get() == before
    assert event.evidence.get(quote=ROCKETS).standing == "rejected"
    assert event.evidence.filter(quote=KATYUSHAS).exists()


def test_a_published_proposal_takes_later_reports_as_evidence():
    assemble(told(ROCKETS, hour=10))
    event = Event.objects.get()
    curate.publish(event, by=make.editor())
    assert not Placement.objects.filter(loose=True).exists()
    assembly = assemble(told(KATYUSHAS, hour=8))
    assert Event.objects.count() == 1
    assert (assembly.attached, assembly.proposed) == (1, 0)
    assert event.evidence.get(quote=KATYUSHAS).standing == "proposed"


def test_claims_move_with_the_reports_they_are_about():
    row = told(ROCKETS, hour=10, mode="heavy-weapons")
    said = {"speaker": "iran-gov", "act": "denies", "field": "responsible"}
    make.claim_candidate(row, row.candidates.get(), ROCKETS, **said)
    assemble(row)
    assemble(told(KATYUSHAS, hour=8))
    event = Event.objects.get(status="proposed")
    assert Claim.objects.get().event == event
    assert Claim.objects.get().evidence.event == event


def test_a_retracted_article_makes_no_proposal_any_more():
    row = told(ROCKETS)
    assemble(row)
    article = row.article_version.article
    article.retracted_at = timezone.now()
    article.save()
    Assembly.objects.filter(annotation=row).release(timezone.now())
    assembly = assemble(row)
    assert Event.objects.get().status == Event.Status.REJECTED
    assert "retracted" in assembly.skipped[0]["reason"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_words_that_look_back_are_as_old_as_the_first_report_whenever_that_came(order):
    denied = "Tehran had first denied it."
    text = f"{ROCKETS} {denied}"
    later = make.version(text, published_at=datetime(2020, 11, 20, 12, tzinfo=UTC))
    rows = [
        told(KATYUSHAS, hour=8),
        told(ROCKETS, version=later),
        told(UNDATED, hour=7, date_from=None),
    ]
    make.claim_candidate(
        rows[1], None, denied, speaker="iran-gov", act="denies", field="other", earlier=True
    )
    for index in order:
        assemble(rows[index])
    claim = Claim.objects.get(event__status="proposed", act="denies")
    assert claim.known_at == datetime(2020, 11, 20, 7, tzinfo=UTC)
