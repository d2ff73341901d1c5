"""Addresses of logging in and out."""

from django.urls import path

from apps.accounts.views import LogInView, LogOutView

urlpatterns = [
    path("login/", LogInView.as_view(), name="login"),
    path("logout/", LogOutView.as_view(), name="logout"),
]
