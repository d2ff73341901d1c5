from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotations", "0003_whole_intervals")]

    operations = [
        migrations.AddField(
            model_name="claimcandidate",
            name="earlier",
            field=models.BooleanField(
                default=False, help_text='Told as said before ("had first denied").'
            ),
        ),
    ]
