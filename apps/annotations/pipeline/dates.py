"""Time expressions of a text and the days they name."""

from collections.abc import Sequence
from datetime import date

from apps.annotations.pipeline.types import DateMention, KnownEvent, Span


def find(
    text: str, sentences: Sequence[Span], published: date | None, anchors: Sequence[KnownEvent] = ()
) -> list[DateMention]:
    """Return the time expressions in order of their place."""
    return []
