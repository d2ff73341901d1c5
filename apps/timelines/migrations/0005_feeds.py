"""Which feeds are followed for a timeline; its changes stand in the timeline's history."""

from django.db import migrations, models

from apps.core.history import watch


class Migration(migrations.Migration):
    dependencies = [("sources", "0002_history"), ("timelines", "0004_history")]
    operations = [
        migrations.AddField(
            model_name="timeline",
            name="feeds",
            field=models.ManyToManyField(
                blank=True,
                help_text="Feeds that are followed for it.",
                related_name="timelines",
                to="sources.feed",
            ),
        ),
        watch("timelines_timeline_feeds", owner=("timelines_timeline", "timeline_id")),
    ]
