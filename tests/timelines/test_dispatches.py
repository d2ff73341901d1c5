"""Sample dispatches: into the intake once, and the shipped review publishes only what agrees with it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.actors.models import Actor
from apps.annotations.annotate import annotate
from apps.articles.ingest import ingest
from apps.articles.models import Article, ArticleVersion, IntakeItem
from apps.core.dossier import read
from apps.events import curate
from apps.events.assemble import assemble
from apps.events.models import Claim, Decision, Event, Evidence
from apps.timelines.dossiers.dispatches import apply_review, enqueue_dispatches
from apps.timelines.dossiers.load import load
from tests import loaded

pytestmark = pytest.mark.django_db
TINY = Path(__file__).parent.parent / "dossiers" / "tiny"
US_IRAN = Path(__file__).parent.parent.parent / "dossiers" / "us-iran-2020"
SENTENCE = "Shells fell on Arl City on Sunday, killing two people."
DENIAL = "Borland denied any part."


@pytest.fixture
def version() -> ArticleVersion:
    """The tiny dossier's dispatch, taken in."""
    tiny = read(TINY)
    load(tiny)
    batch = enqueue_dispatches(tiny)
    assert batch is not None
    taken = ingest(batch.items.get())
    assert taken is not None
    return taken


@pytest.fixture
def propose(version: ArticleVersion) -> Callable[..., Evidence]:
    """Propose a sentence of the dispatch as evidence for an event, as the machine does."""

    def attach(sentence: str, key: str = "e-20200301-shelling", **values: Any) -> Evidence:
        start = version.text.index(sentence)
        return Evidence.objects.create(
            event=Event.objects.get(key=key),
            article_version=version,
            start=start,
            end=start + len(sentence),
            quote=sentence,
            **{"known_at": version.known_at, **values},
        )

    return attach


def claim(evidence: Evidence, speaker: str = "borland", **values: Any) -> Claim:
    """A claim that the machine proposes on the evidence's sentence."""
    said = {"act": "denies", "field": "responsible", "value": "any part"} | values
    return Claim.objects.create(
        event=evidence.event,
        evidence=evidence,
        speaker=Actor.objects.get(slug=speaker),
        **{"known_at": evidence.known_at, **said},
    )


def test_dispatch_is_taken_in_as_written_for_this_project(version: ArticleVersion) -> None:
    article = version.article
    assert article.project_written
    assert article.title == "Shells on Arl City"
    assert article.url == "https://dispatches.example/first"
    assert (article.source and article.source.slug) == "tiny-wire"
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2020-03-02T06:00:00+00:00"
    assert article.published_precision == "instant"


def test_second_call_queues_nothing(
    version: ArticleVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    assert enqueue_dispatches(read(TINY)) is None
    call_command("load_dispatches", str(TINY))
    assert capsys.readouterr().out == "nothing to do, all 1 were brought in.\n"
    assert IntakeItem.objects.count() == 1


def test_changed_text_is_queued_again(version: ArticleVersion, tmp_path: Path) -> None:
    files = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    text = files / "dispatches" / "first.txt"
    text.write_text(text.read_text().replace("killing two", "killing three"))
    call_command("load_dispatches", str(files))
    item = IntakeItem.objects.order_by("-id")[0]
    newer = ingest(item)
    assert newer is not None
    assert (newer.article, newer.number) == (version.article, 2)


def test_review_publishes_what_agrees(propose: Callable[..., Evidence]) -> None:
    sentence, denial = propose(SENTENCE), propose(DENIAL, stance="mentions")
    said = claim(denial)
    outcome = apply_review(read(TINY))
    assert (outcome.published, outcome.missed, outcome.left) == (2, [], 0)
    assert sentence in Evidence.objects.public()
    assert said in Claim.objects.public()
    decision = Decision.objects.order_by("-id")[0]
    assert (decision.action, decision.by_label) == ("attach", "Dossier editors")


@pytest.mark.parametrize(
    "values",
    [
        {"speaker": "arland"},
        {"act": "asserts"},
        {"field": "occurrence"},
    ],
    ids=["another speaker", "another act", "another field"],
)
def test_claim_that_says_something_else_stays_a_proposal(
    propose: Callable[..., Evidence], values: dict[str, Any]
) -> None:
    said = claim(propose(DENIAL), **values)
    outcome = apply_review(read(TINY))
    said.refresh_from_db()
    assert said.standing == "proposed"
    assert [review["as"] for review in outcome.missed] == ["evidence", "claim"]


def test_claim_of_who_speaks_for_the_speaker_agrees(propose: Callable[..., Evidence]) -> None:
    minister = Actor.objects.create(slug="minister", name="Bo Bor", kind="person", country="BOR")
    minister.relations_out.create(target=Actor.objects.get(slug="borland"), kind="member_of")
    said = claim(propose(DENIAL), speaker="minister")
    apply_review(read(TINY))
    assert said in Claim.objects.public()


def test_same_words_on_another_event_stay_a_proposal(propose: Callable[..., Evidence]) -> None:
    elsewhere = propose(SENTENCE, key="e-20200304-answer")
    outcome = apply_review(read(TINY))
    elsewhere.refresh_from_db()
    assert elsewhere.standing == "proposed"
    assert (outcome.published, outcome.left) == (0, 1)


def test_other_words_on_the_same_event_stay_a_proposal(propose: Callable[..., Evidence]) -> None:
    other = propose(DENIAL)
    apply_review(read(TINY))
    other.refresh_from_db()
    assert other.standing == "proposed"


def test_review_is_repeatable(
    propose: Callable[..., Evidence], capsys: pytest.CaptureFixture[str]
) -> None:
    propose(SENTENCE)
    apply_review(read(TINY))
    decisions = Decision.objects.count()
    call_command("review_dispatches", str(TINY), "--list")
    assert capsys.readouterr().out.splitlines() == [
        "missed: first, e-20200301-shelling, claim borland denies: Borland denied any part.",
        "0 proposals published, 1 lines settled before, 1 of 2 lines not found by the machine, "
        "0 proposals left for the review desk.",
    ]
    assert Decision.objects.count() == decisions


def test_what_an_editor_rejected_stays_rejected(propose: Callable[..., Evidence]) -> None:
    sentence = propose(SENTENCE)
    curate.reject_evidence(sentence, by_label="An editor", reason="Not this one.")
    outcome = apply_review(read(TINY))
    sentence.refresh_from_db()
    assert sentence.standing == "rejected"
    assert outcome.before == 1


def test_evidence_of_a_rejected_event_is_told_not_published(
    propose: Callable[..., Evidence],
) -> None:
    sentence = propose(SENTENCE)
    curate.reject(sentence.event, by_label="An editor", reason="Never happened.")
    outcome = apply_review(read(TINY))
    assert outcome.published == 0
    assert "reopen it first" in outcome.refused[0]


def test_faulty_dossier_is_told(tmp_path: Path) -> None:
    files = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    (files / "dispatches" / "first.txt").unlink()
    for command in ("load_dispatches", "review_dispatches"):
        with pytest.raises(CommandError, match=r"there is no text in dispatches/first\.txt"):
            call_command(command, str(files))


def test_from_dispatch_to_public_evidence() -> None:
    """The machine reads a dispatch of the project's dossier; the review publishes what it read rightly."""
    loaded.us_iran()
    dossier = read(US_IRAN)
    dossier.dispatches = [d for d in dossier.dispatches if d["id"] == "2020-01-03-soleimani"]
    batch = enqueue_dispatches(dossier)
    assert batch is not None
    version = ingest(batch.items.get())
    assert version is not None
    annotation = annotate(version)
    assert annotation is not None
    assemble(annotation)
    of_article = Evidence.objects.filter(article_version=version)
    assert not of_article.filter(standing="published").exists()
    outcome = apply_review(dossier)
    strike = Evidence.objects.public().filter(
        article_version=version, event__key="e-20200103-soleimani-strike"
    )
    assert any("killed Iranian general Qassem Soleimani" in row.quote for row in strike)
    assert outcome.left == (
        of_article.filter(standing="proposed").count()
        + Claim.objects.filter(evidence__in=of_article, standing="proposed").count()
    )
    assert Article.objects.get().agency == "TL Wire"
