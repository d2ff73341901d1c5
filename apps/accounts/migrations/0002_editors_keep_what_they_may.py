"""Who was an editor could publish, keep dossiers and sources: the roles that may do so now are theirs too."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations


def keep(apps: Apps, _: Any) -> None:
    group, user = apps.get_model("auth", "Group"), apps.get_model("accounts", "User")
    for editor in user.objects.filter(groups__name="Editors"):
        for role in ("Senior editors", "Operators"):
            editor.groups.add(group.objects.get_or_create(name=role)[0])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
