"""Leaving the desk by logging out: what the editor held is free at once."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from apps.accounts.models import User
from apps.events import desk

View = Callable[..., HttpResponseBase]


def leaves_desk(view: View) -> View:
    """Let go what the user holds on the desk before a view that logs them out."""

    @wraps(view)
    def left(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        if request.method == "POST" and isinstance(request.user, User):
            desk.release_all(request.user)
        return view(request, *args, **values)

    return left
