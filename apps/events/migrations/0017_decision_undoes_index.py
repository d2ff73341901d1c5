"""What was taken back is found without reading every decision."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0016_placements")]
    operations = [
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                condition=models.Q(("undoes", ""), _negated=True),
                fields=["undoes"],
                name="decision_undoes",
            ),
        ),
    ]
