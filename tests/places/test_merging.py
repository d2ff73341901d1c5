"""Places that turn out to be one: events and smaller places move, names are kept, nothing lies in itself."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.roles import EDITORS, SENIOR_EDITORS
from apps.core import history
from apps.core.models import Change
from apps.core.moving import MovingError
from apps.events.models import Decision
from apps.places import merging
from apps.places.models import Place
from tests.factories import make_event, make_place, make_timeline

pytestmark = pytest.mark.django_db


def member(role):
    user = User.objects.create_user(role, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def senior():
    return member(SENIOR_EDITORS)


def merge(double, kept, by):
    merging.merge(double, into=kept, by=by, reason="The same base.")
    double.refresh_from_db()
    kept.refresh_from_db()


def test_events_smaller_places_and_scopes_move(senior):
    kept, double = make_place("al-asad"), make_place("ain-al-asad")
    event, hall = make_event(place=double), make_place("hangar", parent=double)
    timeline = make_timeline()
    timeline.places.set([kept, double])
    merge(double, kept, senior)
    for row in (event, hall):
        row.refresh_from_db()
    assert (event.place, hall.parent, double.merged_into) == (kept, kept, kept)
    assert list(timeline.places.all()) == [kept]
    assert list(Place.objects.standing().order_by("slug")) == [kept, hall]
    assert Place.objects.by_slug()["ain-al-asad"] == kept
    assert [(d.event, d.reason) for d in Decision.objects.all()] == [(event, "The same base.")]


def test_names_move_and_none_is_doubled(senior):
    kept = make_place("al-asad", name="Al Asad", aliases=["Asad Base"])
    double = make_place("asad", name="Ain al-Asad", aliases=["asad base", "AL ASAD", "Qadisiyah"])
    merge(double, kept, senior)
    assert kept.aliases == ["Asad Base", "Ain al-Asad", "Qadisiyah"]


def test_a_place_that_lay_in_its_double_lies_where_that_lay(senior):
    country = make_place("iraq")
    double = make_place("anbar-province", parent=country)
    kept = make_place("anbar", parent=double)
    merge(double, kept, senior)
    assert kept.parent == country


def test_a_place_cannot_come_to_lie_in_itself(senior):
    double = make_place("anbar-province")
    between = make_place("hit", parent=double)
    kept = make_place("anbar", parent=between)
    with pytest.raises(MovingError, match="would come to lie in itself"):
        merge(double, kept, senior)


def test_all_of_it_can_be_taken_back(senior):
    kept, double = make_place("al-asad"), make_place("ain-al-asad", aliases=["Qadisiyah"])
    event = make_event(place=double)
    hall = make_place("hangar", parent=double)
    before = list(Place.objects.order_by("pk").values())
    merge(double, kept, senior)
    history.revert(Change.objects.filter(group=Decision.objects.get().group))
    for row in (event, hall):
        row.refresh_from_db()
    assert list(Place.objects.order_by("pk").values()) == before
    assert event.place == hall.parent == double


def test_it_takes_the_right(senior):
    kept, double = make_place("al-asad"), make_place("ain-al-asad")
    with pytest.raises(PermissionDenied):
        merge(double, kept, member(EDITORS))


def test_a_place_is_split_in_the_admin(client, senior):
    client.force_login(senior)
    place = make_place("taji", aliases=["Camp Taji", "Taji town"])
    stays, goes = make_event(place=place), make_event(place=place)
    page = reverse("admin:places_place_split", args=[place.pk])
    sent = {
        "name": "Camp Taji",
        "slug": "camp-taji",
        "kind": "site",
        "country": "IRQ",
        "lat": "33.5",
        "lon": "44.2",
        "radius_km": "2",
        "chosen": ["name:0", f"events.event.place:{goes.pk}"],
        "reason": "The base is not the town.",
    }
    shown = client.post(page, sent).content.decode()
    assert goes.public_id in shown
    assert not Place.objects.filter(slug="camp-taji").exists()
    client.post(page, {**sent, "confirm": "1"})
    camp = Place.objects.get(slug="camp-taji")
    place.refresh_from_db()
    assert (camp.aliases, place.aliases) == (["Camp Taji"], ["Taji town"])
    for event in (stays, goes):
        event.refresh_from_db()
    assert (stays.place, goes.place) == (place, camp)


def test_the_merge_is_shown_before_it_is_done(client, senior):
    client.force_login(senior)
    kept, double = make_place("al-asad"), make_place("ain-al-asad")
    event = make_event("Missiles hit the base", place=double)
    page = reverse("admin:places_place_merge", args=[double.pk])
    sent = {"into": kept.pk, "reason": "The same base."}
    assert event.title in client.post(page, sent).content.decode()
    event.refresh_from_db()
    assert event.place == double
    client.post(page, {**sent, "confirm": "1"})
    event.refresh_from_db()
    assert event.place == kept
