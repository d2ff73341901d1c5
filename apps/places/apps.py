"""The places app."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """The places app."""

    name = "apps.places"
    label = "places"
