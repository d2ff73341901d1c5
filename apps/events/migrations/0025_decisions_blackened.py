"""Words that were removed on legal request are blacked out of decisions too; nothing else is changed there."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION decision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE words text[] := ARRAY['reason', 'before', 'after'];
BEGIN
    IF TG_OP = 'UPDATE' AND in_removal() AND to_jsonb(OLD) - words = to_jsonb(NEW) - words
        AND only_blackened(OLD.reason, NEW.reason) AND only_blackened(OLD.before, NEW.before)
        AND only_blackened(OLD.after, NEW.after)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are kept as they were written; % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER decision_immutable ON events_decision;
CREATE TRIGGER decision_immutable BEFORE UPDATE OR DELETE ON events_decision
    FOR EACH ROW EXECUTE FUNCTION decision_stays();
"""
BACKWARD = """
DROP TRIGGER decision_immutable ON events_decision;
CREATE TRIGGER decision_immutable BEFORE UPDATE OR DELETE ON events_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION decision_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0024_open_rows"), ("articles", "0010_removal")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
