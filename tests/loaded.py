"""The dossier that comes with the project, in the database: loaded from its files once, copied after that.

A load decides about each event as an editor would, which takes seconds. What a load does is tested where it is
really done (timelines/test_load.py, test_dump.py, test_snapshots.py); here its rows are what a page is made of.
"""

from django.conf import settings
from django.db import connection, transaction

from apps.core.dossier import read
from apps.timelines.dossiers.load import load
from tests.emptying import filled_tables

_rows: dict[str, bytes] = {}


@transaction.atomic
def us_iran() -> None:
    """Make the rows of the dossier us-iran-2020; the database must hold none of its own."""
    if before := filled_tables():
        raise ValueError(f"The dossier comes first: there are rows already in {', '.join(before)}.")
    if _rows:
        _copy_in()
        return
    load(read(settings.DOSSIERS_DIR / "us-iran-2020"))
    with connection.cursor() as cursor:
        for table in filled_tables():
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                _rows[table] = b"".join(copy)


def _copy_in() -> None:
    """Write the rows as they were; what the triggers would make of them is among them already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER TABLE %%s %%%%s TRIGGER %%I', tgrelid::regclass, tgname) FROM pg_trigger "
            "WHERE NOT tgisinternal AND tgenabled = 'O' AND tgrelid::regclass::text = ANY(%s)",
            [list(_rows)],
        )
        triggers = [change for (change,) in cursor.fetchall()]
        connection.check_constraints()  # a table with a check to come cannot be altered
        for change in triggers:
            cursor.execute(change % "DISABLE")
        for table, rows in _rows.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                copy.write(rows)
        cursor.execute(_counted_on())
        connection.check_constraints()
        for change in triggers:
            cursor.execute(change % "ENABLE")


def _counted_on() -> str:
    """The statement after which new rows take numbers behind those of the copied ones."""
    tables = [
        model._meta.db_table
        for model in connection.introspection.installed_models(list(_rows))
        if model._meta.pk.get_internal_type() in ("BigAutoField", "AutoField")
    ]
    return "; ".join(
        f'SELECT setval(s, greatest(nextval(s), (SELECT max(id) FROM "{table}")))'  # noqa: S608
        f" FROM pg_get_serial_sequence('\"{table}\"', 'id') s"
        for table in tables
    )
