"""What became of the sources of a public event: corrections as readers see them, marks of lost articles."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from apps.articles.models import Article
from apps.events.models import Correction, Event, Evidence
from apps.timelines import wording


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A change of a source that the event rests on, as it stood at the moment asked for."""

    correction: Correction
    source: str
    became: str


def of_event(event: Event, moment: datetime | None = None) -> list[CorrectionRow]:
    """Return the changes noticed by `moment` (aware; None: now), newest first. One query."""
    rows = (
        Correction.objects.as_of(moment)
        .filter(event=event)
        .select_related("evidence__article_version__article")
        .defer("evidence__article_version__text", "evidence__article_version__raw")
        .order_by("-created_at", "-pk")
    )
    return [CorrectionRow(row, _source(row.evidence), _became(row, moment)) for row in rows]


def _source(evidence: Evidence) -> str:
    if evidence.article_version is not None:
        return evidence.article_version.article.title
    return evidence.publisher or evidence.url


def _became(row: Correction, moment: datetime | None) -> str:
    """An editor's decision counts from when it was taken."""
    later = moment is not None and row.decided_at is not None and row.decided_at > moment
    return str(Correction.Outcome.OPEN.label if later else row.get_outcome_display())


def article_notes(article: Article, moment: datetime | None = None) -> list[str]:
    """Say in sentences that an article was taken back, is gone or was removed, as known at `moment`."""
    if article.removed_at is not None:
        # Whatever the moment: the words are nowhere any more.
        day = wording.day(article.removed_at.date())
        return [gettext("Its words were removed on legal request on %(day)s.") % {"day": day}]
    notes = []
    if _known(article.retracted_at, moment) and article.retracted_at is not None:
        day = wording.day(article.retracted_at.date())
        note = f": “{article.retraction_note}”" if article.retraction_note else ""
        words = gettext("Taken back by its publisher on %(day)s%(note)s.")
        notes.append(words % {"day": day, "note": note})
    if _known(article.gone_at, moment) and article.gone_at is not None:
        day = wording.day(article.gone_at.date())
        words = gettext(
            "No longer at its address since %(day)s; the text stands here as it was fetched."
        )
        notes.append(words % {"day": day})
    return notes


def evidence_notes(evidence: Evidence, moment: datetime | None = None) -> list[str]:
    """Say in sentences what became of a sentence's source; the row is loaded by queries_evidence.in_context."""
    version = evidence.article_version
    notes = article_notes(version.article, moment) if version is not None else []
    replaced: datetime | None = evidence.replaced_at  # type: ignore[attr-defined]
    if _known(replaced, moment) and replaced is not None:
        words = gettext("The article says something else since %(day)s.")
        notes.append(words % {"day": wording.day(replaced.date())})
    return notes


def _known(at: datetime | None, moment: datetime | None) -> bool:
    return at is not None and (moment is None or at <= moment)
