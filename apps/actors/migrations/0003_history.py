"""Every change of actors and what belongs to them is recorded."""

from django.db import migrations

from apps.core.history import watch


class Migration(migrations.Migration):
    dependencies = [("actors", "0002_merging"), ("core", "0002_record_changes")]
    operations = [
        watch("actors_actor"),
        watch("actors_alias", owner=("actors_actor", "actor_id"), derived=["normalised"]),
        watch("actors_role", owner=("actors_actor", "person_id")),
        watch("actors_relation", owner=("actors_actor", "source_id")),
    ]
