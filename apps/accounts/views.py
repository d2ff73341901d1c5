"""Logging in and out: the password, and a code after it where the user has a second factor."""

import time
from typing import Any
from urllib.parse import urlencode

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django import forms
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import login, views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.accounts import factor, guessing
from apps.accounts.models import User

# In a session: who gave the right password and owes the code, until when, and where they wanted to go.
_WAITING = "login_waiting"
_SECONDS = 5 * 60
NOT_RIGHT = (
    "This code does not let you in: it is wrong, was used before, or came too soon after a wrong one. "
    "Wait for the next one."
)


class CodeForm(forms.Form):
    """A code of the app, or one for recovery."""

    code = forms.CharField(
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
    )


class _FirstStep(views.LoginView):
    """Asks for the password; whoever has a second factor is logged in only after its code."""

    # Who gave the right password just now.
    arrived: User | None = None

    def form_valid(self, form: Any) -> HttpResponse:
        """Log in, or go on to the second step."""
        user = self.arrived = form.get_user()
        if factor.device_of(user) is None:
            answer = super().form_valid(form)
            guessing.remember(answer, user)
            return answer
        self.request.session.cycle_key()
        self.request.session[_WAITING] = {
            "user": user.pk,
            "backend": user.backend,
            "hash": user.get_session_auth_hash(),
            "until": int(time.time()) + _SECONDS,
            "next": self.get_success_url(),
        }
        return HttpResponseRedirect(reverse("login_code"))


class LogInView(_FirstStep):
    """The login in the look of the public pages; whoever is logged in already is sent on."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True
    extra_context = {"section": "login"}

    def get_default_redirect_url(self) -> str:
        """Readers go to the timelines, staff to their desk, where no page was asked for."""
        user: Any = self.arrived or self.request.user
        return reverse("admin:index" if user.is_staff else "home")


@never_cache
@login_not_required
def admin_login(request: HttpRequest) -> HttpResponseBase:
    """The admin's own login, with the second step."""
    site = admin.site
    if request.method == "GET" and site.has_permission(request):
        return HttpResponseRedirect(reverse("admin:index"))
    context = {
        **site.each_context(request),
        "title": "Log in",
        "subtitle": None,
        "app_path": request.get_full_path(),
        "username": request.user.get_username(),
    }
    if "next" not in request.GET and "next" not in request.POST:
        context["next"] = reverse("admin:index")
    request.current_app = site.name  # type: ignore[attr-defined]
    view = _FirstStep.as_view(
        extra_context=context,
        authentication_form=AdminAuthenticationForm,
        template_name="admin/login.html",
        next_page="admin:index",
    )
    return view(request)


@never_cache
@login_not_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step of the login. Wrong codes count as wrong passwords do, beside the device's own pauses."""
    waiting = request.session.get(_WAITING) or {}
    user = _waiting_user(waiting)
    if user is None:
        request.session.pop(_WAITING, None)
        return HttpResponseRedirect(
            f"{reverse('login')}?{urlencode({'next': waiting.get('next', '')})}"
        )
    credentials = {"username": user.get_username()}
    if not AxesProxyHandler.is_allowed(request, credentials):
        return get_lockout_response(request, credentials=credentials)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if factor.check(user, form.cleaned_data["code"]):
            return _let_in(request, user, waiting)
        form.add_error("code", NOT_RIGHT)
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
    context = {**admin.site.each_context(request), "title": "Second step", "form": form}
    return render(request, "admin/accounts/code.html", context)


def _waiting_user(waiting: dict[str, Any]) -> User | None:
    """Return who gave the right password a short while ago, unless what they may do was changed since."""
    if waiting.get("until", 0) < time.time():
        return None
    user = User.objects.filter(pk=waiting["user"], is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), waiting["hash"]):
        return None
    return user


def _let_in(request: HttpRequest, user: User, waiting: dict[str, Any]) -> HttpResponse:
    del request.session[_WAITING]
    login(request, user, backend=waiting["backend"])
    factor.note_given(request.session)
    answer = HttpResponseRedirect(waiting["next"])
    guessing.remember(answer, user)
    return answer


class LogOutView(views.LogoutView):
    """Ends the session (POST only) and shows the first page, or its login."""

    next_page = "home"
