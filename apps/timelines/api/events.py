"""One event with everything its page shows."""

from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.utils.translation import gettext
from ninja import Query, Router

from apps.events.models import Event
from apps.timelines import asof
from apps.timelines.api import asking, schemas, shapes
from apps.timelines.api.shapes import Addresses
from apps.timelines.asof import AsOf
from apps.timelines.queries import events as queries_events
from apps.timelines.views.events import drawer_context

router = Router(tags=["Events"])


@router.get(
    "/{slug:public_id}", url_name="api-event", response=schemas.EventWhole, summary="One event"
)
def event(request: HttpRequest, public_id: str, query: Query[asking.AsOf]):  # type: ignore[no-untyped-def]
    """A published event: who says what, on which evidence, and what it answers to.

    The id of an event that was merged leads to the one that it was merged into (301).
    """
    to = Addresses(request, asof.read(request))
    found = _find(public_id, to.as_of)
    if found.public_id != public_id:
        return HttpResponsePermanentRedirect(to.of("api-event", found.public_id))
    shown = drawer_context(found, to.as_of)
    weighed = queries_events.weigh(found)
    found.severity = weighed.terms.total
    claims, reports = shown["claims"], shown["reports"]
    return schemas.EventWhole(
        **shapes.event(found, to, hindsight=shown["hindsight"]),
        reports=reports.count.reports,
        reports_words=reports.words,
        why=claims.toll_why,
        contested_why=claims.contested_why,
        claims=shapes.claims(claims.rows),
        evidence=shapes.reports(reports, to),
        before=shapes.links(shown["before"], to),
        after=shapes.links(shown["after"], to),
        severity_terms=shapes.severity(weighed),
        timelines=[
            schemas.Named(slug=row.slug, name=row.title, page=to.of("timeline", row.slug))
            for row in queries_events.timelines_of(found, to.as_of.moment)
        ],
        cite=to.of("event", found.public_id),
    )


def _find(public_id: str, as_of: AsOf) -> Event:
    """Return the public event that the id leads to; Http404 where none was known by then."""
    found = queries_events.find(public_id)
    if found is None or found.first_public_at is None:
        raise Http404(gettext("There is no published event of that id."))
    if as_of.moment is not None and found.first_public_at > as_of.moment:
        raise Http404(gettext("The event was not known by then."))
    return found
