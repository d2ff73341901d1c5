"""A small dossier with everything that files tell of: tolls that grew, a denial, a place, a link, odd words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from apps.actors.models import Actor
from apps.events.decide import refresh_headline
from apps.events.models import Event, Link, Standing
from apps.timelines import rollups
from apps.timelines.models import Timeline
from tests.factories import (
    make_actor,
    make_claim,
    make_dyad,
    make_event,
    make_evidence,
    make_place,
    make_timeline,
)

LICENCE = "CC BY 4.0"


def at(day: int, month: int = 1) -> datetime:
    return datetime(2020, month, day, 12, tzinfo=UTC)


@dataclass
class World:
    """The timeline, its events and actors."""

    timeline: Timeline
    strike: Event
    attack: Event
    talks: Event
    us: Actor
    iran: Actor


@pytest.fixture
def world(db: None) -> World:
    """The attack's wounded grow from 11 on the 17th to 34 on the 25th; its summary tells of both."""
    us, iran = make_actor("us-gov", name="United States"), make_actor("iran-gov", name="Iran")
    timeline = make_timeline(actors=[us, iran], licence=LICENCE)
    make_dyad(timeline, "us-iran", [us], [iran], label="United States – Iran")
    strike = make_event(
        "Strike at the airport", start=date(2020, 1, 3), by=[us], at=[iran], place=make_place(),
        summary="=HYPERLINK(\"http://bad.example\")", mode="drone", public_id="USIR-20200103-1",
    )  # fmt: skip
    attack = make_event(
        "Missiles hit the base, in “Anbar”; it stood, they said", start=date(2020, 1, 8), by=[iran],
        at=[us], summary="It wounded 34, as became known later.", public_id="USIR-20200108-1",
    )  # fmt: skip
    talks = make_event(
        "Talks in Muscat", start=date(2020, 3, 1), end=date(2020, 3, 31), precision="month",
        edtf="2020-03", by=[us], type="CONSULT", public_id="USIR-20200301-1",
    )  # fmt: skip
    make_evidence(
        attack, url="https://wire.example/a?b=1&c=2", publisher="@Wire, Ltd", known_at=at(8)
    )
    make_claim(attack, us, field="wounded", number=11, known_at=at(17))
    make_claim(attack, us, field="wounded", number=34, known_at=at(25))
    make_claim(attack, iran, act="denies", known_at=at(26))
    Link.objects.create(
        source=attack, target=strike, kind="retaliates_for", standing=Standing.PUBLISHED
    )
    for event in (strike, attack, talks):
        refresh_headline(event)
    rollups.rebuild(timeline)
    return World(timeline, strike, attack, talks, us, iran)


Take = Callable[..., bytes]


@pytest.fixture
def take(client: Client, world: World) -> Take:
    """Return `take(ending, **query)`: the file of the timeline's view, whole."""

    def taken(ending: str, **query: Any) -> bytes:
        answer = client.get(f"/timelines/us-iran-2020/events.{ending}", query)
        assert answer.status_code == 200, answer.content
        return b"".join(answer) if answer.streaming else answer.content

    return taken
