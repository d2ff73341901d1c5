"""A span is written only where the version's text reads what the row says it reads."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION check_span(version bigint, span_start integer, span_end integer, surface text, what text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
    SELECT substring(text FROM span_start + 1 FOR span_end - span_start) INTO found
        FROM articles_articleversion WHERE id = version;
    IF found IS DISTINCT FROM surface THEN
        RAISE EXCEPTION '% says characters % to % of article version % read "%", but the text has "%"',
            what, span_start, span_end, version, left(surface, 200), left(found, 200)
            USING ERRCODE = 'check_violation';
    END IF;
END $$;
CREATE FUNCTION check_annotation_span() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_span(
        (SELECT article_version_id FROM annotations_annotation WHERE id = NEW.annotation_id),
        NEW.start, NEW."end", NEW.surface, TG_TABLE_NAME);
    RETURN NEW;
END $$;
CREATE TRIGGER mention_span BEFORE INSERT OR UPDATE ON annotations_mention
    FOR EACH ROW EXECUTE FUNCTION check_annotation_span();
CREATE TRIGGER candidate_span BEFORE INSERT OR UPDATE ON annotations_candidate
    FOR EACH ROW EXECUTE FUNCTION check_annotation_span();
CREATE TRIGGER claimcandidate_span BEFORE INSERT OR UPDATE ON annotations_claimcandidate
    FOR EACH ROW EXECUTE FUNCTION check_annotation_span();
"""
BACKWARD = """
DROP TRIGGER mention_span ON annotations_mention;
DROP TRIGGER candidate_span ON annotations_candidate;
DROP TRIGGER claimcandidate_span ON annotations_claimcandidate;
DROP FUNCTION check_annotation_span();
DROP FUNCTION check_span(bigint, integer, integer, text, text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0001_initial"),
        ("articles", "0002_versions_immutable"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
