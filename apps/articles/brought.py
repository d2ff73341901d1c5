"""What is brought in: the words in which each way of bringing tells what it found."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from apps.articles.incoming import Incoming

MAX_FILE_BYTES = 50_000_000  # of a file that is one item, of a line, of a record


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that is no item: its name and the reason, as a sentence."""

    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Passed:
    """Something that was not meant to be an item (an archive's images): how it is called, and what it is."""

    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller says of everything that is brought; "" and None leave it to the things themselves."""

    title: str = ""
    url: str = ""
    source_name: str = ""
    published_at: datetime | None = None
    published_precision: str = ""

    @property
    def of_many(self) -> "Given":
        """What of it can be said of many items: one address or title cannot be that of all."""
        return replace(self, url="", title="")


Brought = Iterator[Incoming | Refused | Passed]


def completed(item: Incoming, given: Given) -> Incoming:
    """Add what the caller says where the item itself does not tell."""
    dated = item.published_at is not None
    return replace(
        item,
        title=item.title or given.title,
        url=item.url or given.url,
        source_name=item.source_name or given.source_name,
        published_at=item.published_at if dated else given.published_at,
        published_precision=item.published_precision if dated else given.published_precision,
    )
