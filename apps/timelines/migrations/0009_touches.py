"""Whatever entries (queries/stored.py) rest on leaves a touch when it changes.

The database writes them, so that bulk and SQL changes leave one too. Derived marks that a page does not read
(stale, updated_at ...) leave none.
"""

from django.db import migrations

COLUMNS = (
    *(
        "public_id",
        "title",
        "type",
        "mode",
        "start",
        "end",
        "precision",
        "place_id",
        "geo_precision",
    ),
    *("rank", "soil", "status", "confidence", "first_public_at", "contested", "denied", "severity"),
    *("killed", "killed_low", "killed_high", "wounded", "wounded_low", "wounded_high"),
)
FUNCTIONS = """
CREATE FUNCTION touch_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO timelines_touch (event) VALUES (NULL);
  RETURN NULL;
END $$;
CREATE FUNCTION touch_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO timelines_touch (event) VALUES (coalesce(NEW.id, OLD.id));
  RETURN NULL;
END $$;
CREATE FUNCTION touch_events_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO timelines_touch (event)
    SELECT DISTINCT id FROM unnest(ARRAY[OLD.event_id, NEW.event_id]) AS touched (id) WHERE id IS NOT NULL;
  RETURN NULL;
END $$;
"""
NO_FUNCTIONS = (
    "DROP FUNCTION touch_all(); DROP FUNCTION touch_event(); DROP FUNCTION touch_events_part()"
)
# What a whole timeline may rest on; of actors and places only what says who and where they are.
WHOLE = {
    "actors_actor": "UPDATE OF slug, name, kind, merged_into_id",
    "actors_relation": "INSERT OR DELETE OR UPDATE",
    "places_place": "UPDATE OF slug, name, kind, country, parent_id",
    "timelines_timeline": 'UPDATE OF start, "end"',
    "timelines_timeline_actors": "INSERT OR DELETE OR UPDATE",
    "timelines_timeline_places": "INSERT OR DELETE OR UPDATE",
    "timelines_dyad": "INSERT OR DELETE OR UPDATE",
    "timelines_dyad_side_a": "INSERT OR DELETE OR UPDATE",
    "timelines_dyad_side_b": "INSERT OR DELETE OR UPDATE",
}
PARTS = ("events_participation", "timelines_membership")


def _trigger(table: str, when: str, rest: str, suffix: str = "") -> migrations.RunSQL:
    name = f"{table}_touch{suffix}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER {when} ON {table} {rest}", f"DROP TRIGGER {name} ON {table}"
    )


def _row(row: str) -> str:
    return "(" + ", ".join(f'{row}."{column}"' for column in COLUMNS) + ")"


def _event_triggers() -> list[migrations.RunSQL]:
    """An event that is public before or after, and says otherwise now."""
    each, run = "FOR EACH ROW WHEN", "EXECUTE FUNCTION touch_event()"
    public = "{row}.status = 'published'"
    new, old = public.format(row="NEW"), public.format(row="OLD")
    unlike = f"{_row('OLD')} IS DISTINCT FROM {_row('NEW')}"
    return [
        _trigger("events_event", "INSERT", f"{each} ({new}) {run}", "_new"),
        _trigger("events_event", "DELETE", f"{each} ({old}) {run}", "_old"),
        _trigger("events_event", "UPDATE", f"{each} (({new} OR {old}) AND {unlike}) {run}"),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("timelines", "0008_entries"),
        ("events", "0019_placed_alone"),
        ("actors", "0004_may_merge_actors"),
        ("places", "0004_may_merge_places"),
    ]
    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        *_event_triggers(),
        *(
            _trigger(
                table,
                "INSERT OR DELETE OR UPDATE",
                "FOR EACH ROW EXECUTE FUNCTION touch_events_part()",
            )
            for table in PARTS
        ),
        *(
            _trigger(table, when, "FOR EACH STATEMENT EXECUTE FUNCTION touch_all()")
            for table, when in WHOLE.items()
        ),
    ]
