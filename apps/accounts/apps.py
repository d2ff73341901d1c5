"""The accounts app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from apps.accounts.roles import make_roles


class AccountsConfig(AppConfig):
    """The accounts app."""

    name = "apps.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Keep the groups in step with the table of roles."""
        post_migrate.connect(make_roles, dispatch_uid="accounts.make_roles")
