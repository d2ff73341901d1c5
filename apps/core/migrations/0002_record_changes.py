"""The trigger that records changes, and the rule that what is recorded stays."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner_column text := TG_ARGV[1];
    derived text[] := string_to_array(TG_ARGV[2], ',');
    was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    now_is jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    new_owner bigint := (coalesce(now_is, was) ->> owner_column)::bigint;
    old_owner bigint := (was ->> owner_column)::bigint;
    row_key bigint := (coalesce(now_is, was) ->> 'id')::bigint;
    told_user text := nullif(current_setting('tensionline.user', true), '');
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF was - derived = now_is - derived THEN
            RETURN NULL;
        END IF;
        SELECT jsonb_object_agg(key, was -> key), jsonb_object_agg(key, value)
            INTO was, now_is
            FROM jsonb_each(now_is - derived)
            WHERE was -> key IS DISTINCT FROM value;
    END IF;
    INSERT INTO core_change (
        at, "table", row_id, owner_table, owner_id, former_owner_id, op, before, after,
        user_id, who, why, "group"
    ) VALUES (
        clock_timestamp(), TG_TABLE_NAME, row_key, TG_ARGV[0], new_owner,
        CASE WHEN old_owner <> new_owner THEN old_owner END,
        left(TG_OP, 1), was, now_is,
        told_user::bigint,
        coalesce(
            nullif(current_setting('tensionline.who', true), ''), 'database role ' || session_user
        ),
        coalesce(current_setting('tensionline.why', true), ''),
        coalesce(
            nullif(current_setting('tensionline.group', true), ''),
            'transaction ' || pg_current_xact_id()
        )
    );
    RETURN NULL;
END $$;

CREATE FUNCTION refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history is kept as it was written; % is refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER change_immutable BEFORE UPDATE OR DELETE ON core_change
    FOR EACH ROW EXECUTE FUNCTION refuse_history_change();
"""
BACKWARD = """
DROP TRIGGER change_immutable ON core_change;
DROP FUNCTION refuse_history_change();
DROP FUNCTION record_change();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
