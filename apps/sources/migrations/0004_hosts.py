"""Hosts: one visitor at a time, robots.txt; and when the poll that is under way began."""

import django.utils.timezone
from django.db import migrations, models

from apps.core.history import watch

# As in 0003_feeds, and the mark of a poll under way: what polling notes is no change.
NOTED = [
    "etag", "last_modified", "next_due", "failures", "last_error", "last_success", "title", "language", "site",
    "pace_minutes", "per_day", "last_new", "silent_after", "failing_since", "gone", "polling_since",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0003_feeds"),
    ]

    operations = [
        migrations.AddField(
            model_name="feed",
            name="polling_since",
            field=models.DateTimeField(
                blank=True, help_text="When the poll that is under way began.", null=True
            ),
        ),
        migrations.CreateModel(
            name="Host",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="With its port, if unusual.", max_length=260, unique=True
                    ),
                ),
                (
                    "busy_until",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="Until when the turn of a worker lasts at most.",
                    ),
                ),
                (
                    "holder",
                    models.UUIDField(
                        blank=True, help_text="The visit whose turn it is.", null=True
                    ),
                ),
                (
                    "next_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When the next request may be sent.",
                    ),
                ),
                (
                    "delay_seconds",
                    models.FloatField(
                        default=0, help_text="Between two requests, as its robots.txt asks."
                    ),
                ),
                ("robots", models.TextField(blank=True, default="", verbose_name="robots.txt")),
                (
                    "robots_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="robots.txt read"),
                ),
                ("note", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("delay_seconds__gte", 0)), name="host_delay_from_zero"
                    )
                ],
            },
        ),
        watch("sources_feed", owner=("sources_source", "source_id"), derived=NOTED),
    ]
