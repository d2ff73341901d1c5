"""The core app."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.core.checks import Tags, register
from django.utils.module_loading import autodiscover_modules

from apps.core import checks, choices


class CoreConfig(AppConfig):
    """The core app."""

    name = "apps.core"
    label = "core"

    def ready(self) -> None:
        """Register our own system checks; they read the whole source, so only `manage.py check` runs them."""
        register(checks.templates_exist, Tags.templates, deploy=True)
        register(checks.settings_documented, "settings", deploy=True)
        choices.leave_out_what_is_no_key()
        # What apps do around a merge or split of rows of other apps (see moving.around).
        autodiscover_modules("entities")


class SiteConfig(admin.AdminConfig):
    """The admin, with our site."""

    default = False  # of this module: `CoreConfig` is
    default_site = "apps.core.admin_site.Site"
