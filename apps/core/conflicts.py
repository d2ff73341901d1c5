"""Two editors, one row: what the second is told, and which of the fields are still the first one's.

A form carries the newest change that its editor saw. What somebody else changed after it is a conflict.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Max, Model, Q, QuerySet

from apps.core import history_words
from apps.core.history_words import Told
from apps.core.models import Change

# So many changes are told; a form left open over more of them is better reloaded.
TOLD = 50


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of another table that the page of a row shows and edits too: its table and their ids."""

    table: str
    ids: Sequence[int]
    edited: bool


def seen_in(row: type[Model], pk: int, parts: Iterable[Part]) -> QuerySet[Change]:
    """Return the changes of a row, of what belongs to it, and of the parts that its page shows."""
    wanted = Change.objects.within(row._meta.db_table, pk)
    for part in parts:
        if part.ids:
            wanted |= Q(table=part.table, row_id__in=part.ids)
            wanted |= Q(owner_table=part.table, owner_id__in=part.ids)
    return Change.objects.filter(wanted)


def newest(changes: QuerySet[Change]) -> int:
    """Return the id of the newest change; 0 where there is none."""
    return changes.order_by().aggregate(newest=Max("pk"))["newest"] or 0


def since(
    changes: QuerySet[Change], seen: int, user: Any, table: str, parts: Iterable[Part]
) -> list[Told]:
    """Return what stands against saving a form that saw the change `seen`, oldest first.

    That is what other users changed, and what no user changed in the very rows that the form edits: rows that
    the machine attaches meanwhile do not disturb.
    """
    edited = {table, *(part.table for part in parts if part.edited)}
    others = Q(user__isnull=False) | (Q(table__in=edited) & ~Q(op=Change.Op.INSERT))
    newer = changes.filter(others, pk__gt=seen).exclude(user=user).order_by("pk")
    return history_words.tell(newer[:TOLD])


class ConflictingForm:
    """Mixed into a form that would overwrite `conflict`: it is not valid, and keeps what was typed."""

    conflict: Sequence[Told] = ()

    def clean(self) -> Any:
        """Refuse, with who changed the row meanwhile."""
        values = super().clean()  # type: ignore[misc]
        who = ", ".join(dict.fromkeys(told.change.who for told in self.conflict))
        message = (
            f"{who} changed this after you opened it. Nothing is saved yet, nothing typed is lost."
        )
        self.add_error(None, ValidationError(message, code="conflict"))  # type: ignore[attr-defined]
        return values


def keep_theirs(form: forms.BaseModelForm, conflict: Iterable[Told]) -> list[str]:
    """Show the first editor's values in fields that the second left alone; return labels of the others.

    A field was left alone where it still says what it said before the first editor's change.
    """
    before = _before(form.instance, conflict)
    both = []
    for name, field in form.fields.items():
        column = _column(form.instance, name)
        if column is None or column.column not in before or name not in form.cleaned_data:
            continue
        typed, stored = form.cleaned_data[name], form.get_initial_for_field(field, name)
        if _same(typed, before[column.column], column):
            _show(form, name, stored)
        elif not _same(typed, getattr(stored, "pk", stored), column):
            both.append(str(field.label or name))
    return both


def _before(row: Model, conflict: Iterable[Told]) -> dict[str, Any]:
    """Return what the columns of a row held before they were changed meanwhile."""
    values: dict[str, Any] = {}
    for told in conflict:
        change = told.change
        mine = change.table == row._meta.db_table and change.row_id == row.pk
        if mine and change.op == Change.Op.UPDATE:
            values = (change.before or {}) | values
    return values


def _column(row: Model, name: str) -> Any:
    try:
        field = row._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if getattr(field, "column", None) else None


def _same(typed: Any, kept: Any, column: Any) -> bool:
    """Tell whether a form's value is what the history holds (JSON) of a column."""
    typed = typed.pk if isinstance(typed, Model) else typed
    if typed in (None, "", []) or kept in (None, "", []):
        return typed in (None, "", []) and kept in (None, "", [])
    return bool(typed == (kept if isinstance(kept, list) else column.to_python(kept)))


def _show(form: forms.BaseModelForm, name: str, value: Any) -> None:
    """Make a bound form show `value` in a field, as if it had been sent."""
    field: Any = form.fields[name]
    key = form.add_prefix(name)
    sent: Any = form.data
    data, many = sent.copy(), getattr(field.widget, "widgets", ())
    if many:
        pieces: Any = field.widget.decompress(value) if value else [None] * len(many)
        for suffix, widget, piece in zip(field.widget.widgets_names, many, pieces, strict=True):
            data[key + suffix] = widget.format_value(piece) or ""
    elif isinstance(field.widget, forms.CheckboxInput):
        data.pop(key, None)
        if value:
            data[key] = "on"
    else:
        shown = field.prepare_value(value)
        if isinstance(field.widget, forms.widgets.Input):
            shown = field.widget.format_value(shown)
        data[key] = "" if shown is None else str(shown)
    form.data = data
