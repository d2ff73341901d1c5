"""The known-time clock of a page: `?as_of=2020-01-05` shows what was known by the end of that day (UTC)."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from apps.timelines import wording

PARAMETER: Final = "as_of"
# Says that a request is a step of a replay: its address takes the place of the one before.
REPLAY_HEADER: Final = "Tensionline-Replay"
EARLIEST: Final = date(1900, 1, 1)  # as for timelines


class NotADay(BadRequest):
    """The day asked for is none that anything can be known by; the message is a sentence for the reader.

    Refused, not left out as other filters' faults are: a page of all that is known now in place of an earlier
    day's would show more than was asked for.
    """


@dataclass(frozen=True, slots=True)
class AsOf:
    """By when something must have been known to be shown. Without a day: as known now."""

    day: date | None = None
    here: str = field(default="", compare=False)  # the same page as known now

    @property
    def moment(self) -> datetime | None:
        """The last instant of the day (aware UTC), for `.as_of()` of the query sets; None: now."""
        return datetime.combine(self.day, time.max, UTC) if self.day else None

    @property
    def query(self) -> dict[str, str]:
        """What links to other pages carry."""
        return {PARAMETER: self.day.isoformat()} if self.day else {}

    @property
    def words(self) -> str:
        """The notice in words: "as known on 5 January 2020"; empty now."""
        if self.day is None:
            return ""
        return gettext("as known on %(day)s") % {"day": wording.day(self.day)}

    def link(self, address: str, **query: Any) -> str:
        """Return an address of this site with `query` and the day in its query string, before its fragment."""
        added = {name: str(value) for name, value in query.items()} | self.query
        if not added:
            return address
        parts = urlsplit(address)
        kept = [p for p in parse_qsl(parts.query, keep_blank_values=True) if p[0] not in added]
        return urlunsplit(parts._replace(query=urlencode([*kept, *added.items()])))

    def until(self, last: date) -> date:
        """Return `last`, or the day itself where that is earlier: nothing after it is known."""
        return min(last, self.day) if self.day else last


NOW: Final = AsOf()


def read(request: HttpRequest) -> AsOf:
    """Return what the address asks for, and keep it at the request for links and the notice (see `context`).

    Call it first in every view: pages that are not found carry the day too. Raises NotADay (a 400).
    """
    values = request.GET.getlist(PARAMETER)
    day = parse(values[-1] if values else "", timezone.now().astimezone(UTC).date())
    rest = request.GET.copy()
    rest.pop(PARAMETER, None)
    found = AsOf(day, f"{request.path}?{rest.urlencode()}".removesuffix("?"))
    request.as_of = found  # type: ignore[attr-defined]
    return found


def parse(asked: str, today: date) -> date | None:
    """Read a day as 2020-01-31, from 1900 to `today`; None where nothing is asked for."""
    asked = asked.strip()
    if not asked:
        return None
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        raise NotADay(
            gettext(
                "“%(asked)s” is not a day; write as_of as a year, a month and a day: 2020-01-31."
            )
            % {"asked": asked[:40]}
        ) from None
    if day > today:
        raise NotADay(
            gettext("%(day)s has not come yet; as_of takes days up to %(last)s.")
            % {"day": wording.day(day), "last": wording.day(today)}
        )
    if day < EARLIEST:
        raise NotADay(
            gettext("as_of takes days from %(first)s on, not %(asked)s.")
            % {"first": wording.day(EARLIEST), "asked": asked[:40]}
        )
    return day


def url_header(request: HttpRequest) -> str:
    """Return the header by which an answer tells htmx its address: pushed, or in place of a replay's last."""
    return "HX-Replace-Url" if REPLAY_HEADER in request.headers else "HX-Push-Url"


def context(request: HttpRequest) -> dict[str, Any]:
    """Give every template `as_of`: what its view has read, or now."""
    return {PARAMETER: getattr(request, PARAMETER, NOW)}
