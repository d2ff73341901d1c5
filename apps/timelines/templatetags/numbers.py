"""Filters that print the index's numbers."""

from django import template
from django.utils.translation import get_language_bidi

register = template.Library()


def kept_left_to_right(told: str) -> str:
    """Return a number whose sign stays before it in a line that is read from right to left."""
    return f"\u2066{told}\u2069" if get_language_bidi() else told


@register.filter
def signed(value: float, digits: int = 1) -> str:
    """A number with its sign, a real minus: "+2.4", "−0.3"; what rounds to nothing has none."""
    told = f"{abs(value):.{digits}f}"
    if float(told) == 0:
        return told
    return kept_left_to_right(f"{'+' if value > 0 else '−'}{told}")


@register.filter
def percent(value: float) -> str:
    """A share of 0 to 1 in whole percent; a small one is never told as nothing."""
    return kept_left_to_right("<1 %" if 0 < value < 0.005 else f"{100 * value:.0f} %")


@register.filter
def factor(value: float) -> str:
    """A factor of the formula with at most two decimals and no superfluous zeros."""
    return kept_left_to_right(f"{round(value, 2):g}".replace("-", "−"))
