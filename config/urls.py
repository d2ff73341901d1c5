"""Addresses: the admin and the public pages."""

from django.contrib import admin
from django.urls import include, path

from apps.accounts import account_pages
from apps.accounts.views import LogOutView, admin_login, code
from apps.core.observe import health, metrics
from apps.events.leaving import leaves_desk

urlpatterns = [
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.page, name="metrics"),
    # Before the admin's and the accounts' own, which know no desk.
    path("admin/logout/", leaves_desk(admin.site.logout), name="admin_logout"),
    path("logout/", leaves_desk(LogOutView.as_view()), name="logout"),
    # Before the admin's, which knows no second step.
    path("admin/login/", admin_login, name="admin_login"),
    path("admin/login/code/", code, name="login_code"),
    path("admin/second-factor/", account_pages.second_factor, name="second_factor"),
    path("admin/", admin.site.urls),
    path("", include("apps.accounts.urls")),
    path("", include("apps.timelines.urls")),
    path("", include("apps.timelines.own_urls")),
]
handler400 = "apps.timelines.views.pages.bad_request"
handler500 = "apps.timelines.views.pages.server_error"
