"""The annotated article, and what changed from one of its versions to another."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from apps.articles.models import Article
from apps.timelines import asof
from apps.timelines.costly import PAGE, costly
from apps.timelines.queries import article_versions
from apps.timelines.queries import articles as queries_articles


def article(request: HttpRequest, pk: int) -> HttpResponse:
    """One article as its newest version has it, or as `?version=` had it; others than staff see public ones."""
    moment = asof.read(request).moment
    staff = request.user.has_perm("articles.view_article")
    found = _readable(pk, staff, moment)
    page = queries_articles.page(found, _version(request), staff, moment)
    if page is None:
        raise Http404("The article has no such version.")
    return render(request, "articles/article.html", {"page": page, "article": found})


@costly(PAGE)
def differences(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What changed from version `?from=` to version `?to=` of an article that the reader may read."""
    moment = asof.read(request).moment
    staff = request.user.has_perm("articles.view_article")
    found = _readable(pk, staff, moment)
    asked = _version(request, "from"), _version(request, "to")
    compared = article_versions.comparison(found, asked, moment)
    if compared is None and asked != (None, None):
        raise Http404("The article has no such versions.")
    context = {"article": found, "compared": compared}
    return render(request, "articles/differences.html", context)


def _readable(pk: int, staff: bool, moment: datetime | None) -> Article:
    """Return the article, where it is public or the reader is staff; a 404 otherwise."""
    seen = Article.objects.as_of(moment)
    allowed = seen if staff else queries_articles.public_articles(moment)
    return get_object_or_404(allowed.select_related("source", "story"), pk=pk)


def _version(request: HttpRequest, name: str = "version") -> int | None:
    asked = request.GET.get(name, "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 9):
        raise Http404("Versions of an article are numbered from 1.")
    return int(asked)
