"""The page on which staff set up, renew and remove their own second factor."""

import time
from typing import Any

import segno
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import authenticate, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.accounts import factor
from apps.accounts.models import User
from apps.accounts.views import NOT_RIGHT, CodeForm

# In a session: until when the password that was given holds for the set-up.
_UNTIL = "second_factor_setup_until"
_SECONDS = 10 * 60
_TEMPLATE = "admin/accounts/second_factor.html"
_DONE = {
    "begin": "",
    "codes": "New recovery codes of the second factor.",
    "remove": "Second factor removed.",
    "confirm": "Second factor set up.",
}


class PasswordForm(forms.Form):
    """The password, once more."""

    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        """Check it as a login would, so that guesses count and lock out."""
        password: str = self.cleaned_data["password"]
        name = self.request.user.get_username()
        if authenticate(self.request, username=name, password=password) is None:
            raise forms.ValidationError("This is not your password.")
        return password


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
def _page(request: HttpRequest) -> HttpResponse:
    """Show where the user stands, or do what was asked for after the password or the first code."""
    do = request.POST.get("do", "")
    if do == "confirm":
        return _confirm(request)
    form = PasswordForm(request, request.POST if do in _DONE else None)
    if do not in _DONE or not form.is_valid():
        return _shown(request, form=form)
    return {"begin": _begin, "codes": _codes, "remove": _remove}[do](request)


second_factor = admin.site.admin_view(_page)


def _begin(request: HttpRequest) -> HttpResponse:
    """Make a device and show its secret, this once."""
    user = _user(request)
    if factor.device_of(user) is not None:
        return HttpResponseRedirect(reverse("second_factor"))
    request.session[_UNTIL] = int(time.time()) + _SECONDS
    return _secret(request, factor.begin(user), CodeForm())


def _confirm(request: HttpRequest) -> HttpResponse:
    """Take the device into use with its first code, and show the recovery codes, this once."""
    user, form = _user(request), CodeForm(request.POST)
    device = factor.waiting_of(user)
    if device is None or request.session.get(_UNTIL, 0) < time.time():
        messages.warning(request, "The set-up took too long; begin it again.")
        return HttpResponseRedirect(reverse("second_factor"))
    codes = factor.confirm(user, form.cleaned_data["code"]) if form.is_valid() else None
    if codes is None:
        if form.is_valid():
            form.add_error("code", NOT_RIGHT)
        return _secret(request, device, form)
    del request.session[_UNTIL]
    _go_on(request, user)
    factor.note_given(request.session)
    return _given(request, "confirm", codes)


def _codes(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    if factor.device_of(user) is None:
        return HttpResponseRedirect(reverse("second_factor"))
    return _given(request, "codes", factor.new_codes(user))


def _remove(request: HttpRequest) -> HttpResponse:
    """Remove the second factor; other sessions end."""
    user = _user(request)
    if factor.remove(user):
        _go_on(request, user)
        factor.forget_given(request.session)
        _log(user, "remove")
        messages.success(request, "The second factor is removed.")
    return HttpResponseRedirect(reverse("second_factor"))


def _user(request: HttpRequest) -> User:
    return User.objects.get(username=request.user.get_username())


def _go_on(request: HttpRequest, user: User) -> None:
    """Keep this session, where the change ended all of the user's."""
    update_session_auth_hash(request, user)


def _log(user: User, do: str) -> None:
    LogEntry.objects.log_actions(str(user.pk), [user], CHANGE, _DONE[do], single_object=True)


def _given(request: HttpRequest, do: str, codes: list[str]) -> HttpResponse:
    _log(_user(request), do)
    return _shown(request, codes=codes)


def _secret(request: HttpRequest, device: Any, form: CodeForm) -> HttpResponse:
    picture = segno.make(device.config_url, error="m").svg_data_uri(scale=5, light="white")
    shown = {"picture": picture, "key": factor.key_to_type(device), "code_form": form}
    return _shown(request, **shown)


def _shown(request: HttpRequest, **context: Any) -> HttpResponse:
    user = _user(request)
    context = {
        **admin.site.each_context(request),
        "title": "Second factor",
        "device": factor.device_of(user),
        "left": factor.codes_left(user),
        "duty": factor.required(user),
        "form": PasswordForm(request),
        **context,
    }
    return render(request, _TEMPLATE, context)
