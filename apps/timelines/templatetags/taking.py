"""How to cite the page that is shown, and the addresses of its citations."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext

from apps.events.models import Event
from apps.timelines.asof import NOW, AsOf
from apps.timelines.exports.cited import of_event
from apps.timelines.exports.citing import CITED_AS, Citation
from apps.timelines.exports.urls import base_of

register = template.Library()


@register.simple_tag(takes_context=True)
def event_citation(context: template.Context, event: Event) -> Citation:
    """How to cite the event as the page shows it: `{% event_citation event as cited %}`."""
    return of_event(event, _as_of(context), base_of(context["request"]))


@register.simple_tag(takes_context=True)
def citation_files(context: template.Context, event: Event) -> list[tuple[str, str]]:
    """The ending and the address of each file that holds the event's citation."""
    as_of = _as_of(context)
    pages = ((ending, reverse("event_cite", args=[event.public_id, ending])) for ending in CITED_AS)
    return [(ending, as_of.link(page)) for ending, page in pages]


def _as_of(context: template.Context) -> AsOf:
    return context.get("as_of") or NOW


@register.filter
def citation_name(ending: str) -> Any:
    """What a file of citations is called, by its ending."""
    return {"bib": "BibTeX", "ris": "RIS", "txt": gettext("Text")}.get(ending, ending)
