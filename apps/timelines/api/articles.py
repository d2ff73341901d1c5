"""Articles: about them, and the sentences that public events rest on. Their text is not given away."""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext
from ninja import Query, Router

from apps.events.models import Evidence
from apps.timelines import asof
from apps.timelines.api import asking, schemas, shapes
from apps.timelines.api.shapes import Addresses
from apps.timelines.queries import articles as queries_articles
from apps.timelines.queries import corrections as queries_corrections
from apps.timelines.queries.evidence import span_href

router = Router(tags=["Articles"])


@router.get("/{int:pk}", url_name="api-article", response=schemas.Article, summary="One article")
def article(request: HttpRequest, pk: int, query: Query[asking.AsOf]):  # type: ignore[no-untyped-def]
    """An article that public events rest on, for everybody the same: who may read more reads the page."""
    to = Addresses(request, asof.read(request))
    moment = to.as_of.moment
    rows = queries_articles.public_articles(moment).select_related("source", "story")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(gettext("There is no public article of that number."))
    versions = found.versions.as_of(moment).defer("raw", "text").order_by("-number")
    same = ("agency", "dateline", "language", "first_seen_at", "project_written")
    return schemas.Article(
        **shapes.article(found, to),
        **{name: getattr(found, name) for name in same},
        notes=queries_corrections.article_notes(found, moment),
        versions=[
            schemas.Version(number=row.number, fetched_at=row.fetched_at, edit=row.edit)
            for row in versions
        ],
        quotes=[
            _quoted(row, versions[0].number, to)
            for row in queries_articles.evidence_in(found, moment)
        ],
    )


def _quoted(row: Evidence, latest: int, to: Addresses) -> schemas.Quoted:
    version = row.article_version
    return schemas.Quoted(
        event=schemas.EventBrief(**shapes.brief(row.event, to)),
        stance=row.stance,
        quote=row.quote,
        version=version.number if version else 0,
        start=row.start or 0,
        end=row.end or 0,
        page=to.whole(span_href(row, latest)),
    )
