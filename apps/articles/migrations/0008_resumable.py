"""A run of intake that was cut off can be gone on with: what it is made of, and what it has already."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0007_terms"),
        ("sources", "0004_hosts"),
    ]

    operations = [
        migrations.AddField(
            model_name="intakebatch",
            name="complete",
            field=models.BooleanField(default=True, help_text="Everything was written down."),
        ),
        migrations.AddField(
            model_name="intakebatch",
            name="key",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Of what it is made from, if it can be gone on with.",
                max_length=64,
            ),
        ),
        migrations.AddField(
            model_name="intakeitem",
            name="key",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Of label and content, in its batch.",
                max_length=64,
            ),
        ),
        migrations.AddConstraint(
            model_name="intakebatch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("complete", False)),
                fields=("key",),
                name="intakebatch_cut_off_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="intakeitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True),
                fields=("batch", "key"),
                name="intakeitem_once_in_batch",
            ),
        ),
    ]
