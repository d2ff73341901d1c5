"""Places at which something public happened."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from apps.events.models import Event
from apps.places.models import Place
from apps.timelines import asof
from apps.timelines.api import asking, paging, schemas, shapes
from apps.timelines.api.shapes import Addresses

router = Router(tags=["Places"])


@router.get("", url_name="api-places", response=schemas.Places, summary="Places")
def places(request: HttpRequest, response: HttpResponse, query: Query[asking.PlacesAsked]):  # type: ignore[no-untyped-def]
    """The places of public events by name."""
    to = Addresses(request, asof.read(request))
    page = paging.asked("places", query.limit, query.cursor, (str, int))
    public = Q(events__in=Event.objects.as_of(to.as_of.moment))
    rows = Place.objects.annotate(count=Count("events", filter=public)).filter(count__gt=0)
    if query.kind:
        rows = rows.filter(kind=query.kind)
    if query.country:
        rows = rows.filter(country=query.country)
    rows = rows.filter(paging.beyond(page, "name", "pk")).select_related("parent")
    found = rows.order_by("name", "pk")[: page.limit + 1]
    shown, cursor = page.cut(found, lambda row: (row.name, row.pk))
    return schemas.Places(
        items=[schemas.PlaceRow(**shapes.place(row), events=row.count) for row in shown],
        next=paging.next_address(request, response, cursor),
        as_of=to.as_of.day,
    )
