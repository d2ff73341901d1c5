"""After actors or places were merged, pages, readings and dossiers mean the one that stands."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from apps.accounts.models import User
from apps.actors import merging
from apps.actors.models import Actor
from apps.annotations.lexicon import lexicon_from_database
from apps.core.dossier import read
from apps.events.models import Claim, Event
from apps.places import merging as merging_places
from apps.places.models import Place
from apps.timelines.dossiers.load import load
from apps.timelines.models import Timeline
from tests.factories import make_actor, make_event, make_place, relate

pytestmark = pytest.mark.django_db
TINY = Path(__file__).parent.parent / "dossiers" / "tiny"


@pytest.fixture
def root():
    return User.objects.create_superuser("root")


@pytest.fixture
def merged(root):
    """Actor "old" that was merged into "new", with an event of its own."""
    old, new = make_actor("old", name="Old name"), make_actor("new", name="New name")
    make_event("What old did", by=[old])
    merging.merge(old, into=new, by=root, reason="The same.")
    return old


@pytest.mark.usefixtures("merged")
class TestPages:
    def test_the_old_address_leads_to_the_new_one(self, client):
        answer = client.get("/actors/old/?as_of=2021-01-01")
        assert (answer.status_code, answer.url) == (301, "/actors/new/?as_of=2021-01-01")
        assert "no-cache" in answer.headers["Cache-Control"]

    def test_the_page_of_the_one_that_stands_has_all(self, client):
        html = client.get("/actors/new/").content.decode()
        assert "What old did" in html
        assert "Old name" in html

    def test_lists_have_it_once(self, client):
        html = client.get("/actors/").content.decode()
        assert "/actors/new/" in html
        assert "/actors/old/" not in html

    def test_it_is_found_by_its_old_name(self, client):
        html = client.get("/actors/?q=old+name").content.decode()
        assert "/actors/new/" in html


def test_the_machine_reads_the_one_that_stands(merged, root):
    kept, double = make_place("al-asad"), make_place("ain-al-asad")
    merging_places.merge(double, into=kept, by=root, reason="The same.")
    lexicon = lexicon_from_database()
    assert [actor.id for actor in lexicon.actors] == ["new"]
    assert lexicon.actors[0].aliases == ("Old name",)
    assert [place.id for place in lexicon.places] == ["al-asad"]
    assert lexicon.places[0].aliases == ("Ain Al Asad",)


class TestDossier:
    @pytest.fixture
    def files(self, tmp_path):
        return Path(shutil.copytree(TINY, tmp_path / "tiny"))

    @pytest.fixture
    def kept(self, root):
        """An actor into which one of the loaded dossier's is merged."""
        load(read(TINY))
        kept = make_actor("kept", name="Republic of Borland")
        double = Actor.objects.get(slug="borland")
        merging.merge(double, into=kept, by=root, reason="The same.")
        return kept

    def test_a_load_after_a_merge_changes_nothing_and_tells_it(self, kept):
        parts = sorted(Event.objects.values_list("participations__actor__slug", "pk"))
        report = load(read(TINY))
        assert report.nothing_done
        assert report.gone == []
        assert report.kept == [
            "actors.actor borland: merged into kept here; the files' entry is left alone"
        ]
        assert sorted(Event.objects.values_list("participations__actor__slug", "pk")) == parts

    def test_new_items_of_the_files_go_to_the_one_that_stands(self, kept, files):
        events = files / "events.yaml"
        other = (
            events.read_text().replace("e-2020", "more-2020").replace("-1\n  title", "-7\n  title")
        )
        events.write_text(f"{events.read_text()}\n{other}")
        actors = files / "actors.yaml"
        actors.write_text(
            actors.read_text()
            + "- id: new-front\n  name: New Front\n  kind: armed_group\n  country: BOR\n"
            + "  relations:\n    - {kind: part_of, to: borland}\n"
        )
        load(read(files))
        borland = Actor.objects.get(slug="borland")
        assert not borland.participations.exists()
        assert not borland.relations_in.exists()
        assert not Claim.objects.filter(speaker=borland).exists()
        assert Actor.objects.get(slug="new-front").relations_out.get().target == kept

    def test_the_scope_stays_with_the_one_that_stands(self, kept):
        load(read(TINY))
        timeline = Timeline.objects.get()
        assert kept in timeline.actors.all()
        assert not timeline.actors.filter(slug="borland").exists()

    def test_places_too(self, root):
        load(read(TINY))
        double = Place.objects.filter(events__isnull=False).first()
        kept = make_place("kept")
        merging_places.merge(double, into=kept, by=root, reason="The same.")
        report = load(read(TINY))
        assert report.nothing_done
        assert not Event.objects.filter(place=double).exists()


def test_who_acts_for_whom_counts_on_the_days_on_which_it_held(client):
    state, secretary = make_actor("state"), make_actor("secretary", kind="person")
    relate(secretary, "commands", state, since=date(2019, 7, 23), until=date(2020, 11, 9))
    timeline = Timeline.objects.create(
        slug="t", code="TT", title="T", start="2018-01-01", end="2020-12-31", published=True
    )
    timeline.actors.set([state])
    make_event("In office", start=date(2020, 1, 3), by=[secretary])
    make_event("Last day", start=date(2020, 11, 9), end=date(2020, 11, 12), by=[secretary])
    make_event("Out of office", start=date(2020, 11, 10), by=[secretary])
    make_event("Before office", start=date(2019, 7, 1), by=[secretary])
    html = client.get("/timelines/t/").content.decode()
    assert "In office" in html
    assert "Last day" in html
    assert "Out of office" not in html
    assert "Before office" not in html
    filtered = client.get("/timelines/t/?actors=state").content.decode()
    assert "In office" in filtered
    assert "Out of office" not in filtered
