"""A decision names the one that it takes back; what a correction rests on is in the history too."""

from django.db import migrations, models

from apps.core.history import watch


class Migration(migrations.Migration):
    dependencies = [("core", "0004_kept_whole"), ("events", "0013_correction_rules")]
    operations = [
        migrations.AddField(
            model_name="decision",
            name="undoes",
            field=models.CharField(
                blank=True,
                default="",
                help_text="The group of the decision that this one takes back.",
                max_length=40,
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("action", "undo"), ("undoes", ""), _connector="OR"),
                name="decision_undoes_only_as_undo",
            ),
        ),
        watch("events_correction_claims", owner=("events_correction", "correction_id")),
    ]
