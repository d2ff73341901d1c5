"""Text for the cells of spreadsheets: none of it is ever run as a formula. Plain: values in, values out."""

from datetime import date
from typing import Final

# What makes a spreadsheet program read a cell as a formula, in ASCII and in the full width of East Asian type.
STARTERS: Final = "=+-@\t\r\n＝＋－＠"
LONGEST: Final = 32_767  # characters in one cell of Excel
Value = str | int | float | bool | date | None


def text(value: str) -> str:
    """Return text that no spreadsheet program takes for a formula: such text gets a leading apostrophe.

    Programs that cut blanks before they look are met, too. Characters that no cell may hold are left out.
    """
    clean = value.replace("\0", "")
    bare = clean.lstrip(" \u00a0\ufeff\u200b")
    return f"'{clean}" if bare.startswith(tuple(STARTERS)) else clean


def cell(value: Value) -> str | int | float:
    """Return a value as the cell of a CSV file: numbers as they are, true or false, days in ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    return text(value.isoformat() if isinstance(value, date) else value)


def short(value: str) -> str:
    """Return text that fits a cell of Excel, told where it was cut."""
    return value if len(value) <= LONGEST else value[: LONGEST - 2] + " …"
