"""Links that keep the day as of which a page is read (see apps/timelines/asof.py)."""

from typing import Any

from django import template
from django.urls import reverse

from apps.timelines.asof import NOW, AsOf

register = template.Library()


def _as_of(context: template.Context) -> AsOf:
    found = context.get("as_of", NOW)
    return found if isinstance(found, AsOf) else NOW


@register.simple_tag(takes_context=True)
def href(context: template.Context, view: str, *args: Any) -> str:
    """The address of a named page: `{% href "actor" actor.slug %}`, as `url` gives it, with the day."""
    return _as_of(context).link(reverse(view, args=args))


@register.simple_tag(takes_context=True)
def at(context: template.Context, address: str, **query: Any) -> str:
    """An address of this site with the day: `{% at article.get_absolute_url version=2 %}`."""
    return _as_of(context).link(address, **query)
