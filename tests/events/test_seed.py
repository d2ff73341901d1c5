"""The garbled seed article, through the whole chain: each thing it tells finds the dossier's event, once."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from apps.annotations.annotate import annotate
from apps.articles.incoming import Incoming, enqueue
from apps.articles.ingest import ingest
from apps.core.dossier import read
from apps.events.assemble import assemble
from apps.events.models import Assembly, Claim, Event, Evidence, Standing
from apps.timelines.dossiers.load import load

SHARED = Path(os.environ.get("SHARED", settings.BASE_DIR.parent / "shared"))
SEED = SHARED / "dossier" / "seed-article.txt"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SEED.is_file(), reason=f"no seed article at {SEED} (set SHARED)"),
]

# event of the dossier -> words of the sentence that must stand as its evidence
EVIDENCE = {
    "e-20200103-soleimani-strike": "US air strike that killed Iran",
    "e-20200108-asad-missiles": "Iran launched a ballistic missile attack",
    "e-20180508-us-leaves-jcpoa": "unilaterally withdrew America in 2018",
    "e-20201117-gz-rockets": "killed one child and wounded five civilians",
    "e-20201117-ghaani-message": "delivered Tehran",
    "e-20201109-esper-fired": "His firing of Defense Secretary Mark Esper",
    "e-20201118-dehghan-interview": "full-fledged",
    "e-20201111-nasrallah-speech": "Nasrallah",
    "e-20201117-kh-denial": "denied that it had carried out",
    "e-20201119-khazali-interview": "said the ceasefire had ended",
}
# event, field -> (speaker, act, number): who says what about which event
CLAIMS = [
    ("e-20201117-gz-rockets", "killed", "AP", "asserts", 1),
    ("e-20201117-gz-rockets", "wounded", "AP", "asserts", 5),
    ("e-20201117-gz-rockets", "responsible", "Ashab al-Kahf", "claims_responsibility", None),
    ("e-20201117-gz-rockets", "responsible", "Kataib Hezbollah", "denies", None),
]


def take_in() -> Assembly:
    """Load the dossier, then take the seed article through intake, reading and assembling."""
    load(read(settings.DOSSIERS_DIR / "us-iran-2020"))
    incoming = Incoming(
        label="seed-article.txt",
        raw=SEED.read_bytes(),
        published_at=datetime(2020, 11, 20, tzinfo=UTC),
        published_precision="day",
    )
    item = enqueue([incoming], label="seed").items.get()
    ingest(item)
    item.refresh_from_db()
    annotation = annotate(item.version)
    assert annotation is not None
    return assemble(annotation)


def test_the_seed_article_attaches_to_the_dossier_and_doubles_nothing():
    assembly = take_in()
    assert assembly.status == "done", assembly.error
    machine = Evidence.objects.filter(origin=Evidence.Origin.MACHINE)
    for key, words in EVIDENCE.items():
        quotes = machine.filter(event__key=key).values_list("quote", flat=True)
        assert any(words in quote for quote in quotes), (key, list(quotes))
    told = {
        (c.event.key, c.field, c.speaker_name, c.act, c.number)
        for c in Claim.objects.filter(origin=Evidence.Origin.MACHINE).select_related("event")
    }
    assert told.issuperset(CLAIMS), told
    _assert_boilerplate_is_no_evidence(machine)
    _assert_proposals_are_new()
    assert not machine.exclude(standing=Standing.PROPOSED).exists()
    _assert_a_second_run_changes_nothing(assembly)


def _assert_boilerplate_is_no_evidence(machine):
    for quote in machine.values_list("quote", flat=True):
        assert "kproxy" not in quote
        assert "Source link" not in quote


def _assert_proposals_are_new():
    """No proposal tells again, under another number, what one of the events above tells."""
    sentences = Evidence.objects.filter(origin="machine", event__key__in=EVIDENCE)
    for proposal in Event.objects.filter(status=Event.Status.PROPOSED):
        quotes = set(proposal.evidence.values_list("quote", flat=True))
        assert not quotes & set(sentences.values_list("quote", flat=True)), proposal


def _assert_a_second_run_changes_nothing(assembly):
    counts = Event.objects.count(), Evidence.objects.count(), Claim.objects.count()
    Assembly.objects.filter(pk=assembly.pk).delete()
    again = assemble(assembly.annotation)
    assert (Event.objects.count(), Evidence.objects.count(), Claim.objects.count()) == counts
    assert (again.attached, again.proposed) == (assembly.attached, assembly.proposed)
