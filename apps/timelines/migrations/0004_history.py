"""Every change of timelines, their lanes and their memberships is recorded."""

from django.db import migrations

from apps.core.history import watch


class Migration(migrations.Migration):
    dependencies = [("timelines", "0003_two_centuries"), ("core", "0002_record_changes")]
    operations = [
        watch("timelines_timeline"),
        watch("timelines_timeline_actors", owner=("timelines_timeline", "timeline_id")),
        watch("timelines_timeline_places", owner=("timelines_timeline", "timeline_id")),
        watch("timelines_dyad", owner=("timelines_timeline", "timeline_id")),
        watch("timelines_dyad_side_a", owner=("timelines_dyad", "dyad_id")),
        watch("timelines_dyad_side_b", owner=("timelines_dyad", "dyad_id")),
        watch("timelines_membership", owner=("timelines_timeline", "timeline_id")),
    ]
