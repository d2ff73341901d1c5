"""Form widgets of the desk: as Django writes them, but at once, without a template for each and its parts."""

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any

from django import forms
from django.utils.safestring import SafeString


class Choices(forms.Select):
    """A list to choose from; the choices stand alone, in no groups."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Write the list."""
        chosen = frozenset(self.format_value(value))
        choices = tuple((str(key), str(label)) for key, label in self.choices)
        around = _attributes({"name": name} | self.build_attrs(self.attrs, attrs))
        return SafeString(f"<select{around}>\n{_options(choices, chosen)}\n</select>")


class _Written(forms.widgets.Input):
    """A field that is one element."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Write the field."""
        widget = self.get_context(name, value, attrs)["widget"]
        own = {"type": widget["type"], "name": name, "value": widget["value"]}
        return SafeString(f"<input{_attributes(own | widget['attrs'])}>")


class Line(_Written, forms.TextInput):
    """A line of text."""


class Day(_Written, forms.DateInput):
    """A day, with the browser's calendar."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


@lru_cache(maxsize=256)
def _options(choices: tuple[tuple[str, str], ...], chosen: frozenset[str]) -> str:
    return "\n".join(
        f'<option value="{escape(key)}"{" selected" if key in chosen else ""}>{escape(label)}</option>'
        for key, label in choices
    )


def _attributes(values: Mapping[str, Any]) -> str:
    """Write attributes; one that is True stands alone, one that is False or None is left out."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(str(value))}"'
        for name, value in values.items()
        if value is not None and value is not False
    )
