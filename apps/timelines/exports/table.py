"""The columns of one line for each event, for CSV, XLSX and the properties of GeoJSON."""

from collections.abc import Callable
from typing import Final

from apps.core import plover
from apps.timelines.exports.about import About, instant
from apps.timelines.exports.safe_csv import Value
from apps.timelines.exports.shapes import Row, Source

Column = Callable[[Row, About], Value]

COLUMNS: Final[dict[str, Column]] = {
    "id": lambda row, _: row.id,
    "start": lambda row, _: row.start,
    "end": lambda row, _: row.end,
    "precision": lambda row, _: row.precision,
    "edtf": lambda row, _: row.edtf,
    "type": lambda row, _: row.type,
    "mode": lambda row, _: row.mode,
    "quad": lambda row, _: row.quad,
    "quad_name": lambda row, _: plover.QUAD_NAMES[row.quad],
    "plover_score": lambda row, _: row.plover_score,
    "severity": lambda row, _: row.severity,
    "title": lambda row, _: row.title,
    "summary": lambda row, _: row.summary,
    "initiators": lambda row, _: "; ".join(row.names("initiator")),
    "targets": lambda row, _: "; ".join(row.names("target")),
    "others": lambda row, _: "; ".join(row.names("other")),
    "place": lambda row, _: row.place.name if row.place else "",
    "country": lambda row, _: row.place.country if row.place else "",
    "lat": lambda row, _: row.place.lat if row.place else None,
    "lon": lambda row, _: row.place.lon if row.place else None,
    "geo_precision": lambda row, _: row.geo_precision,
    "radius_km": lambda row, _: row.place.radius_km if row.place else None,
    "killed": lambda row, _: row.killed.value,
    "killed_low": lambda row, _: row.killed.low,
    "killed_high": lambda row, _: row.killed.high,
    "wounded": lambda row, _: row.wounded.value,
    "wounded_low": lambda row, _: row.wounded.low,
    "wounded_high": lambda row, _: row.wounded.high,
    "contested": lambda row, _: row.contested,
    "denied": lambda row, _: row.denied,
    "confidence": lambda row, _: row.confidence,
    "independent_reports": lambda row, _: row.reports,
    "claims": lambda row, _: len(row.claims),
    "known_at": lambda row, _: instant(row.known_at),
    "url": lambda row, about: about.base + row.page,
}


def sources_in_line(sources: tuple[Source, ...]) -> str:
    """Return publishers with their addresses in one line, each address once: "AP <https://...> | ..."."""
    told = dict.fromkeys(
        f"{source.publisher or source.title} <{source.url}>"
        if source.url
        else source.publisher or source.title
        for source in sources
    )
    return " | ".join(told)
