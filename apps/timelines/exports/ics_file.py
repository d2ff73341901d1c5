"""iCalendar (RFC 5545, names of RFC 7986): an all-day entry for each event.

An entry's uid stays the same in every file, so that a calendar that follows the address updates its entries.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText

from apps.core import plover
from apps.timelines import wording
from apps.timelines.exports.about import MAKER, About
from apps.timelines.exports.shapes import Row
from apps.timelines.exports.table import sources_in_line

FOOT: Final = b"END:VCALENDAR\r\n"


def write(about: About, rows: Iterator[Row]) -> Iterator[bytes]:
    """Yield the calendar, one entry at a time."""
    yield calendar(about).to_ical().removesuffix(FOOT)
    for row in rows:
        yield entry(row, about).to_ical()
    yield FOOT


def calendar(about: About) -> Calendar:
    """Return the calendar without its entries."""
    found = Calendar()
    found.add("prodid", f"-//{MAKER}//{about.formula}//EN")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        found.add(name, vText(about.title))
    told = [about.period_words, about.filters_words, about.known_words, about.licence]
    for name in ("description", "x-wr-caldesc"):
        found.add(name, vText("\n".join([*told, about.url])))
    found.add("url", about.url)
    found.add("last-modified", about.made_at)
    return found


def entry(row: Row, about: About) -> Event:
    """Return the entry of one event; `DTEND` is the day after its last, as the standard has it."""
    found = Event()
    found.add("uid", f"{row.id}@{about.chosen.timeline.slug}.tensionline")
    found.add("dtstamp", row.told_at)
    found.add("last-modified", row.told_at)
    found.add("created", row.known_at)
    found.add("dtstart", row.start)
    found.add("dtend", row.end + timedelta(days=1))
    imprecise = row.precision != "day"
    found.add("summary", f"≈ {row.title}" if imprecise else row.title)
    found.add("description", "\n".join(_description(row)))
    found.add("categories", [row.type, plover.QUAD_NAMES[row.quad]])
    found.add("url", about.base + row.page)
    found.add("transp", "TRANSPARENT")
    found.add("class", "PUBLIC")
    if row.place:
        found.add("location", row.place.name)
        found.add("geo", (row.place.lat, row.place.lon))
    return found


def _description(row: Row) -> Iterator[str]:
    yield wording.type_in_words(row.type, row.mode)
    if row.precision != "day" or row.start != row.end:
        yield wording.precision_in_words(row.start, row.end, row.precision)
    if row.summary:
        yield row.summary
    yield from tolls(row)
    if row.contested:
        yield _("Contested.")
    if row.sources:
        yield _("Sources: %(sources)s") % {"sources": sources_in_line(row.sources)}


def tolls(row: Row) -> Iterator[str]:
    """Say the killed and the wounded, where anybody gave a figure."""
    for words, toll in ((_("Killed"), row.killed), (_("Wounded"), row.wounded)):
        if toll.high is not None:
            spread = wording.spread(toll.value, toll.low, toll.high)
            figure = wording.figure(toll.value, toll.low, toll.high)
            yield f"{words}: {figure}" + (f" ({spread})" if spread else "")
