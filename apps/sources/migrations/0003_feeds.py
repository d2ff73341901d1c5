"""Feeds: what each is and how it does, what it listed, its days; polling's notes are no changes."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from apps.core.history import watch

# A day's counts follow its polls, whoever writes them; forgetting polls leaves the counts.
COUNT = """
CREATE FUNCTION count_feed_poll() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sources_feedday AS d (feed_id, day, ok, failed, items, fresh, first_ok)
  VALUES (NEW.feed_id, (NEW.at AT TIME ZONE 'UTC')::date, NEW.ok::int, (NOT NEW.ok)::int, NEW.items, NEW.fresh,
          CASE WHEN NEW.ok THEN NEW.at END)
  ON CONFLICT (feed_id, day) DO UPDATE SET ok = d.ok + excluded.ok, failed = d.failed + excluded.failed,
    items = d.items + excluded.items, fresh = d.fresh + excluded.fresh,
    first_ok = least(d.first_ok, excluded.first_ok);
  RETURN NULL;
END $$;
CREATE TRIGGER sources_feedpoll_count AFTER INSERT ON sources_feedpoll
FOR EACH ROW EXECUTE FUNCTION count_feed_poll();
INSERT INTO sources_feedday (feed_id, day, ok, failed, items, fresh, first_ok)
SELECT feed_id, (at AT TIME ZONE 'UTC')::date, count(*) FILTER (WHERE ok), count(*) FILTER (WHERE NOT ok),
  sum(items), 0, min(at) FILTER (WHERE ok) FROM sources_feedpoll GROUP BY 1, 2;
"""
UNCOUNT = """
DROP TRIGGER sources_feedpoll_count ON sources_feedpoll;
DROP FUNCTION count_feed_poll();
"""
NOTED = [
    "etag", "last_modified", "next_due", "failures", "last_error", "last_success", "title", "language", "site",
    "pace_minutes", "per_day", "last_new", "silent_after", "failing_since", "gone",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0002_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="feed",
            name="failing_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="feed",
            name="gone",
            field=models.BooleanField(
                default=False, help_text="The server says that it is gone (410)."
            ),
        ),
        migrations.AddField(
            model_name="feed",
            name="language",
            field=models.CharField(blank=True, default="", max_length=35),
        ),
        migrations.AddField(
            model_name="feed",
            name="last_new",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="feed",
            name="pace_minutes",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Minutes to the next poll, as the feed's news made it.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="feed",
            name="per_day",
            field=models.FloatField(
                blank=True, help_text="New entries a day, of the last 30 days.", null=True
            ),
        ),
        migrations.AddField(
            model_name="feed",
            name="silent_after",
            field=models.DateTimeField(
                blank=True,
                help_text="When no news is much longer than this feed's habit.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="feed",
            name="site",
            field=models.CharField(blank=True, default="", max_length=1000),
        ),
        migrations.AddField(
            model_name="feed",
            name="title",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="feedpoll",
            name="fresh",
            field=models.PositiveIntegerField(default=0, help_text="Entries never listed before."),
        ),
        migrations.AlterField(
            model_name="feed",
            name="interval_minutes",
            field=models.PositiveIntegerField(
                default=30,
                help_text="Minutes between the first polls, doubled by failures; the pace follows the feed.",
            ),
        ),
        migrations.CreateModel(
            name="FeedDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("ok", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                ("items", models.PositiveIntegerField(default=0)),
                ("fresh", models.PositiveIntegerField(default=0)),
                ("first_ok", models.DateTimeField(blank=True, null=True)),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="sources.feed",
                    ),
                ),
            ],
            options={
                "ordering": ["-day"],
                "indexes": [models.Index(fields=["day"], name="sources_feedday_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "day"), name="feedday_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ListedEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "identity",
                    models.CharField(
                        help_text="Digest of guid and title, or of the address.", max_length=64
                    ),
                ),
                ("url", models.CharField(max_length=2000)),
                ("guid", models.CharField(blank=True, default="", max_length=1000)),
                ("title", models.CharField(blank=True, default="", max_length=500)),
                ("author", models.CharField(blank=True, default="", max_length=300)),
                ("summary", models.TextField(blank=True, default="")),
                ("language", models.CharField(blank=True, default="", max_length=35)),
                ("agency", models.CharField(blank=True, default="", max_length=200)),
                ("categories", models.JSONField(blank=True, default=list)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("published_precision", models.CharField(default="unknown", max_length=8)),
                (
                    "listed_at",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now),
                ),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listed",
                        to="sources.feed",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "listed entries",
                "ordering": ["-listed_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "identity"), name="listed_once")
                ],
            },
        ),
        migrations.RunSQL(COUNT, UNCOUNT),
        watch("sources_feed", owner=("sources_source", "source_id"), derived=NOTED),
    ]
