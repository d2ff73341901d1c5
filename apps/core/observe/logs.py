"""Log records: each a line (or JSON), with the request and the task that it belongs to, and nothing forged."""

import logging
import re
from contextvars import ContextVar
from typing import Any, Final

from pythonjsonlogger.json import JsonFormatter

# What somebody outside wrote must not begin a line, or move the cursor of who reads: control characters, and
# what Unicode takes for the end of a line.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_BREAK: Final = re.compile(r"[\n\t]")

request_id: ContextVar[str] = ContextVar("request_id", default="")
task_id: ContextVar[str] = ContextVar("task_id", default="")
task_name: ContextVar[str] = ContextVar("task_name", default="")


class Ids(logging.Filter):
    """Write into each record which request and which task it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add `request`, `task` and `task_name`, empty where there is none."""
        record.request_id, record.task_id = request_id.get(), task_id.get()
        record.task_name = task_name.get()
        return True


class Line(logging.Formatter):
    """A record as one line; an exception's lines follow it, indented."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line with its ids, whatever its words hold."""
        named = (("request", "request_id"), ("task", "task_name"), ("id", "task_id"))
        ids = [f"{name}={told}" for name, of in named if (told := getattr(record, of, ""))]
        record.ids = f"[{' '.join(ids)}] " if ids else ""
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's name
        """Return the line without an exception, in one line."""
        return escaped(_BREAK.sub(_written, super().formatMessage(record)))

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """Return the traceback, each line indented: none of them looks like a record."""
        lines = super().formatException(ei).split("\n")
        return "\n".join(f"    {escaped(line)}" for line in lines)


class Json(JsonFormatter):
    """A record as a line of JSON."""

    def __init__(self) -> None:
        """Name the fields."""
        wanted = "asctime levelname name message request_id task_id task_name"
        renamed = {"asctime": "time", "levelname": "level", "name": "logger"}
        super().__init__(wanted.split(), rename_fields=renamed, json_ensure_ascii=True)

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Leave out what is empty."""
        return {name: value for name, value in log_data.items() if value not in ("", None)}


def escaped(text: str) -> str:
    """Return a text with what could forge a line written out, as \\x1b."""
    return _CONTROL.sub(_written, text)


def _written(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
