"""A small dossier that the API answers about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from apps.events.decide import refresh_headline
from apps.events.models import Event
from apps.timelines import rollups
from apps.timelines.models import Timeline
from tests.factories import (
    make_actor,
    make_article,
    make_claim,
    make_dyad,
    make_event,
    make_place,
    make_quote,
    make_timeline,
)

HIT = "The base was hit by rockets on Wednesday."


@dataclass
class Dossier:
    """Five events of a dossier, and one that is not published."""

    timeline: Timeline
    attack: Event
    article: int


@pytest.fixture
def dossier(db: None) -> Dossier:
    us, iran = make_actor("us-gov", name="United States"), make_actor("iran-gov", name="Iran")
    timeline = make_timeline(actors=[us, iran], licence="CC BY 4.0")
    make_dyad(timeline, "us-iran", [us], [iran])
    base = make_place("ain-al-asad", name="Ain al-Asad")
    attack = make_event(
        "The attack", start=date(2020, 1, 8), by=[iran], at=[us], place=base, summary="Missiles."
    )
    version = make_article(f"{HIT} Nobody was hurt.", title="Base hit")
    make_quote(attack, version, HIT, known_at=attack.first_public_at)
    make_claim(attack, us, field="wounded", number=11, known_at="2020-01-17T12:00Z")
    for n in range(4):
        make_event(f"Talks {n}", start=date(2020, 2, 1), type="CONSULT", by=[us], at=[iran])
    make_event("Not public", start=date(2020, 1, 9), by=[us], at=[iran], status="proposed")
    for event in Event.objects.all():
        refresh_headline(event)
    rollups.rebuild(timeline)
    return Dossier(timeline, attack, version.article_id)


@pytest.fixture
def ask(client: Client) -> Callable[..., Any]:
    """Return a function: ask the API for a path below api/v1/ and give its answer's values."""

    def ask_for(path: str, status: int = 200, **query: Any) -> Any:
        response = client.get(f"/api/v1/{path}", query)
        assert response.status_code == status, response.content
        problem = "application/problem+json" if status >= 400 else "application/json"
        assert response["Content-Type"].split(";")[0] == problem
        return response.json()

    return ask_for
