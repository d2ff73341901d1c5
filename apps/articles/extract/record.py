"""Articles as JSON records: the fields that `annotate_jsonl` reads."""

import json
from dataclasses import dataclass
from typing import Any

from apps.articles.extract import dates
from apps.articles.extract.language import language_of
from apps.articles.extract.text import storable
from apps.articles.extract.types import Extracted, ExtractError

CONTENT_TYPE = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Record:
    """One line: its id as text ("" where it has none) and its article."""

    id: str
    article: Extracted


def read(raw: bytes, *, text_needed: bool = True) -> Record:
    """Read one record; its text is kept to the character, so that offsets into it stay right.

    Where its text is not needed, an address does as well. Raises ExtractError with the field and the fault.
    """
    try:
        row = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ExtractError(f"The line is not valid JSON ({error}).") from error
    if not isinstance(row, dict):
        raise ExtractError("The line is JSON, but not an object with the field 'text'.")
    text = storable(_field(row, "text"))
    url = storable(_field(row, "url")).strip()
    if not text.strip():
        if text_needed or not url:
            raise ExtractError("The field 'text' is missing or empty.")
        text = ""
    day = _field(row, "published_at")
    published = dates.parse(day, "given") if day else None
    if day and published is None:
        raise ExtractError(f"The field 'published_at' is {day!r}, not an ISO date or time.")
    article = Extracted(
        text=text,
        title=" ".join(storable(_field(row, "title")).split()),
        published=published,
        language=language_of(text) if text else "",
        url=url,
        source_name=" ".join(storable(_field(row, "source")).split()),
    )
    return Record(str(row.get("id", "") if row.get("id") is not None else ""), article)


def _field(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ExtractError(f"The field {name!r} is {type(value).__name__}, not a string.")
    return value
