"""How far an article reaches: the events that rest on it, or ever did, and what the intake has of it."""

from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from apps.articles.models import Article, IntakeItem
from apps.core.models import Change
from apps.events.models import Decision, Event, Evidence, Standing


def events(article: Article) -> QuerySet[Event]:
    """Events that anything rests on in the article, whatever its standing."""
    evidence = Evidence.objects.filter(
        event=OuterRef("pk"), article_version__article=article
    ).order_by()
    return Event.objects.filter(Exists(evidence)).order_by("pk")


def ever(article: Article) -> set[int]:
    """Events (ids) that anything rested on in the article at any time, by the history: before merges, say."""
    versions = list(article.versions.values_list("pk", flat=True))
    told = Q(after__article_version_id__in=versions) | Q(before__article_version_id__in=versions)
    of_evidence = Change.objects.filter(table="events_evidence")
    rows = of_evidence.filter(told).order_by().values("row_id")
    moved = of_evidence.filter(row_id__in=rows).order_by()
    found = set(events(article).values_list("pk", flat=True))
    for pair in moved.values_list("owner_id", "former_owner_id"):
        found |= {pk for pk in pair if pk is not None}
    return found


def resting_elsewhere(article: Article) -> Exists:
    """A condition on events: something that was not rejected supports them besides the article."""
    rows = Evidence.objects.filter(event=OuterRef("pk")).exclude(standing=Standing.REJECTED)
    removed = Q(article_version__article=article) | Q(
        article_version__article__removed_at__isnull=False
    )
    return Exists(rows.exclude(removed).order_by())


def unpublished_alone(article: Article) -> QuerySet[Event]:
    """Events that were never public, and rest on this article alone: their words are its words.

    So are those of proposals that the machine made of it and took back, or that were merged since.
    """
    shown = Decision.objects.filter(event=OuterRef("pk"), action__in=["publish", "load"])
    resting = Q(pk__in=events(article).values("pk"))
    made = Q(pk__in=ever(article)) & ~Q(fingerprint="")
    never = Event.objects.exclude(status=Event.Status.PUBLISHED).filter(~Exists(shown))
    return never.filter(resting | made).filter(~resting_elsewhere(article)).order_by("pk")


def items(article: Article) -> QuerySet[IntakeItem]:
    """What the intake was given of it: under its address, or the very same bytes under another."""
    digests = article.versions.exclude(raw_sha256="").values("raw_sha256")
    digest = Func(Func(F("raw"), function="sha256"), Value("hex"), function="encode")
    same = (
        IntakeItem.objects.filter(article=None, raw__isnull=False)
        .annotate(digest=Cast(digest, models.TextField()))
        .filter(digest__in=digests)
    )
    return IntakeItem.objects.filter(
        Q(article=article)
        | Q(version__article=article)
        | Q(url__in=[article.url, article.canonical_url])
        | Q(pk__in=same.order_by().values("pk"))
    )
