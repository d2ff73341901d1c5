"""Everything that is needed to decide about one item, read with a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import (
    Case,
    ExpressionWrapper,
    F,
    IntegerField,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Greatest, Length, Substr
from django.utils import timezone

from apps.annotations.models import Candidate
from apps.articles.models import Article
from apps.core.marking import Block, Mark, blocks
from apps.events.desk_items import waiting
from apps.events.desk_matches import Suggested, events_of, suggestions
from apps.events.desk_salience import points
from apps.events.desk_understood import Understood, understood
from apps.events.models import Claim, Correction, DeskItem, Event, Evidence, Link, Standing
from apps.events.revising import newest_change

# Characters of an article on each side of its sentence; what is longer is cut at a paragraph.
AROUND = 8_000
# Of each kind, so that a screen stays one screen; the rest comes when these are decided.
MOST_ROWS = 40
MOST_READINGS = 6
# What the screen shows of an evidence row, its article and its reading.
_READ_OF_EVIDENCE = (
    *("event", "standing", "stance", "start", "end", "quote", "url", "publisher", "published_on"),
    *("known_at", "match_score", "why", "article_version__article__title"),
    *(f"article_version__article__published_{name}" for name in ("at", "precision")),
    *(f"article_version__article__{name}" for name in ("retracted_at", "gone_at")),
    *("article_version__article__project_written", "article_version__article__source__name"),
    *(f"candidate__{field.name}" for field in Candidate._meta.concrete_fields),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """An article's text around what waits, in paragraphs with marks (see core.marking).

    A mark of kind "evidence" (anchor "evidence-<pk>") is a sentence, one of kind "trigger" the words that it
    was read from. `cut_before` and `cut_after` tell that the article is longer than what is shown.
    """

    article: Article
    version_id: int
    evidence: list[Evidence]
    blocks: list[Block]
    cut_before: bool
    cut_after: bool


@dataclass(slots=True)
class Screen:
    """One item with its event and all that waits on it; lists are empty where nothing does.

    `more`: more rows wait than are shown. `matches`: the three best known events for a proposal, best first.
    `points`: what made up the item's salience. `seen`: the newest change of the event, for curate.revise.
    """

    item: DeskItem
    event: Event
    seen: int
    readings: list[Reading] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    published: list[Evidence] = field(default_factory=list)
    understood: list[Understood] = field(default_factory=list)
    matches: list[Suggested] = field(default_factory=list)
    points: dict[str, float] = field(default_factory=dict)
    more: bool = False

    @property
    def suggestion(self) -> Suggested | None:
        """The known event that the machine would merge the proposal into."""
        return next((match for match in self.matches if match.merge), None)


def screen(item: DeskItem, now: datetime | None = None) -> Screen:
    """Read what an editor needs to decide about the item; `now` is aware."""
    read = events_of(item)
    event = read[item.event_id]
    rows = list(_evidence(event))
    proposed = [row for row in rows if row.standing == Standing.PROPOSED]
    published = [row for row in rows if row.standing == Standing.PUBLISHED]
    told = waiting(item.event_id)
    # Counting is one query, and most events have nothing of the kind.
    claims = list(_claims(event)) if told is None or told.claims else []
    links = list(_links(event)) if told is None or told.links else []
    corrections = list(_corrections(event)) if told is None or told.corrections else []
    return Screen(
        item=item,
        event=event,
        seen=newest_change(event),
        readings=_readings(proposed or published[:1]),
        evidence=proposed[:MOST_ROWS],
        claims=claims[:MOST_ROWS],
        links=links[:MOST_ROWS],
        corrections=corrections,
        published=published[:MOST_ROWS],
        understood=understood(event, proposed),
        matches=suggestions(item, event, now or timezone.now(), read) if item.is_new else [],
        points=points(told.weighed) if told else {},
        more=max(len(proposed), len(claims), len(links)) > MOST_ROWS,
    )


def _evidence(event: Event) -> QuerySet[Evidence]:
    """Evidence with a `window` of its article's text, where that begins (`offset`), and the text's `length`.

    What waits comes before what is published, which is fewer where more waits than a screen shows.
    """
    text = "article_version__text"
    offset = Greatest(F("start") - AROUND, Value(0))
    size = ExpressionWrapper(F("end") + AROUND - offset, output_field=IntegerField())
    return (
        event.evidence.filter(standing__in=(Standing.PROPOSED, Standing.PUBLISHED))
        .select_related("article_version__article__source", "candidate")
        .only(*_READ_OF_EVIDENCE)
        .annotate(
            offset=offset,
            window=Substr(text, offset + 1, size, output_field=TextField()),
            length=Length(text),
        )
        .order_by(Case(When(standing=Standing.PROPOSED, then=0), default=1), "known_at", "pk")
    )[: 2 * MOST_ROWS + 1]


def _claims(event: Event) -> QuerySet[Claim]:
    rows = event.claims.filter(standing=Standing.PROPOSED)
    return rows.select_related(
        "speaker", "source", "candidate", "evidence", "answers__speaker", "answers__source"
    )[: MOST_ROWS + 1]


def _links(event: Event) -> QuerySet[Link]:
    stands = [Event.Status.PROPOSED, Event.Status.PUBLISHED]
    rows = event.links_out.filter(standing=Standing.PROPOSED, target__status__in=stands)
    return rows.select_related("source", "target", "evidence")[: MOST_ROWS + 1]


def _corrections(event: Event) -> QuerySet[Correction]:
    rows = event.corrections.filter(outcome=Correction.Outcome.OPEN)
    return (
        rows.select_related("evidence__article_version__article__source", "now_version__article")
        .defer(
            "evidence__article_version__raw",
            "evidence__article_version__text",
            "now_version__raw",
            "now_version__text",
        )
        .prefetch_related("claims__speaker", "claims__source")[:MOST_ROWS]
    )


def _readings(rows: Sequence[Evidence]) -> list[Reading]:
    """Show each article once, around the first of its sentences; those too far from it get their own window."""
    readings: list[list[Evidence]] = []
    for row in rows:
        if row.article_version_id is None:
            continue
        shown = next((group for group in readings if _shows(group[0], row)), None)
        if shown is not None:
            shown.append(row)
        elif len(readings) < MOST_READINGS:
            readings.append([row])
    return [_reading(group) for group in readings]


def _shows(first: Evidence, row: Evidence) -> bool:
    """Tell whether the window of `first` holds the sentence of `row`."""
    if row.article_version_id != first.article_version_id:
        return False
    start, end = _bounds(first)
    offset: int = first.offset  # type: ignore[attr-defined]
    if row.start is None or row.end is None:
        return False
    return start <= row.start - offset and row.end - offset <= end


def _bounds(row: Evidence) -> tuple[int, int]:
    """Return where the window is cut: at paragraphs, where the text goes on; never inside the sentence."""
    window, offset = row.window, row.offset  # type: ignore[attr-defined]
    start, end = 0, len(window)
    if offset > 0:
        start = window.find("\n", 0, row.start - offset) + 1
    if offset + end < row.length:  # type: ignore[attr-defined]
        cut = window.rfind("\n", row.end - offset)
        end = cut if cut >= 0 else end
    return start, end


def _reading(group: Sequence[Evidence]) -> Reading:
    first = group[0]
    version = first.article_version
    if version is None:
        raise ValueError(f"evidence {first.pk} is a cited source: it has no text to show")
    start, end = _bounds(first)
    offset = first.offset + start  # type: ignore[attr-defined]
    return Reading(
        article=version.article,
        version_id=version.pk,
        evidence=list(group),
        blocks=blocks(
            first.window[start:end],  # type: ignore[attr-defined]
            [mark for row in group for mark in _marks(row, offset)],
        ),
        cut_before=offset > 0,
        cut_after=offset + end - start < first.length,  # type: ignore[attr-defined]
    )


def _marks(row: Evidence, offset: int) -> list[Mark]:
    if row.start is None or row.end is None:
        return []
    marks = [
        Mark(
            row.start - offset,
            row.end - offset,
            "evidence",
            label=row.get_stance_display(),
            anchor=f"evidence-{row.pk}",
        )
    ]
    read = row.candidate
    if read is not None and row.start <= read.trigger_start and read.trigger_end <= row.end:
        first, last = read.trigger_start - offset, read.trigger_end - offset
        marks.append(Mark(first, last, "trigger", label=f"read as {read.type}"))
    return marks
