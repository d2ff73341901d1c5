"""The annotated article."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from apps.articles.models import Article


def article(request: HttpRequest, pk: int) -> HttpResponse:
    """One article with its annotations."""
    return render(
        request, "articles/article.html", {"article": get_object_or_404(Article, pk=pk)}
    )
