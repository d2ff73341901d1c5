"""Every change of sources and feeds is recorded; what polling notes about a feed is none."""

from django.db import migrations

from apps.core.history import watch


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_initial"), ("core", "0002_record_changes")]
    operations = [
        watch("sources_source"),
        watch(
            "sources_feed",
            owner=("sources_source", "source_id"),
            derived=["etag", "last_modified", "next_due", "failures", "last_error", "last_success"],
        ),
    ]
