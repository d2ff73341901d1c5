"""The review queue: what waits for an editor, with everything needed to decide beside it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    FloatField,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)

from apps.core import plover
from apps.events.matching import Match
from apps.events.models import Claim, Event, Evidence, Standing
from apps.events.neighbours import best_matches

ORDERS = {"newest": "Newest first", "salient": "Most salient first"}
KINDS = {"all": "Everything", "events": "New events", "rows": "Additions to published events"}
# Characters of the article shown on each side of the sentence.
AROUND = 280


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence in its article, in three parts around its trigger, with the text before and after."""

    before: str
    lead: str
    trigger: str
    tail: str
    after: str


@dataclass(slots=True)
class Card:
    """One event in the queue with what waits on it."""

    event: Event
    evidence: list[tuple[Evidence, Passage | None]]
    claims: list[Claim]
    matches: list[Match] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Tell whether the event itself waits, not only additions to it."""
        return self.event.status == Event.Status.PROPOSED


def waiting(kind: str = "all", order: str = "newest") -> QuerySet[Event]:
    """Return the events that wait, or that something waits on, annotated with `latest` and `salience`."""
    proposed = {"event": OuterRef("pk"), "standing": Standing.PROPOSED}
    additions = Q(status=Event.Status.PUBLISHED) & (
        Exists(Evidence.objects.filter(**proposed)) | Exists(Claim.objects.filter(**proposed))
    )
    new = Q(status=Event.Status.PROPOSED)
    rows = Event.objects.filter({"events": new, "rows": additions}.get(kind, new | additions))
    rows = rows.annotate(
        latest=Max("evidence__created_at"), salience=_severity() + Count("evidence", distinct=True)
    )
    first = "-salience" if order == "salient" else "-latest"
    return rows.order_by(first, "-salience", "-pk")


def _severity() -> Case:
    """How far the type lies from neutral; each further report counts one more."""
    return Case(
        *(When(type=type_, then=Value(abs(plover.score(type_)))) for type_ in plover.TYPES),
        default=Value(0.0),
        output_field=FloatField(),
    )


def cards(events: Iterable[Event]) -> list[Card]:
    """Return the cards of one page of waiting(): a constant number of queries, whatever is on it."""
    rows = list(
        Event.objects.filter(pk__in=[event.pk for event in events])
        .select_related("place")
        .prefetch_related("participations__actor", *_proposed_rows())
    )
    by_pk = {row.pk: row for row in rows}
    ordered = [by_pk[event.pk] for event in events if event.pk in by_pk]
    return [_card(row) for row in ordered]


def _proposed_rows() -> list[Prefetch]:
    evidence = (
        Evidence.objects.filter(standing=Standing.PROPOSED)
        .select_related("article_version__article__source", "candidate")
        .defer("article_version__raw")
    )
    claims = Claim.objects.filter(standing=Standing.PROPOSED)
    return [
        Prefetch("evidence", evidence, to_attr="waiting_evidence"),
        Prefetch(
            "claims",
            claims.select_related("speaker", "source", "evidence", "candidate"),
            to_attr="waiting_claims",
        ),
    ]


def _card(event: Any) -> Card:
    card = Card(
        event,
        [(row, passage(row)) for row in event.waiting_evidence],
        event.waiting_claims,
    )
    if card.is_new:
        card.matches = best_matches(event)
    return card


def passage(evidence: Evidence) -> Passage | None:
    """Return the sentence with its surroundings; None for a cited source."""
    version, start, end = evidence.article_version, evidence.start, evidence.end
    if version is None or start is None or end is None:
        return None
    text = version.text
    first, last = start, start
    if evidence.candidate is not None and evidence.candidate.trigger_start >= start:
        first = min(evidence.candidate.trigger_start, end)
        last = min(evidence.candidate.trigger_end, end)
    return Passage(
        before=_from_word(text[max(0, start - AROUND) : start], cut=start > AROUND),
        lead=text[start:first],
        trigger=text[first:last],
        tail=text[last:end],
        after=_to_word(text[end : end + AROUND], cut=end + AROUND < len(text)),
    )


def _from_word(text: str, *, cut: bool) -> str:
    return f"… {text.partition(' ')[2]}" if cut else text


def _to_word(text: str, *, cut: bool) -> str:
    return f"{text.rpartition(' ')[0]} …" if cut else text
