"""Assembling: what an article reports becomes proposed evidence, claims and events, once."""

from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from django.utils import timezone

from apps.annotations.models import Annotation
from apps.core.stages import StageStatus
from apps.events import assemble as stage
from apps.events import curate
from apps.events.assemble import assemble, waiting
from apps.events.models import Assembly, Claim, Decision, Event, Evidence, Standing
from apps.events.tasks import assemble_waiting
from tests.events import make

pytestmark = pytest.mark.django_db

SENTENCE = "Rockets hit the US embassy in Baghdad on Tuesday."
OTHER = "Katyusha rockets struck the embassy compound in Baghdad late on Tuesday."
TUESDAY = date(2020, 11, 17)


@pytest.fixture(autouse=True)
def reference():
    make.actor("us-gov")
    make.actor("iran-gov", country="IRN")
    make.actor("unattributed", kind="placeholder", country="XXX")
    make.place("baghdad")


def attack(text=SENTENCE, pipeline="1", version=None, **coded):
    """An annotated article that reports the rockets."""
    row = make.annotation(version or make.version(f"BAGHDAD - {text} More follows."), pipeline)
    values = {"targets": ["us-gov"], "place": "baghdad", "date_from": TUESDAY} | coded
    make.story_event(row, text, **values)
    return row


def rockets(**fields):
    """The event as the dossier knows it."""
    values = {
        "title": "Rockets hit the US embassy in Baghdad",
        "start": TUESDAY,
        "targets": ("us-gov",),
    }
    return make.published(place=make.place("baghdad"), **(values | fields))


def test_what_matches_becomes_proposed_evidence_with_its_reasons():
    known = rockets()
    assembly = assemble(attack())
    evidence = known.evidence.get(origin="machine")
    assert evidence.standing == Standing.PROPOSED
    assert evidence.quote == SENTENCE
    assert evidence.article_version.text[evidence.start : evidence.end] == SENTENCE
    assert evidence.known_at == make.PUBLISHED_AT
    assert known.public_id in evidence.why
    assert "read as ASSAULT" in evidence.why
    assert 0.6 <= evidence.match_score <= 1
    assert (assembly.status, assembly.attached, assembly.proposed) == (StageStatus.DONE, 1, 0)
    assert not Evidence.objects.public().filter(origin="machine").exists()


def test_what_matches_nothing_becomes_a_proposed_event():
    assembly = assemble(attack(mode="heavy-weapons"))
    event = Event.objects.get()
    assert event.public_id == "EV-20201117-1"
    assert event.status == Event.Status.PROPOSED
    assert event.title == "Attack (heavy weapons) on Us Gov, Baghdad"
    assert (event.start, event.precision, event.edtf) == (TUESDAY, "day", "2020-11-17")
    assert event.first_public_at == make.PUBLISHED_AT
    assert [p.actor.slug for p in event.participations.all()] == ["us-gov"]
    assert event.evidence.get().standing == Standing.PROPOSED
    decision = Decision.objects.get()
    assert (decision.action, decision.by_label) == ("propose", "pipeline 1")
    assert (assembly.attached, assembly.proposed) == (0, 1)


def test_two_articles_about_the_same_new_event_make_one_proposal():
    assemble(attack())
    assemble(attack(OTHER))
    event = Event.objects.get()
    assert {row.quote for row in event.evidence.all()} == {SENTENCE, OTHER}


CONDEMNED = "Iran condemned the attack on Wednesday."
TOLD = [
    {"text": SENTENCE},
    {"text": OTHER},
    {
        "text": CONDEMNED,
        "type": "ACCUSE",
        "initiators": ["iran-gov"],
        "targets": ["us-gov"],
        "place": "",
        "date_from": date(2020, 11, 18),
    },
]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_arrival_does_not_matter(order):
    for index in order:
        assemble(attack(**TOLD[index]))
    grouped = {frozenset(e.evidence.values_list("quote", flat=True)) for e in Event.objects.all()}
    assert grouped == {frozenset([SENTENCE, OTHER]), frozenset([CONDEMNED])}


def test_running_again_changes_nothing():
    known = rockets()
    row = attack()
    make.claim_candidate(
        row, row.candidates.get(), SENTENCE, speaker="iran-gov", act="denies", field="responsible"
    )
    make.story_event(
        row, "More follows.", type="THREATEN", initiators=["iran-gov"], targets=["us-gov"],
        date_from=date(2020, 3, 1),
    )  # fmt: skip
    first = assemble(row)
    counts = Event.objects.count(), Evidence.objects.count(), Claim.objects.count()
    Assembly.objects.filter(pk=first.pk).release(timezone.now())
    again = assemble(row)
    assert (Event.objects.count(), Evidence.objects.count(), Claim.objects.count()) == counts
    assert (again.attached, again.proposed) == (first.attached, first.proposed) == (1, 1)
    assert known.evidence.count() == 2


def test_a_raised_pipeline_version_neither_doubles_nor_republishes(settings):
    version = make.version(f"BAGHDAD - {SENTENCE} More follows.")
    assemble(attack(version=version))
    assemble(attack(version=version, pipeline="2"))
    assert Event.objects.count() == 1
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"type": "COERCE"},
        {"text": "hit the US embassy in Baghdad on Tuesday. More"},
        {"type": "COERCE", "text": "Rockets hit the US embassy in Baghdad"},
        {"targets": ["us-gov", "iran-gov"]},
    ],
    ids=["the same reading", "another type", "other sentence ends", "both", "other actors"],
)
def test_a_rejected_proposal_stays_rejected_when_the_pipeline_is_raised(changed):
    version = make.version(f"BAGHDAD - {SENTENCE} More follows.")
    assemble(attack(version=version))
    event = Event.objects.get()
    curate.reject(event, by=make.editor(), reason="an exercise")
    assembly = assemble(attack(version=version, pipeline="2", **changed))
    event.refresh_from_db()
    assert Event.objects.count() == 1
    assert event.status == Event.Status.REJECTED
    assert Evidence.objects.count() == 1
    assert "rejected it as EV-20201117-1" in assembly.skipped[0]["reason"]


def test_another_article_about_a_rejected_event_does_not_bring_it_back():
    assemble(attack())
    curate.reject(Event.objects.get(), by=make.editor(), reason="an exercise")
    assembly = assemble(attack(OTHER))
    assert Event.objects.count() == 1
    assert "an editor rejected" in assembly.skipped[0]["reason"]


def test_a_merged_proposal_is_found_where_it_went():
    version = make.version(f"BAGHDAD - {SENTENCE} More follows.")
    assemble(attack(version=version))
    proposal = Event.objects.get()
    known = make.published(title="Quite another title", start=date(2020, 11, 1))
    curate.merge(proposal, into=known, by=make.editor())
    assemble(attack(version=version, pipeline="2"))
    assert Event.objects.count() == 2
    assert known.evidence.count() == 2


def test_rejected_evidence_stays_rejected():
    known = rockets()
    version = make.version(f"BAGHDAD - {SENTENCE} More follows.")
    assemble(attack(version=version))
    curate.reject_evidence(known.evidence.get(origin="machine"), by=make.editor(), reason="no")
    assemble(attack(version=version, pipeline="2"))
    assert known.evidence.get(origin="machine").standing == Standing.REJECTED


@pytest.mark.parametrize("modality", ["negated", "hypothetical", "future"])
def test_what_did_not_happen_is_never_proposed(modality):
    assembly = assemble(attack(modality=modality))
    assert not Event.objects.exists()
    assert len(assembly.skipped) == 1


@pytest.mark.parametrize("modality", ["negated", "hypothetical", "future"])
def test_what_did_not_happen_may_still_mention_a_known_event(modality):
    known = rockets()
    assemble(attack(modality=modality))
    assert known.evidence.get(origin="machine").stance == Evidence.Stance.MENTIONS


def test_a_denied_occurrence_contradicts():
    known = rockets()
    row = attack(modality="negated")
    make.claim_candidate(
        row, row.candidates.get(), SENTENCE, speaker="iran-gov", act="denies", field="occurrence"
    )
    assemble(row)
    assert known.evidence.get(origin="machine").stance == Evidence.Stance.CONTRADICTS


@pytest.mark.parametrize(
    ("coded", "reason"),
    [
        ({"date_from": None}, "no day is told"),
        ({"targets": ["some militia"]}, "none of its parties is known or bears a name"),
        ({"targets": ["unattributed"]}, "none of its parties is known or bears a name"),
        ({"date_from": date(2021, 1, 15)}, "dated after the report"),
        ({"confidence": 0.1}, "confidence"),
        (
            {"date_from": date(2015, 1, 1), "date_to": date(2015, 12, 31), "precision": "year"},
            "only the year is told",
        ),
    ],
)
def test_what_cannot_be_an_event_is_told_with_its_reason(coded, reason):
    assembly = assemble(attack(**coded))
    assert not Event.objects.exists()
    assert reason in assembly.skipped[0]["reason"]


def test_a_party_that_bears_a_name_is_enough_for_a_proposal():
    assemble(attack(initiators=["supporters"], targets=["Northern Farmers' Union"]))
    assert Event.objects.get().status == Event.Status.PROPOSED


def test_an_undated_report_still_attaches():
    known = rockets()
    assemble(attack(date_from=None))
    assert known.evidence.filter(origin="machine").count() == 1


def test_claims_carry_speaker_value_and_their_sentence():
    known = rockets()
    row = attack()
    said = {"act": "denies", "field": "responsible", "value": "the rockets"}
    make.claim_candidate(row, row.candidates.get(), SENTENCE, speaker="iran-gov", **said)
    make.claim_candidate(row, row.candidates.get(), "More follows.", speaker="a witness", **said)
    assemble(row)
    ours, theirs = known.claims.order_by("speaker_text")
    assert (ours.speaker.slug, ours.act, ours.standing) == ("iran-gov", "denies", Standing.PROPOSED)
    assert ours.evidence.quote == SENTENCE
    assert ours.known_at == make.PUBLISHED_AT
    assert (theirs.speaker, theirs.speaker_text) == (None, "a witness")
    assert theirs.evidence.quote == "More follows."


@pytest.mark.parametrize(
    ("value", "field", "number"),
    [("5", "wounded", 5), ("1,200 people", "wounded", 1200), ("dozens", "other", None)],
)
def test_a_toll_is_a_number_or_told_in_words(value, field, number):
    known = rockets()
    row = attack()
    make.claim_candidate(
        row, row.candidates.get(), SENTENCE, speaker="us-gov", act="asserts", field="wounded", value=value
    )  # fmt: skip
    assemble(row)
    claim = known.claims.get()
    assert (claim.field, claim.number) == (field, number)
    assert value in claim.value


def test_the_reports_own_toll_is_a_claim_of_the_report():
    known = rockets()
    row = attack(killed=1, wounded=5)
    make.claim_candidate(
        row, row.candidates.get(), SENTENCE, speaker="us-gov", act="asserts", field="killed", value="2"
    )  # fmt: skip
    assemble(row)
    assert set(known.claims.values_list("field", "number", "speaker_text")) == {
        ("killed", 2, ""),
        ("wounded", 5, "the report"),
    }


BLAMED = "Washington blamed the militia."


def blame(row, **coded):
    """A sentence that accuses somebody, and the claim read in it."""
    values = {"type": "ACCUSE", "initiators": ["us-gov"], "targets": ["iran-gov"]} | coded
    saying = make.story_event(row, BLAMED, date_from=date(2020, 11, 20), **values)
    make.claim_candidate(
        row, saying.mentions.get(), BLAMED, speaker="us-gov", act="accuses", field="responsible"
    )


def test_an_accusation_after_an_attack_is_a_claim_about_it_and_no_event():
    known = rockets()
    row = attack(version=make.version(f"{SENTENCE} {BLAMED}"))
    blame(row)
    assembly = assemble(row)
    claim = known.claims.get()
    assert (claim.act, claim.field, claim.speaker.slug) == ("accuses", "responsible", "us-gov")
    assert claim.evidence.quote == BLAMED
    assert Event.objects.count() == 1
    assert f"kept as a claim about {known.public_id}" in assembly.skipped[0]["reason"]


def test_an_accusation_of_something_else_is_a_claim_about_what_was_told_before():
    known = rockets()
    other = "Washington accused Tehran of breaking its promises."
    row = attack(version=make.version(f"{SENTENCE} {other}"))
    saying = make.story_event(
        row, other, type="ACCUSE", initiators=["us-gov"], targets=["iran-gov"], date_from=date(2020, 11, 20)
    )  # fmt: skip
    make.claim_candidate(
        row, saying.mentions.get(), other, speaker="us-gov", act="accuses", field="other"
    )
    assemble(row)
    claim = known.claims.get()
    assert (claim.act, claim.field) == ("accuses", "other")
    assert not Event.objects.filter(type="ACCUSE").exists()


def test_a_threat_after_an_attack_is_a_claim_about_it():
    known = rockets()
    threat = "Tehran threatened revenge."
    row = attack(version=make.version(f"{SENTENCE} {threat}"))
    saying = make.story_event(
        row, threat, type="THREATEN", initiators=["iran-gov"], date_from=date(2020, 11, 20)
    )
    make.claim_candidate(
        row, saying.mentions.get(), threat, speaker="iran-gov", act="asserts", field="other"
    )
    assemble(row)
    assert [(c.act, c.field) for c in known.claims.all()] == [("asserts", "other")]
    assert not Event.objects.filter(type="THREATEN").exists()


def test_what_was_said_before_the_attack_is_no_claim_about_it():
    known = rockets()
    threat = "On Monday Tehran had threatened the envoys."
    row = attack(version=make.version(f"{SENTENCE} {threat}"))
    monday = date(2020, 11, 16)
    saying = make.story_event(
        row, threat, type="THREATEN", initiators=["iran-gov"], date_from=monday
    )
    make.claim_candidate(
        row, saying.mentions.get(), threat, speaker="iran-gov", act="asserts", field="other"
    )
    make.day_named(row, "On Monday", monday)
    assemble(row)
    assert not known.claims.exists()


def test_blame_for_an_attack_at_another_place_is_no_claim_about_this_one():
    known = rockets()
    make.place("basra", lat=30.5, lon=47.8)
    blamed = "Washington blamed the militia for the attack in Basra."
    row = attack(version=make.version(f"{SENTENCE} {blamed}"))
    about = make.mention(
        row, None, blamed, type="ASSAULT", modality="actual", confidence=0.5, place="basra"
    )
    make.claim_candidate(row, about, blamed, speaker="us-gov", act="accuses", field="responsible")
    assemble(row)
    assert not known.claims.exists()


def test_a_threat_answers_what_its_own_sentence_tells():
    """Not what the sentence before told."""
    make.actor("iran-mil", country="IRN", kind="armed_forces")
    rockets()
    struck = (
        "American jets struck the Iranian forces at Basra on Tuesday and Tehran threatened revenge."
    )
    strike = make.published(
        title="American jets strike Iranian forces at Basra", start=TUESDAY,
        initiators=("us-gov",), targets=("iran-mil",), place=make.place("basra"),
    )  # fmt: skip
    row = attack(version=make.version(f"{SENTENCE} {struck}"))
    make.story_event(
        row, struck, initiators=["us-gov"], targets=["iran-mil"], place="basra", date_from=TUESDAY
    )
    saying = make.story_event(row, struck, type="THREATEN", initiators=["iran-gov"])
    make.claim_candidate(
        row, saying.mentions.get(), struck, speaker="iran-gov", act="asserts", field="other"
    )
    assemble(row)
    assert Claim.objects.get().event == strike


def test_a_second_reading_of_the_same_words_is_no_event_of_its_own():
    """The sentence told the known attack already; read once more with other parties, it is nothing new."""
    make.actor("venezuela-gov", country="VEN")
    known = rockets()
    row = attack()
    make.story_event(row, SENTENCE, targets=["venezuela-gov"], date_from=TUESDAY)
    assemble(row)
    assert known.evidence.filter(origin="machine").exists()
    assert not Event.objects.filter(status="proposed").exists()


def test_a_sentence_read_with_another_day_does_not_tell_a_like_event():
    """It names nobody and no day itself: the words before it say when it was."""
    rockets()
    text = "Katyusha rockets hit the embassy in Baghdad."
    row = attack(text, date_from=date(2020, 11, 9), targets=[])
    row.candidates.update(date_from=None, date_to=None, precision="")
    assemble(row)
    assert not Evidence.objects.filter(origin="machine", event__status="published").exists()


def test_what_was_said_before_is_known_since_the_event():
    known = rockets(first_public_at=datetime(2020, 11, 17, tzinfo=UTC))
    said = "Tehran had first denied it."
    row = attack(version=make.version(f"{SENTENCE} {said}"))
    make.claim_candidate(
        row, None, said, speaker="iran-gov", act="denies", field="other", earlier=True
    )
    assemble(row)
    assert known.claims.get().known_at == datetime(2020, 11, 17, tzinfo=UTC)


def test_an_old_toll_told_again_is_no_new_claim():
    known = rockets()
    row = attack(killed=1)
    row.story_events.update(role="background")
    assemble(row)
    assert known.evidence.filter(origin="machine").exists()
    assert not known.claims.exists()


def test_an_accusation_about_no_attack_is_an_event_of_its_own():
    row = make.annotation(make.version(f"BAGHDAD - {BLAMED}"))
    blame(row)
    assemble(row)
    event = Event.objects.get()
    assert (event.type, event.claims.get().act) == ("ACCUSE", "accuses")


def test_an_accusation_far_from_the_attack_is_an_event_of_its_own():
    rockets()
    row = attack(version=make.version(f"{SENTENCE} {'Other news follows here. ' * 40}{BLAMED}"))
    blame(row)
    assemble(row)
    assert Event.objects.filter(type="ACCUSE").count() == 1


def test_a_toll_told_after_the_attack_belongs_to_it():
    known = rockets()
    said = "The coalition said 12 people were wounded."
    row = attack(version=make.version(f"{SENTENCE} {said}"))
    nameless = make.story_event(row, said, targets=[], date_from=None, wounded=12)
    make.claim_candidate(
        row, nameless.mentions.get(), said, speaker="us-gov", act="asserts", field="wounded", value="12"
    )  # fmt: skip
    assemble(row)
    assert known.claims.get().number == 12


def test_dozens_is_no_figure():
    known = rockets()
    text = "Rockets hit the US embassy in Baghdad on Tuesday and wounded dozens."
    assemble(attack(text, wounded=24))
    claim = known.claims.get()
    assert (claim.field, claim.number, claim.value) == ("other", None, "wounded: dozens")


def test_claims_about_nothing_are_told():
    row = attack(date_from=None)
    make.claim_candidate(
        row, row.candidates.get(), SENTENCE, speaker="us-gov", act="asserts", field="other"
    )
    assembly = assemble(row)
    assert not Claim.objects.exists()
    assert len(assembly.skipped) == 2


def test_ambiguous_reports_attach_to_none():
    rockets(start=date(2020, 11, 5))
    rockets(start=date(2020, 11, 12))
    assembly = assemble(attack(date_from=None))
    assert not Evidence.objects.filter(origin="machine").exists()
    assert "several events alike" in assembly.skipped[0]["reason"]


def test_what_names_no_day_is_not_what_was_long_ago():
    rockets(start=date(2020, 9, 22))
    assemble(attack(date_from=None))
    assert not Evidence.objects.filter(origin="machine").exists()


def test_a_sentence_that_tells_another_event_goes_there():
    """The machine read both as one attack; each sentence names its own parties and place."""
    make.actor("iran-mil", country="IRN", kind="armed_forces")
    known = rockets()
    other = "American jets struck a depot of the Iranian forces near Basra on Tuesday."
    strike = make.published(
        title="American jets strike a depot of Iranian forces near Basra",
        start=TUESDAY, initiators=("us-gov",), targets=("iran-mil",), place=make.place("basra"),
    )  # fmt: skip
    row = attack(version=make.version(f"{SENTENCE} {other}"))
    coded = {"initiators": ["us-gov"], "targets": ["iran-mil"], "place": "basra"}
    make.mention(
        row, row.story_events.get(), other, type="ASSAULT", modality="actual", confidence=0.8,
        date_from=TUESDAY, date_to=TUESDAY, precision="day", **coded,
    )  # fmt: skip
    assemble(row)
    assert known.evidence.get(origin="machine").quote == SENTENCE
    assert strike.evidence.get(origin="machine").quote == other


def test_attacks_that_are_counted_are_about_no_one():
    rockets()
    counted = "At least nine attacks on the US embassy in Baghdad came on Tuesday alone."
    assemble(attack(counted))
    assert not Evidence.objects.filter(origin="machine", event__status="published").exists()


def test_what_comes_near_a_known_event_is_no_proposal():
    """Read with another initiator than the event has: too near to be new, too far to be evidence."""
    rockets(initiators=("iran-gov",), type="PROTEST", title="A crowd storms the mission's gate")
    assembly = assemble(attack("The assault on the compound lasted hours.", initiators=["us-gov"]))
    assert not Event.objects.filter(status="proposed").exists()
    assert "too near" in assembly.skipped[0]["reason"]


def test_waiting_lists_what_is_done_and_not_assembled():
    fresh, assembled, failed = attack(), attack(), attack()
    unread = make.annotation(make.version("Not read yet."))
    Annotation.objects.filter(pk=unread.pk).update(status=StageStatus.WAITING)
    assemble(assembled)
    Assembly.objects.create(annotation=failed, status=StageStatus.FAILED, attempts=1)
    assert set(waiting()) == {fresh, failed}


def test_a_failure_is_kept_with_its_reason_and_undone(monkeypatch):
    row = attack()

    def broken(*args):
        raise RuntimeError("the world is flat")

    monkeypatch.setattr(stage, "derive", broken)
    assembly = assemble(row)
    assert (assembly.status, assembly.error) == (
        StageStatus.FAILED,
        "RuntimeError: the world is flat",
    )
    assert not Event.objects.exists()


def test_the_sweep_does_what_no_wake_call_reached():
    attack()
    assert assemble_waiting() == 1
    assert Event.objects.count() == 1
    assert assemble_waiting() == 0


def test_known_time_falls_back_to_when_it_was_first_seen():
    version = make.version(f"BAGHDAD - {SENTENCE} More follows.")
    seen = datetime(2020, 11, 21, tzinfo=UTC)
    article = version.article
    article.published_at, article.published_precision, article.first_seen_at = None, "unknown", seen
    article.save()
    assemble(attack(version=version))
    assert Evidence.objects.get().known_at == seen


def test_queries_do_not_grow_with_the_known_events(django_assert_max_num_queries):
    with django_assert_max_num_queries(200) as few:
        assemble(attack())
    for month in range(1, 9):
        rockets(start=date(2019, month, 1))
    with django_assert_max_num_queries(len(few) + 1):
        assemble(attack(OTHER, date_from=date(2020, 2, 2)))


def test_words_to_nobody_known_are_no_proposal():
    row = make.annotation(
        make.version("BAGHDAD - Washington dismissed it as a stunt. More follows.")
    )
    make.story_event(
        row, "Washington dismissed it as a stunt.", type="REJECT", initiators=["us-gov"],
        targets=["text"], date_from=TUESDAY,
    )  # fmt: skip
    assembly = assemble(row)
    assert not Event.objects.exists()
    assert "nobody known" in assembly.skipped[0]["reason"]
