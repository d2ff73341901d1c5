"""Logging in and out on the public pages."""

from django.contrib.auth import views
from django.urls import reverse


class LogInView(views.LoginView):
    """The login in the look of the public pages; whoever is logged in already is sent on."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True
    extra_context = {"section": "login"}

    def get_default_redirect_url(self) -> str:
        """Readers go to the timelines, staff to their desk, where no page was asked for."""
        return reverse("admin:index" if self.request.user.is_staff else "home")


class LogOutView(views.LogoutView):
    """Ends the session (POST only) and shows the first page, or its login."""

    next_page = "home"
