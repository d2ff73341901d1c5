"""Links without circles and in order of time; answers to claims of the same event; what cited pages carry."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION check_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    effect events_event%ROWTYPE;
    cause events_event%ROWTYPE;
BEGIN
    IF NEW.standing = 'rejected' THEN
        RETURN NEW;
    END IF;
    SELECT * INTO effect FROM events_event WHERE id = NEW.source_id;
    SELECT * INTO cause FROM events_event WHERE id = NEW.target_id;
    IF NEW.kind <> 'part_of' AND cause.start > (CASE
            WHEN effect.precision = 'day' AND cause.precision = 'day' THEN effect.start
            ELSE effect."end" END) THEN
        RAISE EXCEPTION '% (%) began before % (%): an event has no effect before it begins',
            effect.public_id, effect.start, cause.public_id, cause.start
            USING ERRCODE = 'check_violation', CONSTRAINT = 'link_in_order';
    END IF;
    -- One at a time: two links that close a circle together must not miss each other.
    PERFORM pg_advisory_xact_lock(hashtext('events.link'));
    IF EXISTS (
        WITH RECURSIVE way(id) AS (
            SELECT NEW.target_id
            UNION
            SELECT link.target_id FROM events_link link JOIN way ON way.id = link.source_id
            WHERE link.standing <> 'rejected' AND link.id IS DISTINCT FROM NEW.id
              AND (link.kind = 'part_of') = (NEW.kind = 'part_of')
        )
        SELECT 1 FROM way WHERE id = NEW.source_id
    ) THEN
        RAISE EXCEPTION 'the links would go in a circle: % % %, which leads back to it',
            effect.public_id, NEW.kind, cause.public_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'link_in_no_circle';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER link_rules BEFORE INSERT OR UPDATE OF source_id, target_id, kind, standing ON events_link
    FOR EACH ROW EXECUTE FUNCTION check_link();

CREATE FUNCTION check_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM events_claim answer JOIN events_claim answered ON answered.id = answer.answers_id
        WHERE NEW.id IN (answer.id, answered.id)
          AND (answer.event_id <> answered.event_id OR answered.known_at > answer.known_at)
    ) THEN
        RAISE EXCEPTION
            'claim % and the one it answers must be about the same event, the answer known no earlier',
            NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_answers_earlier';
    END IF;
    RETURN NULL;
END $$;
-- At the end of the transaction: claims that move to another event move one by one.
CREATE CONSTRAINT TRIGGER claim_answers AFTER INSERT OR UPDATE OF answers_id, event_id, known_at ON events_claim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_answers();
"""
BACKWARD = """
DROP TRIGGER claim_answers ON events_claim;
DROP FUNCTION check_answers();
DROP TRIGGER link_rules ON events_link;
DROP FUNCTION check_link();
"""
# Dossiers told it in the publisher's name alone: "Navy Times (AP)".
CARRIES = r"""
UPDATE events_evidence SET carries = substring(publisher FROM '\(([^()]+)\)$')
WHERE origin = 'dossier' AND publisher ~ '\([^()]+\)$';
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0014_decision_undoes")]
    operations = [
        migrations.AddField(
            model_name="evidence",
            name="carries",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Agency whose text the cited page carries, e.g. AP: two such pages are one report.",
                max_length=100,
            ),
        ),
        migrations.AddField(
            model_name="link",
            name="known_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When it was first said; empty: as soon as both events were known.",
                null=True,
            ),
        ),
        migrations.RunSQL(CARRIES, migrations.RunSQL.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
