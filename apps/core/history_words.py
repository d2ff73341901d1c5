"""Changes in words: tables and columns as the models call them, rows and users by their names.

`tell()` takes a list of changes and asks the database once for each kind of row that is named in them,
however many changes there are.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, Field, ForeignKey, Model, Q, QuerySet

from apps.core.models import Change

Names = Mapping[type[Model], Mapping[int, str]]
# What the words of a list leave out, and how long a value may be in one sentence.
_UNTOLD = ("id", "created_at", "updated_at")
_SHORT = 120
# What may be the name of a row that is gone, first found first.
_NAMING = ("public_id", "name", "title", "label", "quote", "url", "value", "slug")
# A diff by words costs the square of the words: longer texts are told whole.
_MOST_WORDS = 1500


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text's diff: words that stayed ("same"), went ("was") or came ("now")."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """One column of a change: what it was and is in words, "" for nothing; `pieces` is the diff of the two."""

    label: str
    was: str
    now: str
    pieces: tuple[Piece, ...]

    def __str__(self) -> str:
        was, now = _shortened(self.was), _shortened(self.now)
        if was and now:
            return f"{self.label} changed from {was} to {now}"
        return f"{self.label} set to {now}" if now else f"{self.label} emptied (was {was})"


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words, e.g. "claim by Pentagon: killed changed from 3 to 5"."""

    change: Change
    subject: str
    verb: str
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        if self.change.op == Change.Op.UPDATE:
            return f"{self.subject}: {'; '.join(map(str, self.parts))}"
        told = (f"{part.label} {_shortened(part.now or part.was)}" for part in self.parts)
        values = ", ".join(text.strip() for text in told)
        return f"{self.subject} {self.verb}" + (f": {values}" if values else "")


def since(
    owner_table: str, owner_id: int, after_id: int, excluding_user: Any = None, limit: int = 200
) -> list[Told]:
    """Return what was changed in a row's history after the change `after_id`, oldest first, in words.

    `owner_table` is the database's name of the table (events_event). Changes of `excluding_user` are left out.
    """
    changes = Change.objects.of(owner_table, owner_id).filter(pk__gt=after_id)
    if excluding_user is not None:
        changes = changes.exclude(user=excluding_user)
    return tell(changes.order_by("pk")[:limit])


def tell(changes: Iterable[Change]) -> list[Told]:
    """Return the changes in words, in the order given."""
    rows = list(changes)
    names = _names(rows)
    return [_told(change, names) for change in rows]


@cache
def models() -> Mapping[str, type[Model]]:
    """Return the model of each table of the database, those between many and many too."""
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


@cache
def fields(table: str) -> Mapping[str, Any]:
    """Return the fields of a table's model by column, in the model's order; none where there is no model."""
    model = models().get(table)
    return {str(field.column): field for field in model._meta.concrete_fields} if model else {}


def labels(table: str, columns: Iterable[str]) -> str:
    """Return the columns in words, one after the other."""
    return ", ".join(_label(fields(table).get(name), name) for name in columns)


def _label(field: Any, column: str) -> str:
    return str(field.verbose_name) if field else column.replace("_", " ")


def _told(change: Change, names: Names) -> Told:
    model = models().get(change.table)
    if model is not None and model._meta.auto_created:
        return _told_of_many(change, model, names)
    verb = "moved" if change.former_owner_id is not None else change.get_op_display()
    return Told(change, _subject(change, model, names), verb, _parts(change, names))


def _told_of_many(change: Change, model: type[Model], names: Names) -> Told:
    """Tell a row that ties two others, as a change of the one's list: "actors added: Iran"."""
    holder: Any = model._meta.auto_created
    tied = next(f for f in holder._meta.local_many_to_many if f.remote_field.through is model)
    column = tied.m2m_reverse_name()
    row = change.after or change.before or {}
    name = names.get(tied.related_model, {}).get(row.get(column, 0), "")
    added = change.op == Change.Op.INSERT
    part = Part("", "" if added else name, name if added else "", _whole(name, not added))
    return Told(change, str(tied.verbose_name), change.get_op_display(), (part,))


def _subject(change: Change, model: type[Model] | None, names: Names) -> str:
    if model is None:
        return f"{change.table} {change.row_id}"
    kind = str(model._meta.verbose_name)
    name = names.get(model, {}).get(change.row_id, "")
    return f"{kind} {_shortened(name)}" if name else kind


def _parts(change: Change, names: Names) -> tuple[Part, ...]:
    known = fields(change.table)
    before, after = change.before or {}, change.after or {}
    columns = [name for name in known if name in before or name in after]
    columns += sorted((before.keys() | after.keys()) - set(columns))
    parts = []
    for name in columns:
        field = known.get(name)
        if _is_untold(change, name, field, before, after):
            continue
        was, now = _worded(before.get(name), field, names), _worded(after.get(name), field, names)
        if was or now:
            parts.append(Part(_label(field, name), was, now, _pieces(was, now, field)))
    return tuple(parts)


def _is_untold(
    change: Change, name: str, field: Any, before: dict[str, Any], after: dict[str, Any]
) -> bool:
    """Of a whole row, leave out what goes without saying: its owner, its id, what is as it is by default."""
    if name == "updated_at":
        return True
    if change.op == Change.Op.UPDATE:
        return False
    value = (after or before).get(name)
    if name in _UNTOLD or field is None or not field.editable:
        return field is not None
    if isinstance(field, ForeignKey):
        owner = field.related_model._meta.db_table == change.owner_table
        return owner and value == change.owner_id
    plain = field.has_default() and not callable(field.default) and not field.choices
    return plain and value == field.default


def _worded(value: Any, field: Any, names: Names) -> str:
    """Return a value of the history as an editor would write it."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(field, ForeignKey):
        return names.get(field.related_model, {}).get(value, "") or f"no. {value}"
    if isinstance(field, Field) and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(field, Field) and field.get_internal_type() == "DateTimeField":
        return f"{datetime.fromisoformat(value):%Y-%m-%d %H:%M}"
    return str(value)


def _pieces(was: str, now: str, field: Any) -> tuple[Piece, ...]:
    """Return the diff of two values: by words where they are text, else the one and the other."""
    texts = (
        isinstance(field, Field)
        and field.get_internal_type() in ("CharField", "TextField")
        and not field.choices
    )
    if was and now and texts:
        return word_diff(was, now)
    return _whole(was, True) + _whole(now, False)


def _whole(text: str, was: bool) -> tuple[Piece, ...]:
    return (Piece("was" if was else "now", text),) if text else ()


def word_diff(was: str, now: str) -> tuple[Piece, ...]:
    """Return what became of a text's words; where little stayed, the one text and the other."""
    old, new = re.findall(r"\S+\s*", was), re.findall(r"\S+\s*", now)
    if len(old) + len(new) > _MOST_WORDS:
        return (Piece("was", was), Piece("now", now))
    matcher = SequenceMatcher(
        a=[w.strip() for w in old], b=[w.strip() for w in new], autojunk=False
    )
    if matcher.ratio() < 0.3:
        return (Piece("was", was), Piece("now", now))
    pieces = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(new[c:d])))
            continue
        pieces += _whole("".join(old[a:b]), True) + _whole("".join(new[c:d]), False)
    return tuple(pieces)


def _shortened(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 2]} …"


def _names(changes: list[Change]) -> Names:
    """Return what the rows are called that the changes are of or point to."""
    wanted: dict[type[Model], set[int]] = defaultdict(set)
    for change in changes:
        model = models().get(change.table)
        if model is None:
            continue
        wanted[model].add(change.row_id)
        for row in (change.before or {}, change.after or {}):
            for column, value in row.items():
                field = fields(change.table).get(column)
                if isinstance(field, ForeignKey) and isinstance(value, int):
                    wanted[field.related_model].add(value)
    named = {
        model: {row.pk: name_of(row) for row in _rows(model, ids)}
        for model, ids in wanted.items()
        if not model._meta.auto_created
    }
    for model, pk, name in _names_of_gone(named, wanted):
        named[model][pk] = name
    return named


def name_of(row: Model) -> str:
    """Return what a row is called in the history: its `told_as`, where the model has one."""
    return str(getattr(row, "told_as", "") or row)


def _rows(model: type[Model], ids: set[int]) -> QuerySet[Any]:
    """Return rows with what their names are made of, without the bytes and texts of articles."""
    near: list[Any] = [f for f in model._meta.concrete_fields if isinstance(f, ForeignKey)]
    heavy = [f.name for f in model._meta.concrete_fields if _is_heavy(f)]
    for field in near:
        far = field.related_model._meta.concrete_fields
        heavy += [f"{field.name}__{f.name}" for f in far if _is_heavy(f)]
    rows = model._base_manager.filter(pk__in=ids)
    if near:
        rows = rows.select_related(*(field.name for field in near))
    return rows.defer(*heavy)


def _is_heavy(field: Any) -> bool:
    return isinstance(field, BinaryField) or field.name == "text"


def _names_of_gone(
    named: Mapping[type[Model], Mapping[int, str]], wanted: Mapping[type[Model], set[int]]
) -> list[tuple[type[Model], int, str]]:
    """Return (model, pk, name) of rows that are deleted, from what the history kept of them."""
    gone = Q(pk__in=[])
    for model, known in named.items():
        if missing := wanted[model] - known.keys():
            gone |= Q(table=model._meta.db_table, row_id__in=missing)
    found = []
    for change in Change.objects.filter(gone, op=Change.Op.DELETE).order_by("pk"):
        row = change.before or {}
        name = next((str(row[column]) for column in _NAMING if row.get(column)), "")
        if name:
            found.append((models()[change.table], change.row_id, name))
    return found
