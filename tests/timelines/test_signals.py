"""Signals behind a timeline: counted exactly, by the rule of curated events, as known then."""

import io
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.http import QueryDict
from django.urls import reverse

from apps.actors.models import Actor, Relation
from apps.core import plover
from apps.events.models import Event
from apps.places.models import Place
from apps.signals.importing import take
from apps.signals.models import Party, Signal, SignalSource
from apps.timelines import rollups, signal_counts, tension
from apps.timelines.asof import NOW, AsOf
from apps.timelines.models import SignalCount, Timeline
from apps.timelines.queries import signals as queries_signals
from apps.timelines.queries.selection import select
from apps.timelines.queries.signal_list import load, loudest
from apps.timelines.queries.signals import background
from apps.timelines.signal_models import Grain
from tests.factories import make_actor, make_dyad, make_event, make_place, make_timeline, relate

pytestmark = pytest.mark.django_db
HEAD = "id,date,type,mode,initiator,target,place,country,known_at,mentions,text,url"
TYPES = ("ASSAULT", "THREATEN", "CONSULT", "AID", "SANCTION")
WORDS = ("rockets", "talks", "drones", "aid")


@pytest.fixture
def timeline() -> Timeline:
    """Two states with a force that belongs to one for a time, three lanes' worth of parties, two places."""
    us, iran, other = make_actor("us-gov"), make_actor("iran-gov"), make_actor("other")
    guards, militia = make_actor("guards"), make_actor("militia")
    relate(guards, Relation.Kind.PART_OF, iran)
    relate(militia, Relation.Kind.PART_OF, iran, since=date(2020, 3, 1))
    iraq = make_place("iraq", kind="country")
    baghdad = make_place("baghdad", parent=iraq)
    timeline = make_timeline(
        actors=[us, iran], start=date(2020, 1, 1), end=date(2021, 6, 30), focus_start=None,
        focus_end=None,
    )  # fmt: skip
    timeline.places.add(baghdad)
    make_dyad(timeline, "us-iran", [us], [iran])
    make_dyad(timeline, "iran-other", [iran], [other])
    return timeline


@pytest.fixture
def source() -> SignalSource:
    return SignalSource.objects.create(slug="coder", name="The Coder", kind="own")


def brought(source, *rows):
    content = "\n".join([HEAD, *rows]).encode()
    return take(source, "a.csv", io.BytesIO(content), lambda file: None)


@pytest.fixture
def twins(timeline, source):
    """The same 300 happenings, once as curated events and once as signals."""
    pick, rows = Random(3), []  # no secret
    slugs = ("us-gov", "iran-gov", "other", "guards", "militia")
    actors = _actors()
    for number in range(300):
        day = date(2020, 1, 1) + timedelta(days=pick.randrange(540))
        by, at = pick.choice((*slugs, "")), pick.choice((*slugs, ""))
        place, type_ = pick.choice(("baghdad", "iraq", "")), pick.choice(TYPES)
        word, late = pick.choice(WORDS), pick.choice((0, 0, 0, 1, 40))
        known = datetime.combine(day, datetime.min.time(), UTC) + timedelta(days=late, hours=5)
        rows.append(f"{number},{day},{type_},,{by},{at},{place},,{known.isoformat()},1,{word},")
        make_event(
            f"{word} {number}", start=day, type=type_, first_public_at=known, severity=-plover.score(type_),
            by=[actors[by]] if by else [], at=[actors[at]] if at else [],
            place=_place(place),
        )  # fmt: skip
    signal_counts.refresh()
    brought(source, *rows)
    rollups.refresh()
    return timeline


def _actors():
    return {actor.slug: actor for actor in Actor.objects.all()}


def _place(slug):
    return Place.objects.filter(slug=slug).first()


ASKED = (
    "",
    "from=2020-02-10&to=2020-11-20",
    "actor=us-gov",
    "actor=iran-gov",
    "actor=iran-gov&alone=1",
    "actor=guards&actor=militia",
    "dyad=us-iran",
    "dyad=iran-other&dyad=other",
    "dyad=other",
    "place=baghdad",
    "place=iraq",
    "type=ASSAULT&type=AID",
    "severity=7",
    "type=THREATEN&actor=us-gov",
    "q=rockets",
    "q=talks&actor=iran-gov&dyad=us-iran",
    "actor=us-gov&place=iraq&severity=4",
    "precision=day",
    "precision=week",
    "contested=1",
    "reports=2",
)


def chosen_by(timeline, query, as_of=NOW):
    return select(timeline, QueryDict(query), as_of)


def of_events(chosen):
    """Curated events by first day and quad class."""
    rows = chosen.events.order_by().values_list("start", "type")
    return Counter((day, plover.QUAD[type_]) for day, type_ in rows)


def of_signals(chosen, most=1000):
    found = background(chosen, most)
    assert found.words == ""
    return Counter(
        {
            (bucket.start, quad): bucket.counts[quad - 1]
            for bucket in found.buckets
            for quad in (1, 2, 3, 4)
            if bucket.counts[quad - 1]
        }
    )


@pytest.mark.parametrize("day", [None, date(2020, 5, 10), date(2020, 9, 30)])
def test_a_filter_asks_of_signals_what_it_asks_of_events(twins, day):
    as_of = AsOf(day) if day else NOW
    for query in ASKED:
        chosen = chosen_by(twins, query, as_of)
        if "contested" in query or "reports" in query:
            assert background(chosen).total == 0
        else:
            assert of_signals(chosen) == of_events(chosen), query


def test_weeks_and_months_hold_what_their_days_hold(twins):
    for query in ("", "from=2020-01-15&to=2021-05-10", "q=talks", "dyad=us-iran"):
        chosen = chosen_by(twins, query)
        days = background(chosen, 1000)
        for most in (400, 100, 40, 7):
            found = background(chosen, most)
            assert found.total == days.total > 0, (query, most)
            assert found.buckets[0].start == chosen.filters.start
            assert found.buckets[-1].end == chosen.filters.end
            for bucket in found.buckets:
                inside = [d for d in days.buckets if bucket.start <= d.start <= bucket.end]
                assert bucket.counts == tuple(
                    map(sum, zip(*(d.counts for d in inside), strict=True))
                )


def stored():
    return {
        row[:-1]: row[-1]
        for row in SignalCount.objects.values_list(
            "timeline", "dim", "value", "grain", "period", "kind", "source", "count"
        )
        if row[-1]
    }


def test_counts_kept_along_are_those_of_a_full_count(twins):
    kept = stored()
    full = Counter()
    for cells in signal_counts.counted(twins):
        full.update(cells)
    assert kept == {key: n for key, n in full.items() if n}
    assert {key[3] for key in kept} == set(Grain.values)


class TestRules:
    @pytest.mark.parametrize("change", ["relation", "party", "scope", "dyad"])
    def test_after_a_change_of_a_rule_nothing_is_told_until_all_is_counted_anew(
        self, twins, change
    ):
        before = stored()
        if change == "relation":
            Relation.objects.filter(source__slug="militia").delete()
        elif change == "party":
            Party.objects.filter(key="other").update(actor=_actors()["us-gov"])
        elif change == "scope":
            twins.actors.remove(_actors()["iran-gov"])
        else:
            twins.dyads.filter(slug="us-iran").delete()
        told = background(chosen_by(twins, ""))
        assert (told.total, bool(told.words)) == (0, True)
        rollups.refresh()
        after = stored()
        assert after != before
        full = Counter()
        for cells in signal_counts.counted(twins):
            full.update(cells)
        assert after == {key: n for key, n in full.items() if n}

    def test_a_decision_about_an_event_leaves_counts_exact(self, twins):
        Event.objects.filter(pk=Event.objects.first().pk).update(title="Another title")
        assert background(chosen_by(twins, "")).words == ""


class TestShown:
    def test_signals_stand_behind_the_index_with_their_source_named(self, client, twins):
        page = client.get(twins.get_absolute_url()).content.decode()
        assert "machine-coded, unchecked and no part of the index" in page
        assert "The Coder" in page
        assert "var(--signals)" in page

    def test_a_page_lists_the_loudest(self, client, twins):
        page = client.get(reverse("signals", args=[twins.slug])).content.decode()
        assert page.count('<tr class="quad-') == 50
        assert "Machine-coded and unchecked" in page

    def test_sources_that_are_not_public_are_nowhere(self, client, twins, source):
        SignalSource.objects.update(public=False)
        for name in ("timeline", "signals", "api-signals", "api-signals-loudest"):
            page = client.get(reverse(name, args=[twins.slug])).content.decode()
            assert "The Coder" not in page
        assert client.get(reverse("api-signals", args=[twins.slug])).json()["total"] == 0

    def test_curated_events_and_their_index_are_the_same_without_signals(self, client, twins):
        address = reverse("api-index", args=[twins.slug])
        events = reverse("api-events", args=[twins.slug])
        before = client.get(address).json()["items"], client.get(events).json()["total"]
        Signal.objects.all().delete()
        assert (client.get(address).json()["items"], client.get(events).json()["total"]) == before

    def test_the_api_tells_buckets_rows_and_load(self, client, twins):
        told = client.get(reverse("api-signals", args=[twins.slug])).json()
        assert sum(bucket["count"] for bucket in told["items"]) == told["total"] > 0
        assert told["coded_by"] == ["The Coder"]
        rows = client.get(reverse("api-signals-loudest", args=[twins.slug])).json()["items"]
        assert [abs(row["severity"]) for row in rows] == sorted(
            (abs(row["severity"]) for row in rows), reverse=True
        )
        days = client.get(reverse("api-signals-load", args=[twins.slug])).json()["items"]
        assert any(day["load"] for day in days)

    def test_an_answer_is_another_once_signals_came(self, client, twins, source):
        address = reverse("api-signals", args=[twins.slug])
        tag = client.get(address)["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
        take(
            source, "b.csv",
            io.BytesIO(f"{HEAD}\nnew,2020-01-08,ASSAULT,,us-gov,,,,,,,".encode()), lambda file: None,
        )  # fmt: skip
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 200

    def test_what_takes_too_long_is_told_and_nothing_else_is_lost(self, client, twins, monkeypatch):
        monkeypatch.setattr(queries_signals, "_LIMIT_MS", 1)
        slow = "SELECT pg_sleep(1)"
        monkeypatch.setattr(queries_signals, "_summed", lambda rows, grain: _asleep(slow))
        page = client.get(f"{twins.get_absolute_url()}?q=rockets")
        assert page.status_code == 200
        assert "Too many signals to count" in page.content.decode()


def _asleep(sql):
    with queries_signals.limited(), connection.cursor() as cursor:
        cursor.execute(sql)
    return []


@pytest.mark.parametrize("as_of", [NOW, AsOf(date(2020, 1, 25))], ids=["now", "then"])
@pytest.mark.parametrize("since", ["", "from=2020-01-10", "from=2020-01-10&to=2020-01-10"])
def test_load_is_the_index_formula_over_signals(twins, since, as_of):
    chosen = chosen_by(twins, since, as_of)
    days = load(chosen)
    everything = chosen_by(twins, f"from={twins.start}&to={twins.end}", as_of)
    parts = [(signal.start, signal.severity) for signal in queries_signals.rows_of(everything)]
    assert min(day for day, _ in parts) < date(2020, 1, 10)
    last = as_of.until(chosen.filters.end)
    parts = [(day, severity) for day, severity in parts if day <= last]
    wanted = tension.loads_of(parts, chosen.filters.start, last)
    assert [day for day, _ in days] == [
        chosen.filters.start + timedelta(days=n) for n in range(len(wanted))
    ]
    assert [sum_ for _, sum_ in days] == pytest.approx(wanted)
    assert any(wanted)


def test_the_list_goes_on_page_by_page_without_a_gap(twins):
    chosen = chosen_by(twins, "")
    total = background(chosen).total
    seen = [s.pk for page in range(1, 8) for s in loudest(chosen, page)]
    assert len(seen) == len(set(seen)) == total
