"""The actors app."""

from django.apps import AppConfig


class ActorsConfig(AppConfig):
    """The actors app."""

    name = "apps.actors"
    label = "actors"
