"""Actors and what they take part in."""

from datetime import date

from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Query, Router

from apps.actors import models
from apps.events.models import Event, Participation
from apps.timelines import asof
from apps.timelines.api import asking, paging, schemas, shapes
from apps.timelines.api.shapes import Addresses
from apps.timelines.queries import actors as queries_actors
from apps.timelines.queries import claims as queries_claims
from apps.timelines.queries import then

router = Router(tags=["Actors"])
MOST_CLAIMS = 60


@router.get("", url_name="api-actors", response=schemas.Actors, summary="Actors")
def actors(request: HttpRequest, response: HttpResponse, query: Query[asking.ActorsAsked]):  # type: ignore[no-untyped-def]
    """The actors by name."""
    to = Addresses(request, asof.read(request))
    page = paging.asked("actors", query.limit, query.cursor, (str, int))
    asked = queries_actors.Filters(
        text=" ".join(query.q.replace("\0", "").split()),
        kind=query.kind or "",
        country=query.country or "",
    )
    rows = queries_actors.actor_list(asked, to.as_of.moment)
    found = rows.filter(paging.beyond(page, "name", "pk"))[: page.limit + 1]
    shown, cursor = page.cut(found, lambda row: (row.name, row.pk))
    return schemas.Actors(
        items=[schemas.ActorRow(**shapes.actor(row, to)) for row in shown],
        next=paging.next_address(request, response, cursor),
        as_of=to.as_of.day,
    )


def _find(slug: str, to: Addresses) -> models.Actor:
    rows = queries_actors.actor_list(queries_actors.Filters(), to.as_of.moment)
    found = rows.filter(slug=slug).first()
    if found is None:
        raise Http404(gettext("There is no actor “%(slug)s”.") % {"slug": slug[:60]})
    return found


@router.get("/{slug:slug}", url_name="api-actor", response=schemas.Actor, summary="One actor")
def actor(request: HttpRequest, slug: str, query: Query[asking.AsOf]):  # type: ignore[no-untyped-def]
    """An actor: names, relations, roles and what it said.

    The slug of one that was merged leads to the one that it was merged into (301).
    """
    to = Addresses(request, asof.read(request))
    merged = queries_actors.merged_into(slug)
    if merged is not None:
        return HttpResponsePermanentRedirect(to.of("api-actor", merged.slug))
    found = _find(slug, to)
    return schemas.Actor(
        **shapes.actor(found, to),
        aliases=[alias.name for alias in found.aliases.order_by("kind", "name")],
        active_from=found.active_from,
        active_to=queries_actors.active_to(found, to.as_of.moment),
        relations=_relations(found, to),
        roles=[_role(row, to) for row in queries_actors.roles_of(found, to.as_of.moment)],
        holders=[_role(row, to) for row in queries_actors.holders_of(found, to.as_of.moment)],
        claims=_claims(found, to),
        event_list=to.of("api-actor-events", found.slug),
    )


def _relations(found: models.Actor, to: Addresses) -> list[schemas.Relation]:
    today = to.as_of.day or timezone.localdate()
    relations = queries_actors.relations_of(found, today, to.as_of.moment)
    return [
        schemas.Relation(
            words=row.words,
            actor=to.named(row.other),
            since=row.relation.since,
            until=row.relation.until,
            past=row.past,
            disputed=row.relation.disputed,
        )
        for row in [*relations.current, *relations.past]
    ]


def _role(row: models.Role, to: Addresses) -> schemas.Role:
    return schemas.Role(
        title=row.title,
        person=to.named(row.person),
        organisation=to.named(row.organisation) if row.organisation else None,
        since=row.since,
        until=row.until,
    )


def _claims(found: models.Actor, to: Addresses) -> list[schemas.Said]:
    rows = list(queries_actors.claims_by(found, to.as_of.moment)[:MOST_CLAIMS])
    says = queries_claims.says(rows)
    return [
        schemas.Said(
            event=schemas.EventBrief(**shapes.brief(row.event, to)),
            act=row.act,
            field=row.field,
            says=says[row.pk],
            known_at=row.known_at,
        )
        for row in rows
    ]


@router.get(
    "/{slug:slug}/events",
    url_name="api-actor-events",
    response=schemas.ActorEvents,
    summary="Events of an actor",
)
def actor_events(
    request: HttpRequest, response: HttpResponse, slug: str, query: Query[asking.Paged]
):  # type: ignore[no-untyped-def]
    """The public events that the actor itself takes part in, newest first."""
    to = Addresses(request, asof.read(request))
    page = paging.asked("actor-events", query.limit, query.cursor, (date, str))
    moment = to.as_of.moment
    rows = queries_actors.events_of(_find(slug, to), moment).select_related("place__parent")
    parts = Participation.objects.select_related("actor")
    rows = rows.prefetch_related(None).prefetch_related(Prefetch("participations", queryset=parts))
    found = list(rows.filter(_before(page))[: page.limit + 1])
    shown, cursor = page.cut(found, lambda row: (row.start, row.public_id))
    these = Event.objects.as_of(moment).filter(pk__in=[row.pk for row in shown])
    then.read(these, moment).onto(shown)
    later = these.filter(then.hindsight(moment)) if moment else these.none()
    hindsight = set(later.values_list("pk", flat=True))
    return schemas.ActorEvents(
        items=[
            schemas.Event(**shapes.event(row, to, hindsight=row.pk in hindsight)) for row in shown
        ],
        next=paging.next_address(request, response, cursor),
        as_of=to.as_of.day,
    )


def _before(page: paging.Page) -> Q:
    """A condition on events, newest first: they come after the cursor."""
    if not page.after:
        return Q()
    start, public_id = page.after
    return Q(start__lt=start) | Q(start=start, public_id__lt=public_id)
