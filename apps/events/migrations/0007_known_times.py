"""Every row gets the time it became known: what carried none takes its event's, else the event's first day."""

from django.db import migrations

FORWARD = """
UPDATE events_event SET first_public_at = start::timestamp AT TIME ZONE 'UTC'
    WHERE first_public_at IS NULL AND status = 'published';
UPDATE events_evidence x SET known_at = coalesce(
        x.published_on::timestamp AT TIME ZONE 'UTC', e.first_public_at,
        e.start::timestamp AT TIME ZONE 'UTC')
    FROM events_event e WHERE e.id = x.event_id AND x.known_at IS NULL;
UPDATE events_claim x SET known_at = coalesce(
        (SELECT known_at FROM events_evidence v WHERE v.id = x.evidence_id),
        x.said_from::timestamp AT TIME ZONE 'UTC', e.first_public_at,
        e.start::timestamp AT TIME ZONE 'UTC')
    FROM events_event e WHERE e.id = x.event_id AND x.known_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0006_event_stale")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
