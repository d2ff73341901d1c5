"""Sessions end when what their user may do is changed: the database counts, so that SQL counts too."""

from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION count_session_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever saves a row that was read before must not bring an older stamp back.
    NEW.session_stamp := greatest(NEW.session_stamp, OLD.session_stamp);
    IF (NEW.is_active, NEW.is_staff, NEW.is_superuser) IS DISTINCT FROM
       (OLD.is_active, OLD.is_staff, OLD.is_superuser) THEN
        NEW.session_stamp := NEW.session_stamp + 1;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION end_sessions_of_user() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE accounts_user SET session_stamp = session_stamp + 1 WHERE id = OLD.user_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE accounts_user SET session_stamp = session_stamp + 1 WHERE id = NEW.user_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER accounts_user_stamp BEFORE UPDATE ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION count_session_stamp();
CREATE TRIGGER accounts_user_groups_stamp AFTER INSERT OR UPDATE OR DELETE ON accounts_user_groups
    FOR EACH ROW EXECUTE FUNCTION end_sessions_of_user();
CREATE TRIGGER accounts_user_rights_stamp AFTER INSERT OR UPDATE OR DELETE ON accounts_user_user_permissions
    FOR EACH ROW EXECUTE FUNCTION end_sessions_of_user();
-- A second factor that comes or goes: of a device that waits for its first code nothing depends yet.
CREATE TRIGGER otp_added_stamp AFTER INSERT ON otp_totp_totpdevice
    FOR EACH ROW WHEN (NEW.confirmed) EXECUTE FUNCTION end_sessions_of_user();
CREATE TRIGGER otp_changed_stamp AFTER UPDATE ON otp_totp_totpdevice
    FOR EACH ROW WHEN (OLD.confirmed <> NEW.confirmed OR OLD.key <> NEW.key OR OLD.user_id <> NEW.user_id)
    EXECUTE FUNCTION end_sessions_of_user();
CREATE TRIGGER otp_removed_stamp AFTER DELETE ON otp_totp_totpdevice
    FOR EACH ROW WHEN (OLD.confirmed) EXECUTE FUNCTION end_sessions_of_user();
"""
BACK = """
DROP TRIGGER otp_removed_stamp ON otp_totp_totpdevice;
DROP TRIGGER otp_changed_stamp ON otp_totp_totpdevice;
DROP TRIGGER otp_added_stamp ON otp_totp_totpdevice;
DROP TRIGGER accounts_user_rights_stamp ON accounts_user_user_permissions;
DROP TRIGGER accounts_user_groups_stamp ON accounts_user_groups;
DROP TRIGGER accounts_user_stamp ON accounts_user;
DROP FUNCTION end_sessions_of_user();
DROP FUNCTION count_session_stamp();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_editors_keep_what_they_may"),
        ("otp_totp", "0003_add_timestamps"),
        ("otp_static", "0003_add_timestamps"),
    ]
    operations = [
        migrations.AddField(
            model_name="user",
            name="session_stamp",
            field=models.BigIntegerField(default=0, editable=False),
        ),
        migrations.RunSQL(FUNCTIONS, BACK),
    ]
