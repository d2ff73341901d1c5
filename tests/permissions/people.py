"""Everybody who may come: from a stranger to the superuser."""

from django.contrib.auth.models import Group

from apps.accounts.models import User
from apps.accounts.roles import ANALYSTS, EDITORS, OPERATORS, SENIOR_EDITORS

STRANGER = "a stranger"
READER = "an analyst who is no staff"
ANALYST, EDITOR, SENIOR, OPERATOR = ANALYSTS, EDITORS, SENIOR_EDITORS, OPERATORS
ROOT = "a superuser"

EVERYBODY = (STRANGER, READER, ANALYST, EDITOR, SENIOR, OPERATOR, ROOT)
LOGGED_IN = EVERYBODY[1:]
STAFF = EVERYBODY[2:]
CURATORS = (EDITOR, SENIOR, ROOT)
SENIORS = (SENIOR, ROOT)
OPERATORS_ = (OPERATOR, ROOT)
NOBODY = ()
ONLY_ROOT = (ROOT,)


def user_of(who: str) -> User | None:
    """Return the user, None for the stranger."""
    if who == STRANGER:
        return None
    if who == ROOT:
        return User.objects.create_superuser("root")
    user = User.objects.create_user("somebody", is_staff=who != READER)
    user.groups.add(Group.objects.get(name=ANALYSTS if who == READER else who))
    return User.objects.get(pk=user.pk)


def outcome(response) -> str:
    """What came of a request: let in, refused, or sent to a login."""
    if response.status_code == 302 and "/login/?next=" in response.url:
        return "login"
    return "refused" if response.status_code == 403 else "let in"


def expected(who: str, allowed: tuple[str, ...]) -> str:
    """What is to come of a request for a page of the admin."""
    if who in allowed:
        return "let in"
    return "refused" if who in STAFF else "login"
