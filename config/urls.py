"""Addresses: the admin and the public pages."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("apps.accounts.urls")),
    path("", include("apps.timelines.urls")),
]
handler400 = "apps.timelines.views_pages.bad_request"
handler500 = "apps.timelines.views_pages.server_error"
