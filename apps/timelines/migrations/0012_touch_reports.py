"""How many reports tell of an event leaves a touch too: pages offer it as a filter, with counts."""

from importlib import import_module

from django.db import migrations

_touches = import_module("apps.timelines.migrations.0009_touches")
_NAME = "events_event_touch"


def _trigger(columns: tuple[str, ...]) -> str:
    old, new = (
        "(" + ", ".join(f'{row}."{column}"' for column in columns) + ")" for row in ("OLD", "NEW")
    )
    return (
        f"DROP TRIGGER IF EXISTS {_NAME} ON events_event; "
        f"CREATE TRIGGER {_NAME} AFTER UPDATE ON events_event FOR EACH ROW "
        f"WHEN ((NEW.status = 'published' OR OLD.status = 'published') AND {old} IS DISTINCT FROM {new}) "
        "EXECUTE FUNCTION touch_event()"
    )


class Migration(migrations.Migration):
    dependencies = [("timelines", "0011_notices"), ("events", "0020_event_reports")]
    operations = [
        migrations.RunSQL(
            _trigger((*_touches.COLUMNS, "reports")), _trigger(tuple(_touches.COLUMNS))
        )
    ]
