"""The list of actors and each actor's page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control

from apps.actors.models import Actor
from apps.timelines import asof, pictures, queries_actors, queries_claims
from apps.timelines.queries_actors import Filters

LIST = "actor-list"
ACTORS_A_PAGE = 60
EVENTS_A_PAGE = 40
MOST_CLAIMS = 60


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


def actor(request: HttpRequest, slug: str) -> HttpResponse:
    """One actor: names, roles, relations, activity, events and claims."""
    as_of = asof.read(request)
    moment = as_of.moment
    merged = queries_actors.merged_into(slug)
    if merged is not None:
        return _moved(request, merged)
    found = get_object_or_404(queries_actors.known_actors(moment), slug=slug)
    relations = queries_actors.relations_of(found, as_of.day or timezone.localdate(), moment)
    events = Paginator(queries_actors.events_of(found, moment), EVENTS_A_PAGE)
    shown = events.get_page(request.GET.get("page"))
    claims = queries_actors.claims_by(found, moment)
    newest = list(claims[:MOST_CLAIMS])
    says = queries_claims.says(newest)
    context = {
        "actor": found,
        "country": queries_actors.country_names().get(found.country, found.country),
        "aliases": found.aliases.order_by("kind", "name"),
        "active_to": queries_actors.active_to(found, moment),
        "roles": queries_actors.roles_of(found, moment),
        "holders": queries_actors.holders_of(found, moment),
        "relations": relations,
        "network": pictures.network(relations.neighbours()),
        "strip": pictures.strip(queries_actors.activity(found, moment)),
        "events": shown,
        "rows": queries_actors.event_rows(found, shown.object_list, moment),
        "claims": [(claim, says[claim.pk]) for claim in newest],
        "claims_count": claims.count(),
        "section": "actors",
    }
    return render(request, "actors/actor.html", context)


def _moved(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Send old addresses on; browsers ask again each time, for a merge can be taken back."""
    query = request.META.get("QUERY_STRING", "")
    address = f"{actor.get_absolute_url()}?{query}" if query else actor.get_absolute_url()
    answer = redirect(address, permanent=True)
    patch_cache_control(answer, no_cache=True)
    return answer
