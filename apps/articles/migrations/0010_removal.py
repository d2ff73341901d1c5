"""Articles can be removed on legal request: the one way to change what is immutable, and only into blocks."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER removal_immutable BEFORE UPDATE OR DELETE ON articles_removal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- By its time a transaction is known to be the one that removes.
CREATE FUNCTION removal_is_now() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.at := now();
    RETURN NEW;
END $$;
CREATE TRIGGER removal_time BEFORE INSERT ON articles_removal
    FOR EACH ROW EXECUTE FUNCTION removal_is_now();
CREATE FUNCTION in_removal(of_article bigint DEFAULT NULL) RETURNS boolean LANGUAGE sql STABLE AS $$
SELECT EXISTS (SELECT FROM articles_removal
    WHERE at = now() AND (of_article IS NULL OR article_id = of_article))
$$;

CREATE FUNCTION only_blackened(was text, now_is text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
SELECT was IS NOT DISTINCT FROM now_is OR coalesce(length(was) = length(now_is) AND NOT EXISTS (
    SELECT FROM unnest(string_to_array(was, NULL), string_to_array(now_is, NULL)) AS c (o, n)
    WHERE o <> n AND n <> '█'), false)
$$;
CREATE FUNCTION only_blackened(was jsonb, now_is jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
SELECT was IS NOT DISTINCT FROM now_is OR NOT EXISTS (
    SELECT FROM jsonb_path_query(was, 'strict $.**') WITH ORDINALITY AS a (o, i)
    FULL JOIN jsonb_path_query(now_is, 'strict $.**') WITH ORDINALITY AS b (n, i) USING (i)
    WHERE CASE
        WHEN jsonb_typeof(o) IS DISTINCT FROM jsonb_typeof(n) THEN true
        WHEN jsonb_typeof(o) = 'string' THEN NOT only_blackened(o #>> '{}', n #>> '{}')
        WHEN jsonb_typeof(o) = 'object' THEN
            ARRAY(SELECT jsonb_object_keys(o)) <> ARRAY(SELECT jsonb_object_keys(n))
        WHEN jsonb_typeof(o) = 'array' THEN jsonb_array_length(o) <> jsonb_array_length(n)
        ELSE o <> n
    END)
$$;

CREATE FUNCTION version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE words text[] := ARRAY['title', 'text', 'raw', 'edit_note'];
BEGIN
    IF TG_OP = 'UPDATE' AND in_removal(OLD.article_id)
        AND to_jsonb(OLD) - words = to_jsonb(NEW) - words AND NEW.raw IS NULL
        AND only_blackened(OLD.title, NEW.title) AND only_blackened(OLD.text, NEW.text)
        AND only_blackened(OLD.edit_note, NEW.edit_note)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are kept as they were written; % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER articleversion_immutable ON articles_articleversion;
CREATE TRIGGER articleversion_immutable BEFORE UPDATE OR DELETE ON articles_articleversion
    FOR EACH ROW EXECUTE FUNCTION version_stays();

CREATE FUNCTION history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE words text[] := ARRAY['before', 'after', 'why'];
BEGIN
    IF TG_OP = 'UPDATE' AND in_removal() AND to_jsonb(OLD) - words = to_jsonb(NEW) - words
        AND only_blackened(OLD.before, NEW.before) AND only_blackened(OLD.after, NEW.after)
        AND only_blackened(OLD.why, NEW.why)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of % is refused: the history keeps what was written', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation',
              HINT = 'Delete rows of watched tables with DELETE; rows of core_change stay.';
END $$;
DROP TRIGGER change_immutable ON core_change;
CREATE TRIGGER change_immutable BEFORE UPDATE OR DELETE ON core_change
    FOR EACH ROW EXECUTE FUNCTION history_stays();
-- Whoever changes a watched row need not be allowed to write into the history by hand.
ALTER FUNCTION record_change() SECURITY DEFINER SET search_path TO public, pg_temp;
"""
BACKWARD = """
ALTER FUNCTION record_change() SECURITY INVOKER SET search_path FROM CURRENT;
DROP TRIGGER change_immutable ON core_change;
CREATE TRIGGER change_immutable BEFORE UPDATE OR DELETE ON core_change
    FOR EACH ROW EXECUTE FUNCTION refuse_history_change();
DROP FUNCTION history_stays();
DROP TRIGGER articleversion_immutable ON articles_articleversion;
CREATE TRIGGER articleversion_immutable BEFORE UPDATE OR DELETE ON articles_articleversion
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION version_stays();
DROP FUNCTION only_blackened(jsonb, jsonb);
DROP FUNCTION only_blackened(text, text);
DROP FUNCTION in_removal(bigint);
DROP TRIGGER removal_time ON articles_removal;
DROP FUNCTION removal_is_now();
DROP TRIGGER removal_immutable ON articles_removal;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0009_paraphrase"),
        ("core", "0004_kept_whole"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="article",
            options={
                "ordering": ["-published_at", "-first_seen_at"],
                "permissions": [("remove_article", "Can remove articles on legal request")],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="removed_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When its words were removed on legal request.",
                null=True,
            ),
        ),
        migrations.CreateModel(
            name="Removal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="Set by the database: its transaction's time.",
                    ),
                ),
                (
                    "by_label",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Who, where it was no user.",
                        max_length=100,
                    ),
                ),
                (
                    "reason",
                    models.TextField(help_text="Who asked for it, and on what ground."),
                ),
                (
                    "texts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64),
                        default=list,
                        help_text="SHA-256 of its texts and bytes: they are not taken in again.",
                        size=None,
                    ),
                ),
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="removal",
                        to="articles.article",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("by__isnull", False),
                            models.Q(("by_label", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="removal_has_author",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="removal_has_reason",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
