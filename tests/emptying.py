"""What a test with transactions of its own wrote is emptied after it, and nothing else.

Django empties every table and makes permissions and groups again, a second for each such test. Here the tables
that hold rows are emptied, and what every database begins with stays, as long as it is as it was.
"""

from functools import cache
from typing import Any

from django.db import connection
from django.test import TransactionTestCase

# What migrations leave in a database, and what is made again after each: kept, but for a test that changed it.
MADE_AT_FIRST = (
    *("django_content_type", "auth_permission", "auth_group", "auth_group_permissions"),
)
_django_s_own = TransactionTestCase._fixture_teardown


def read(query: str) -> list[tuple[Any, ...]]:
    """Return what a query finds."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


@cache
def _asking() -> str:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")"  # noqa: S608 the models' tables
        for name in sorted(names)
        if name not in MADE_AT_FIRST
    )


def filled_tables() -> list[str]:
    """Return the models' tables that hold rows, but for what every database begins with."""
    return [name for (name,) in read(_asking())]


class Emptying:
    """Put into place of Django's way once a test database is there."""

    def __init__(self) -> None:
        self._standing = " UNION ALL ".join(
            f"SELECT '{name}', md5(string_agg(r::text, ';' ORDER BY r::text)) FROM \"{name}\" r"  # noqa: S608
            for name in MADE_AT_FIRST
        )
        self._at_first = read(self._standing)

    def __call__(self, case: TransactionTestCase) -> None:
        """Empty what a test filled; let Django do it where the test changed what stands from the start."""
        if read(self._standing) != self._at_first:
            _django_s_own(case)
            self._at_first = read(self._standing)  # the same rows under new numbers
            return
        if filled := [f'"{name}"' for name in filled_tables()]:
            with connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {', '.join(filled)} CASCADE")


def install() -> None:
    """Empty tables this way from now on; call it with the test database open."""
    emptying = Emptying()
    TransactionTestCase._fixture_teardown = lambda case: emptying(case)  # type: ignore[method-assign]
