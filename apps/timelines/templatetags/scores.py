"""The published score that an event's severity starts from."""

from django import template

from apps.core import plover
from apps.events.models import Event
from apps.timelines.templatetags.numbers import signed

register = template.Library()


@register.filter
def score(event: Event) -> str:
    """The PLOVER score of the event's type and mode, from −10 (conflict) to +10 (cooperation)."""
    return signed(plover.score(event.type, event.mode), 0)
