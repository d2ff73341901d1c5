"""Links between events: no circles, no effect before its cause, refused by the database and in words."""

from datetime import date
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.accounts.models import User
from apps.events import curate
from apps.events.models import Link, Standing
from apps.events.models.link import link_fault
from tests.events import make

pytestmark = pytest.mark.django_db


def event(day: int = 8, **fields):
    return make.published(start=date(2020, 1, day), **fields)


def link(source, target, kind="retaliates_for", standing=Standing.PUBLISHED):
    with transaction.atomic():
        return Link.objects.create(source=source, target=target, kind=kind, standing=standing)


def chain(length: int, kind: str = "retaliates_for"):
    events = [event() for _ in range(length)]
    for source, target in pairwise(events):
        link(source, target, kind)
    return events


class TestCircles:
    @pytest.mark.parametrize("length", [2, 3, 6])
    def test_a_circle_of_any_length_is_refused_by_the_database(self, length):
        events = chain(length)
        with pytest.raises(IntegrityError, match="go in a circle"):
            link(events[-1], events[0])
        assert link_fault(events[-1], events[0], "retaliates_for").startswith("The links would go")

    def test_kinds_of_cause_and_effect_make_a_circle_together(self):
        first, last = chain(2, "retaliates_for")
        with pytest.raises(IntegrityError, match="go in a circle"):
            link(last, first, "responds_to")

    def test_a_whole_may_answer_to_its_part_but_not_be_part_of_it(self):
        part, whole = chain(2, "part_of")
        link(whole, part, "responds_to")
        with pytest.raises(IntegrityError, match="go in a circle"):
            link(whole, part, "part_of")

    def test_a_rejected_link_closes_no_circle_until_it_is_accepted(self):
        first, last = chain(2)
        back = link(last, first, standing=Standing.REJECTED)
        assert link_fault(last, first, "retaliates_for")
        with pytest.raises(curate.CurateError, match="go in a circle"):
            curate.publish_link(back, by_label="x")
        with pytest.raises(IntegrityError, match="go in a circle"), transaction.atomic():
            Link.objects.filter(pk=back.pk).update(standing=Standing.PUBLISHED)

    def test_a_link_is_no_circle_with_itself(self):
        first, last = chain(2)
        row = first.links_out.get()
        row.full_clean()
        Link.objects.filter(pk=row.pk).update(note="said again", kind="responds_to")
        assert link_fault(first, last, "responds_to", but=row.pk) == ""

    def test_the_sentence_names_the_way(self):
        events = chain(3)
        told = link_fault(events[-1], events[0], "responds_to")
        ids = [events[-1].public_id, events[0].public_id, events[1].public_id, events[-1].public_id]
        assert " → ".join(ids) in told


class TestOrder:
    def test_no_effect_starts_before_its_cause(self):
        earlier, later = event(3), event(8)
        with pytest.raises(IntegrityError, match="began before"):
            link(earlier, later)
        assert "began before" in link_fault(earlier, later, "violates")
        link(later, earlier)

    def test_a_part_may_start_before_what_it_is_named_part_of(self):
        link(event(3), event(8), "part_of")

    def test_days_known_less_well_must_all_lie_before(self):
        week = make.published(start=date(2020, 1, 6), end=date(2020, 1, 12), precision="week")
        link(week, event(8))
        with pytest.raises(IntegrityError, match="began before"):
            link(week, event(13))

    def test_a_rejected_one_stays_and_is_not_accepted(self):
        row = link(event(3), event(8), standing=Standing.REJECTED)
        with pytest.raises(curate.CurateError, match="began before"):
            curate.publish_link(row, by_label="x")


class TestMerging:
    def test_a_published_link_that_would_close_a_circle_holds_a_merge_up(self):
        first, _, last = chain(3)
        with pytest.raises(curate.CurateError, match="go in a circle"):
            curate.merge(last, into=first, by_label="x")

    def test_a_proposed_one_is_dropped(self):
        first, middle, last = chain(3)
        Link.objects.filter(source=middle).update(standing=Standing.PROPOSED)
        curate.merge(last, into=first, by_label="x")
        assert list(Link.objects.values_list("source", "target")) == [(first.pk, middle.pk)]


class TestEvidence:
    def test_a_link_is_accepted_with_its_sentence_and_falls_with_it(self):
        source, target = event(8), event(3)
        sentence = make.cited(source, url="https://example.org/why")
        row = Link.objects.create(
            source=source, target=target, kind="responds_to", evidence=sentence, origin="machine"
        )
        curate.publish_link(row, by_label="x")
        sentence.refresh_from_db()
        assert sentence.standing == Standing.PUBLISHED
        curate.reject_evidence(sentence, by_label="x", reason="misread")
        row.refresh_from_db()
        assert row.standing == Standing.REJECTED
        with pytest.raises(curate.CurateError, match="evidence of this link was rejected"):
            curate.publish_link(row, by_label="x")


class TestAdmin:
    @pytest.fixture
    def browser(self, client):
        client.force_login(User.objects.create_superuser("chief"))
        return client

    def form(self, row, **changes):
        """What the event's page in the admin would send, with one more link."""
        prefixes = ("participations", "evidence", "claims", "links_out", "links_in", "decisions")
        values = {f"{prefix}-TOTAL_FORMS": 0 for prefix in prefixes}
        values |= {f"{prefix}-INITIAL_FORMS": 0 for prefix in prefixes}
        fields = (
            "title", "summary", "type", "mode", "type_fit", "confidence", "rank", "soil", "start",
            "end", "precision", "date_note", "geo_precision", "notes",
        )  # fmt: skip
        values |= {name: getattr(row, name) for name in fields}
        return values | {"links_out-TOTAL_FORMS": 1} | changes

    def save(self, browser, row, target, kind):
        sent = self.form(row, **{"links_out-0-kind": kind, "links_out-0-target": target.pk})
        address = reverse("admin:events_event_change", args=[row.pk])
        return browser.post(address, sent)

    def test_the_form_tells_why_a_link_cannot_be(self, browser):
        first, last = chain(2)
        for source, target, told in (
            (last, first, "go in a circle"),
            (event(3), event(8), "began before"),
        ):
            response = self.save(browser, source, target, "responds_to")
            assert response.status_code == 200
            assert told in response.content.decode()
        assert Link.objects.count() == 1

    def test_new_days_of_an_event_keep_its_effects_after_it(self, browser):
        effect, cause = event(8), event(3)
        link(effect, cause)
        sent = self.form(cause, start="2020-01-09", end="2020-01-09") | {"links_out-TOTAL_FORMS": 0}
        address = reverse("admin:events_event_change", args=[cause.pk])
        response = browser.post(address, sent)
        assert response.status_code == 200
        assert "Or reject the link first." in response.content.decode()

    def test_a_link_that_can_be_is_public_at_once(self, browser):
        later, earlier = event(8), event(3)
        response = self.save(browser, later, earlier, "responds_to")
        assert response.status_code == 302, response.content.decode()[:3000]
        assert Link.objects.get().standing == Standing.PUBLISHED
