"""Users and their roles."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac

_SALT = "apps.accounts.models.User.session"


class User(AbstractUser):
    """Somebody who logs in; what they may do comes from their groups (see roles.py).

    `session_stamp` is counted by the database (see migration 0003): it grows with every change of what the
    user may do, whoever makes it, and never shrinks. Sessions that began under another stamp are over.
    """

    session_stamp = models.BigIntegerField(default=0, editable=False)
    # Whether the row was read for this very request (see backends.py), so that its stamp can be believed.
    stamp_is_fresh = False

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session must hold to go on; Django asks it for each key that signs."""
        told = f"{self.password} {self._stamp()}"
        return salted_hmac(_SALT, told, secret=secret, algorithm="sha256").hexdigest()

    def _stamp(self) -> int:
        """Return the stamp as the database has it: a row in memory may be older than a change of its groups."""
        if self.stamp_is_fresh:
            return self.session_stamp
        stamps = User.objects.filter(pk=self.pk).values_list("session_stamp", flat=True)
        return stamps.first() or 0


def named_by(relation: str) -> list[str]:
    """Return what to defer of a user who is only named: what no reader of the database needs to see."""
    return [
        f"{relation}__{column}" for column in ("password", "email", "last_login", "session_stamp")
    ]
