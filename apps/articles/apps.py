"""The articles app."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """The articles app."""

    name = "apps.articles"
    label = "articles"
