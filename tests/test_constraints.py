"""Every rule that the database keeps, by trying to break it past the forms and the models' own checks.

Each constraint has a row here that holds without the change and is refused with it, by that constraint's name.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import Error, IntegrityError, connection, models, transaction

from apps.articles.models import ArticleVersion, Removal
from apps.core.models import Change as Change_
from apps.events.models import Decision, Event, Evidence
from tests import rows
from tests.events import make

pytestmark = pytest.mark.django_db

# A change of a row that holds: column -> value, or what to compute it from the row with.
Change = dict[str, Any]
CHECKS: dict[str, list[tuple[Callable[[], models.Model], Change]]] = {
    "place_coordinates_on_earth": [
        (rows.place, {"lat": 90.1}),
        (rows.place, {"lat": -90.1}),
        (rows.place, {"lon": 180.1}),
        (rows.place, {"lon": -180.1}),
    ],
    "place_radius_positive": [(rows.place, {"radius_km": 0})],
    "place_country_alpha3": [(rows.place, {"country": "iq"}), (rows.place, {"country": ""})],
    "place_kind_known": [(rows.place, {"kind": "planet"})],
    "place_not_own_parent": [(rows.place, {"parent_id": models.F("id")})],
    "actor_country_alpha3": [(rows.actor, {"country": "us"})],
    "actor_active_in_order": [(rows.actor, {"active_to": date(2019, 1, 1)})],
    "actor_kind_known": [(rows.actor, {"kind": "robot"})],
    "actor_not_merged_into_itself": [(rows.actor, {"merged_into_id": models.F("id")})],
    "place_not_merged_into_itself": [(rows.place, {"merged_into_id": models.F("id")})],
    "alias_suggestion_outcome_known": [(rows.alias_suggestion, {"outcome": "perhaps"})],
    "alias_suggestion_score_0_to_1": [
        (rows.alias_suggestion, {"score": 1.1}),
        (rows.alias_suggestion, {"score": -0.1}),
    ],
    "alias_not_empty": [(rows.alias, {"name": ""})],
    "role_dates_in_order": [(rows.role, {"until": date(2019, 1, 1)})],
    "relation_not_to_self": [(rows.relation, {"target_id": models.F("source_id")})],
    "relation_dates_in_order": [(rows.relation, {"until": date(2019, 1, 1)})],
    "relation_kind_known": [(rows.relation, {"kind": "likes"})],
    "source_reliability_admiralty": [(rows.source, {"reliability": "G"})],
    "source_country_alpha3": [(rows.source, {"country": "X"})],
    "signalsource_kind_known": [(rows.signal_source, {"kind": "icews"})],
    "signal_in_order": [(rows.signal, {"end": date(2019, 12, 31)})],
    "signal_precision_known": [(rows.signal, {"precision": "hour"})],
    "signal_kind_known": [(rows.signal, {"kind": -1}), (rows.signal, {"kind": 999})],
    "feed_interval_positive": [
        (
            rows.feed,
            {"interval_minutes": 0},
        )
    ],
    "host_delay_from_zero": [(rows.host, {"delay_seconds": -1})],
    "article_has_address": [(rows.article, {"canonical_url": ""})],
    "article_date_and_precision_agree": [
        (rows.article, {"published_at": None}),
        (rows.article, {"published_precision": "unknown"}),
        (rows.article, {"published_precision": "year"}),
    ],
    "article_share_0_to_1": [
        (rows.article, {"copied_share": 1.1}),
        (rows.article, {"copied_share": -0.1}),
    ],
    "mention_span_in_order": [(rows.mention, {"end": 0, "surface": ""})],
    "mention_dates_in_order": [
        (rows.mention, {"date_to": date(2019, 1, 1)}),
        (rows.mention, {"date_to": None}),
        (rows.mention, {"date_from": None}),
    ],
    "storyevent_confidence_0_to_1": [
        (rows.story_event, {"confidence": 1.1}),
        (rows.story_event, {"confidence": -0.1}),
    ],
    "storyevent_type_is_plover": [(rows.story_event, {"type": "FIGHT"})],
    "storyevent_dates_in_order": [
        (rows.story_event, {"date_to": date(2019, 1, 1)}),
        (rows.story_event, {"date_to": None}),
        (rows.story_event, {"date_from": None}),
    ],
    "candidate_confidence_0_to_1": [
        (rows.candidate, {"confidence": 1.1}),
        (rows.candidate, {"confidence": -0.1}),
    ],
    "candidate_type_is_plover": [(rows.candidate, {"type": "FIGHT"})],
    "candidate_dates_in_order": [
        (rows.candidate, {"date_to": date(2019, 1, 1)}),
        (rows.candidate, {"date_to": None}),
        (rows.candidate, {"date_from": None}),
    ],
    "candidate_span_in_order": [(rows.candidate, {"end": 0, "surface": "", "trigger_end": 0})],
    "candidate_trigger_in_sentence": [
        (rows.candidate, {"trigger_end": 999}),
        (rows.candidate, {"trigger_end": 0}),
        (rows.candidate, {"start": 8, "surface": "hit the embassy."}),
    ],
    "claim_candidate_span_in_order": [(rows.claim_candidate, {"end": 0, "surface": ""})],
    "event_days_in_order": [(rows.event, {"end": date(2019, 1, 1)})],
    "event_precision_known": [(rows.event, {"precision": "hour"})],
    "event_type_is_plover": [(rows.event, {"type": "FIGHT"})],
    "event_merged_into_only_if_merged": [
        (rows.event, {"status": "merged"}),
        (rows.event, {"merged_into": lambda row: make.event().pk}),
    ],
    "event_not_merged_into_itself": [
        (rows.event, {"status": "merged", "merged_into": models.F("id")})
    ],
    "event_rank_and_soil_in_range": [
        (rows.event, {"rank": 2.1}),
        (rows.event, {"rank": -0.1}),
        (rows.event, {"soil": 1.1}),
        (rows.event, {"soil": -0.1}),
    ],
    "event_has_title": [(rows.event, {"title": ""})],
    "event_status_known": [(rows.event, {"status": "rumoured"})],
    "event_published_has_known_time": [
        (rows.event, {"status": "published", "first_public_at": None})
    ],
    "participation_role_known": [(rows.participation, {"role": "victim"})],
    "evidence_span_or_cited_source": [
        (rows.cited, {"url": ""}),
        (rows.cited, {"start": 0}),
        (rows.quoted, {"url": "https://example.org/x"}),
        (rows.quoted, {"article_version": None}),
        (rows.quoted, {"end": 0, "quote": ""}),
    ],
    "evidence_url_is_web": [(rows.cited, {"url": "javascript:alert(1)"})],
    "evidence_standing_known": [(rows.cited, {"standing": "tolerated"})],
    "evidence_stance_known": [(rows.cited, {"stance": "shrugs"})],
    "evidence_origin_known": [(rows.cited, {"origin": "hearsay"})],
    "evidence_replaced_by_another": [(rows.cited, {"replaced_by": models.F("id")})],
    "source_change_cause_known": [(rows.source_change, {"cause": "mood"})],
    "source_change_names_what": [
        (rows.source_change, {"source": None}),
        (rows.source_change, {"change": None}),
        (rows.source_change, {"cause": "retracted"}),
        (rows.source_change, {"cause": "new_version"}),
    ],
    "correction_cause_known": [(rows.correction, {"cause": "mood"})],
    "correction_decided_or_open": [
        (rows.correction, {"outcome": "kept"}),
        (rows.correction, {"outcome": "mulled"}),
        (rows.correction, {"decided_at": make.PUBLISHED_AT}),
    ],
    "correction_now_has_span": [
        (rows.correction, {"now": "What it says now."}),
        (rows.correction, {"now_end": 3}),
    ],
    "second_coding_whole": [
        (rows.second_coding, {"coded_at": make.PUBLISHED_AT}),
        (rows.second_coding, {"second": {"type": "ASSAULT"}}),
    ],
    "claim_has_speaker": [(rows.claim, {"speaker_text": ""})],
    "claim_toll_has_number": [(rows.claim, {"number": None})],
    "claim_act_known": [(rows.claim, {"act": "sings"})],
    "claim_field_known": [(rows.claim, {"field": "weather"})],
    "claim_standing_known": [(rows.claim, {"standing": "tolerated"})],
    "claim_origin_known": [(rows.claim, {"origin": "hearsay"})],
    "claim_answers_another": [(rows.claim, {"answers_id": models.F("id")})],
    "desk_claim_ends": [
        (rows.desk_item, {"claimed_by": lambda row: rows.user(), "claimed_until": None})
    ],
    "placement_of_something": [(rows.placement, {"story_event": None, "mention": None})],
    "placement_loose_has_days": [
        (rows.placement, {"loose": True, "first": None, "last": None}),
        (rows.placement, {"loose": True, "first": rows.LATE, "last": rows.EARLY}),
    ],
    "placement_founds_only_loose": [(rows.placement, {"loose": False, "founds": True})],
    "placement_leads_only_founding": [
        (
            rows.placement,
            {"loose": True, "first": rows.EARLY, "last": rows.LATE, "founds": False, "leads": True},
        )
    ],
    "claim_said_in_order": [
        (rows.claim, {"said_to": date(2019, 1, 1)}),
        (rows.claim, {"said_to": None}),
        (rows.claim, {"said_from": None}),
    ],
    "link_standing_known": [(rows.link, {"standing": "tolerated"})],
    "link_origin_known": [(rows.link, {"origin": "hearsay"})],
    "link_kind_known": [(rows.link, {"kind": "rhymes_with"})],
    "timeline_in_order": [
        (rows.timeline, {"end": date(2019, 1, 1), "focus_start": None, "focus_end": None})
    ],
    "timeline_within_two_centuries": [
        (rows.timeline, {"start": date(202, 1, 1)}),
        (rows.timeline, {"end": date(9999, 12, 31)}),
    ],
    "timeline_focus_inside": [
        (rows.timeline, {"focus_start": date(2019, 1, 1)}),
        (rows.timeline, {"focus_end": date(2021, 1, 1)}),
        (rows.timeline, {"focus_start": rows.LATE, "focus_end": rows.EARLY}),
        (rows.timeline, {"focus_end": None}),
        (rows.timeline, {"focus_start": None}),
    ],
    "timeline_code_capitals": [(rows.timeline, {"code": "us-ir"})],
    "membership_kind_known": [(rows.membership, {"kind": "maybe"})],
    "rollup_quad_1_to_4": [(rows.rollup, {"quad": 0}), (rows.rollup, {"quad": 5})],
    "snapshot_sha256_hex": [(rows.snapshot, {"sha256": "x" * 64})],
    "notice_kind_known": [(rows.notice, {"kind": "gossip"})],
    "saved_view_digest_known": [(rows.saved_view, {"digest": "hourly"})],
    "saved_view_threshold_1_to_99": [
        (rows.saved_view, {"threshold": 0}),
        (rows.saved_view, {"threshold": 100}),
    ],
}
# Rows that the database lets nobody change: these are broken on the way in.
INSERTS: dict[str, list[tuple[Callable[[], models.Model], Change]]] = {
    "version_number_from_one": [(rows.version, {"number": 0})],
    "refetch_number_from_one": [(rows.refetch, {"number": 0})],
    "version_sha256_hex": [(rows.version, {"sha256": "no digest", "number": 2})],
    "version_has_text": [(rows.version, {"text": "", "number": 2})],
    "change_holds_its_rows": [
        (rows.change, {"op": "I", "before": {"id": 1}, "after": {"id": 1}}),
        (rows.change, {"op": "U", "before": None, "after": {"id": 1}}),
        (rows.change, {"op": "D", "before": {"id": 1}, "after": {"id": 1}}),
    ],
    "decision_undoes_only_as_undo": [(rows.decision, {"undoes": "a group"})],
    "removal_has_author": [(rows.removal, {"by_label": ""})],
    "removal_has_reason": [(rows.removal, {"reason": ""})],
    "decision_has_author": [(rows.decision, {"by_label": ""})],
    "decision_reject_has_reason": [(rows.decision, {"reason": ""})],
}
# Rows of which there may be no second; the change leaves the columns alone that must differ elsewhere.
UNIQUE: dict[str, tuple[Callable[[], models.Model], Change]] = {
    "alias_once_per_actor": (rows.alias, {}),
    "entry_once": (rows.entry, {}),
    "signalfile_once": (rows.signal_file, {}),
    "party_once_per_source": (rows.party, {}),
    "spot_once_per_source": (rows.spot, {}),
    "signal_once": (rows.signal, {}),
    "role_once": (lambda: rows.role(since=None, until=None), {}),
    "relation_once": (rows.relation, {}),
    "source_domain_once": (rows.source, {"slug": "other"}),
    "feedday_once": (rows.feed_day, {}),
    "listed_once": (rows.listed_entry, {}),
    "intakebatch_cut_off_once": (rows.cut_off_batch, {}),
    "intakeitem_once_in_batch": (rows.keyed_item, {}),
    "version_number_once": (rows.version, {}),
    "refetch_number_once": (rows.refetch, {}),
    "annotation_once_per_pipeline": (rows.annotation, {}),
    "storyevent_index_once": (rows.story_event, {}),
    "candidate_index_once": (rows.candidate, {}),
    "participation_once": (rows.participation, {}),
    "evidence_span_once_per_event": (rows.quoted, {}),
    "evidence_url_once_per_event": (rows.cited, {}),
    "claim_key_once_per_event": (lambda: rows.claim(key="k"), {}),
    "link_once": (rows.link, {}),
    "correction_once_per_cause": (rows.correction, {}),
    "second_coding_once": (rows.second_coding, {}),
    "placement_once": (rows.placement, {}),
    "dyad_once_per_timeline": (
        rows.dyad,
        {},
    ),
    "membership_once": (rows.membership, {}),
    "rollup_once": (rows.rollup, {}),
    "notice_once": (rows.notice, {}),
    "saved_view_name_once": (rows.saved_view, {"token": "another"}),
    "dossier_record_once": (
        rows.dossier_record,
        {},
    ),
}


def refused_by(error: Error) -> str | None:
    """The name of the constraint that refused."""
    return error.__cause__.diag.constraint_name


def told(cases):
    return [(name, *case) for name, listed in cases.items() for case in listed]


@pytest.mark.parametrize(("name", "maker", "change"), told(CHECKS))
def test_a_row_cannot_be_changed_into_a_wrong_one(name, maker, change):
    row = maker()
    values = {key: value(row) if callable(value) else value for key, value in change.items()}
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(**values)
    assert refused_by(refusal.value) == name


def again(row: models.Model, change: Change) -> None:
    """Write the row a second time, with the change."""
    row.pk = None
    row._state.adding = True
    for key, value in change.items():
        setattr(row, key, value)
    with transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(("name", "maker", "change"), told(INSERTS))
def test_a_wrong_row_cannot_be_written(name, maker, change):
    with pytest.raises(IntegrityError) as refusal:
        again(maker(), change)
    assert refused_by(refusal.value) == name


@pytest.mark.parametrize(("name", "maker", "change"), told({k: [v] for k, v in UNIQUE.items()}))
def test_there_is_no_second_one(name, maker, change):
    with pytest.raises(IntegrityError) as refusal:
        again(maker(), change)
    assert refused_by(refusal.value) == name


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("apps.")]


def test_every_constraint_of_every_model_has_a_case():
    declared = {c.name for model in our_models() for c in model._meta.constraints}
    # The trigger link_rules refuses a link to itself before this check is asked.
    assert {*CHECKS, *INSERTS, *UNIQUE} == declared - {"link_not_to_self"}


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (model, field.name)
        for model in our_models()
        for field in model._meta.local_fields
        if field.unique and not field.primary_key
    ],
)
def test_unique_columns_have_a_unique_index(model, field):
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    column = model._meta.get_field(field).column
    assert any(c["unique"] and c["columns"] == [column] for c in found.values())


# --- triggers ---------------------------------------------------------------------------


def checked_now() -> None:
    """Ask for the constraints that wait until commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def change_version() -> None:
    make.version(rows.TEXT)
    ArticleVersion.objects.update(title="Another")


def delete_version() -> None:
    make.version(rows.TEXT)
    ArticleVersion.objects.all()._raw_delete("default")


def change_decision() -> None:
    rows.decision()
    Decision.objects.update(reason="another")


def delete_decision() -> None:
    rows.decision()
    Decision.objects.all()._raw_delete("default")


def change_removal() -> None:
    rows.removal()
    Removal.objects.update(reason="another")


def delete_removal() -> None:
    rows.removal()
    Removal.objects.all()._raw_delete("default")


def misquote(maker: Callable[[], models.Model], column: str = "surface") -> Callable[[], None]:
    def change() -> None:
        row = maker()
        type(row)._default_manager.filter(pk=row.pk).update(**{column: "What it does not say"})

    return change


def quote_past_the_end() -> None:
    row = rows.quoted()
    Evidence.objects.filter(pk=row.pk).update(end=len(rows.TEXT) + 50)


def publish_without_evidence() -> None:
    make.event(status="published", first_public_at=make.PUBLISHED_AT)
    checked_now()


def publish_on_a_proposal() -> None:
    event = rows.cited().event
    Event.objects.filter(pk=event.pk).update(status="published", first_public_at=make.PUBLISHED_AT)
    checked_now()


def lose_the_last_evidence() -> None:
    event = make.published()
    checked_now()
    event.evidence.all()._raw_delete("default")


def unpublish_the_last_evidence() -> None:
    event = make.published()
    checked_now()
    event.evidence.update(standing="rejected")


def move_the_last_evidence() -> None:
    event = make.published()
    checked_now()
    event.evidence.update(event=make.event())


def misquote_a_correction() -> None:
    row = rows.correction()
    span = {"now_version": row.evidence.article_version, "now_start": 0, "now_end": 7}
    type(row)._default_manager.filter(pk=row.pk).update(now="What it does not say", **span)


def change_a_coding() -> None:
    row = rows.second_coding()
    mine = type(row)._default_manager.filter(pk=row.pk)
    mine.update(coded_at=make.PUBLISHED_AT, first={"type": "AID"}, second={"type": "AID"})
    mine.update(second={"type": "ASSAULT"})


def change_the_history() -> None:
    rows.change()
    Change_.objects.update(why="another")


def empty_the_history() -> None:
    rows.change()
    Change_.objects.all()._raw_delete("default")


def retaliate_in_a_circle() -> None:
    link = rows.link()
    type(link).objects.create(source=link.target, target=link.source, kind=link.kind)


def link_to_itself() -> None:
    link = rows.link()
    type(link).objects.filter(pk=link.pk).update(target_id=models.F("source_id"))


def answer_a_claim_of_another_event() -> None:
    one, other = rows.claim(), make.claim(make.event(), number=1)
    type(one).objects.filter(pk=one.pk).update(answers=other)
    checked_now()


def answered(**changed: Any) -> Callable[[], None]:
    """Change a claim that another one of its event, of the same day, answers."""

    def break_it() -> None:
        first = rows.claim()
        make.claim(first.event, number=1, known_at=first.known_at, answers=first)
        checked_now()
        values = {name: value() if callable(value) else value for name, value in changed.items()}
        type(first).objects.filter(pk=first.pk).update(**values)
        checked_now()

    return break_it


def answer_before_it_was_known() -> None:
    first = rows.claim()
    early = first.known_at - timedelta(days=1)
    make.claim(first.event, number=1, known_at=early, answers=first)
    checked_now()


KEPT = "kept as they were written"
LAST = "must keep at least one published piece of evidence"
TRIGGERS = {
    "articleversion_immutable": [(change_version, KEPT), (delete_version, KEPT)],
    "change_immutable": [
        (change_the_history, "the history keeps what was written"),
        (empty_the_history, "the history keeps what was written"),
    ],
    "link_rules": [(retaliate_in_a_circle, "circle"), (link_to_itself, "circle")],
    "claim_answers": [
        (answer_a_claim_of_another_event, "about the same event"),
        (answered(event=rows.event), "about the same event"),
        (answer_before_it_was_known, "known no earlier"),
        (answered(known_at=datetime(2029, 1, 1, tzinfo=UTC)), "known no earlier"),
    ],
    "decision_immutable": [(change_decision, KEPT), (delete_decision, KEPT)],
    "removal_immutable": [(change_removal, KEPT), (delete_removal, KEPT)],
    "mention_span": [(misquote(rows.mention), "but the text has")],
    "candidate_span": [(misquote(rows.candidate), "but the text has")],
    "claimcandidate_span": [(misquote(rows.claim_candidate), "but the text has")],
    "evidence_span": [
        (misquote(rows.quoted, "quote"), "but the text has"),
        (quote_past_the_end, "but the text has"),
    ],
    "event_has_evidence": [(publish_without_evidence, LAST), (publish_on_a_proposal, LAST)],
    "correction_span": [(misquote_a_correction, "but the text has")],
    "second_coding_stays": [(change_a_coding, KEPT)],
    "evidence_leaves_event": [
        (lose_the_last_evidence, LAST),
        (unpublish_the_last_evidence, LAST),
        (move_the_last_evidence, LAST),
    ],
}


@pytest.mark.parametrize(("name", "breaking", "words"), told(TRIGGERS))
def test_a_trigger_refuses(name, breaking, words):
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        breaking()


def test_every_trigger_has_a_case():
    with connection.cursor() as cursor:
        # The queue brings triggers of its own, in a schema of its own.
        cursor.execute(
            "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace"
        )
        found = {name for (name,) in cursor.fetchall()}
    # Those that record changes are tested with the history, those that leave touches or mark what must be
    # counted again with entries and rollups; the silent ones move rows along, count polls and set a time.
    # Those that end sessions are tested with the accounts. None of them refuses anything.
    noting = (
        "_history",
        "_not_emptied",
        "_touch",
        "_touch_new",
        "_touch_old",
        "_reports",
        "_stamp",
    )
    silent = {"correction_follows", "sources_feedpoll_count", "removal_time"}
    assert set(TRIGGERS) == {n for n in found if not n.endswith(noting)} - silent


@pytest.mark.django_db(transaction=True)
def test_evidence_is_asked_for_when_the_transaction_ends_not_before():
    with transaction.atomic():
        event = make.event(status="published", first_public_at=make.PUBLISHED_AT)
        make.cited(event, standing="published")
    assert Event.objects.public().get() == event
    with pytest.raises(IntegrityError, match=LAST), transaction.atomic():
        make.event(status="published", first_public_at=make.PUBLISHED_AT)


def test_rows_that_hold_are_taken():
    """The builders above make rows that hold: what is refused is refused for the change alone."""
    for maker, _ in [case for listed in CHECKS.values() for case in listed[:1]]:
        with transaction.atomic():
            row = maker()
            assert row.pk
            transaction.set_rollback(True)
