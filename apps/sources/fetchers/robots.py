"""robots.txt (RFC 9309): what a site lets programs read, and how long it wants them to pause."""

import functools
from urllib.parse import urlsplit

from protego import Protego

LONGEST_DELAY = 60.0  # seconds; some sites name hours, which would mean never
MOST_BYTES = 500 * 1024  # what RFC 9309, section 2.5, asks to be read at least


def address(url: str) -> str:
    """Return where the rules for `url` are."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def allows(rules: str, url: str, agent: str) -> bool:
    """Tell whether `rules` (a robots.txt, "" for none) let `agent`, a product's name, read `url`."""
    return bool(_parsed(rules).can_fetch(url, agent))


def delay(rules: str, agent: str) -> float:
    """Return the seconds that the rules ask for between two requests: 0 for none, at most LONGEST_DELAY."""
    asked = _parsed(rules).crawl_delay(agent)
    return min(max(float(asked), 0.0), LONGEST_DELAY) if asked else 0.0


@functools.lru_cache(maxsize=256)
def _parsed(rules: str) -> Protego:
    return Protego.parse(rules)
