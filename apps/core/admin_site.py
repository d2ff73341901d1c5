"""The admin's site, at home in Django's own."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver
from django.utils.functional import SimpleLazyObject

from apps.core.pipeline_pages import pipeline_urls


class Site(AdminSite):
    """Django's site, whose list of all apps is made only on pages that show it: the desk does without."""

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Return the list of what the user may look at; it is made when it is first used."""
        return SimpleLazyObject(lambda: super(Site, self).get_app_list(request, app_label))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the page that belongs to no model."""
        return [*pipeline_urls(self), *super().get_urls()]
