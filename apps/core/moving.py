"""Moving what points at one row to another of its kind: for merging two rows, and for splitting one.

Only tables whose changes are recorded are touched, so that all of it can be taken back; what the machine
read in an article stays as it was read.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.db.models import ForeignKey, ForeignObjectRel, Model, QuerySet, UniqueConstraint
from psycopg.errors import DeadlockDetected

from apps.core import history
from apps.core.history_words import models, tell
from apps.core.models import Change

# So many rows of each kind are told before they change.
MOST_TOLD = 100
# Rows are named by what they hang on where that is one of these.
_NAMING = ("events_event", "timelines_timeline", "timelines_dyad")
_HAPPENS = {
    "moved": "move",
    "U": "change",
    "I": "are added",
    "D": "go: the other has the like, or they would point to itself",
}
Key = ForeignKey[Any, Any]
# Given the row that loses, the row that gains, by, and the reason.
Around = Callable[[Any, Any, Any, str], AbstractContextManager[None]]
_arounds: dict[type[Model], list[Around]] = {}


class MovingError(Exception):
    """Two rows cannot be merged, or one not split; the message is a sentence for the editor."""


def around(model: type[Model]) -> Callable[[Around], Around]:
    """Have the decorated context manager run around every merge and split of rows of `model`.

    It is given (the row that loses, the row that gains, by, reason). For later apps: what hangs on the rows
    there is theirs to keep right.
    """

    def register(manage: Around) -> Around:
        _arounds.setdefault(model, []).append(manage)
        return manage

    return register


@contextmanager
def decided(loser: Model, gainer: Model, by: Any, reason: str) -> Iterator[None]:
    """Make the block one decision: one transaction, noted with who and why, later apps' work around it."""
    with transaction.atomic(), history.noted(user=by, why=reason), ExitStack() as stack:
        _lock(loser, gainer)
        for manage in _arounds.get(type(loser), ()):
            stack.enter_context(manage(loser, gainer, by, reason))
        yield


def _lock(*rows: Any) -> None:
    """Lock the rows that are there, in one order, and read them anew; MovingError where one is merged already.

    Of two that merge A into B and B into A the second is refused.
    """
    for row in sorted((row for row in rows if row.pk is not None), key=lambda row: row.pk):
        try:
            type(row)._base_manager.select_for_update().filter(pk=row.pk).values_list("pk").first()
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
            raise MovingError(f"Another editor merges {row} at this moment; look again.") from error
        row.refresh_from_db()
        refuse_merged(row)


@dataclass(frozen=True, slots=True)
class Group:
    """Changes of one kind, in words: what happens, the first rows that it happens to, and how many they are."""

    heading: str
    lines: list[str]
    total: int


def tried(do: Callable[[], object], by: Any) -> list[Group]:
    """Do it, tell what it changes, and take it all back."""
    with transaction.atomic():
        before = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with history.noted(user=by) as group:
            do()
            made = list(Change.objects.filter(group=group, pk__gt=before).order_by("pk"))
            told = _grouped(made)
        transaction.set_rollback(True)
    return told


def _grouped(changes: list[Change]) -> list[Group]:
    kinds: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        moved = "moved" if change.op == Change.Op.UPDATE and _moves(change) else change.op
        kinds.setdefault((change.table, moved), []).append(change)
    return [
        Group(f"{_plural(table)} {_HAPPENS[how]}", _lines(rows[:MOST_TOLD]), len(rows))
        for (table, how), rows in kinds.items()
    ]


def _moves(change: Change) -> bool:
    """Tell whether a row of another kind was pointed elsewhere, not a row of the kind itself changed."""
    return change.table != change.owner_table


def _plural(table: str) -> str:
    model = models()[table]
    holder: Any = model._meta.auto_created
    if not holder:
        return str(model._meta.verbose_name_plural)
    tied = next(f for f in holder._meta.many_to_many if f.remote_field.through is model)
    return f"{tied.verbose_name} of {holder._meta.verbose_name_plural}"


def _lines(changes: list[Change]) -> list[str]:
    """Name each row by what it hangs on: an event, a timeline; else by itself."""
    owners: dict[str, dict[int, Model]] = {}
    for table in {change.owner_table for change in changes}:
        pks = {change.owner_id for change in changes if change.owner_table == table}
        owners[table] = models()[table]._default_manager.in_bulk(pks)
    lines = []
    for change, told in zip(changes, tell(changes), strict=True):
        owner = owners[change.owner_table].get(change.owner_id)
        tie = bool(models()[change.table]._meta.auto_created)
        named = [str(owner)] if owner is not None and (tie or change.owner_table in _NAMING) else []
        whole = change.op == Change.Op.DELETE or change.table == change.owner_table
        lines.append(": ".join([*named, *([] if tie else [str(told) if whole else told.subject])]))
    return lines


def fields_to(model: type[Model]) -> list[Key]:
    """Return the foreign keys of recorded tables that point to `model`, in the order of apps and models."""
    related = model._meta.get_fields(include_hidden=True)
    fields = [row.field for row in related if isinstance(row, ForeignObjectRel)]
    keys = [f for f in fields if isinstance(f, ForeignKey) and f.related_model is model]
    recorded = _recorded()
    return [key for key in keys if key.model._meta.db_table in recorded]


def _recorded() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE %s", ["%\\_history"]
        )
        return {str(name) for (name,) in cursor.fetchall()}


def key(field: Key) -> str:
    """Return the name of a foreign key in addresses and forms: app.model.field."""
    return f"{field.model._meta.label_lower}.{field.name}"


def pointing(field: Key, row: Model) -> QuerySet[Any]:
    """Return the rows that point to `row` by `field`."""
    return field.model._default_manager.filter(**{field.name: row}).order_by("pk")


def refuse(loser: Model, right: str, by: Any, reason: str) -> None:
    """PermissionDenied without the right; MovingError without a reason, or where the row was merged already."""
    if not by.has_perm(right):
        raise PermissionDenied(f"{by} may not merge or split {loser._meta.verbose_name_plural}.")
    if not reason.strip():
        raise MovingError("Give a reason: whoever reads the history needs it.")
    refuse_merged(loser)


def refuse_merged(row: Any) -> None:
    """MovingError where the row was merged into another."""
    if row.merged_into_id is not None:
        raise MovingError(f"{row} was merged into {row.merged_into} already; choose that one.")


def merge(loser: Any, gainer: Any) -> None:
    """Move everything that points at `loser` to `gainer` and have its row point there, too.

    What `gainer` would have twice, or what would relate it to itself, goes.
    """
    for field in fields_to(type(loser)):
        move(field, pointing(field, loser), gainer)
    loser.merged_into = gainer
    loser.save(update_fields=["merged_into"])


def split(loser: Model, gainer: Model, chosen: Iterable[tuple[str, int]]) -> None:
    """Save `gainer` and move the chosen rows of `loser` there: (key of the field, pk); others stay."""
    wanted: dict[str, list[int]] = {}
    for name, pk in chosen:
        wanted.setdefault(name, []).append(pk)
    gainer.save()
    for field in fields_to(type(loser)):
        move(field, pointing(field, loser).filter(pk__in=wanted.get(key(field), [])), gainer)


def move(field: Key, rows: QuerySet[Any], gainer: Model) -> None:
    """Point `rows` to `gainer` by `field`; delete those that would be doubled or point to themselves."""
    chosen = list(rows.values_list("pk", flat=True))
    rows = field.model._default_manager.filter(pk__in=chosen)
    rows.filter(pk__in=_needless(field, rows, gainer)).delete()
    rows.update(**{field.name: gainer})


def _needless(field: Key, rows: QuerySet[Any], gainer: Model) -> set[int]:
    """Return the rows of which the gainer has the like, and those that would relate it to itself."""
    needless: set[int] = set()
    for names in _once(field):
        rest = [name for name in names if name != field.name]
        has = set(pointing(field, gainer).values_list(*rest))
        needless |= {pk for pk, *values in rows.values_list("pk", *rest) if tuple(values) in has}
    if field.model is field.related_model:
        return needless  # a row of the kind itself is never deleted
    for other in field.model._meta.concrete_fields:
        if other is not field and other.related_model is field.related_model:
            needless |= set(rows.filter(**{other.name: gainer}).values_list("pk", flat=True))
    return needless


def _once(field: Key) -> Iterable[tuple[str, ...]]:
    """Return the sets of fields, `field` among them, of which no two rows have the same values."""
    meta = field.model._meta
    sets = [c.fields for c in meta.constraints if isinstance(c, UniqueConstraint)]
    return [tuple(names) for names in (*sets, *meta.unique_together) if field.name in names]


@dataclass(frozen=True, slots=True)
class Pointing:
    """The rows that point to one by a foreign key: (pk, words), the newest of `total`."""

    key: str
    label: str
    rows: list[tuple[int, str]]
    total: int


def overview(row: Model, limit: int = 150) -> list[Pointing]:
    """Return what points to a row, by field, in words: what a split can move."""
    found = []
    for field in fields_to(type(row)):
        rows = pointing(field, row)
        told = [
            (one.pk, _words(one, field)) for one in rows.select_related().order_by("-pk")[:limit]
        ]
        if told:
            found.append(Pointing(key(field), _label(field), told, rows.count()))
    return found


def _label(field: Key) -> str:
    name = str(field.model._meta.verbose_name_plural)
    return name if field.model._meta.auto_created is False else name.partition("-")[0]


def _words(row: Any, field: Key) -> str:
    keys = [f for f in row._meta.concrete_fields if f.is_relation and not f.null and f is not field]
    others = [str(getattr(row, other.name)) for other in keys]
    own = [] if row._meta.auto_created else [str(row)]
    return ": ".join([*others, *own])
