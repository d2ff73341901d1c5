"""The rule of answers looks claims up by their keys: as one join it read all claims for each one written."""

from django.db import migrations

BY_INDEX = """
CREATE OR REPLACE FUNCTION check_answers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    claim events_claim%ROWTYPE;
BEGIN
    -- As it is at the end of the transaction, whatever this change made of it.
    SELECT * INTO claim FROM events_claim WHERE id = NEW.id;
    IF EXISTS (
        SELECT 1 FROM events_claim answered WHERE answered.id = claim.answers_id
          AND (answered.event_id <> claim.event_id OR answered.known_at > claim.known_at)
    ) OR EXISTS (
        SELECT 1 FROM events_claim answer WHERE answer.answers_id = claim.id
          AND (answer.event_id <> claim.event_id OR answer.known_at < claim.known_at)
    ) THEN
        RAISE EXCEPTION
            'claim % and the one it answers must be about the same event, the answer known no earlier',
            NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_answers_earlier';
    END IF;
    RETURN NULL;
END $$;
"""
AS_ONE_JOIN = """
CREATE OR REPLACE FUNCTION check_answers() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0021_reports_follow")]
    operations = [migrations.RunSQL(BY_INDEX, AS_ONE_JOIN)]
