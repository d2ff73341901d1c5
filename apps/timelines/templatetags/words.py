"""Filters that print codes and dates in words (see wording.py)."""

from datetime import date, datetime

from django import template
from django.utils.dateformat import format as formatted
from django.utils.translation import get_language, gettext

from apps.actors.models import Relation, Role
from apps.articles.models import Article
from apps.events.models import Claim, Event
from apps.timelines import wording
from apps.timelines.drawing import basemap
from apps.timelines.templatetags.numbers import kept_left_to_right
from apps.timelines.vocabulary import HOW_KNOWN, QUAD_WORDS

register = template.Library()


@register.filter
def event_days(event: Event) -> str:
    """The event's days in words."""
    return wording.days(event.start, event.end, event.precision)


@register.filter
def event_precision(event: Event) -> str:
    """How well the event's days are known."""
    return wording.precision_in_words(event.start, event.end, event.precision)


@register.filter
def place_precision(event: Event) -> str:
    """How well the event's place is known, in words; empty where it has none."""
    if event.place is None:
        return ""
    radius = event.place.radius_km if event.place.radius_km > 1 else None
    return wording.place_precision(event.geo_precision, event.get_geo_precision_display(), radius)


@register.filter
def type_words(event: Event) -> str:
    """The event's PLOVER type and mode in words."""
    return wording.type_in_words(event.type, event.mode)


@register.filter
def quad_words(quad: int) -> str:
    """A quad class in words."""
    return str(QUAD_WORDS[quad])


@register.filter
def day_words(value: date | None) -> str:
    """A day in words, empty where there is none."""
    return wording.day(value) if value else ""


@register.filter
def instant_words(value: datetime | None) -> str:
    """An aware UTC instant in words, empty where there is none."""
    return wording.instant(value) if value else ""


@register.filter
def figure(event: Event, field: str) -> str:
    """The headline figure of "killed" or "wounded"."""
    return wording.figure(*_toll(event, field))


@register.filter
def spread(event: Event, field: str) -> str:
    """How far the claims about "killed" or "wounded" differ, empty where they agree."""
    return wording.spread(*_toll(event, field))


def _toll(event: Event, field: str) -> tuple[int | None, int | None, int | None]:
    return tuple(getattr(event, f"{field}{end}") for end in ("", "_low", "_high"))  # type: ignore[return-value]


@register.filter
def said_words(claim: Claim) -> str:
    """The days on which a claim was made."""
    if claim.said_from is None:
        return ""
    return wording.days(claim.said_from, claim.said_to or claim.said_from)


@register.filter
def brief(words: str) -> str:
    """Dates in words with short months."""
    return wording.brief(words)


@register.filter
def published_words(article: Article) -> str:
    """When an article was published, as precisely as that is known."""
    if article.published_at is None:
        return gettext("not known")
    if article.published_precision == Article.DatePrecision.DAY:
        return wording.day(article.published_at.date())
    return wording.minute(article.published_at)


@register.filter
def counted(number: int, noun: str) -> str:
    """A number with its noun: `{{ 3|counted:"article" }}` is "3 articles"; "copy,copies" gives both forms."""
    one, _, many = noun.partition(",")
    return wording.counted(number, one, many)


@register.filter
def how_known(article: Article) -> str:
    """How the article's date of publication is known."""
    return HOW_KNOWN.get(article.published_how, article.published_how)


@register.filter
def plain_number(value: float) -> str:
    """A number without superfluous zeros, its minus sign a real one."""
    return kept_left_to_right(f"{value:g}".replace("-", "−"))


@register.filter
def web_address(url: str) -> bool:
    """Tell whether an address may stand in a link: http and https only."""
    return url.lower().startswith(("http://", "https://"))


@register.filter
def span_words(row: Role | Relation) -> str:
    """From when to when something held; empty where neither is known."""
    return wording.since_until(row.since, row.until)


@register.simple_tag
def month_names() -> str:
    """The months' short names in the language of the page, for the chart's axis: "Jan|Feb|..."."""
    return "|".join(formatted(date(2000, month, 1), "M") for month in range(1, 13))


@register.simple_tag
def country_name(code: str, names: dict[str, str]) -> str:
    """A country's name in the page's language, else as the gazetteer or the base map has it, else its code."""
    language = (get_language() or "en").split("-")[0]
    here = "" if language == "en" else basemap.name_of(code, language)
    return here or names.get(code) or basemap.name_of(code) or code
