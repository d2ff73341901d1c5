"""The history is not emptied either, and says the same whatever the session's time zone and search path."""

from django.db import migrations

FORWARD = """
ALTER FUNCTION record_change() SET timezone TO 'UTC';
ALTER FUNCTION record_change() SET search_path FROM CURRENT;

CREATE OR REPLACE FUNCTION refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: the history keeps what was written', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation',
              HINT = 'Delete rows of watched tables with DELETE; rows of core_change stay.';
END $$;
CREATE TRIGGER core_change_not_emptied BEFORE TRUNCATE ON core_change
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_history_change();
"""
BACKWARD = """
DROP TRIGGER core_change_not_emptied ON core_change;
ALTER FUNCTION record_change() RESET ALL;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_may_export")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
