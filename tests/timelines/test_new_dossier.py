"""A dossier is made in the admin alone, form by form; then everybody sees it."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.roles import OPERATORS, SENIOR_EDITORS
from apps.actors.models import Actor
from apps.core.dossier import read
from apps.events.models import Event
from apps.places.models import Place
from apps.sources.models import Feed
from apps.timelines.models import Timeline
from apps.timelines.rollups import refresh
from tests.forms import shown

pytestmark = pytest.mark.django_db


def logged_in(role: str) -> Client:
    user = User.objects.create_user(role.lower().replace(" ", "-"), is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


def add(
    client: Client, model: str, rows: dict[str, list[dict[str, Any]]] | None = None, **values: Any
) -> None:
    """Fill in the form for a new row as a browser would, with `rows` by inline prefix."""
    address = reverse(f"admin:{model}_add")
    sent = shown(client, address) | values
    for prefix, items in (rows or {}).items():
        sent[f"{prefix}-TOTAL_FORMS"] = str(len(items))
        for number, item in enumerate(items):
            sent |= {f"{prefix}-{number}-{name}": value for name, value in item.items()}
    answer = client.post(address, sent)
    assert answer.status_code == 302, answer.context["errors"]


def make(senior: Client, operator: Client) -> None:
    """Make the dossier, form by form."""
    feed = {"url": "https://herald.example/feed.xml", "kind": "rss", "interval_minutes": "30"}
    add(operator, "sources_source", {"feeds": [feed]}, name="Herald", slug="herald",
        domain="herald.example", kind="newspaper", country="PAK", reliability="B")  # fmt: skip
    for slug, name, country in (("north", "North", "AAA"), ("south", "South", "BBB")):
        add(senior, "actors_actor", name=name, slug=slug, kind="government", country=country)
    add(senior, "places_place", name="The border", slug="border", kind="region", country="AAA",
        lat="10", lon="20", radius_km="30")  # fmt: skip
    north, south = Actor.objects.get(slug="north"), Actor.objects.get(slug="south")
    lane = {"slug": "north-south", "label": "North – South", "position": "0",
            "side_a": [str(north.pk)], "side_b": [str(south.pk)]}  # fmt: skip
    add(senior, "timelines_timeline", {"dyads": [lane]}, title="North and South, 2021", slug="north-south-2021",
        code="NOSO", start="2021-01-01", end="2021-12-31", description="A border.",
        licence="CC BY 4.0", actors=[str(north.pk), str(south.pk)],
        places=[str(Place.objects.get().pk)], feeds=[str(Feed.objects.get().pk)], published="on")  # fmt: skip
    parts = [
        {"actor": str(north.pk), "role": "initiator", "position": "0"},
        {"actor": str(south.pk), "role": "target", "position": "0"},
    ]
    cited = {"url": "https://herald.example/1", "publisher": "Herald", "published_on": "2021-03-04",
             "stance": "supports"}  # fmt: skip
    add(senior, "events_event", {"participations": parts, "evidence": [cited]},
        title="North fires across the border", type="ASSAULT", mode="heavy-weapons", start="2021-03-03",
        end="2021-03-03", precision="day", place=str(Place.objects.get().pk), geo_precision="region",
        confidence="high")  # fmt: skip


def test_a_dossier_is_made_in_the_admin_alone_and_seen_by_everybody(
    client: Client, tmp_path: Path
) -> None:
    senior, operator = logged_in(SENIOR_EDITORS), logged_in(OPERATORS)
    make(senior, operator)
    event = Event.objects.get()
    assert event.status == Event.Status.PROPOSED
    page = reverse("timeline", args=["north-south-2021"])
    assert "North fires across the border" not in client.get(page).content.decode()
    desk = reverse("admin:events_event_desk", args=[event.pk])
    seen = senior.get(desk).context["desk"].seen
    answer = senior.post(f"{desk}decide/", {"do": "publish", "seen": seen}, follow=True)
    assert answer.status_code == 200
    refresh()
    assert "North fires across the border" in client.get(page).content.decode()
    assert "North and South, 2021" in client.get("/").content.decode()
    assert list(Timeline.objects.get().feeds.all()) == list(Feed.objects.all())
    call_command("dump_dossier", "north-south-2021", str(tmp_path / "out"), stdout=StringIO())
    (item,) = read(tmp_path / "out").events
    assert item["sources"][0]["source"] == "herald"
