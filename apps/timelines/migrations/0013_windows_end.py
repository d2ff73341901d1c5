"""A window is told by its end, so that windows of different lengths can stand side by side."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("timelines", "0012_touch_reports")]
    operations = [
        # Counts of a minute that is over by then.
        migrations.RunSQL("DELETE FROM timelines_apicalls", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="apicalls",
            name="window",
            field=models.BigIntegerField(help_text="When the window ends, in seconds since 1970."),
        ),
    ]
