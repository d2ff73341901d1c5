"""An event keeps whether somebody denies it, derived with its headline; old rows from their public denials."""

from django.db import migrations, models

FILL = """
UPDATE events_event SET denied = true
WHERE EXISTS (
    SELECT 1 FROM events_claim
    WHERE event_id = events_event.id
      AND standing = 'published' AND field = 'occurrence' AND act = 'denies'
)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0004_whole_intervals"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="denied",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Somebody's standing word is that it did not happen.",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
