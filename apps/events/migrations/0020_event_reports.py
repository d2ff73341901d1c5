"""An event keeps how many independent reports tell of it. The rows that stand are counted by the next sweep."""

from typing import Any

from django.db import migrations, models

from apps.core.history import watch


def count_again(apps: Any, schema_editor: Any) -> None:
    """Mark the public events as those that the sweep must see to."""
    apps.get_model("events", "Event").objects.filter(status="published").update(stale=True)


class Migration(migrations.Migration):
    dependencies = [("events", "0019_placed_alone")]
    operations = [
        migrations.AddField(
            model_name="event",
            name="reports",
            field=models.PositiveSmallIntegerField(
                default=0,
                editable=False,
                help_text="Independent reports that tell of it (see lineages.py); for filtering and sorting.",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="stale",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Decided about since its severity, reports and the timelines' day counts were made.",
            ),
        ),
        watch(
            "events_event",
            derived=[
                *("killed", "killed_low", "killed_high", "wounded", "wounded_low", "wounded_high"),
                *("headline_rule", "contested", "denied", "severity", "reports", "stale"),
                *("settled_at", "updated_at"),
            ],
        ),
        migrations.RunPython(count_again, migrations.RunPython.noop),
    ]
