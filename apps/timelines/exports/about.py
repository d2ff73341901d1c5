"""What every file says of itself: which view it is, as of when, under which licence, by which formula."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.timelines import tension, wording
from apps.timelines.queries.selection import Selection, named_chips

MAKER = "Tensionline"


@dataclass(frozen=True)
class About:
    """A view that is taken away. `base` is the site's address (see urls.py), `made_at` aware UTC."""

    chosen: Selection
    base: str
    made_at: datetime
    count: int

    @property
    def title(self) -> str:
        """The timeline's title."""
        return self.chosen.timeline.title

    @property
    def licence(self) -> str:
        """The licence that the timeline's editors gave it, or a sentence that they gave none."""
        return self.chosen.timeline.licence or _("No licence is given; ask the editors.")

    @property
    def formula(self) -> str:
        """The version of the index formula that severities are computed by."""
        return tension.VERSION

    @property
    def as_of(self) -> str:
        """The day as of which the file speaks, as 2020-01-31; "" for as known when it was made."""
        day = self.chosen.as_of.day
        return day.isoformat() if day else ""

    @property
    def made(self) -> str:
        """When the file was made, as 2020-01-31T12:00:00Z."""
        return instant(self.made_at)

    @cached_property
    def url(self) -> str:
        """The page that shows the same events."""
        shown = replace(self.chosen.filters, event="", page=1, day=None)
        query = shown.query()
        path = self.base + self.chosen.timeline.get_absolute_url()
        return f"{path}?{query}" if query else path

    @property
    def period(self) -> tuple[str, str]:
        """The first and the last day shown, as 2020-01-31."""
        shown = self.chosen.filters
        return shown.start.isoformat(), shown.end.isoformat()

    @property
    def period_words(self) -> str:
        """The days shown in words."""
        shown = self.chosen.filters
        return f"{wording.day(shown.start)} – {wording.day(shown.end)}"

    @cached_property
    def filters(self) -> list[str]:
        """The filters in force, each in words."""
        return [chip.label for chip in named_chips(self.chosen, self.chosen.filters)]

    @property
    def filters_words(self) -> str:
        """The filters in force in one line."""
        return "; ".join(self.filters) if self.filters else _("none: all events of these days")

    @property
    def known_words(self) -> str:
        """As of when the file speaks, in words."""
        day = self.chosen.as_of.day
        if day:
            return _("as known at the end of %(day)s, UTC") % {"day": wording.day(day)}
        return _("as known when it was made")

    def meta(self) -> dict[str, object]:
        """The same as a value for JSON."""
        return {
            "title": self.title,
            "timeline": self.chosen.timeline.slug,
            "url": self.url,
            "made_at": self.made,
            "as_of": self.as_of or None,
            "from": self.period[0],
            "to": self.period[1],
            "filters": self.filters,
            "formula": self.formula,
            "licence": self.licence,
            "count": self.count,
            "maker": MAKER,
        }


def about(chosen: Selection, base: str) -> About:
    """Describe a view now; one query counts its events."""
    return About(chosen, base, timezone.now().replace(microsecond=0), chosen.events.count())


def instant(value: datetime) -> str:
    """Return an aware moment as 2020-01-31T12:00:00Z."""
    return value.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
