"""Commands that answer JSON lines with JSON lines: one answer an item, in order, errors included."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import IO, Any, Protocol

LONGEST_LINE = 16_000_000  # bytes of one line; what is longer is skipped and answered with an error

Item = dict[str, Any]


class Writer(Protocol):
    """Whatever text can be written to: a file, or a command's standard output."""

    def write(self, text: str, /) -> object:
        """Write a text."""


class BadItemError(ValueError):
    """What is wrong with one item, in a sentence for the person who sent it."""


def answer(source: IO[bytes], target: Writer, handle: Callable[[Item], Item | None]) -> int:
    """Answer each line of `source` with what `handle` makes of it; return how many items failed.

    A line that is no JSON object, or that `handle` refuses with BadItemError, is answered with {"id", "error"}
    and does not stop the rest. Empty lines are passed over; where `handle` returns None, the item is taken
    without an answer.
    """
    failed = 0
    for line in _lines(source):
        item: Item = {}
        reply: Item | None
        try:
            item = _item(line)
            reply = handle(item)
            if reply is None:
                continue
        except BadItemError as fault:
            failed += 1
            reply = {"id": item.get("id"), "error": str(fault)}
        write(target, reply)
    return failed


def write(target: Writer, reply: Item) -> None:
    """Write one answer as a line; ASCII only, so that no separator or half a surrogate pair can break it."""
    target.write(json.dumps(reply, ensure_ascii=True, separators=(",", ":")) + "\n")


def _lines(source: IO[bytes]) -> Iterator[bytes | None]:
    """Yield the lines that hold something; None for one that is too long."""
    while line := source.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := source.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield None
        elif line.strip():
            yield line


def _item(line: bytes | None) -> Item:
    if line is None:
        raise BadItemError(f"The line is longer than {LONGEST_LINE} bytes. Send the item in parts.")
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as fault:
        raise BadItemError(f"The line is not JSON: {fault}.") from fault
    if not isinstance(item, dict):
        raise BadItemError("The line is JSON, but not an object with named fields.")
    return item


def day_of(item: Item, name: str) -> date | None:
    """Return the local day of a field's ISO date or date and time, as written; else BadItemError."""
    value = item.get(name)
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as fault:
        raise BadItemError(
            f'The field "{name}" is {value!r}; write a date as 2020-11-20.'
        ) from fault


def text_of(item: Item, name: str, *, needed: bool = True) -> str:
    """Return a text field of an item; BadItemError where it is missing (and needed) or not a text."""
    value = item.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str):
        raise BadItemError(f'The field "{name}" must be a text.')
    return value
