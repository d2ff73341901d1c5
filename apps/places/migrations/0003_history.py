"""Every change of places is recorded."""

from django.db import migrations

from apps.core.history import watch


class Migration(migrations.Migration):
    dependencies = [("places", "0002_merging"), ("core", "0002_record_changes")]
    operations = [
        watch("places_place"),
    ]
