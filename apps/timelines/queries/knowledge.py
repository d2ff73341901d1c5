"""The known-time clock of a view: the days on which something of it became known, and what the bar shows."""

from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from typing import Any
from urllib.parse import parse_qsl

from django.db.models import Case, DateTimeField, F, QuerySet, When
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from apps.events.models import Claim
from apps.timelines import wording
from apps.timelines.filters import Filters
from apps.timelines.queries.difference import TOLLS, Altered, Difference, FieldChange, of_the_day
from apps.timelines.queries.selection import Selection
from apps.timelines.queries.timeline import View

# One answer tells so many days; who replays asks for the next ones when these are over.
MOST_STEPS = 60
MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the bar above the chart shows: the clock, where it can be set to, and what its day brought."""

    hidden: list[tuple[str, str]]  # the rest of the view, for the form
    query: str  # the whole view, for links to pages about it
    earliest: date
    latest: date
    brought: Difference | None
    announced: str


def knowledge(chosen: Selection, view: View) -> dict[str, Any]:
    """Return the bar's part of the page's context. As known now it asks the database nothing."""
    brought = of_the_day(chosen)
    found = Knowledge(
        hidden=parse_qsl(replace(view.filters, as_of=None, page=1).query()),
        query=view.filters.query(),
        earliest=view.bounds.start,
        latest=timezone.now().astimezone(UTC).date(),
        brought=brought,
        announced=_announced(chosen, brought),
    )
    return {"knowledge": found}


def told(brought: Difference) -> list[str]:
    """Return what a day brought in short sentences, figures first; at most MOST_TOLD and how many more."""
    lines = [_sentence(row, f) for row in brought.altered for f in row.fields]
    lines += [gettext("new: %(title)s") % {"title": event.title} for event in brought.new]
    more = len(lines) - len(brought.new) + brought.total_new - MOST_TOLD
    shown = lines[:MOST_TOLD]
    return [*shown, gettext("and %(count)d more") % {"count": more}] if more > 0 else shown


def _sentence(row: Altered, field: FieldChange) -> str:
    values = {"now": field.now, "label": field.label, "was": field.was, "title": row.event.title}
    if field.label in TOLLS.values():
        return gettext("%(now)s %(label)s (%(was)s before): %(title)s") % values
    return gettext("%(now)s: %(title)s") % values


def _announced(chosen: Selection, brought: Difference | None) -> str:
    if brought is None or chosen.as_of.day is None:
        return ""
    lines = "; ".join(told(brought)) or gettext("nothing new")
    return gettext("As known on %(day)s: %(lines)s") % {
        "day": wording.day(chosen.as_of.day),
        "lines": lines,
    }


def known_days(chosen: Selection, after: date | None = None) -> list[date]:
    """Return the days (UTC) on which something of the events of `chosen` became known, in order.

    `chosen` is read as known now: the days to come are what a replay is about. `after` leaves out that day
    and those before it; at most MOST_STEPS are returned. Two queries.
    """
    return sorted(_days(chosen, after))[:MOST_STEPS]


def _days(chosen: Selection, after: date | None) -> set[date]:
    events = chosen.events.order_by()
    first = events.annotate(known_day=TruncDate("first_public_at", tzinfo=UTC))
    claims = Claim.objects.as_of(None).filter(event__in=events.values("pk")).order_by()
    said = claims.annotate(known_day=TruncDate(_claim_known(), tzinfo=UTC))
    return {day for rows in (first, said) for day in _distinct(rows, after)}


def _distinct(rows: QuerySet[Any], after: date | None) -> list[date]:
    if after is not None:
        rows = rows.filter(known_day__gt=after)
    days = rows.filter(known_day__isnull=False).values_list("known_day", flat=True)
    return list(days.distinct())


def _claim_known() -> Greatest:
    """When a claim became known: no earlier than its event, and than the article version that reports it."""
    version = "evidence__article_version"
    first = Coalesce(f"{version}__article__published_at", f"{version}__article__first_seen_at")
    there = Case(
        When(**{f"{version}__number": 1}, then=first),
        default=F(f"{version}__fetched_at"),
        output_field=DateTimeField(),
    )
    return Greatest("known_at", "event__first_public_at", there)  # ignores what is null


def step(chosen: Selection, day: date | None, way: str) -> date | None:
    """Return the nearest day before or after `day` (None: now) on which something became known.

    `way`: "previous" or "next". None: as known now, which is where the last step leads.
    """
    if way == "next":
        return next(iter(known_days(chosen, day)), None) if day else None
    today = timezone.now().astimezone(UTC).date()
    earlier = [known for known in _days(chosen, None) if known < (day or today)]
    if not earlier:
        return day
    found = max(earlier)
    # As known on the last of the days is as known now: from now, a step back leads before it.
    if day is None and len(earlier) > 1:
        return max(known for known in earlier if known < found)
    return found


def address(chosen: Selection, filters: Filters) -> str:
    """Return the address of a view of the timeline."""
    query = filters.query()
    path = reverse("timeline", args=[chosen.timeline.slug])
    return f"{path}?{query}" if query else path


def replay_start(filters: Filters) -> date:
    """Return the day before the first one that a replay of a view shows."""
    return filters.start - timedelta(days=1)
