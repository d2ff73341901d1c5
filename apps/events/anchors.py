"""Events that articles lean dates on ("two days after the election"), for the pipeline's lexicon."""

from apps.annotations.lexicon import anchor_reader
from apps.annotations.pipeline.types import KnownEvent
from apps.events.models import Event, Participation


@anchor_reader
def anchors() -> tuple[KnownEvent, ...]:
    """Return the published events that have `names`, oldest first; two queries."""
    events = Event.objects.public().exclude(names=[]).order_by("start", "id")
    return tuple(
        KnownEvent(
            event.key or event.public_id,
            tuple(event.names),
            event.start,
            event.end,
            tuple(
                part.actor.slug
                for part in event.participations.all()
                if part.role == Participation.Role.INITIATOR
            ),
        )
        for event in events.prefetch_related("participations__actor")
    )
