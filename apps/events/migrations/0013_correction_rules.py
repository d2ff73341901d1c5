"""Rules of corrections and second codings that hold whoever writes."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION check_correction_span() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.now_start IS NOT NULL THEN
        PERFORM check_span(NEW.now_version_id, NEW.now_start, NEW.now_end, NEW.now, 'correction');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER correction_span BEFORE INSERT OR UPDATE ON events_correction
    FOR EACH ROW EXECUTE FUNCTION check_correction_span();

-- Evidence moves when events are merged or split; what waits on it goes along.
CREATE FUNCTION correction_follows_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE events_correction SET event_id = NEW.event_id WHERE evidence_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER correction_follows AFTER UPDATE OF event_id ON events_evidence
    FOR EACH ROW WHEN (OLD.event_id <> NEW.event_id)
    EXECUTE FUNCTION correction_follows_evidence();

CREATE TRIGGER second_coding_stays BEFORE UPDATE OR DELETE ON events_secondcoding
    FOR EACH ROW WHEN (OLD.coded_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER second_coding_stays ON events_secondcoding;
DROP TRIGGER correction_follows ON events_evidence;
DROP FUNCTION correction_follows_evidence();
DROP TRIGGER correction_span ON events_correction;
DROP FUNCTION check_correction_span();
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0012_source_changes")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
