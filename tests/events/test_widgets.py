"""The desk's fields say what Django's own would."""

from datetime import date

import pytest
from django import forms
from django.test.html import Element, parse_html

from apps.events.widgets import Choices, Day, Line

CHOICES = [("", "---------"), ("a", "First"), ('b"', "A <b>bold</b> one & more"), (3, "Three")]
DJANGOS_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def read(widget: forms.Widget, value: object) -> Element:
    """The elements with their attributes, in whatever order, and text."""
    attrs = {"id": 'id_"n', "required": True, "disabled": False}
    return parse_html(widget.render("n", value, attrs))


@pytest.mark.parametrize("value", ["", "a", 'b"', 3, "3", None, "unheard of"])
def test_it_is_the_list_that_django_writes(value):
    own, djangos = (
        kind(attrs={"data-key": "x"}, choices=CHOICES) for kind in (Choices, forms.Select)
    )
    assert read(own, value) == read(djangos, value)


@pytest.mark.parametrize("value", ["", "a", "3 > 2 & \"2\" < '3'", 3, None])
def test_it_is_the_line_that_django_writes(value):
    own, djangos = (kind(attrs={"maxlength": 9}) for kind in (Line, forms.TextInput))
    assert read(own, value) == read(djangos, value)


@pytest.mark.parametrize("value", ["", date(2020, 1, 3), "2020-01-03", "no day", None])
def test_it_is_the_day_that_django_writes(value):
    assert read(Day(), value) == read(DJANGOS_DAY, value)
