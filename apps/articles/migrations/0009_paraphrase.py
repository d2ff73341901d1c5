"""What a text shows of having been rewritten by a program; "" for all texts that were taken in before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0008_resumable"),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="paraphrase_note",
            field=models.TextField(
                blank=True,
                default="",
                help_text="By what its text shows that a program rewrote it.",
            ),
        ),
    ]
