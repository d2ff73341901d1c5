"""Filters that print the index's numbers."""

from django import template

register = template.Library()


@register.filter
def signed(value: float, digits: int = 1) -> str:
    """A number with its sign, a real minus: "+2.4", "−0.3"; what rounds to nothing has none."""
    told = f"{abs(value):.{digits}f}"
    if float(told) == 0:
        return told
    return f"{'+' if value > 0 else '−'}{told}"


@register.filter
def percent(value: float) -> str:
    """A share of 0 to 1 in whole percent; a small one is never told as nothing."""
    return "<1 %" if 0 < value < 0.005 else f"{100 * value:.0f} %"


@register.filter
def factor(value: float) -> str:
    """A factor of the formula with at most two decimals and no superfluous zeros."""
    return f"{round(value, 2):g}".replace("-", "−")
