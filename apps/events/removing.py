"""Removing an article on legal request: its words go, its place in the ledger stays.

The article, its versions and its evidence stay as rows whose words are blocks; events keep their decisions.
What repeats the words (the machine's readings, reasons, decisions, the history) is blacked out with them, in
one transaction that leaves a `Removal` with who, when and why.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

from apps.accounts.models import User
from apps.actors.models import AliasSuggestion
from apps.annotations.models import Annotation
from apps.articles.blacking import Words, black
from apps.articles.ingest import one_at_a_time
from apps.articles.models import Article, ArticleVersion, IntakeItem, Refetch, Removal, Story
from apps.core import history
from apps.core.models import Change
from apps.core.stages import StageStatus
from apps.events import curate, removed_words
from apps.events import removal_reach as reach
from apps.events.decide import refresh_headline
from apps.events.models import (
    Claim,
    Correction,
    Decision,
    DeskItem,
    Event,
    Evidence,
    Link,
    Placement,
)
from apps.events.numbering import lock_events
from apps.sources.models import ListedEntry

RIGHT = "articles.remove_article"
LABEL = "removal on legal request"
# Of an article whose title was removed; as long as the title was, it would tell its length in every list.
NAMELESS = black("removed.")
_AT_ONCE = 500


class RemovalError(Exception):
    """An article cannot be removed; the message is a sentence for whoever asked."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a removal would do, for the person who decides about it."""

    article: Article
    versions: int
    items: int
    evidence: int
    published: list[Event]  # public events that rest on it among others
    alone: list[Event]  # public events that rest on nothing else
    wording: list[Event]  # public events whose own words repeat its words
    proposals: list[Event]  # never published, and resting on nothing else: rejected
    copies: list[Article]  # other articles with the same text


def preview(article: Article) -> Preview:
    """Return what removing the article would do."""
    words = removed_words.of(article)
    public = [e for e in reach.events(article) if e.status == Event.Status.PUBLISHED]
    resting_alone = reach.events(article).filter(~reach.resting_elsewhere(article))
    alone = set(resting_alone.values_list("pk", flat=True))
    return Preview(
        article=article,
        versions=article.versions.count(),
        items=reach.items(article).count(),
        evidence=Evidence.objects.filter(article_version__article=article).count(),
        published=[event for event in public if event.pk not in alone],
        alone=[event for event in public if event.pk in alone],
        wording=[e for e in public if words.out(_told(e)) != _told(e)],
        proposals=list(reach.unpublished_alone(article).filter(status=Event.Status.PROPOSED)),
        copies=list(
            Article.objects.filter(story=article.story_id, removed_at=None).exclude(pk=article.pk)
        ),
    )


def remove(article: Article, *, by: User | None = None, by_label: str = "", reason: str) -> Removal:
    """Remove an article's words wherever they are kept; all or nothing.

    RemovalError without reason or author, or where it was removed before; PermissionDenied without the right.
    """
    if by is not None and not by.has_perm(RIGHT):
        raise PermissionDenied(f"{by} may not remove articles.")
    if by is None and not by_label:
        raise RemovalError("A removal needs its author: a user, or a label for what acted.")
    if not reason.strip():
        raise RemovalError("Say who asked for the removal, and on what ground.")
    # Who and when are told by the Removal: in the history, the reason could repeat the words.
    with transaction.atomic(), history.noted(user=by, who=by_label, why=LABEL):
        # Nobody takes anything in or makes anything of it meanwhile.
        lock_events()
        one_at_a_time()
        row = Article.objects.select_for_update().get(pk=article.pk)
        if row.removed_at is not None:
            raise RemovalError(f"Article {row.pk} was removed on {row.removed_at:%Y-%m-%d}.")
        return _remove(row, by, by_label, reason.strip())


def _remove(article: Article, by: User | None, by_label: str, reason: str) -> Removal:
    words = removed_words.of(article)
    events = sorted(reach.ever(article))
    proposals = list(reach.unpublished_alone(article))
    digests = article.versions.values_list("sha256", "raw_sha256")
    removal = Removal.objects.create(
        article=article,
        by=by,
        by_label=by_label,
        reason=reason,
        texts=sorted({digest for pair in digests for digest in pair if digest}),
    )
    removal.refresh_from_db()
    for event in proposals:
        if event.status == Event.Status.PROPOSED:
            curate.reject(event, by_label=LABEL, reason="Its article was removed on legal request.")
    _black_article(article, removal)
    # Before the readings: what points at them is written when they go, and its words are checked then.
    _black_evidence(article, events, words)
    _black_readings(article)
    for event in Event.objects.filter(pk__in=events):
        refresh_headline(event)  # it names the speakers of its claims
    for event in proposals:
        _black_event(event)
    for work in map(import_string, settings.AFTER_REMOVAL):
        found: Callable[[Words], object] = work
        found(words)
    # Last, for what was done until here stands in the history with the words as they were.
    said = [[e.title, e.summary, e.notes, *e.names] for e in proposals]
    told = Words([], [phrase for phrases in said for phrase in phrases])
    for each in (words, told):
        _black_record(events, each)
    return removal


def _told(event: Event) -> str:
    return "\n".join((event.title, event.summary, event.notes, event.date_note))


# --- blacking it out -----------------------------------------------------------------------------


def _black_article(article: Article, removal: Removal) -> None:
    """The article, its versions, what came in, and where it was listed."""
    for version in article.versions.defer("raw"):
        ArticleVersion.objects.filter(pk=version.pk).update(
            title=black(version.title),
            text=black(version.text),
            edit_note=black(version.edit_note),
            raw=None,
        )
    urls = {article.url, article.canonical_url, *reach.items(article).values_list("url", flat=True)}
    ListedEntry.objects.filter(url__in=urls - {""}).update(
        title="", author="", summary="", guid="", categories=[]
    )
    items = reach.items(article)
    labelled = [("article", [article.pk]), ("intakeitem", list(items.values_list("pk", flat=True)))]
    for model, pks in labelled:
        kind = ContentType.objects.get_by_natural_key("articles", model)
        entries = LogEntry.objects.filter(content_type=kind, object_id__in=map(str, pks))
        entries.update(object_repr=f"{model} {LABEL}")
    items.exclude(status=StageStatus.DONE).update(
        status=StageStatus.DONE, outcome=IntakeItem.Outcome.REFUSED
    )
    items.update(raw=None, title="", told={}, error="", source_name="")
    Refetch.objects.filter(article=article).exclude(status=StageStatus.DONE).update(
        status=StageStatus.DONE, outcome=Refetch.Outcome.SKIPPED, finished_at=removal.at
    )
    _name_story(article)
    Article.objects.filter(pk=article.pk).update(
        title=NAMELESS,
        byline="",
        dateline="",
        paraphrase_note="",
        retraction_note=black(article.retraction_note),
        removed_at=removal.at,
    )


def _name_story(article: Article) -> None:
    """A story is named by its first article: by another one from now, if there is one."""
    titles = {article.title, *article.versions.values_list("title", flat=True)}
    others = Article.objects.filter(story=article.story_id, removed_at=None).exclude(pk=article.pk)
    other = others.order_by("first_seen_at", "pk").first()
    name = other.title if other else NAMELESS
    if other is None or article.story.title in titles:
        Story.objects.filter(pk=article.story_id).update(title=name)


def _black_readings(article: Article) -> None:
    """What the machine read and looked the text up by; the readings stay as done, so that none is made anew."""
    for version in article.versions.defer("raw", "text"):
        version.annotations.update(agency="", dateline="", removed=[], error="")
        if hasattr(version, "signature"):
            version.signature.delete()
    for annotation in Annotation.objects.filter(article_version__article=article):
        annotation.mentions.all().delete()
        annotation.claim_candidates.all().delete()
        annotation.candidates.all().delete()
        annotation.story_events.all().delete()
        if hasattr(annotation, "assembly"):
            type(annotation.assembly).objects.filter(annotation=annotation).update(
                skipped=[], error=""
            )
    for suggestion in AliasSuggestion.objects.filter(examples__contains=[{"article": article.pk}]):
        kept = [one for one in suggestion.examples if one.get("article") != article.pk]
        if kept:
            AliasSuggestion.objects.filter(pk=suggestion.pk).update(examples=kept)
        elif suggestion.outcome != AliasSuggestion.Outcome.TAKEN:
            suggestion.delete()
        else:
            AliasSuggestion.objects.filter(pk=suggestion.pk).update(examples=[])


def _black_evidence(article: Article, events: list[int], words: Words) -> None:
    """Evidence keeps its place, and what hangs on the events keeps what is not the article's."""
    for row in Evidence.objects.filter(article_version__article=article).defer("why"):
        Evidence.objects.filter(pk=row.pk).update(quote=black(row.quote))
    # Words that were read in its place must be those of the text, as the database checks.
    for correction in Correction.objects.filter(now_version__article=article):
        Correction.objects.filter(pk=correction.pk).update(now=black(correction.now))
    of_article = Claim.objects.filter(evidence__article_version__article=article)
    _black_rows(of_article, ("value", "speaker_text"), words)
    _black_rows(Evidence.objects.filter(event__in=events), ("why",), words)
    _black_rows(Link.objects.filter(Q(source__in=events) | Q(target__in=events)), ("why",), words)
    corrections = Correction.objects.filter(event__in=events)
    _black_rows(corrections.filter(now_version=None), ("now",), words)
    _black_rows(corrections, ("was", "detail", "changes"), words)
    _black_rows(DeskItem.objects.filter(event__in=events), ("matches", "snooze_reason"), words)
    _black_rows(Placement.objects.filter(event__in=events), ("why", "reason"), words)


def _black_event(event: Event) -> None:
    """A proposal that the machine made of the article's words alone."""
    Event.objects.filter(pk=event.pk).update(
        title=black(event.title), summary=black(event.summary), notes=black(event.notes), names=[]
    )


def _black_record(events: list[int], words: Words) -> None:
    """Decisions about the events, and their history."""
    _black_rows(Decision.objects.filter(event__in=events), ("reason", "before", "after"), words)
    of_events = Q(owner_table="events_event") & (
        Q(owner_id__in=events) | Q(former_owner_id__in=events)
    )
    _black_rows(Change.objects.filter(of_events), ("before", "after", "why"), words)


def _black_rows(rows: QuerySet[Any], names: Iterable[str], words: Words) -> None:
    """Black the words out of columns of rows, text or JSON; what does not hold them is not written."""
    model: type[models.Model] = rows.model
    chosen = rows.order_by("pk").values_list("pk", *names)
    for pk, *values in chosen.iterator(chunk_size=_AT_ONCE):
        told = {name: words.out_of(value) for name, value in zip(names, values, strict=True)}
        changed = {
            name: value
            for (name, value), before in zip(told.items(), values, strict=True)
            if value != before
        }
        if changed:
            model._default_manager.filter(pk=pk).update(**changed)
