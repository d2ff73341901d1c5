"""What the desk's templates need beyond words: addresses of filters, cells of forms, what waits."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.core.history_words import Piece, word_diff
from apps.events import desk
from apps.events.admin_desk_form import Proposal
from apps.events.models import Claim, Correction, DeskItem

register = template.Library()


@register.simple_tag
def query(filters: desk.Filters, **changes: Any) -> str:
    """The queue's address with these filters changed."""
    return reverse("admin:events_event_queue") + filters.query(**changes)


@register.simple_tag
def waiting(item: DeskItem) -> list[tuple[str, str]]:
    """What waits on an item, each as a class and words."""
    told = [("new", "new event")] if item.is_new else []
    if item.corrections_waiting:
        told.append(("correction", _counted(item.corrections_waiting, "correction")))
    if not item.is_new and item.evidence_waiting:
        told.append(("addition", _counted(item.evidence_waiting, "report")))
    if not item.is_new and item.claims_waiting:
        told.append(("addition", _counted(item.claims_waiting, "claim")))
    if item.links_waiting:
        told.append(("link", _counted(item.links_waiting, "link")))
    return told


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


@register.simple_tag
def holder(item: DeskItem, now: Any) -> str:
    """Who holds the item, empty where nobody does."""
    return desk.holder(item, now)


@register.simple_tag
def diff(was: str, now: str) -> tuple[Piece, ...]:
    """What became of a text's words."""
    return word_diff(was, now)


@register.simple_tag
def readings(correction: Correction) -> list[tuple[Claim, str]]:
    """The claims on a changed sentence, each with what the machine reads there now, "" for nothing."""
    read = {change.get("claim"): change.get("now") for change in correction.changes}
    return [(claim, read.get(claim.pk) or "") for claim in correction.claims.all()]


@register.filter
def value(sent: Mapping[str, str], name: str) -> str:
    """What was sent under a name."""
    return sent.get(name, "")


@register.filter
def unlocalised(value: float) -> str:
    """A number as an attribute wants it, whatever the language."""
    return f"{value:.3f}"


@register.simple_tag
def field(bound: BoundField, wide: bool = False, key: str = "", offers: str = "") -> SafeString:
    """A labelled field with what is wrong with it."""
    return format_html(
        '<p class="desk-field{}{}"><label for="{}">{}</label>{}{}</p>',
        " desk-wide" if wide else "",
        " errors" if bound.errors else "",
        bound.id_for_label,
        bound.label,
        _widget(bound, key, offers),
        _wrong(bound),
    )


@register.simple_tag
def cell(bound: BoundField, label: str, number: int, offers: str = "") -> SafeString:
    """A field of a row: its label is said, not shown."""
    return format_html(
        '<label class="visually-hidden" for="{}">{} of participant {}</label>{}{}',
        bound.id_for_label,
        label,
        number,
        _widget(bound, "", offers),
        _wrong(bound),
    )


@register.simple_tag
def hidden(form: BaseForm) -> SafeString:
    """A form's hidden fields."""
    return format_html_join(
        "",
        '<input type="hidden" name="{}" value="{}" id="{}">',
        ((field.html_name, field.value(), field.auto_id) for field in form.hidden_fields()),
    )


@register.simple_tag
def claim_value(proposal: Proposal, claim: Claim) -> SafeString:
    """The field with a claim's value."""
    form = proposal.claims[claim.pk]
    bound = form[next(iter(form.fields))]
    return format_html(
        '<p class="desk-field{}"><label for="{}">{}</label>{}{}</p>',
        " errors" if bound.errors else "",
        bound.id_for_label,
        claim.get_field_display().capitalize(),
        _widget(bound, "", ""),
        _wrong(bound),
    )


def _widget(bound: BoundField, key: str, offers: str) -> SafeString:
    attrs: dict[str, Any] = {"data-key": key, "aria-keyshortcuts": key} if key else {}
    if bound.errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{bound.id_for_label}-wrong"}
    if offers:
        attrs |= {
            "hx-get": reverse("admin:events_event_desk_offers", args=[offers]),
            "hx-trigger": "input changed delay:150ms",
            "hx-target": f"#desk-{offers}s",
            "hx-swap": "innerHTML",
            "hx-sync": "this:replace",
        }
    return bound.as_widget(attrs=attrs)


def _wrong(bound: BoundField) -> SafeString:
    if not bound.errors:
        return SafeString("")
    return format_html(
        '<span class="desk-bad" id="{}-wrong">{}</span>',
        bound.id_for_label,
        " ".join(str(error) for error in bound.errors),
    )
