"""Roles: the groups stand after every migration with exactly what the table gives them."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.roles import ANALYSTS, EDITORS, OPERATORS, ROLES, SENIOR_EDITORS

pytestmark = pytest.mark.django_db

MAY = {
    ANALYSTS: ["events.view_event", "articles.view_article", "timelines.view_timeline"],
    EDITORS: [
        "events.curate_event",
        "events.change_event",
        "events.add_evidence",
        "actors.change_actor",
        "actors.delete_alias",
        "actors.change_aliassuggestion",
        "articles.change_article",
        "core.view_change",
    ],
    SENIOR_EDITORS: [
        "events.curate_event",
        "events.publish_event",
        "actors.merge_actor",
        "places.merge_place",
        "timelines.add_timeline",
        "timelines.change_timeline",
        "timelines.delete_dyad",
        "core.view_change",
    ],
    OPERATORS: [
        "sources.add_feed",
        "sources.change_source",
        "annotations.change_annotation",
        "articles.change_intakeitem",
        "events.change_assembly",
        "accounts.change_user",
        "auth.view_group",
        "core.export_change",
    ],
}
MAY_NOT = {
    ANALYSTS: [
        "events.change_event",
        "events.curate_event",
        "actors.add_actor",
        "accounts.view_user",
        "core.view_change",
    ],
    EDITORS: [
        "events.publish_event",
        "actors.merge_actor",
        "places.merge_place",
        "timelines.change_timeline",
        "sources.change_feed",
        "events.change_assembly",
        "events.delete_event",
        "events.delete_evidence",
        "actors.delete_actor",
        "accounts.view_user",
        "core.export_change",
    ],
    SENIOR_EDITORS: [
        "sources.change_feed",
        "events.change_assembly",
        "events.delete_event",
        "timelines.delete_timeline",
        "accounts.change_user",
        "auth.change_group",
        "core.change_change",
    ],
    OPERATORS: [
        "events.curate_event",
        "events.change_event",
        "actors.change_actor",
        "timelines.change_timeline",
        "auth.change_group",
        "accounts.delete_user",
    ],
}


def member(role, name="somebody"):
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_may_do(role):
    user = member(role)
    assert [name for name in MAY[role] if not user.has_perm(name)] == []
    assert [name for name in MAY_NOT[role] if user.has_perm(name)] == []


def test_a_senior_editor_may_do_all_that_an_editor_may():
    assert member(EDITORS, "one").get_all_permissions() < (
        member(SENIOR_EDITORS, "two").get_all_permissions()
    )


def test_every_group_is_there():
    assert set(Group.objects.values_list("name", flat=True)) >= set(ROLES)


def test_the_table_is_put_right_after_a_migration():
    group = Group.objects.get(name=EDITORS)
    before = set(group.permissions.values_list("codename", flat=True))
    assert "curate_event" in before
    group.permissions.clear()
    call_command("migrate", verbosity=0)
    assert set(group.permissions.values_list("codename", flat=True)) == before


def user_form(user, **changes):
    """What the admin's form of a user sends."""
    fields = {
        "username": user.username,
        "date_joined_0": "2020-01-01",
        "date_joined_1": "00:00:00",
        "is_active": "on",
        "is_staff": "on",
    }
    return {**fields, **changes}


def change(client, user, **changes):
    address = reverse("admin:accounts_user_change", args=[user.pk])
    return client.post(address, user_form(user, **changes))


def test_an_operator_gives_roles_to_others_but_no_rights_beyond_them(client):
    client.force_login(member(OPERATORS, "operator"))
    other = User.objects.create_user("other")
    seniors = Group.objects.get(name=SENIOR_EDITORS)
    right = seniors.permissions.first()
    answer = change(
        client, other, groups=[seniors.pk], is_superuser="on", user_permissions=[right.pk]
    )
    assert answer.status_code == 302
    other.refresh_from_db()
    assert list(other.groups.all()) == [seniors]
    assert other.is_staff
    assert not other.is_superuser
    assert not other.user_permissions.exists()


def test_an_operator_does_not_raise_themselves(client):
    operator = member(OPERATORS, "operator")
    client.force_login(operator)
    seniors = Group.objects.get(name=SENIOR_EDITORS)
    change(client, operator, groups=[seniors.pk], is_superuser="on", first_name="Ann")
    operator.refresh_from_db()
    assert operator.first_name == "Ann"
    assert [group.name for group in operator.groups.all()] == [OPERATORS]
    assert not operator.is_superuser


def test_an_operator_takes_no_superuser_over(client):
    client.force_login(member(OPERATORS, "operator"))
    root = User.objects.create_superuser("root", password="secret")
    assert change(client, root, username="mine").status_code == 403
    password = reverse("admin:auth_user_password_change", args=[root.pk])
    new = {"password1": "taken-over-1", "password2": "taken-over-1", "usable_password": "true"}
    assert client.post(password, new).status_code == 403
    root.refresh_from_db()
    assert root.username == "root"
    assert root.check_password("secret")


def test_nobody_deletes_a_user(client):
    root = User.objects.create_superuser("root")
    client.force_login(root)
    other = User.objects.create_user("other")
    address = reverse("admin:accounts_user_delete", args=[other.pk])
    assert client.post(address, {"post": "yes"}).status_code == 403
