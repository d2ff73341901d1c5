"""The annotation stage: each latest version is read once per version of the pipeline."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from apps.actors.models import Alias
from apps.annotations import annotate as stage
from apps.annotations import pipeline
from apps.annotations.annotate import annotate, waiting
from apps.annotations.models import Annotation, Mention
from apps.annotations.tasks import annotate_versions, annotate_waiting
from apps.articles.models import ArticleVersion
from apps.core.stages import BACK_OFF, StageStatus
from tests.factories import make_actor, make_article, make_place

pytestmark = pytest.mark.django_db

TITLE = "Iran fires missiles at bases in Iraq"
TEXT = (
    f"Home https://proxy.example/a World https://proxy.example/b {TITLE}\n\n"
    f"{TITLE}\n\n"
    "BAGHDAD (AP) - Iran attacked American troops in Baghdad with missiles on Wednesday, killing two "
    "people.\n\n"
    "The United States denied that anybody was killed.\n\n"
    "Source link"
)


@pytest.fixture
def lexicon():
    iran = make_actor("iran", name="Iran", kind="state", country="IRN")
    us = make_actor("usa", name="United States", kind="state", country="USA")
    for actor, names in ((iran, ["Iranian"]), (us, ["American", "Americans", "US"])):
        for name in names:
            Alias.objects.create(actor=actor, name=name, kind="demonym")
    make_place("baghdad")


@pytest.fixture
def version(lexicon) -> ArticleVersion:
    return make_article(
        TEXT, published_at=datetime(2020, 1, 9, tzinfo=UTC), published_precision="day"
    )


@pytest.fixture
def woken(monkeypatch) -> list[tuple]:
    calls: list[tuple] = []
    monkeypatch.setattr(stage, "wake", lambda *call: calls.append(call))
    return calls


def test_a_reading_is_written_down_with_what_was_found(version):
    annotation = annotate(version)
    assert (annotation.status, annotation.error) == (StageStatus.DONE, "")
    assert annotation.pipeline_version == pipeline.VERSION
    assert annotation.took_ms >= 0
    assert annotation.agency == "AP"
    assert any("proxy.example" in TEXT[r["start"] : r["end"]] for r in annotation.removed)
    named = set(annotation.mentions.filter(kind="actor").values_list("actor__slug", flat=True))
    assert {"iran", "usa"} <= named
    assert annotation.mentions.filter(kind="place", place__slug="baghdad").exists()
    day = annotation.mentions.get(kind="date", surface__icontains="Wednesday")
    assert day.date_from.isoformat() == "2020-01-08"


def test_events_mentions_of_them_and_claims_hang_together(version):
    annotation = annotate(version)
    attack = annotation.candidates.filter(type="ASSAULT", initiators__contains=["iran"]).first()
    assert attack is not None
    assert attack.story_event.annotation == annotation
    assert attack.surface == TEXT[attack.start : attack.end]
    assert attack.start <= attack.trigger_start < attack.trigger_end <= attack.end
    assert all(
        claim.candidate is None or claim.candidate.annotation_id == annotation.pk
        for claim in annotation.claim_candidates.all()
    )


def test_every_span_reads_what_it_says(version):
    annotation = annotate(version)
    rows = [
        *annotation.mentions.all(),
        *annotation.candidates.all(),
        *annotation.claim_candidates.all(),
    ]
    assert rows
    assert all(row.surface == TEXT[row.start : row.end] for row in rows)


def test_the_article_learns_its_agency_and_dateline_and_keeps_its_title(version):
    annotate(version)
    article = version.article
    article.refresh_from_db()
    assert (article.agency, article.dateline) == ("AP", "BAGHDAD")
    assert article.title == "A dispatch"


def test_a_known_agency_is_not_overwritten(lexicon):
    version = make_article(TEXT, agency="Reuters")
    annotate(version)
    version.article.refresh_from_db()
    assert version.article.agency == "Reuters"


def test_a_title_that_was_guessed_from_boilerplate_is_guessed_again(lexicon):
    navigation = "Follow us on Facebook"
    text = TEXT.replace(TEXT.split("\n\n", 1)[0], navigation, 1)
    version = make_article(text, title=navigation)
    annotate(version)
    version.article.refresh_from_db()
    assert version.article.title == version.article.story.title == TITLE


def test_a_guessed_title_that_is_a_headline_stays(lexicon):
    """The headline's line is left out of the reading, which makes it no boilerplate."""
    version = make_article(TEXT, title=TITLE)
    annotate(version)
    version.article.refresh_from_db()
    assert version.article.title == TITLE


def test_a_title_that_is_the_text_s_own_beginning_hides_no_sentence(lexicon):
    """The intake names a text without headline by its first words; they are not a headline to be left out."""
    sentence = (
        "Iran attacked American troops in Baghdad with missiles on Wednesday, killing two people."
    )
    version = make_article(sentence, title=sentence)
    assert annotate(version).candidates.filter(type="ASSAULT").exists()


def test_the_assembly_is_woken_once_the_reading_is_done(version, monkeypatch):
    seen = []

    def look(task, pk):
        seen.append((task, Annotation.objects.get(pk=pk).status))

    monkeypatch.setattr(stage, "wake", look)
    annotate(version)
    assert seen == [("events.assemble_annotation", StageStatus.DONE)]


def test_a_version_is_read_once(version, woken):
    assert version in waiting()
    annotate_versions([version.pk, version.pk])
    annotate_versions([version.pk])
    assert version not in waiting()
    assert Annotation.objects.get().attempts == 1
    assert len(woken) == 1


def test_only_the_latest_version_waits(version):
    newer = ArticleVersion.objects.create(
        article=version.article, number=2, title="t", text=TEXT + " More.", sha256="0" * 64
    )
    assert list(waiting()) == [newer]


def test_a_new_pipeline_version_reads_everything_again_and_keeps_the_old_reading(
    version, monkeypatch
):
    old = annotate(version)
    mentions = old.mentions.count()
    monkeypatch.setattr(pipeline, "VERSION", f"{pipeline.VERSION}-next")
    assert list(waiting()) == [version]
    annotate_waiting()
    assert list(waiting()) == []
    new = Annotation.objects.exclude(pk=old.pk).get()
    assert new.pipeline_version == pipeline.VERSION
    assert old.mentions.count() == mentions > 0


class Broken:
    """A reader that fails on one article."""

    def __init__(self, lexicon):
        pass

    def read(self, article):
        raise ValueError("unreadable")


@pytest.fixture
def broken(monkeypatch):
    monkeypatch.setattr(stage, "_cache", stage._ReaderCache())
    monkeypatch.setattr(stage, "Reader", Broken)


def test_a_failure_is_kept_with_its_reason_tried_again_and_set_aside(
    version, broken, woken, settings
):
    for attempts in range(1, settings.STAGE_MAX_ATTEMPTS + 1):
        assert version in waiting()
        assert annotate(version) is None
        annotation = Annotation.objects.get()
        assert (annotation.attempts, annotation.error) == (attempts, "ValueError: unreadable")
        assert version not in waiting()
        pause = timedelta(seconds=BACK_OFF[attempts - 1])
        assert annotation.next_try_at - timezone.now() <= pause
        Annotation.objects.update(next_try_at=timezone.now())
    assert annotation.status == StageStatus.QUARANTINED
    assert version not in waiting()
    assert woken == []


def test_a_crash_while_writing_leaves_nothing_of_the_reading(version, monkeypatch):
    def full(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(stage, "_improve", full)
    assert annotate(version) is None
    assert Annotation.objects.get().status == StageStatus.FAILED
    assert not Mention.objects.exists()


def test_an_editor_s_release_reads_again_in_place_of_the_old_rows(version):
    annotation = annotate(version)
    before = annotation.mentions.count()
    Annotation.objects.filter(pk=annotation.pk).release(timezone.now())
    assert version in waiting()
    again = annotate(version)
    assert again.pk == annotation.pk
    assert again.mentions.count() == before


def test_a_name_that_an_editor_adds_is_known_to_the_next_reading(version):
    annotate(version)
    make_actor("the-proxy-group", name="Saraya Awliya")
    later = make_article("Saraya Awliya attacked Iran on Monday, officials said.")
    annotation = annotate(later)
    assert annotation.mentions.filter(actor__slug="the-proxy-group").exists()


def test_the_reader_is_kept_while_the_names_stay_the_same(version, monkeypatch):
    made = []

    class Counted(stage.Reader):
        def __init__(self, lexicon):
            made.append(lexicon)
            super().__init__(lexicon)

    monkeypatch.setattr(stage, "_cache", stage._ReaderCache())
    monkeypatch.setattr(stage, "Reader", Counted)
    for number in range(3):
        annotate(make_article(f"Iran said on day {number} that it would answer."))
    assert len(made) == 1


def test_an_undated_article_is_read_without_a_day_to_count_from(lexicon):
    annotation = annotate(make_article(TEXT))
    found = annotation.mentions.filter(kind="date", surface__icontains="Wednesday")
    assert all(mention.date_from is None for mention in found)
