"""The search over events, actors and articles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from apps.timelines import asof
from apps.timelines.asof import AsOf
from apps.timelines.costly import PAGE, costly
from apps.timelines.models import Timeline
from apps.timelines.queries import actors as queries_actors
from apps.timelines.queries import search_page
from apps.timelines.queries.search_page import Option, Results
from apps.timelines.search.asked import parse


@dataclass(frozen=True, slots=True)
class Link:
    """A choice with its address."""

    label: str
    count: int
    href: str
    chosen: bool


@costly(PAGE)
def search(request: HttpRequest) -> HttpResponse:
    """What the words asked for are found in, as known now or on a day."""
    as_of = asof.read(request)
    query = {name: request.GET.getlist(name)[-1] for name in request.GET}
    asked = parse(query.get("q", ""))
    timelines = list(Timeline.objects.public().order_by("title"))
    look, faults = search_page.look_of(query, [timeline.slug for timeline in timelines])
    results = search_page.results(asked, look, as_of.moment, timelines)
    return render(request, "search/search.html", context(results, faults, as_of))


def context(results: Results, faults: list[str], as_of: AsOf) -> dict[str, Any]:
    """What templates/search/search.html needs."""
    asked = {"q": results.asked.text, **results.look.choice, "kind": results.look.kind}
    asked["sort"] = "new" if results.look.newest else ""
    here = _Addresses(asked, as_of)
    return {
        "results": results,
        "faults": faults,
        "kinds": _kinds(results, here),
        "facets": [
            (name, _facet_label(name), [here.option(name, option) for option in options])
            for name, options in results.facets.items()
        ],
        "more": {kind: here.to(kind=kind) for kind in search_page.KINDS},
        "best_first": here.to(sort=""),
        "newest_first": here.to(sort="new"),
        "all": here.to(timeline="", type="", year="", kind=""),
        "suggestions": [(name, here.only(q=name)) for name in results.suggestions],
        "earlier": here.to(page=str(results.look.page - 1)) if results.look.page > 1 else "",
        "later": here.to(page=str(results.look.page + 1))
        if results.look.page < results.pages
        else "",
        "country_names": queries_actors.country_names() if results.actors else {},
        "section": "search",
    }


@dataclass(frozen=True, slots=True)
class _Addresses:
    """Addresses of the same search looked at otherwise; each starts at its first page."""

    asked: Mapping[str, str]
    as_of: AsOf

    def to(self, **changed: str) -> str:
        """This look with some values changed; "" takes one away."""
        return self.only(**{**self.asked, **changed})

    def only(self, **asked: str) -> str:
        """Nothing but this."""
        query = urlencode({name: value for name, value in asked.items() if value})
        return self.as_of.link(f"{reverse('search')}?{query}")

    def option(self, facet: str, option: Option) -> Link:
        """The value of a facet: choosing it once more takes it away. Facets are those of events."""
        value = "" if option.chosen else option.value
        return Link(
            option.label, option.count, self.to(**{facet: value, "kind": "events"}), option.chosen
        )


def _kinds(results: Results, here: _Addresses) -> list[Link]:
    labels = {
        "": gettext("All"),
        "events": gettext("Events"),
        "actors": gettext("Actors"),
        "articles": gettext("Articles"),
    }
    return [
        Link(
            label,
            results.totals.get(kind, 0) if kind else results.total,
            here.to(kind=kind),
            results.look.kind == kind,
        )
        for kind, label in labels.items()
    ]


def _facet_label(name: str) -> str:
    return {"timeline": gettext("Timeline"), "type": gettext("Type"), "year": gettext("Year")}[name]
