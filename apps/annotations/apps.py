"""The annotations app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AnnotationsConfig(AppConfig):
    """The annotations app."""

    name = "apps.annotations"
    label = "annotations"

    def ready(self) -> None:
        """Let later apps say what dates may lean on (see lexicon.py)."""
        autodiscover_modules("anchors")
