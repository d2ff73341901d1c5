"""The map: what is drawn where, as what, and what its page says."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from apps.timelines.drawing import basemap
from apps.timelines.drawing.map import (
    HEIGHT,
    WIDTH,
    Area,
    Box,
    Projection,
    fitted,
    framed,
    parse,
    scale_bar,
    whole,
)
from apps.timelines.drawing.map_marks import APART, Spot, labels, marks
from tests.factories import make_actor, make_claim, make_event, make_place, make_timeline

BAGHDAD = (44.4, 33.3)
REGION = framed(50, 31, 20)


def spot(key="baghdad", lon=44.4, lat=33.3, **values) -> Spot:
    values = {"radius_km": 10, "vague": False, "counts": (0, 0, 0, 1), **values}
    return Spot(key, key.title(), lon, lat, **values)


class TestFrame:
    @given(
        lon=st.floats(-180, 180),
        lat=st.floats(-60, 84),
        span=st.floats(0.1, 400),
    )
    def test_every_frame_is_an_address_that_leads_back_to_it(self, lon, lat, span):
        box = framed(lon, lat, span)
        again = parse(box.address)
        assert again is not None
        for side in ("west", "south", "east", "north"):
            assert abs(getattr(again, side) - getattr(box, side)) < 0.2

    @given(st.text(max_size=30))
    def test_whatever_is_asked_for_is_a_box_or_none(self, asked):
        assert parse(asked) is None or isinstance(parse(asked), Box)

    @pytest.mark.parametrize(
        "asked", ["", "1,2,3", "a,b,c,d", "60,20,40,40", "nan,1,2,3", "0,0,0,0"]
    )
    def test_what_is_no_part_of_the_world_is_none(self, asked):
        assert parse(asked) is None

    def test_it_opens_on_most_events_and_tells_how_to_see_all(self):
        near = [Area(*BAGHDAD, 10, 30), Area(51.4, 35.7, 10, 20), Area(46, 30, 10, 5)]
        far = Area(-77, 38.9, 10, 6)
        assert not fitted([*near, far]).holds(far.lon, far.lat)
        assert whole([*near, far]).holds(far.lon, far.lat)

    def test_a_circle_on_the_ground_is_drawn_to_scale(self):
        projection = Projection(REGION)
        _, high = projection.circle(31, 111.32)
        assert high == pytest.approx(projection.point(0, 30)[1] - projection.point(0, 31)[1])
        wide, high = projection.circle(REGION.middle[1], 100)
        assert wide == pytest.approx(high, rel=0.01)

    def test_the_scale_bar_is_as_long_as_it_says(self):
        projection = Projection(REGION)
        bar = scale_bar(projection)
        assert bar.width == pytest.approx(bar.km / 111.32 * projection.scale, abs=0.1)
        assert str(bar.km).strip("0") in ("1", "2", "5")


class TestBaseMap:
    def test_it_draws_the_countries_of_the_box_and_no_others(self):
        codes = {row.code for row in basemap.outlines(REGION)}
        assert {"IRN", "IRQ", "SAU"} <= codes
        assert not {"USA", "AUS"} & codes

    def test_no_country_is_drawn_across_the_whole_world(self):
        for country in basemap.countries():
            for ring in country.rings:
                leaps = [abs(a[0] - b[0]) for a, b in pairwise(ring)]
                assert max(leaps) < 180, country.name

    def test_what_is_drawn_of_a_region_is_small(self):
        assert sum(len(row.path) for row in basemap.outlines(REGION)) < 80_000


class TestMarks:
    def test_ten_thousand_places_are_no_more_marks_than_there_is_room_for(self):
        spots = [spot(f"p{n}", 40 + n % 100 / 5, 22 + n // 100 / 6) for n in range(10_000)]
        drawn = marks(spots, Projection(REGION))
        assert len(drawn.marks) < 4 * WIDTH * HEIGHT / (APART * APART)
        assert sum(mark.count for mark in drawn.marks) + drawn.outside == 10_000
        assert len(drawn.areas) <= 300

    def test_an_area_is_no_spot_and_shares_no_mark_with_one(self):
        drawn = marks(
            [spot(), spot("iraq", vague=True, country="IRQ", radius_km=400)], Projection(REGION)
        )
        assert [mark.vague for mark in drawn.marks] == [False, True]
        assert drawn.countries == ("IRQ",)
        first, second = drawn.marks
        assert abs(first.x - second.x) + abs(first.y - second.y) >= APART

    def test_the_more_severe_the_larger(self):
        (mild,) = marks([spot(severity=1)], Projection(REGION)).marks
        (severe,) = marks([spot(severity=9)], Projection(REGION)).marks
        assert severe.half > mild.half

    def test_no_two_labels_stand_on_each_other(self):
        spots = [spot(f"place-{n}", 42 + n % 10, 26 + n // 10) for n in range(80)]
        projection = Projection(REGION)
        drawn = marks(spots, projection)
        written = labels(drawn.marks, basemap.names(projection))
        assert written
        assert len({(label.x, label.y) for label in written}) == len(written)


@pytest.fixture
def dossier(db):
    iran, us = make_actor("iran-gov"), make_actor("us-gov")
    timeline = make_timeline(actors=[iran, us])
    iraq = make_place("iraq", kind="country", lat=33, lon=44, radius_km=400)
    base = make_place("base", kind="site", radius_km=2, parent=iraq, lat=33.8, lon=42.4)
    known = {"by": [iran], "at": [us], "first_public_at": datetime(2020, 1, 9, tzinfo=UTC)}
    make_event("Missiles", place=base, start=date(2020, 1, 8), geo_precision="site", **known)
    make_event("Rockets", place=base, start=date(2020, 2, 8), geo_precision="site", **known)
    make_event("Somewhere", place=base, start=date(2020, 3, 1), geo_precision="country", **known)
    make_event("Words", start=date(2020, 4, 1), **known)
    return timeline


def page(client, query="", **headers) -> str:
    answer = client.get(f"/timelines/us-iran-2020/map/{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


class TestPage:
    def test_places_stand_with_how_well_they_are_known(self, client, dossier):
        shown = page(client)
        assert 'id="place-base"' in shown
        assert "within about 2 km" in shown
        # Known to the country alone: no spot, the country itself.
        assert 'id="place-iraq-area"' in shown
        assert "somewhere in the country" in shown
        assert shown.index("Rockets") < shown.index("Missiles")

    def test_what_has_no_place_is_counted_with_a_way_to_the_list(self, client, dossier):
        shown = page(client, "?q=e")
        assert "3 events have a place" in page(client)
        assert "1 event has no place" in page(client)
        assert "has no place" not in shown

    def test_filters_and_the_clock_hold_here_too_and_links_keep_them(self, client, dossier):
        shown = page(client, "?from=2020-02-01&to=2020-02-28")
        assert "Rockets" in shown
        assert "Missiles" not in shown
        assert "/timelines/us-iran-2020/?from=2020-02-01&amp;to=2020-02-28" in shown
        assert "No event matches" in page(client, "?as_of=2020-01-08")

    def test_a_box_that_is_none_is_said_and_left_out(self, client, dossier):
        assert "is no part of the world" in page(client, "?box=somewhere")
        assert "is no part of the world" not in page(client, "?box=40,20,60,40")

    def test_the_fragment_is_the_markup_of_the_page(self, client, dossier):
        part = page(client, "?contested=1", **{"HX-Request": "true", "HX-Target": "view"})
        assert part.strip() in page(client, "?contested=1")
        assert "<html" not in part

    def test_borders_take_no_position_and_the_source_is_named(self, client, dossier):
        assert "Made with Natural Earth, public domain" in page(client)

    def test_queries_do_not_grow_with_places(self, client, dossier):
        counts = []
        for number in range(3):
            place = make_place(f"town-{number}", lat=30 + number, lon=48)
            event = make_event(f"In town {number}", place=place, by=[make_actor(f"a{number}")],
                               at=list(dossier.actors.all()))  # fmt: skip
            make_claim(event, field="killed", number=number)
            with CaptureQueriesContext(connection) as queries:
                page(client)
            counts.append(len(queries))
        assert counts[0] == counts[2]
