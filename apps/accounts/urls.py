"""Addresses of logging in and out, and of the reader's language."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from apps.accounts.views import LogInView, LogOutView

urlpatterns = [
    path("login/", LogInView.as_view(), name="login"),
    path("logout/", LogOutView.as_view(), name="logout"),
    # It changes nothing but the words of pages: no page needs a token, and so no cookie, for it.
    path("language/", csrf_exempt(login_not_required(set_language)), name="set_language"),
]
