"""Rows of the timeline's list and boxes of its filters: hundreds to a page, written here because a template
takes most of the page's time for them. Everything in them is escaped by format_html.
"""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from apps.timelines.queries.facets import Option
from apps.timelines.queries.timeline import Row
from apps.timelines.templatetags.numbers import signed
from apps.timelines.templatetags.scores import score
from apps.timelines.templatetags.words import event_days, figure, type_words

register = template.Library()

_NOTHING = mark_safe("")
_ROW = """<tr class="quad-{quad}{selected}" data-event="{id}">
      <td class="when"><time datetime="{start}">{days}</time>{precision}</td>
      <td class="what"><a id="e-{id}" href="{href}"{current}>{title}</a>
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


@register.simple_tag
def event_rows(rows: Iterable[Row]) -> SafeString:
    """The lines of the list's table."""
    # Said in every row, looked up once.
    words = {
        "score_is": gettext("published score"),
        "reports_are": gettext("reports"),
        "contested": format_html(
            ' <span class="tag tag-contested">{}</span>', gettext("contested")
        ),
        "killed": gettext("killed"),
        "wounded": gettext("wounded"),
        "unknown": format_html(
            '<td class="num toll unknown"><span aria-hidden="true">–</span>'
            '<span class="visually-hidden">{}</span></td>',
            gettext("not known"),
        ),
    }
    return mark_safe("".join(_row(row, words) for row in rows))  # noqa: S308  # of format_html


def _row(row: Row, words: dict[str, str]) -> str:
    event = row.event
    known = event.precision == event.Precision.DAY
    return format_html(
        _ROW,
        quad=event.quad,
        selected=" selected" if row.selected else "",
        id=event.public_id,
        start=event.start.isoformat(),
        days=event_days(event),
        precision=_NOTHING
        if known
        else format_html(' <span class="tag">{}</span>', event.get_precision_display()),
        href=row.href,
        current=_CURRENT if row.selected else _NOTHING,
        title=event.title,
        type=type_words(event),
        contested=words["contested"] if event.contested else _NOTHING,
        lane=row.lane,
        severity=signed(event.severity),
        score_is=words["score_is"],
        score=score(event),
        killed=_toll(row, "killed", words),
        wounded=_toll(row, "wounded", words),
        reports_are=words["reports_are"],
        reports=row.reports,
    )


def _toll(row: Row, field: str, words: dict[str, str]) -> str:
    if getattr(row.event, f"{field}_high") is None:
        return words["unknown"]
    told = figure(row.event, field)
    return format_html('<td class="num toll" data-label="{}">{}</td>', words[field], told)


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
