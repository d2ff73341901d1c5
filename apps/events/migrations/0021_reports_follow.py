"""What changes which reports are independent marks the events it concerns: the next sweep counts them again.

Independence rests on publishers' domains and wires, on articles' agencies and on which articles are one story
(see lineages.py). These are changed in forms, by loaders, by stages and in SQL, so the database takes note.
"""

from django.db import migrations

MARK = """
CREATE OR REPLACE FUNCTION reports_of_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE events_event SET stale = true WHERE status = 'published' AND NOT stale;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION reports_of_article() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE events_event SET stale = true WHERE status = 'published' AND NOT stale AND id IN (
        SELECT e.event_id FROM events_evidence e
        JOIN articles_articleversion v ON v.id = e.article_version_id WHERE v.article_id = NEW.id);
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION reports_of_story() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE events_event SET stale = true WHERE status = 'published' AND NOT stale AND id IN (
        SELECT e.event_id FROM events_evidence e
        JOIN articles_articleversion v ON v.id = e.article_version_id
        JOIN articles_article a ON a.id = v.article_id WHERE a.story_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER source_reports AFTER UPDATE OF domain, wire_family ON sources_source FOR EACH ROW
    WHEN ((OLD.domain, OLD.wire_family) IS DISTINCT FROM (NEW.domain, NEW.wire_family))
    EXECUTE FUNCTION reports_of_all();
CREATE TRIGGER new_source_reports AFTER INSERT ON sources_source FOR EACH ROW
    WHEN (NEW.wire_family <> '') EXECUTE FUNCTION reports_of_all();
CREATE TRIGGER article_reports
    AFTER UPDATE OF agency, story_id, source_id, canonical_url, project_written ON articles_article
    FOR EACH ROW WHEN (
        (OLD.agency, OLD.story_id, OLD.source_id, OLD.canonical_url, OLD.project_written) IS DISTINCT FROM
        (NEW.agency, NEW.story_id, NEW.source_id, NEW.canonical_url, NEW.project_written))
    EXECUTE FUNCTION reports_of_article();
CREATE TRIGGER story_reports AFTER UPDATE OF wire_family ON articles_story FOR EACH ROW
    WHEN (OLD.wire_family IS DISTINCT FROM NEW.wire_family) EXECUTE FUNCTION reports_of_story();
"""
UNMARK = """
DROP TRIGGER source_reports ON sources_source;
DROP TRIGGER new_source_reports ON sources_source;
DROP TRIGGER article_reports ON articles_article;
DROP TRIGGER story_reports ON articles_story;
DROP FUNCTION reports_of_all(), reports_of_article(), reports_of_story();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0020_event_reports"),
        ("articles", "0004_intake_gone"),
        ("sources", "0002_history"),
    ]
    operations = [migrations.RunSQL(MARK, UNMARK)]
