"""The events app."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The events app."""

    name = "apps.events"
    label = "events"
