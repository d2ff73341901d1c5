"""The signals app."""

from django.apps import AppConfig


class SignalsConfig(AppConfig):
    """The signals app."""

    name = "apps.signals"
    label = "signals"
