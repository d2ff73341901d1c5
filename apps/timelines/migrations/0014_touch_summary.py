"""A summary leaves a touch, too: views search it, and their counts are kept."""

from importlib import import_module

from django.db import migrations

_touches = import_module("apps.timelines.migrations.0009_touches")
_trigger = import_module("apps.timelines.migrations.0012_touch_reports")._trigger
_BEFORE = (*_touches.COLUMNS, "reports")


class Migration(migrations.Migration):
    dependencies = [("timelines", "0013_windows_end")]
    operations = [migrations.RunSQL(_trigger((*_BEFORE, "summary")), _trigger(_BEFORE))]
