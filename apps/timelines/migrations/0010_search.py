"""What the search reads by index: the words of published events and of articles, without accents.

The functions are the one place that says which words these are; queries call them, so that the indexes answer.
pg_trgm finds names that are spelt otherwise among many. It is taken where the server has it and lets us; the
search compares all names where it does not (see queries/names.py).
"""

from django.db import migrations

FUNCTIONS = r"""
CREATE FUNCTION search_plain(written text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(normalize(lower(written), NFKD), '[\u0300-\u036f]', '', 'g');

-- Words as they are written and as they are when their endings are cut; a vector holds 1 MB at most.
CREATE FUNCTION search_words(written text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_tsvector('english', search_plain(left(written, 60000)))
    || to_tsvector('simple', search_plain(left(written, 60000)));

CREATE FUNCTION search_words(title text, rest text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN setweight(search_words(title), 'A') || setweight(search_words(rest), 'B');
"""
NO_FUNCTIONS = """
DROP FUNCTION search_words(text, text);
DROP FUNCTION search_words(text);
DROP FUNCTION search_plain(text);
"""
INDEXES = """
CREATE INDEX search_events ON events_event USING gin (search_words(title, summary))
    WHERE status = 'published';
CREATE INDEX search_articles ON articles_articleversion USING gin (search_words(title, text));
"""
NO_INDEXES = "DROP INDEX search_articles; DROP INDEX search_events;"
TRIGRAMS = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'pg_trgm may not be created here; the search compares all names instead';
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("timelines", "0009_touches"),
        ("events", "0019_placed_alone"),
        ("articles", "0004_intake_gone"),
    ]

    operations = [
        migrations.RunSQL(TRIGRAMS, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(INDEXES, NO_INDEXES),
    ]
