"""The polling of feeds, as the Pipeline page shows it."""

from datetime import datetime

from django.db.models import Count as CountOf
from django.db.models import Min, Q
from django.db.models.functions import Extract

from apps.core.pipeline import BARS, HOUR, Count, Stage, grouped
from apps.sources.health import in_trouble
from apps.sources.models import Feed, FeedPoll


def row(now: datetime) -> Stage:
    """Return where the polls stand at `now`. At most four queries."""
    due = Q(next_due__lte=now)
    active = Feed.objects.filter(active=True)
    told = active.aggregate(
        due=CountOf("pk", filter=due),
        planned=CountOf("pk", filter=~due),
        failing=CountOf("pk", filter=Q(failures__gt=0)),
        oldest=Min("next_due", filter=due),
    )
    errors = active.filter(failures__gt=0).values_list("last_error", flat=True)[:200]
    bars = [0] * BARS
    polls = FeedPoll.objects.filter(at__gte=now - HOUR, ok=True)
    for epoch, number in (
        polls.annotate(epoch=Extract("at", "epoch")).values_list("epoch").annotate(CountOf("pk"))
    ):
        place = int((float(epoch) - (now - HOUR).timestamp()) // 300)
        bars[min(max(place, 0), BARS - 1)] += number
    return Stage(
        key="sources.feed",
        name="Feeds polled",
        waiting=Count(told["due"]),
        planned=Count(told["planned"]),
        failed=Count(told["failing"]),
        bars=bars,
        oldest=told["oldest"],
        reasons=grouped([(error, False) for error in errors]) if told["failing"] else (),
        note=_note(now) if told["due"] or told["planned"] else "No feed is active.",
        address="admin:sources_feed_changelist",
    )


def _note(now: datetime) -> str:
    """Say how many feeds are dead or silent: neither shows among the failures of the last poll alone."""
    counts = in_trouble(now)
    return ", ".join(f"{counts[state]} {state}" for state in ("dead", "silent") if state in counts)
