"""Changes in words: what an editor reads in a history, a conflict or an audit."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.actors.models import Actor
from apps.core import history, history_words
from apps.core.history_words import Piece, word_diff
from apps.core.models import Change
from apps.events.models import Claim, Event, Participation
from tests.events import make
from tests.factories import make_timeline

pytestmark = pytest.mark.django_db


def last(model, pk):
    change = Change.objects.of(model._meta.db_table, pk).first()
    return history_words.tell([change])[0]


def test_a_claim_is_told_by_its_speaker_and_what_changed():
    claim = make.claim(make.event(), "killed", number=3, speaker="pentagon")
    Claim.objects.update(number=5)
    assert str(last(Claim, claim.pk)) == "claim by Pentagon on killed: number changed from 3 to 5"


def test_what_a_row_points_to_is_told_by_name_also_when_it_is_gone():
    event = make.event(place=make.place("baghdad"))
    Event.objects.update(place=make.place("erbil"))
    assert "place changed from Baghdad to Erbil" in str(last(Event, event.pk))
    Event.objects.update(place=None)
    make.place("erbil").delete()
    assert "place emptied (was Erbil)" in str(last(Event, event.pk))


def test_choices_days_moments_lists_and_yes_or_no_are_told_in_words():
    event = make.event()
    event.first_public_at = datetime(2020, 1, 8, 17, 5, tzinfo=UTC)
    event.start, event.end = date(2020, 1, 7), date(2020, 1, 9)
    event.geo_precision, event.names = "near", ["the strike", "the raid"]
    event.type_fit = "stretch"
    event.save()
    told = str(last(Event, event.pk))
    assert "first public at set to 2020-01-08 17:05" in told
    assert "start changed from 2020-01-08 to 2020-01-07" in told
    assert "type fit changed from good to stretch: PLOVER has no class for it" in told
    assert "names set to the strike, the raid" in told


def test_texts_are_compared_by_words():
    assert word_diff("Two rockets hit the base", "Three rockets hit the base") == (
        Piece("was", "Two "), Piece("now", "Three "), Piece("same", "rockets hit the base"),
    )  # fmt: skip
    assert word_diff("Rockets", "A drone") == (Piece("was", "Rockets"), Piece("now", "A drone"))


@pytest.mark.parametrize("words", [5, 5000])
def test_the_diff_of_two_texts_holds_both(words):
    was, now = "a b c d " * words + "e", "a b x d " * words + "e"
    pieces = word_diff(was, now)
    assert "".join(p.text for p in pieces if p.kind != "was") == now
    assert "".join(p.text for p in pieces if p.kind == "was").strip()


def test_an_added_row_is_told_by_its_values_without_what_goes_without_saying():
    event = make.event()
    part = Participation.objects.create(event=event, actor=make.actor("iran"), role="initiator")
    told = str(last(Participation, part.pk))
    assert told == "participation Iran (initiator) added: actor Iran, role initiator"


def test_rows_between_many_and_many_are_told_as_a_change_of_the_list():
    timeline = make_timeline(actors=[make.actor("iran")])
    change = Change.objects.get(table="timelines_timeline_actors")
    assert str(history_words.tell([change])[0]) == "actors added: Iran"
    timeline.actors.clear()
    change = Change.objects.filter(table="timelines_timeline_actors").first()
    assert str(history_words.tell([change])[0]) == "actors removed: Iran"


def test_a_row_that_moved_stands_in_both_histories():
    one, two = make.event("T-A", title="One"), make.event("T-B", title="Two")
    claim = make.claim(one, "occurrence")
    Claim.objects.filter(pk=claim.pk).update(event=two)
    for event in (one, two):
        told = history_words.tell([Change.objects.of("events_event", event.pk).first()])[0]
        assert told.verb == "moved"
        assert "event changed from T-A One to T-B Two" in str(told)


def test_a_column_that_is_no_more_is_told_by_its_name():
    change = Change(table="events_event", row_id=1, owner_table="events_event", owner_id=1, op="U",
                    before={"old_column": 1}, after={"old_column": 2}, who="x")  # fmt: skip
    assert str(history_words.tell([change])[0]) == "event: old column changed from 1 to 2"
    change.table = "events_gone"
    assert "old column changed" in str(history_words.tell([change])[0])


def test_since_tells_what_others_changed_after_a_change_oldest_first():
    event = make.event(title="One")
    seen = Change.objects.first().pk
    me, other = User.objects.create_user("me"), User.objects.create_user("other")
    for user, title in ((me, "Two"), (other, "Three")):
        with transaction.atomic(), history.noted(user=user):
            Event.objects.update(title=title)
    Event.objects.update(confidence="low")  # by nobody who is known
    told = history_words.since("events_event", event.pk, seen, excluding_user=me)
    assert told[0].change.who == "other"
    assert len(told) == 2
    assert len(history_words.since("events_event", event.pk, seen)) == 3


def test_the_words_of_many_changes_take_no_more_queries_than_those_of_few():
    def queries(changes):
        with CaptureQueriesContext(connection) as seen:
            assert all(map(str, history_words.tell(changes)))
        return len(seen)

    event = make.event(place=make.place())
    for number in range(6):
        make.claim(event, "killed", number=number, speaker=f"actor-{number}")
        make.cited(event, f"https://example.org/{number}")
        Participation.objects.create(event=event, actor=make.actor(f"a-{number}"), role="other")
    changes = list(Change.objects.of("events_event", event.pk))
    few = [next(c for c in changes if c.table == t) for t in {c.table for c in changes}]
    assert len(changes) > 3 * len(few)
    assert queries(changes) == queries(few)
    assert Actor.objects.count() == 12
