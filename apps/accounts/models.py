"""Users and their roles."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Somebody who logs in; what they may do comes from their groups (see roles.py)."""


def named_by(relation: str) -> list[str]:
    """Return what to defer of a user who is only named: what no reader of the database needs to see."""
    return [f"{relation}__{column}" for column in ("password", "email", "last_login")]
