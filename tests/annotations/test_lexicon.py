"""The lexicon from the dossier's files and from the database is the same."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.actors.models import Alias, Role
from apps.annotations.lexicon import lexicon_from_database, lexicon_from_dossier
from apps.annotations.pipeline.types import KnownEvent, RelationEntry, RoleEntry
from apps.core.dossier import read
from tests.factories import make_actor, make_event, make_place, relate

DOSSIER = Path(settings.BASE_DIR) / "dossiers" / "us-iran-2020"


def test_a_dossier_gives_actors_places_and_anchor_events() -> None:
    lexicon = lexicon_from_dossier(read(DOSSIER))
    actors = {actor.id: actor for actor in lexicon.actors}
    assert "Kata'ib Hezbollah" in actors["kataib-hezbollah"].aliases
    assert any(role.until == date(2020, 11, 9) for role in actors["esper"].roles)
    assert any(r.kind == "commands" and r.target == "irgc-qf" for r in actors["ghaani"].relations)
    assert any(place.kind == "site" and place.parent for place in lexicon.places)
    election = next(event for event in lexicon.anchors if "the election" in event.names)
    assert election.start == election.end == date(2020, 11, 3)


@pytest.mark.django_db
def test_the_database_gives_the_same_shapes() -> None:
    force = make_actor("force", kind="armed_forces", country="IRN")
    general = make_actor("general", kind="person", country="IRN")
    Alias.objects.create(actor=general, name="Gen. A.", kind="official")
    Role.objects.create(
        person=general, title="Commander", organisation=force, since=date(2020, 1, 3)
    )
    relate(general, "commands", force)
    make_place("site", kind="site", parent=make_place("city"))
    lexicon = lexicon_from_database()
    entry = next(actor for actor in lexicon.actors if actor.id == "general")
    assert entry.aliases == ("Gen. A.",)
    assert entry.roles == (RoleEntry("Commander", "force", date(2020, 1, 3), None),)
    assert entry.relations == (RelationEntry("commands", "force"),)
    assert {place.id: place.parent for place in lexicon.places} == {"city": None, "site": "city"}


@pytest.mark.django_db
def test_only_published_events_with_names_are_anchors() -> None:
    make_event(start=date(2020, 11, 3), key="e-vote", names=["the vote"])
    make_event(start=date(2020, 11, 4), key="e-hidden", names=["the recount"], status="proposed")
    make_event(start=date(2020, 11, 5), key="e-nameless")
    assert lexicon_from_database().anchors == (
        KnownEvent("e-vote", ("the vote",), date(2020, 11, 3), date(2020, 11, 3)),
    )


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow() -> None:
    counts = []
    for number in range(3):
        actor = make_actor(f"person-{number}", kind="person")
        Alias.objects.create(actor=actor, name=f"Name {number}", kind="official")
        Role.objects.create(person=actor, title="Envoy", organisation=make_actor(f"org-{number}"))
        relate(actor, "commands", make_actor(f"force-{number}"))
        make_event(key=f"e-{number}", names=[f"event {number}"])
        make_place(f"place-{number}")
        with CaptureQueriesContext(connection) as queries:
            lexicon_from_database()
        counts.append(len(queries))
    assert counts[0] == counts[2] < 12
