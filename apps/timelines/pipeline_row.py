"""What timelines still have to take in, as the Pipeline page shows it."""

from datetime import datetime

from apps.core.pipeline import MOST_COUNTED, Count, Stage
from apps.timelines.models import Touch


def row(now: datetime) -> Stage:
    """Return how many changes the timelines' entries wait for; they have no time and never fail."""
    number = Touch.objects.order_by()[: MOST_COUNTED + 1].count()
    return Stage(
        key="timelines.timeline",
        name="Changes for timelines",
        waiting=Count(min(number, MOST_COUNTED), more=number > MOST_COUNTED),
    )
