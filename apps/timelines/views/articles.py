"""The annotated article."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from apps.articles.models import Article
from apps.timelines import asof
from apps.timelines.queries import articles as queries_articles


def article(request: HttpRequest, pk: int) -> HttpResponse:
    """One article as its newest version has it, or as `?version=` had it; others than staff see public ones."""
    moment = asof.read(request).moment
    staff = request.user.has_perm("articles.view_article")
    seen = Article.objects.as_of(moment)
    allowed = seen if staff else queries_articles.public_articles(moment)
    found = get_object_or_404(allowed.select_related("source", "story"), pk=pk)
    page = queries_articles.page(found, _version(request), staff, moment)
    if page is None:
        raise Http404("The article has no such version.")
    return render(request, "articles/article.html", {"page": page, "article": found})


def _version(request: HttpRequest) -> int | None:
    asked = request.GET.get("version", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 9):
        raise Http404("Versions of an article are numbered from 1.")
    return int(asked)
