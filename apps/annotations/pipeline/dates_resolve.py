"""From a matched time expression to the days it names."""

import re

from apps.annotations.pipeline import dates_absolute, dates_counted, dates_relative
from apps.annotations.pipeline.dates_calendar import NoSuchDayError
from apps.annotations.pipeline.dates_context import Context
from apps.annotations.pipeline.dates_values import Days, NotTimeError

_HANDLERS = dates_absolute.HANDLERS | dates_relative.HANDLERS | dates_counted.HANDLERS


def resolve(name: str, match: re.Match[str], context: Context) -> Days:
    """Return the days of a match of the pattern `name`: its calendar unit and its likely days.

    Raises NotTimeError where the words are no time expression here.
    """
    try:
        return _HANDLERS[name](match, context)
    except NoSuchDayError:
        raise NotTimeError(f"'{match[0]}' names no day of the calendar") from None
