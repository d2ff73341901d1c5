"""Atom (RFC 4287): the events of a view that became known last, for feed readers."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.timelines import wording
from apps.timelines.exports.about import MAKER, About
from apps.timelines.exports.ics_file import tolls
from apps.timelines.exports.shapes import Row, Source, clean

MOST: Final = 100
BEGUN: Final = "2026"  # the year of the tag addresses (RFC 4151); it must never change


class _Feed(Atom1Feed):
    """A feed that changes only with what it tells, also where it tells nothing."""

    begun: datetime

    def latest_post_date(self) -> datetime:
        """When its newest entry was updated; where it has none, the first instant of the timeline."""
        return super().latest_post_date() if self.items else self.begun  # type: ignore[no-any-return]


def feed(about: About, rows: Sequence[Row], here: str, name: str = "") -> bytes:
    """Return the feed of `rows`, newest first; `here` is its own whole address, `name` the view's own.

    It says nothing of when it was made: what is unchanged is the same bytes.
    """
    host = urlsplit(about.base).hostname or MAKER.lower()
    found = _Feed(
        title=clean(f"{about.title}: {name}" if name else about.title),
        link=about.url,
        description=None,
        subtitle=clean(" ".join(subtitle(about, len(rows)))),
        feed_url=here,
        feed_guid=here,
        author_name=MAKER,
        feed_copyright=clean(about.licence),
        language=None,
    )
    found.begun = datetime.combine(about.chosen.timeline.start, time.min, UTC)
    for row in rows:
        found.add_item(
            title=row.title,
            link=about.base + row.page,
            description=content(row),
            unique_id=f"tag:{host},{BEGUN}:event/{row.id}",
            pubdate=row.known_at,
            updateddate=row.told_at,
            categories=[row.type],
        )
    return found.writeString("utf-8").encode()  # type: ignore[no-any-return]


def subtitle(about: About, shown: int) -> Iterable[str]:
    """Say in sentences what of which view the feed holds."""
    if about.count > shown:
        yield _("The %(shown)d events that became known last of %(count)d; the files hold all.") % {
            "shown": shown,
            "count": about.count,
        }
    else:
        yield ngettext("%(count)d event.", "%(count)d events.", about.count) % {
            "count": about.count
        }
    yield _("Days: %(days)s.") % {"days": about.period_words}
    yield _("Filters: %(filters)s.") % {"filters": about.filters_words}
    if about.as_of:
        yield _("All of it %(known)s.") % {"known": about.known_words}
    yield _("Index formula %(formula)s.") % {"formula": about.formula}


def content(row: Row) -> SafeString:
    """Return what a feed reader shows of one event, as HTML."""
    facts = [
        wording.days(row.start, row.end, row.precision),
        wording.type_in_words(row.type, row.mode),
        *([clean(row.place.name)] if row.place else []),
        *tolls(row),
        *([_("contested")] if row.contested else []),
    ]
    summary = format_html("<p>{}</p>", row.summary) if row.summary else ""
    sources = format_html_join("", "<li>{}</li>", ((linked(s),) for s in row.sources))
    told = format_html("<ul>{}</ul>", sources) if sources else ""
    return format_html("<p>{}</p>{}{}", " · ".join(facts), summary, told)


def linked(source: Source) -> SafeString:
    """Return a source as a link, as words where it has no address on the web."""
    words = source.publisher or source.title or source.url
    if not source.url:
        return format_html("{}", words)
    return format_html('<a href="{}">{}</a>', source.url, words)


def etag(body: bytes) -> str:
    """Return the feed's entity tag."""
    return f'"{sha256(body).hexdigest()[:32]}"'
