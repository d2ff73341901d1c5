"""The sources app."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """The sources app."""

    name = "apps.sources"
    label = "sources"
