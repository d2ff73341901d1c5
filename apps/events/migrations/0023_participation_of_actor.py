"""What an actor takes part in is found by the actor: pages as of a day ask it of every actor."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0022_answers_by_index"), ("actors", "0004_may_merge_actors")]
    operations = [
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(fields=["actor", "event"], name="participation_of_actor"),
        )
    ]
