"""Every change of events and what hangs on them is recorded."""

from django.db import migrations

from apps.core.history import watch


class Migration(migrations.Migration):
    dependencies = [("events", "0008_desk_and_clocks"), ("core", "0002_record_changes")]
    operations = [
        watch(
            "events_event",
            derived=[
                *("killed", "killed_low", "killed_high", "wounded", "wounded_low", "wounded_high"),
                *("headline_rule", "contested", "denied", "severity", "stale", "updated_at"),
            ],
        ),
        watch("events_participation", owner=("events_event", "event_id")),
        watch("events_evidence", owner=("events_event", "event_id")),
        watch("events_claim", owner=("events_event", "event_id")),
        watch("events_link", owner=("events_event", "source_id")),
        watch("events_correction", owner=("events_event", "event_id")),
    ]
