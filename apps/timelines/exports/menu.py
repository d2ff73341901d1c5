"""What the menu of a timeline's page offers to take away, each with the filters and the day of the view."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from apps.timelines.exports.citing import CITED_AS
from apps.timelines.exports.formats import FORMATS, Format
from apps.timelines.queries.selection import Selection


@dataclass(frozen=True, slots=True)
class File:
    """A file of the view and its address."""

    kind: Format
    href: str


@dataclass(frozen=True, slots=True)
class TakeAway:
    """The addresses of everything that a view is taken away in; "" for what this installation has not got.

    `count` events go into each file.
    """

    count: int
    files: list[File]
    feed: File
    report: str
    cite: list[tuple[str, str]]  # ending and address
    index: str
    snapshot: str
    embed: str
    api: str


def take_away(chosen: Selection, count: int) -> TakeAway:
    """Return what is offered for a view of `count` events."""
    slug = chosen.timeline.slug
    # What concerns the page alone goes into no file.
    shown = replace(chosen.filters, event="", page=1, day=None, lanes="dyad", arcs=False, sort="")
    query = shown.query()
    day = urlencode(chosen.as_of.query)

    def file(kind: Format) -> File:
        return File(kind, _address("timeline_file", query, slug, kind.ending))

    return TakeAway(
        count=count,
        files=[file(kind) for kind in FORMATS.values() if kind.write],
        feed=file(FORMATS["atom"]),
        report=_address("timeline_report", query, slug),
        cite=[(end, _address("timeline_cite", query, slug, end)) for end in CITED_AS],
        index=_address("index_zip", query, slug),
        snapshot=_address("snapshot", day, slug),
        embed=_address("embed", query, slug),
        api=_address("api-docs", ""),
    )


def _address(name: str, query: str, *args: str) -> str:
    try:
        path = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{path}?{query}" if query else path
