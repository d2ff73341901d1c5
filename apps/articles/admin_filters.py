"""What the list of articles tells of each, and by what it is narrowed; one query, whatever its length."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest

from apps.articles.models import Article, ArticleVersion, IntakeItem
from apps.core.stages import StageStatus

_STEALTH = ArticleVersion.objects.filter(article=OuterRef("pk"), edit=ArticleVersion.Edit.STEALTH)
_WRONG = Q(status__in=[StageStatus.FAILED, StageStatus.QUARANTINED]) | Q(
    outcome=IntakeItem.Outcome.REFUSED
)


def told(articles: QuerySet[Any]) -> QuerySet[Any]:
    """Return the articles with `newest`, `story_size`, `stealth`, `failed_item` and `failed_why`.

    What went wrong is told of the last try alone: what succeeded since is mended.
    """
    newest = ArticleVersion.objects.filter(article=OuterRef("pk")).order_by("-number")
    copies = Article.objects.filter(story=OuterRef("story")).order_by().values("story")
    wrong = IntakeItem.objects.filter(_WRONG, pk=Subquery(_last_of_outer()))
    return articles.annotate(
        newest=Subquery(newest.values("number")[:1]),
        story_size=Subquery(copies.annotate(size=Count("pk")).values("size")),
        stealth=Exists(_STEALTH),
        failed_item=Subquery(wrong.values("pk")[:1]),
        failed_why=Subquery(wrong.values("error")[:1]),
    )


def _last_of_outer() -> QuerySet[Any]:
    """The newest item of the article that a subquery of a subquery stands in."""
    last = IntakeItem.objects.filter(article=OuterRef(OuterRef("pk"))).order_by("-pk")
    return last.values("pk")[:1]


class _Choice(admin.SimpleListFilter):
    """A filter whose choices are conditions."""

    choices_told: tuple[tuple[str, str], ...] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Name the choices."""
        return list(self.choices_told)


class EditFilter(_Choice):
    """By how versions came of those before them."""

    title = "edits"
    parameter_name = "edit"
    choices_told = tuple((value, str(label)) for value, label in ArticleVersion.Edit.choices[1:])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Articles that have a version edited so."""
        if self.value() not in ArticleVersion.Edit.values[1:]:
            return queryset
        edited = ArticleVersion.objects.filter(article=OuterRef("pk"), edit=self.value())
        return queryset.filter(Exists(edited))


class TroubleFilter(_Choice):
    """By whether the last try to take the page in went wrong."""

    title = "last try"
    parameter_name = "trouble"
    choices_told = (("1", "went wrong"),)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Articles whose newest item failed or was refused."""
        return queryset.filter(failed_item__isnull=False) if self.value() == "1" else queryset


class CopiesFilter(_Choice):
    """By whether others carry the same text."""

    title = "story"
    parameter_name = "copies"
    choices_told = (("1", "has copies"), ("0", "alone"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Articles with or without others in their story."""
        others = Article.objects.filter(story=OuterRef("story")).exclude(pk=OuterRef("pk"))
        if self.value() == "1":
            return queryset.filter(Exists(others))
        return queryset.filter(~Exists(others)) if self.value() == "0" else queryset


class RewrittenFilter(_Choice):
    """By whether a text reads as if a program had rewritten it."""

    title = "reads rewritten by a program"
    parameter_name = "rewritten"
    choices_told = (("1", "yes"), ("0", "no"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Articles with or without a note on it."""
        if self.value() == "1":
            return queryset.exclude(paraphrase_note="")
        return queryset.filter(paraphrase_note="") if self.value() == "0" else queryset
