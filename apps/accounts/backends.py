"""Who is logged in, with what they may do."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from apps.accounts.models import User


class RolesBackend(ModelBackend):
    """Django's own; users of a request are read with their session stamp, which asks no further query."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the user of a session, read now."""
        user = super().get_user(user_id)
        if not isinstance(user, User):
            return None
        user.stamp_is_fresh = True
        return user
