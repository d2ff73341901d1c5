"""The list of actors and each actor's page."""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control

from apps.actors.models import Actor, Role
from apps.timelines import asof
from apps.timelines.costly import turned
from apps.timelines.drawing import pictures, spans
from apps.timelines.drawing.spans import Span
from apps.timelines.queries import actors as queries_actors
from apps.timelines.queries import claims as queries_claims
from apps.timelines.queries.actors import Filters
from apps.timelines.queries.counterparts import counterparts, timelines_of
from apps.timelines.queries.record import record_of
from apps.timelines.views.fresh import fresh

LIST = "actor-list"
ACTORS_A_PAGE = 60
EVENTS_A_PAGE = 40
MOST_CLAIMS = 60


@turned
@fresh
def actors(request: HttpRequest) -> HttpResponse:
    """The actors that match the filters of the query string."""
    moment = asof.read(request).moment
    filters = Filters.parse(request.GET)
    found = Paginator(queries_actors.actor_list(filters, moment), ACTORS_A_PAGE)
    context = {
        "filters": filters,
        "actors": found.get_page(request.GET.get("page")),
        "countries": queries_actors.countries(moment),
        "country_names": queries_actors.country_names(),
        "kinds": Actor.Kind.choices,
        "section": "actors",
    }
    fragment = request.htmx.target == LIST  # type: ignore[attr-defined]
    return render(request, f"actors/actors.html{'#' + LIST if fragment else ''}", context)


@turned
def actor(request: HttpRequest, slug: str) -> HttpResponse:
    """One actor: names, roles, relations, activity, events and claims."""
    as_of = asof.read(request)
    moment = as_of.moment
    merged = queries_actors.merged_into(slug)
    if merged is not None:
        return _moved(request, merged)
    found = get_object_or_404(queries_actors.known_actors(moment), slug=slug)
    today = as_of.day or timezone.localdate()
    relations = queries_actors.relations_of(found, today, moment)
    roles, holders = (
        queries_actors.roles_of(found, moment),
        queries_actors.holders_of(found, moment),
    )
    asked = request.GET.get("with", "").replace("\0", "")
    other = queries_actors.known_actors(moment).filter(slug=asked).first()
    events = Paginator(queries_actors.events_of(found, moment, other), EVENTS_A_PAGE)
    shown = events.get_page(request.GET.get("page"))
    claims = queries_actors.claims_by(found, moment)
    newest = list(claims[:MOST_CLAIMS])
    record = record_of(found, moment)
    says = queries_claims.says([*newest, *(row.claim for row in record.contradicted)])
    others, more_others = counterparts(found, moment)
    context = {
        "actor": found,
        "country": queries_actors.country_names().get(found.country, found.country),
        "aliases": found.aliases.order_by("kind", "name"),
        "active_to": queries_actors.active_to(found, moment),
        "roles": roles,
        "holders": holders,
        "spans": spans.spans(_spans(roles, holders), today),
        "relations": relations,
        "network": pictures.network(relations.neighbours()),
        "strip": pictures.strip(queries_actors.activity(found, moment)),
        "events": shown,
        "rows": queries_actors.event_rows(found, shown.object_list, moment),
        "other": other,
        "claims": [(claim, says[claim.pk], record.how.get(claim.pk, "")) for claim in newest],
        "record": record,
        "contradicted": [(row, says[row.claim.pk]) for row in record.contradicted],
        "counterparts": others,
        "more_counterparts": more_others,
        "on_timelines": timelines_of(found, moment),
        "claims_count": claims.count(),
        "section": "actors",
    }
    return render(request, "actors/actor.html", context)


def _spans(roles: Iterable[Role], holders: Iterable[Role]) -> list[Span]:
    """Return the roles that have a day, those of a person by title, those at an organisation by holder."""
    rows = [
        *((role.title, role) for role in roles),
        *((f"{role.person.name}, {role.title}", role) for role in holders),
    ]
    return [Span(label, row.since, row.until) for label, row in rows if row.since or row.until]


def _moved(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Send old addresses on; browsers ask again each time, for a merge can be taken back."""
    query = request.META.get("QUERY_STRING", "")
    address = f"{actor.get_absolute_url()}?{query}" if query else actor.get_absolute_url()
    answer = redirect(address, permanent=True)
    patch_cache_control(answer, no_cache=True)
    return answer
