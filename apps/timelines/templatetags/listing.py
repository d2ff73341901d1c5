"""Rows of the timeline's list and boxes of its filters: hundreds to a page, written here because a template
takes most of the page's time for them. Everything in them is escaped.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from apps.core import plover
from apps.events.models import Event
from apps.timelines import wording
from apps.timelines.queries.facets import Option
from apps.timelines.queries.timeline import Row
from apps.timelines.templatetags.numbers import signed

register = template.Library()

_NOTHING = mark_safe("")
_HEAD = """<tr class="quad-{quad}{selected}" data-event="{id}">
      <td class="when"><time datetime="{start}">{days}</time>{precision}</td>
      <td class="what"><a id="e-{id}" href=\""""
_TAIL = """"{current}>{title}</a>
        <span class="what-facts"><span class="type"><span class="quad-key" aria-hidden="true"></span>{type}</span>{contested}</span></td>
      <td class="wide-only lane">{lane}</td>
      <td class="num wide-only severity">{severity} <span class="score"><span class="visually-hidden">{score_is}</span> {score}</span></td>
      {killed}
      {wounded}
      <td class="num" data-label="{reports_are}">{reports}</td>
    </tr>
    """  # noqa: E501  # as the page has it
_OPTION = (
    '<label class="option{quad}">'
    '<input type="checkbox" id="{key}-{value}" name="{key}" value="{value}"{checked}>'
    '{sign} <span class="option-label" dir="auto">{label}</span> <span class="count">{count}</span></label>\n'
)
_SIGN = mark_safe(' <span class="quad-key" aria-hidden="true"></span>')
_CHECKED = mark_safe(" checked")
_CURRENT = mark_safe(' aria-current="true"')
_CONTESTED = ' <span class="tag tag-contested">{}</span>'
_UNKNOWN = (
    '<td class="num toll unknown"><span aria-hidden="true">–</span>'
    '<span class="visually-hidden">{}</span></td>'
)
_Toll = tuple[int | None, int | None, int | None]


class _Line(NamedTuple):
    """What a row says, but for the address it leads to."""

    language: str | None
    lane: str
    reports: int
    selected: bool
    public_id: str
    quad: int
    start: date
    end: date
    precision: str
    title: str
    type: str
    mode: str
    contested: bool
    severity: float
    killed: _Toll
    wounded: _Toll


_told = attrgetter(*_Line._fields[4:-2])
_killed = attrgetter("killed", "killed_low", "killed_high")
_wounded = attrgetter("wounded", "wounded_low", "wounded_high")


@register.simple_tag
def event_rows(rows: Iterable[Row]) -> SafeString:
    """The lines of the list's table."""
    language = get_language()
    return mark_safe("".join(_row(row, language) for row in rows))  # noqa: S308  # of format_html


def _row(row: Row, language: str | None) -> str:
    event = row.event
    of_row = language, row.lane, row.reports, row.selected
    tolls = _killed(event), _wounded(event)
    head, tail = _written(_Line._make((*of_row, *_told(event), *tolls)))
    return f"{head}{escape(row.href)}{tail}"


@lru_cache(maxsize=4_000)
def _written(line: _Line) -> tuple[str, str]:
    """Write a row in the language in force, up to its address and from there; most views say the same rows."""
    known = line.precision == Event.Precision.DAY
    precision = Event.Precision(line.precision).label
    return format_html(
        _HEAD,
        quad=line.quad,
        selected=" selected" if line.selected else "",
        id=line.public_id,
        start=line.start.isoformat(),
        days=wording.days(line.start, line.end, line.precision),
        precision=_NOTHING if known else format_html(' <span class="tag">{}</span>', precision),
    ), format_html(
        _TAIL,
        current=_CURRENT if line.selected else _NOTHING,
        title=line.title,
        type=wording.type_in_words(line.type, line.mode),
        contested=format_html(_CONTESTED, gettext("contested")) if line.contested else _NOTHING,
        lane=line.lane,
        severity=signed(line.severity),
        score_is=gettext("published score"),
        score=signed(plover.score(line.type, line.mode), 0),
        killed=_figure(line.killed, gettext("killed")),
        wounded=_figure(line.wounded, gettext("wounded")),
        reports_are=gettext("reports"),
        reports=line.reports,
    )


def _figure(toll: _Toll, label: str) -> str:
    if toll[2] is None:
        return format_html(_UNKNOWN, gettext("not known"))
    return format_html('<td class="num toll" data-label="{}">{}</td>', label, wording.figure(*toll))


@register.simple_tag
def tick_boxes(key: str, options: Iterable[Option]) -> SafeString:
    """The boxes of a filter: `key` is its name in the address."""
    return mark_safe(  # noqa: S308  # of format_html
        "".join(
            format_html(
                _OPTION,
                quad=f" quad-{option.quad}" if option.quad else "",
                key=key,
                value=option.value,
                checked=_CHECKED if option.checked else _NOTHING,
                sign=_SIGN if option.quad else _NOTHING,
                label=str(option.label),
                count=option.count,
            )
            for option in options
        )
    )
