"""What changed of a timeline since a day or a visit: told is what readers saw and see, and nothing else."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.events import curate
from apps.events.models import Event, Standing
from apps.events.snapshot import snapshot
from apps.timelines import visits
from apps.timelines.asof import AsOf
from apps.timelines.models import Timeline
from apps.timelines.queries.changes import changes
from apps.timelines.queries.selection import select
from apps.timelines.views import changes as views_changes
from tests.events import make
from tests.factories import make_actor, make_claim, make_event, make_timeline

pytestmark = pytest.mark.django_db
PAGE = "/timelines/us-iran-2020/"
CHANGES = f"{PAGE}changes/"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def iran():
    return make_actor("iran-gov", name="Iran")


@pytest.fixture
def timeline(iran):
    return make_timeline(actors=[iran])


@pytest.fixture
def event(timeline, iran):
    return make_event("The attack", by=[iran])


@pytest.fixture
def senior():
    return make.editor("senior")


def since(moment: datetime = LONG_AGO, query: str = "", day: date | None = None, **values):
    chosen = select(Timeline.objects.get(), QueryDict(query), AsOf(day))
    return changes(chosen, moment, **values)


def edit(event, by, reason="a slip", **values):
    before = snapshot(event)
    Event.objects.filter(pk=event.pk).update(**values)
    event.refresh_from_db()
    return curate.edited(event, before=before, by=by, reason=reason)


def told(row):
    return {str(f.label): (f.was, f.now) for f in row.fields}


def words(client, path=CHANGES, **query) -> str:
    response = client.get(path, query)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


class TestDecisions:
    def test_an_event_that_was_published_is_new(self, timeline, iran, senior):
        proposed = make_event("A proposal", by=[iran], status="proposed")
        assert since() == []
        curate.publish(proposed, by=senior, confirmed=True)
        (row,) = since()
        assert (row.kind, row.title, row.fields) == ("new", "A proposal", [])

    def test_a_correction_tells_the_fields_as_they_were_and_as_they_are(self, event, senior):
        edit(event, senior, title="The strike", end=date(2020, 1, 4), type="COERCE")
        (row,) = since()
        assert row.kind == "corrected"
        assert row.why == "a slip"
        assert told(row) == {
            "type": ("Assault", "Coerce"),
            "days": ("3 January 2020", "3–4 January 2020"),
            "title": ("The attack", "The strike"),
        }

    def test_what_the_desk_calls_a_withdrawn_event_cannot_be_found_out(self, event, senior):
        """A search of the changes answers to the words that were public, not to those that are proposed."""
        curate.reject(event, by=senior, reason="no such thing")
        Event.objects.filter(pk=event.pk).update(title="SECRET draft")
        assert [row.title for row in since(query="q=attack")] == ["The attack"]
        assert since(query="q=secret") == []

    def test_a_claim_that_was_published_is_told_by_its_speaker(self, event, iran, senior):
        claim = make_claim(event, iran, field="killed", number=7, standing=Standing.PROPOSED)
        curate.publish_claim(claim, by=senior)
        (row,) = since()
        assert told(row)["killed"] == ("not known", "7")
        assert told(row)["claims"] == ("", "Iran says 7 (killed)")

    def test_what_is_rejected_since_is_counted_and_not_quoted(self, event, iran, senior):
        claim = make_claim(event, iran, field="killed", number=7, value="SECRET")
        curate.reject_claim(claim, by=senior, reason="misread")
        (row,) = since()
        assert told(row)["claims"] == ("1 not public any more", "")

    def test_of_what_was_changed_before_it_was_public_nothing_is_told(self, timeline, iran, senior):
        proposed = make_event("DRAFT", by=[iran], status="proposed")
        edit(proposed, senior, title="The raid")
        assert since() == []
        curate.publish(proposed, by=senior, confirmed=True)
        assert [(row.kind, row.title) for row in since()] == [("new", "The raid")]

    def test_notes_and_other_inner_things_are_no_change(self, event, senior):
        edit(event, senior, notes="ask the desk", names=["the raid"])
        assert since() == []

    def test_a_merged_event_leads_to_what_tells_of_it_now(self, event, iran, senior):
        other = make_event("The same attack", by=[iran])
        curate.merge(other, into=event, by=senior, reason="one attack")
        merged = next(row for row in since() if row.kind == "merged")
        assert (merged.title, merged.into, merged.stands) == ("The same attack", event, False)
        assert {row.kind for row in since()} == {"merged", "corrected"}

    def test_an_event_that_was_taken_back_is_told_by_the_title_it_had_without_a_reason(
        self, client, event, senior
    ):
        edit(event, senior, title="The raid")
        curate.reject(event, by=senior, reason="INNER REASON")
        (row,) = since()  # the earlier correction is of what nobody may read any more
        assert (row.kind, row.title, row.why) == ("retracted", "The raid", "")
        shown = words(client, since="2020-01-01")
        assert "taken back The raid" in shown
        assert "INNER REASON" not in shown
        assert "senior" not in shown

    def test_a_turned_down_proposal_is_nothing_for_readers(self, timeline, iran, senior):
        curate.reject(make_event("RUMOUR", by=[iran], status="proposed"), by=senior, reason="no")
        assert since() == []

    def test_only_what_came_after_and_until_is_told(self, event, senior):
        taken = edit(event, senior, title="The strike")
        assert since(taken.at) == []
        assert since(until=taken.at - timedelta(seconds=1)) == []
        assert len(since(taken.at - timedelta(seconds=1), until=taken.at)) == 1

    def test_filters_count_for_events_and_for_those_that_are_gone(self, event, iran, senior):
        threat = make_event("The threat", by=[iran], type="THREATEN")
        edit(event, senior, title="The strike")
        curate.reject(threat, by=senior, reason="no")
        assert [row.title for row in since(query="type=ASSAULT")] == ["The strike"]
        assert [row.title for row in since(query="type=THREATEN")] == ["The threat"]
        assert since(query="from=2020-02-01&to=2020-03-01") == []
        assert len(since(query="actor=iran-gov")) == 2

    def test_events_of_other_dossiers_are_left_out(self, event, senior):
        stranger = make_event("Elsewhere", by=[make_actor("arl-gov")])
        edit(stranger, senior, title="Far away")
        assert since() == []

    def test_as_many_queries_for_three_changes_as_for_one(self, event, iran, senior):
        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                since()
            return len(queries)

        claim = make_claim(event, iran, standing=Standing.PROPOSED)
        curate.publish_claim(claim, by=senior)
        one = count()
        for number in range(2):
            more = make_event(f"More {number}", by=[iran])
            curate.publish_claim(make_claim(more, iran, standing=Standing.PROPOSED), by=senior)
        assert len(since()) == 3
        assert count() == one


class TestAsOfADay:
    def test_told_is_what_became_known_whenever_it_was_entered(self, client, event, iran):
        make_claim(
            event, iran, field="wounded", number=0, known_at=datetime(2020, 1, 3, 20, tzinfo=UTC)
        )
        make_claim(
            event, iran, field="wounded", number=9, known_at=datetime(2020, 1, 12, tzinfo=UTC)
        )
        make_claim(
            event, iran, field="wounded", number=50, known_at=datetime(2020, 2, 1, tzinfo=UTC)
        )
        make_event("The answer", start=date(2020, 1, 11), by=[iran])
        make_event("The aftermath", start=date(2020, 1, 25), by=[iran])
        rows = since(datetime(2020, 1, 10, tzinfo=UTC), day=date(2020, 1, 20))
        assert [(row.kind, row.title) for row in rows] == [
            ("corrected", "The attack"), ("new", "The answer"),
        ]  # fmt: skip
        assert told(rows[0]) == {"wounded": ("0", "9")}
        shown = words(client, as_of="2020-01-20", since="2020-01-10")
        assert "was 0 → is 9" in shown
        assert "aftermath" not in shown


class TestThePage:
    def test_changes_stand_under_their_days_newest_first(self, client, event, senior):
        edit(event, senior, title="The strike")
        shown = words(client, since="2020-01-01")
        today = timezone.now().astimezone(UTC).date()
        assert f"{today.day} {today:%B %Y} corrected The strike" in shown
        assert "Why: a slip" in shown

    def test_where_nothing_changed_it_says_so(self, client, event):
        assert "Nothing changed" in words(client)

    @pytest.mark.parametrize(
        ("asked", "fault"),
        [
            ("soon", "“soon” is not a day"),
            ("2999-01-01", "is after the day that is shown"),
            ("visit", "No earlier visit is known"),
        ],
    )
    def test_a_since_that_makes_no_sense_is_named(self, client, event, asked, fault):
        assert fault in words(client, since=asked)

    def test_many_changes_go_on_on_the_next_page(self, client, event, senior, monkeypatch):
        monkeypatch.setattr(views_changes, "PAGE_SIZE", 2)
        for number in range(3):
            edit(event, senior, title=f"Version {number}")
        response = client.get(CHANGES, {"since": "2020-01-01"})
        first = response.content.decode()
        assert "Version 0</a>" not in first
        (more,) = re.findall(r'href="(\?[^"]*before=\d+)"', first)
        last = client.get(CHANGES + more.replace("&amp;", "&")).content.decode()
        assert "Version 0</a>" in last
        assert "before=" not in last


class TestVisits:
    def come(self, client, monkeypatch, at: datetime, path: str = PAGE, **query) -> str:
        monkeypatch.setattr(visits.timezone, "now", lambda: at)
        response = client.get(path, query)
        monkeypatch.undo()
        return response

    def test_a_reader_who_comes_back_is_told_how_much_changed(
        self, client, event, senior, monkeypatch
    ):
        now = timezone.now()
        first = self.come(client, monkeypatch, now - timedelta(days=2)).content.decode()
        assert "since your last visit" not in first
        edit(event, senior, title="The strike")
        back = self.come(client, monkeypatch, now).content.decode()
        assert "1 change since your last visit" in back
        page = self.come(client, monkeypatch, now, CHANGES, since="visit").content.decode()
        assert "Since your last visit" in page
        assert "The strike" in page

    def test_the_cookie_is_signed_first_party_and_written_once_in_half_an_hour(
        self, client, event, monkeypatch
    ):
        now = timezone.now() - timedelta(hours=1)
        (cookie,) = self.come(client, monkeypatch, now).cookies.values()
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == PAGE
        assert not self.come(client, monkeypatch, now + timedelta(minutes=29)).cookies
        assert self.come(client, monkeypatch, now + timedelta(minutes=31)).cookies

    def test_a_long_visit_keeps_what_was_new_when_it_began(self, rf, event, client, monkeypatch):
        now = timezone.now()
        timeline = Timeline.objects.get()
        self.come(client, monkeypatch, now - timedelta(days=2))
        for minutes in (0, 40, 80):
            self.come(client, monkeypatch, now + timedelta(minutes=minutes))
        request = rf.get(PAGE)
        request.COOKIES.update({name: c.value for name, c in client.cookies.items()})
        ended = visits.last_visit(request, timeline)
        assert ended is not None
        assert abs(ended - (now - timedelta(days=2))) < timedelta(seconds=2)

    def test_a_cookie_that_was_tampered_with_counts_as_none(self, client, event):
        client.cookies[f"visit-{Timeline.objects.get().pk}"] = "1:2:forged"
        assert "No earlier visit is known" in words(client, since="visit")
