"""Rules that must hold whoever writes: evidence spans, published events have evidence, decisions stay."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION check_evidence_span() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.article_version_id IS NOT NULL THEN
        PERFORM check_span(NEW.article_version_id, NEW.start, NEW."end", NEW.quote, 'evidence');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_span BEFORE INSERT OR UPDATE ON events_evidence
    FOR EACH ROW EXECUTE FUNCTION check_evidence_span();

CREATE FUNCTION check_published_has_evidence(event bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM events_event WHERE id = event AND status = 'published')
       AND NOT EXISTS (
           SELECT 1 FROM events_evidence WHERE event_id = event AND standing = 'published') THEN
        RAISE EXCEPTION 'event % is published and must keep at least one published piece of evidence',
            (SELECT public_id FROM events_event WHERE id = event)
            USING ERRCODE = 'check_violation';
    END IF;
END $$;
CREATE FUNCTION event_has_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_published_has_evidence(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION evidence_leaves_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_published_has_evidence(OLD.event_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER event_has_evidence AFTER INSERT OR UPDATE OF status ON events_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.status = 'published') EXECUTE FUNCTION event_has_evidence();
CREATE CONSTRAINT TRIGGER evidence_leaves_event AFTER DELETE OR UPDATE ON events_evidence
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.standing = 'published') EXECUTE FUNCTION evidence_leaves_event();

CREATE TRIGGER decision_immutable BEFORE UPDATE OR DELETE ON events_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER decision_immutable ON events_decision;
DROP TRIGGER evidence_leaves_event ON events_evidence;
DROP TRIGGER event_has_evidence ON events_event;
DROP TRIGGER evidence_span ON events_evidence;
DROP FUNCTION evidence_leaves_event();
DROP FUNCTION event_has_evidence();
DROP FUNCTION check_published_has_evidence(bigint);
DROP FUNCTION check_evidence_span();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0001_initial"),
        ("annotations", "0002_spans_checked"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
