"""The admin's site, at home in Django's own."""

from functools import wraps
from typing import Any
from urllib.parse import unquote

from django.contrib.admin import AdminSite
from django.core.exceptions import SuspiciousOperation
from django.db import DataError
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver
from django.utils.functional import SimpleLazyObject

from apps.core.pipeline_pages import pipeline_urls


class Site(AdminSite):
    """Django's site, whose list of all apps is made only on pages that show it: the desk does without."""

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Return the list of what the user may look at; it is made when it is first used."""
        return SimpleLazyObject(lambda: super(Site, self).get_app_list(request, app_label))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Refuse what no text of the database can hold, where a page asks the database for it all the same."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            try:
                return inner(request, *args, **kwargs)
            except (ValueError, DataError):
                if "\0" in unquote(request.META.get("QUERY_STRING", "")):
                    raise SuspiciousOperation("An address of the admin holds a NUL.") from None
                raise

        return checked

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the page that belongs to no model."""
        return [*pipeline_urls(self), *super().get_urls()]
