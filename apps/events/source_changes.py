"""What changed at the sources: noticing it, and finding the evidence that it concerns."""

import re

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.articles.models import Article, ArticleVersion
from apps.core.models import Change
from apps.events.models import Cause, Correction, Event, Evidence, SourceChange, Standing
from apps.sources.models import Source

# From most to least: who cannot be judged (F) is trusted less than who is fairly reliable, and more than who
# was found not to be.
_TRUST = "EDFCBA"
_OF_ARTICLE = ((Cause.RETRACTED, "retracted_at"), (Cause.GONE, "gone_at"))


def trust(reliability: str) -> int:
    """Return how far a source with this Admiralty letter is trusted; more is better."""
    return _TRUST.index(reliability)


def notice() -> int:
    """Write down each change of a source that is not known yet, forget what does not hold any more.

    Returns how many were found. A retraction or an empty address is one row while it lasts.
    """
    for cause, column in _OF_ARTICLE:
        SourceChange.objects.filter(cause=cause, **{f"article__{column}__isnull": True}).delete()
    rows = [*_versions(), *_articles(), *_ratings()]
    SourceChange.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _versions() -> list[SourceChange]:
    known = SourceChange.objects.filter(version=OuterRef("pk"))
    newer = ArticleVersion.objects.latest_of_each().filter(~Exists(known), number__gt=1)
    cause = Cause.NEW_VERSION
    return [
        SourceChange(key=f"version:{pk}", cause=cause, article_id=article, version_id=pk)
        for pk, article in newer.values_list("pk", "article_id")
    ]


def _articles() -> list[SourceChange]:
    rows: list[SourceChange] = []
    for cause, column in _OF_ARTICLE:
        known = SourceChange.objects.filter(article=OuterRef("pk"), cause=cause)
        found = Article.objects.filter(~Exists(known), **{f"{column}__isnull": False})
        rows += [
            SourceChange(key=f"{cause}:{pk}", cause=cause, article_id=pk)
            for pk in found.values_list("pk", flat=True)
        ]
    return rows


def _ratings() -> list[SourceChange]:
    """From the history, so that changes in bulk and in SQL count, too."""
    known = SourceChange.objects.filter(change=OuterRef("pk"))
    changes = Change.objects.filter(
        ~Exists(known),
        table=Source._meta.db_table,
        op=Change.Op.UPDATE,
        after__has_key="reliability",
        row_id__in=Source.objects.values("pk"),
    )
    return [
        SourceChange(
            key=f"rating:{row.pk}", cause=Cause.RATING, source_id=row.row_id, change_id=row.pk
        )
        for row in changes.order_by("pk")
        if lowered(row)
    ]


def lowered(change: Change) -> bool:
    """Tell whether a change of a source lowered its rating."""
    before, after = change.before or {}, change.after or {}
    return trust(after["reliability"]) < trust(before["reliability"])


def detail(change: SourceChange) -> str:
    """Return what changed, in a sentence."""
    if change.version is not None:
        number, at = change.version.number, change.version.fetched_at
        return f"Version {number}, fetched {at:%Y-%m-%d %H:%M} UTC.{_edited(change.version)}"
    if change.change is not None:
        before, after = change.change.before or {}, change.change.after or {}
        return f"{change.source} was rated {before['reliability']}, now {after['reliability']}."
    article = change.article
    if article is None or article.gone_at is None or change.cause == Cause.RETRACTED:
        return article.retraction_note if article else ""
    return f"Found empty on {article.gone_at:%Y-%m-%d %H:%M} UTC."


def _edited(version: ArticleVersion) -> str:
    """How the publisher changed the text, as far as that was compared."""
    if version.edit == ArticleVersion.Edit.STEALTH:
        return f" Changed without a notice. {version.edit_note}".rstrip()
    if version.edit in (ArticleVersion.Edit.CORRECTION, ArticleVersion.Edit.NOTICED):
        return f" The publisher says so: {version.edit_note}"
    return ""


def concerned(change: SourceChange) -> QuerySet[Evidence]:
    """Return the evidence that rests on what changed and is to be held against it, oldest first.

    That is published evidence; where the text itself changed or was taken back, what is proposed, too, and
    what this stage withdrew before.
    """
    if change.cause == Cause.RATING:
        resting, standings = _from_source(change.source), [Standing.PUBLISHED]
    else:
        resting, standings = _from_article(change.article), [Standing.PUBLISHED]
        if change.cause != Cause.GONE:
            standings.append(Standing.PROPOSED)
    if change.version is not None:
        resting &= Q(article_version__number__lt=change.version.number)
    open_events = [Event.Status.PROPOSED, Event.Status.PUBLISHED]
    stands = Q(standing__in=standings, event__status__in=open_events)
    return (
        Evidence.objects.filter(resting, replaced_by__isnull=True)
        .filter(stands | Exists(withdrawn().filter(evidence=OuterRef("pk"), cause=change.cause)))
        .select_related("event__place", "candidate", "article_version__article")
        .defer("article_version__raw")
        .order_by("pk")
    )


def withdrawn() -> QuerySet[Correction]:
    """Corrections by which the stage itself took back a mere proposal, which is still taken back."""
    return Correction.objects.filter(
        quiet=True, outcome=Correction.Outcome.REMOVED, evidence__standing=Standing.REJECTED
    )


def _from_article(article: Article | None) -> Q:
    """Quoted from the article, or cited by its address."""
    if article is None:
        return Q(pk__in=[])
    cited = {article.url, article.canonical_url} - {""}
    return Q(article_version__article=article) | Q(url__in=cited)


def _from_source(source: Source | None) -> Q:
    """Quoted from the source's articles, or cited from its domain."""
    if source is None:
        return Q(pk__in=[])
    quoted = Q(article_version__article__source=source)
    if not source.domain:
        return quoted
    domain = re.escape(source.domain.removeprefix("www."))
    return quoted | Q(url__iregex=rf"^https?://([^/]+\.)?{domain}([:/?#]|$)")
