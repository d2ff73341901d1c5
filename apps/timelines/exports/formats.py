"""The formats that a view is taken away in, by the ending of their file's name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.timelines.exports import csv_file, geojson_file, ics_file, json_file, stix_file, xlsx_file
from apps.timelines.exports.about import About
from apps.timelines.exports.shapes import Row

Write = Callable[[About, Iterator[Row]], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: how its file's name ends, what it is called, what it is for, and who writes it.

    `write` yields the file in pieces; None for the feed, which holds the newest events only.
    """

    ending: str
    name: str
    use: Promise
    content_type: str
    write: Write | None


_FORMATS: Final = (
    Format(
        "csv",
        "CSV",
        _("for programs and any spreadsheet"),
        "text/csv; charset=utf-8",
        csv_file.write,
    ),
    Format(
        "xlsx",
        "XLSX",
        _("for Excel: events, claims, sources"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        xlsx_file.write,
    ),
    Format(
        "json", "JSON", _("all of it, with claims and quotes"), "application/json", json_file.write
    ),
    Format(
        "geojson",
        "GeoJSON",
        _("for maps (QGIS, Leaflet)"),
        "application/geo+json",
        geojson_file.write,
    ),
    Format("ics", "iCalendar", _("for calendars"), "text/calendar; charset=utf-8", ics_file.write),
    Format(
        "stix.json",
        "STIX 2.1",
        _("for threat intelligence platforms"),
        "application/stix+json;version=2.1",
        stix_file.write,
    ),
    Format(
        "atom",
        "Atom",
        _("for feed readers: the newest 100"),
        "application/atom+xml; charset=utf-8",
        None,
    ),
)
FORMATS: Final = {found.ending: found for found in _FORMATS}
