"""Users and their roles."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Somebody who logs in; what they may do comes from their groups (see roles.py)."""
