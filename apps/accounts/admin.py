"""Users in the admin."""

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from apps.accounts import factor
from apps.accounts.models import User
from apps.core.reading_admin import Undeletable

# The secrets of second factors are nobody's to read, whatever they may do.
for hidden in (TOTPDevice, StaticDevice):
    admin.site.unregister(hidden)

admin.site.site_header = "Tensionline"
admin.site.site_title = "Tensionline"
admin.site.index_title = "Editing"


@admin.register(User)
class UserAdmin(Undeletable, DjangoUserAdmin):
    """Who logs in, and in which role. Rights beyond the roles are a superuser's to give."""

    list_display = ("username", "email", "is_staff", "is_superuser", "is_active", "last_login")
    list_filter = ("groups", "is_staff", "is_superuser", "is_active")
    date_hierarchy = "date_joined"
    actions = ("reset_second_factor",)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody but a superuser gives rights outside the roles, nor themselves any at all."""
        fixed = ("last_login", "date_joined")
        if _is_superuser(request):
            return fixed
        if obj is not None and obj.pk == request.user.pk:
            return (*fixed, "is_superuser", "user_permissions", "is_staff", "is_active", "groups")
        return (*fixed, "is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A superuser, and with it the password, is changed by superusers alone."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not obj.is_superuser or _is_superuser(request))

    @admin.action(description="Take the second factor away (a lost phone)", permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Take it from the chosen users, whose sessions end; it stands in the history of each of them."""
        count = 0
        with transaction.atomic():
            for user in queryset:
                if self.has_change_permission(request, user) and factor.remove(user):
                    self.log_change(request, user, "Second factor taken away.")
                    count += 1
        self.message_user(
            request,
            f"{count} of {len(queryset)} chosen users had a second factor that you may take away.",
            messages.SUCCESS if count else messages.WARNING,
        )


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
