"""The desk's items: one for each event while something waits on it, whatever is decided in whatever order."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.events import curate, desk, desk_items, tasks
from apps.events.assemble import assemble
from apps.events.curate import CurateError
from apps.events.desk_salience import Weighed, points, salience
from apps.events.models import Correction, DeskItem, Event, Link, Standing
from apps.timelines import desk as placing
from apps.timelines.models import Membership
from tests.events import make
from tests.factories import make_timeline

pytestmark = pytest.mark.django_db
COUNTED = desk_items._COUNTED


def item_of(event):
    return DeskItem.objects.filter(event=event).first()


def stored():
    return {
        row.event_id: [getattr(row, name) for name in COUNTED] for row in DeskItem.objects.all()
    }


def recounted():
    everything = Event.objects.values_list("pk", flat=True)
    return {
        row.event_id: [getattr(row, name) for name in COUNTED]
        for row in desk_items.counted(everything)
    }


def correction(event, evidence, key="v2"):
    return Correction.objects.create(
        event=event, evidence=evidence, cause="gone", cause_key=key, fields=["title"]
    )


def proposal(**fields):
    event = make.event(**fields)
    make.cited(event)
    desk.refresh([event.pk])
    return event


def test_a_proposal_waits_with_what_was_proposed_with_it():
    event = proposal(targets=("us-gov",))
    make.claim(event, number=3)
    desk.refresh([event.pk])
    item = item_of(event)
    assert item.is_new
    assert (item.evidence_waiting, item.claims_waiting, item.links_waiting) == (1, 1, 0)
    assert item.type == "ASSAULT"
    assert item.actors == ["us-gov"]
    assert item.since == event.created_at


def test_a_published_event_waits_only_while_something_waits_on_it():
    event = make.published()
    desk.refresh([event.pk])
    assert item_of(event) is None
    added = make.cited(event, "https://example.org/other")
    desk.refresh([event.pk])
    item = item_of(event)
    assert not item.is_new
    assert item.since == added.created_at
    curate.publish_evidence(added, by=make.editor())
    assert item_of(event) is None


def test_decisions_take_the_item_off_the_desk():
    by = make.editor()
    published, rejected, merged = proposal(), proposal(), proposal()
    curate.publish(published, by=by)
    curate.reject(rejected, by=by, reason="no news")
    make.cited(merged, "https://example.org/x")
    curate.merge(merged, into=published, by=by)
    assert not DeskItem.objects.exists()
    curate.reopen(rejected, by=by)
    assert item_of(rejected).is_new


def test_an_open_correction_puts_a_published_event_on_the_desk():
    event = make.published()
    row = correction(event, event.evidence.get())
    desk.refresh([event.pk])
    assert item_of(event).corrections_waiting == 1
    Correction.objects.filter(pk=row.pk).update(outcome="kept", decided_at=timezone.now())
    desk.refresh([event.pk])
    assert item_of(event) is None


def test_a_link_waits_on_the_event_it_starts_from_while_both_ends_stand():
    source, target = make.published(), proposal(start=date(2020, 1, 3))
    Link.objects.create(source=source, target=target, kind="responds_to", standing="proposed")
    desk.refresh([source.pk])
    assert item_of(source).links_waiting == 1
    curate.reject(target, by=make.editor(), reason="did not happen")
    assert item_of(source) is None


def test_a_merge_that_drops_a_link_tells_the_event_it_started_from():
    goal, doubled, source = make.published(), proposal(), make.published()
    for target in (goal, doubled):
        Link.objects.create(source=source, target=target, kind="part_of", standing="proposed")
    desk.refresh([source.pk])
    assert item_of(source).links_waiting == 2
    make.cited(doubled, "https://example.org/y")
    curate.merge(doubled, into=goal, by=make.editor())
    assert item_of(source).links_waiting == 1


def test_what_another_figure_or_a_denial_would_contest_counts_as_contested():
    event = make.published()
    make.claim(event, number=3, standing=Standing.PUBLISHED)
    make.claim(event, number=3)
    desk.refresh([event.pk])
    assert not item_of(event).contested
    make.claim(event, number=5)
    desk.refresh([event.pk])
    assert item_of(event).contested
    denied = make.published()
    make.claim(denied, "occurrence", "denies")
    desk.refresh([denied.pk])
    assert item_of(denied).contested


def test_claims_on_the_item_snoozes_and_recommendations_survive_a_recount():
    event, by = proposal(), make.editor()
    now = timezone.now()
    assert desk.take(item_of(event), by, now)
    desk.recommend(event, by)
    desk.snooze(item_of(event), now.date() + timedelta(days=3), by, "asks the agency")
    make.cited(event, "https://example.org/more")
    desk.refresh([event.pk])
    item = item_of(event)
    assert item.evidence_waiting == 2
    assert item.recommended_by == by
    assert item.snooze_reason == "asks the agency"


def test_the_sweep_repairs_what_was_missed_and_touches_nothing_else():
    kept, missing, superfluous, wrong = proposal(), proposal(), proposal(), proposal()
    DeskItem.objects.filter(event=missing).delete()
    Event.objects.filter(pk=superfluous.pk).update(status="rejected")
    DeskItem.objects.filter(event=wrong).update(evidence_waiting=7)
    assert desk.repair() == 3
    assert stored() == recounted()
    assert set(stored()) == {kept.pk, missing.pk, wrong.pk}
    assert desk.repair() == 0


def test_refreshing_costs_the_same_for_one_event_and_for_many():
    events = [proposal() for _ in range(4)]
    with CaptureQueriesContext(connection) as one:
        desk.refresh([events[0].pk])
    with CaptureQueriesContext(connection) as many:
        desk.refresh([event.pk for event in events])
    assert len(many) == len(one)


@pytest.mark.parametrize("seed", range(6))
def test_after_any_decisions_the_items_are_what_a_full_count_gives(seed):
    """Some refused, some nested, in any order: after each the desk holds exactly what waits."""
    random, by = Random(seed), make.editor()
    for number in range(6):
        event = make.published() if number % 2 else make.event(start=date(2020, 1, 1 + number))
        for report in range(2):
            make.cited(event, f"https://example.org/{number}/{report}")
        make.claim(event, number=number, evidence=event.evidence.last())
        make.claim(event, "occurrence", random.choice(["asserts", "denies"]))
    first, second = random.sample(list(Event.objects.order_by("pk")), 2)
    Link.objects.create(source=first, target=second, kind="part_of", standing="proposed")
    desk.repair()
    for _ in range(25):
        event = random.choice(list(Event.objects.order_by("pk")))
        try:
            random.choice(DECISIONS)(event, random, by)
        except CurateError:
            continue
        assert stored() == recounted()
    assert desk.repair() == 0


def _row(rows, random):
    found = list(rows.order_by("pk"))
    if not found:
        raise CurateError("nothing to decide about")
    return random.choice(found)


def _other(event, random):
    return _row(Event.objects.exclude(pk=event.pk), random)


DECISIONS = [
    lambda event, random, by: curate.publish(event, by=by),
    lambda event, random, by: curate.reject(event, by=by, reason="r"),
    lambda event, random, by: curate.reopen(event, by=by),
    lambda event, random, by: curate.merge(event, into=_other(event, random), by=by),
    lambda event, random, by: curate.attach(event, to=_other(event, random), by=by),
    lambda event, random, by: curate.accept_waiting(event, by=by),
    lambda event, random, by: curate.refuse_waiting(event, by=by, reason="r"),
    lambda event, random, by: curate.publish_evidence(_row(event.evidence, random), by=by),
    lambda event, random, by: curate.reject_evidence(
        _row(event.evidence, random), by=by, reason="r"
    ),
    lambda event, random, by: curate.publish_claim(_row(event.claims, random), by=by),
    lambda event, random, by: curate.reject_claim(_row(event.claims, random), by=by, reason="r"),
    lambda event, random, by: curate.publish_link(_row(event.links_out, random), by=by),
    lambda event, random, by: curate.reject_link(_row(event.links_out, random), by=by, reason="r"),
    lambda event, random, by: curate.revise(event, {"type": "ACCUSE", "mode": ""}, by=by),
    lambda event, random, by: curate.split(
        event, evidence=[_row(event.evidence, random).pk], by=by, reason="two things"
    ),
]


def weigh(**changes):
    values = {
        "type": "ASSAULT",
        "mode": "",
        "reports": 1,
        "confidence": 0.5,
        "contested": False,
        "correction": False,
        "newest": datetime(2020, 1, 15, tzinfo=UTC),
    }
    return Weighed(**(values | changes))


def test_salience_is_the_sum_of_its_points():
    assert points(weigh()) == {
        "severity": 9.0,
        "reports": 0.0,
        "confidence": 1.0,
        "contested": 0.0,
        "correction": 0.0,
        "recency": 2.0,
    }
    assert salience(weigh()) == 12.0


def test_what_matters_more_rises():
    plain = salience(weigh())
    assert salience(weigh(type="CONSULT")) < plain
    assert salience(weigh(reports=2)) == plain + 2
    assert salience(weigh(reports=4)) == plain + 4
    assert salience(weigh(reports=1000)) == plain + 6
    assert salience(weigh(contested=True)) > plain
    assert salience(weigh(correction=True)) > plain
    assert salience(weigh(confidence=0.9)) > plain > salience(weigh(confidence=0.1))
    assert salience(weigh(confidence=None)) == plain
    assert salience(weigh(newest=datetime(2020, 1, 22, tzinfo=UTC))) == plain + 1


def test_copies_of_one_story_count_once():
    event = make.event()
    one, other = make.version("Rockets hit it."), make.version("Rockets hit it!")
    for version in (one, other):
        event.evidence.create(
            article_version=version, start=0, end=7, quote="Rockets", known_at=make.PUBLISHED_AT
        )
    assert desk_items.waiting(event.pk).weighed.reports == 2
    other.article.story = one.article.story
    other.article.save()
    assert desk_items.waiting(event.pk).weighed.reports == 1


def test_an_item_knows_the_dossiers_in_whose_scope_it_is():
    dossier = make_timeline("us-iran-2020", actors=[make.actor("us-gov")])
    inside = proposal(targets=("us-gov",))
    elsewhere = proposal(targets=("in-gov",))
    pinned = proposal()
    Membership.objects.create(timeline=dossier, event=pinned, kind="pinned")
    placing.place()
    assert [item_of(e).timelines for e in (inside, elsewhere, pinned)] == [
        ["us-iran-2020"], [], ["us-iran-2020"]
    ]  # fmt: skip
    assert placing.place() == 0
    dossier.actors.set([make.actor("in-gov")])
    Membership.objects.all().delete()
    placing.place([inside.pk, elsewhere.pk, pinned.pk])
    assert [item_of(e).timelines for e in (inside, elsewhere, pinned)] == [[], ["us-iran-2020"], []]
    dossier.delete()
    placing.place()
    assert item_of(elsewhere).timelines == []


def test_the_sweep_brings_an_existing_database_onto_the_desk_and_compares_what_waits():
    known = make.published(targets=("us-gov",))
    event = make.event(targets=("us-gov",), title="Rockets hit the base")
    make.cited(event, "https://example.org/2")
    assert not DeskItem.objects.exists()
    tasks.keep_desk()
    item = item_of(event)
    assert item.matched_at is not None
    assert [row["event"] for row in item.matches] == [known.pk]
    assert tasks.match_waiting() == 0


def test_what_is_assembled_waits_at_once():
    sentence = "Rockets hit the US embassy in Baghdad on Tuesday."
    make.actor("us-gov")
    reading = make.annotation(make.version(sentence))
    make.story_event(reading, sentence, targets=["us-gov"], date_from=date(2020, 11, 17))
    assemble(reading)
    assert stored() == recounted()
    assert DeskItem.objects.get().evidence_waiting == 1
