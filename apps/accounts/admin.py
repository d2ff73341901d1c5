"""Users in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin

from apps.accounts.models import User

admin.site.site_header = "Tensionline"
admin.site.site_title = "Tensionline"
admin.site.index_title = "Editing"


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Who logs in, and in which role."""

    list_display = ("username", "email", "is_staff", "is_superuser", "is_active", "last_login")
    list_filter = ("groups", "is_staff", "is_superuser", "is_active")
    date_hierarchy = "date_joined"
