"""What extraction hands on."""

from dataclasses import dataclass
from datetime import date, datetime


class ExtractError(Exception):
    """The bytes hold no article that can be taken; the message says why. Trying again will not help."""


@dataclass(frozen=True, slots=True)
class Published:
    """When an article was published: aware UTC; `precision` is instant or day; `how` is given, feed or page.

    `told` is the same moment in the zone in which it was told, None where that was none; `local_day` is the day
    that the page names, which is another where its time is told in the zone of a server.
    """

    at: datetime
    precision: str
    how: str
    told: datetime | None = None
    local_day: date | None = None

    @property
    def day(self) -> date:
        """The day of publication where it was published, as far as told."""
        return self.local_day or (self.told or self.at).date()


@dataclass(frozen=True, slots=True)
class Extracted:
    """An article read from bytes. Everything but the text may be empty."""

    text: str
    title: str = ""
    published: Published | None = None
    language: str = ""  # ISO 639-1
    agency: str = ""
    byline: str = ""
    url: str = ""  # as a record gives it
    canonical_url: str = ""  # as the page names itself, not yet in canonical form
    source_name: str = ""
