"""Roles: the groups stand after every migration with exactly what the table gives them."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from apps.accounts.models import User
from apps.accounts.roles import ANALYSTS, EDITORS, ROLES

pytestmark = pytest.mark.django_db


def member(role):
    user = User.objects.create_user("somebody", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (
            ANALYSTS,
            ["events.view_event", "articles.view_article", "timelines.view_timeline"],
            [
                "events.change_event",
                "events.curate_event",
                "actors.add_actor",
                "accounts.view_user",
            ],
        ),
        (
            EDITORS,
            [
                "events.curate_event",
                "events.change_event",
                "events.add_evidence",
                "actors.change_actor",
                "actors.delete_alias",
                "sources.add_feed",
                "timelines.change_timeline",
                "articles.change_article",
            ],
            [
                "events.delete_event",
                "events.delete_evidence",
                "actors.delete_actor",
                "articles.change_articleversion",
                "accounts.change_user",
                "auth.change_group",
            ],
        ),
    ],
)
def test_what_a_role_may_do(role, may, may_not):
    user = member(role)
    assert [name for name in may if not user.has_perm(name)] == []
    assert [name for name in may_not if user.has_perm(name)] == []


def test_both_groups_are_there():
    assert set(Group.objects.values_list("name", flat=True)) >= set(ROLES)


def test_the_table_is_put_right_after_a_migration():
    group = Group.objects.get(name=EDITORS)
    before = set(group.permissions.values_list("codename", flat=True))
    assert "curate_event" in before
    group.permissions.clear()
    call_command("migrate", verbosity=0)
    assert set(group.permissions.values_list("codename", flat=True)) == before
