"""How to cite the page that is shown, and the addresses of its citations."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext

from apps.articles.models import Article
from apps.events.models import Event
from apps.timelines.asof import NOW, AsOf
from apps.timelines.exports.cited import of_article, of_event
from apps.timelines.exports.citing import CITED_AS, Citation
from apps.timelines.exports.urls import base_of

register = template.Library()


@register.simple_tag(takes_context=True)
def event_citation(context: template.Context, event: Event) -> Citation:
    """How to cite the event as the page shows it: `{% event_citation event as cited %}`."""
    return of_event(event, _as_of(context), base_of(context["request"]))


@register.simple_tag(takes_context=True)
def article_citation(context: template.Context, article: Article) -> Citation:
    """How to cite the article as the page shows it: `{% article_citation article as cited %}`."""
    return of_article(article, _as_of(context), base_of(context["request"]))


@register.simple_tag(takes_context=True)
def citation_files(context: template.Context, page: str, of: str | int) -> list[tuple[str, str]]:
    """The ending and the address of each file of a citation: `page` names the address, `of` what is cited."""
    as_of = _as_of(context)
    pages = ((ending, reverse(page, args=[of, ending])) for ending in CITED_AS)
    return [(ending, as_of.link(page)) for ending, page in pages]


def _as_of(context: template.Context) -> AsOf:
    return context.get("as_of") or NOW


@register.filter
def citation_name(ending: str) -> Any:
    """What a file of citations is called, by its ending."""
    return {"bib": "BibTeX", "ris": "RIS", "txt": gettext("Text")}.get(ending, ending)
