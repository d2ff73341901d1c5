"""The timelines app."""

from django.apps import AppConfig


class TimelinesConfig(AppConfig):
    """The timelines app."""

    name = "apps.timelines"
    label = "timelines"
