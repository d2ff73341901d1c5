"""When a page says that it was last changed. Plain: bytes in, a moment out."""

import re
from datetime import UTC, datetime

_NAMED = rb"(?:article:modified_time|og:updated_time|dateModified|last-modified|DC\.date\.modified)"
_META = re.compile(
    rb"<meta\b(?=[^>]{0,600}?\b(?:property|name|itemprop)\s*=\s*[\"']?" + _NAMED + rb"[\"'\s>/])"
    rb"[^>]{0,600}?\bcontent\s*=\s*[\"']([^\"'>]{8,40})[\"']",
    re.IGNORECASE,
)
_JSON = re.compile(rb"\"dateModified\"\s*:\s*\"([^\"]{8,40})\"")
_MOST = 2_000_000


def modified(raw: bytes) -> datetime | None:
    """Return the latest time of change that a page's metadata give (aware UTC); None where they give none.

    Times without a zone are taken for UTC: two readings of the same page are compared, not two pages.
    """
    head = raw[:_MOST]
    found = [_read(value) for value in (*_META.findall(head), *_JSON.findall(head))]
    return max((at for at in found if at is not None), default=None)


def _read(value: bytes) -> datetime | None:
    try:
        at = datetime.fromisoformat(value.decode("ascii").strip())
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
