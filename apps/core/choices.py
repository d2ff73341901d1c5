"""Choices of the admin's forms: what a tampered form names as a row is refused by the form, not by a crash."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.widgets import AutocompleteMixin
from django.core.exceptions import ValidationError
from django.db.models import Field


def leave_out_what_is_no_key() -> None:
    """Let Django's autocomplete show the form again whatever was sent: it asks the database for the rows named.

    The form says by then that the choice is none of those available; a text where a number belongs would end
    in a ValueError while the page is written.
    """
    inner = AutocompleteMixin.optgroups

    def optgroups(self: Any, name: str, value: Sequence[Any], attr: Any = None) -> Any:
        key = self.field.remote_field.model._meta.pk
        return inner(self, name, [one for one in value if _is_key(key, one)], attr)

    AutocompleteMixin.optgroups = optgroups  # type: ignore[method-assign]


def _is_key(key: "Field[Any, Any]", value: Any) -> bool:
    try:
        key.to_python(value)
    except ValidationError:
        return False
    return True
