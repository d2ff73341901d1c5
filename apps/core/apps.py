"""The core app."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from apps.core import checks


class CoreConfig(AppConfig):
    """The core app."""

    name = "apps.core"
    label = "core"

    def ready(self) -> None:
        """Register our own system checks; they read the whole source, so only `manage.py check` runs them."""
        register(checks.templates_exist, Tags.templates, deploy=True)
        register(checks.settings_documented, "settings", deploy=True)
