"""The desk's lists say what Django's own would."""

from xml.etree import ElementTree

import pytest
from django import forms

from apps.events.widgets import Choices

CHOICES = [("", "---------"), ("a", "First"), ('b"', "A <b>bold</b> one & more"), (3, "Three")]


def read(widget: type[forms.Select], value: object) -> list[tuple[str, dict[str, str], str]]:
    """Every element with its attributes and text."""
    html = widget(attrs={"data-key": "x"}, choices=CHOICES).render("n", value, {"id": "id_n"})
    root = ElementTree.fromstring(html.replace(" selected", ' selected="selected"'))  # noqa: S314  # our own
    return [(e.tag, e.attrib, (e.text or "").strip()) for e in root.iter()]


@pytest.mark.parametrize("value", ["", "a", 'b"', 3, "3", None, "unheard of"])
def test_it_is_the_list_that_django_writes(value):
    assert read(Choices, value) == read(forms.Select, value)
