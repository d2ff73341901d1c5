"""The second factor: codes of an app on the user's phone (TOTP), and recovery codes for when it is lost.

The secret of the app stands in the database, since codes are computed from it; recovery codes only as hashes.
Neither is in any history, list or page, but for the moment in which they are given.
"""

import base64
import re
import secrets

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from apps.accounts.models import User
from apps.accounts.roles import OPERATORS, SENIOR_EDITORS

RECOVERY_CODES = 10
_NAME = "default"
# In a session: it began, or went on, with a code of the user's device.
_GIVEN = "second_factor"
# After a wrong code one waits 1, 2, 4 ... seconds; never more than 512, or guessers would shut the owner out.
_MOST_WAITS = 10
_TOTP = re.compile(r"\d{6}")


def device_of(user: User) -> TOTPDevice | None:
    """Return the device that the user's codes come from; None where there is none that was confirmed."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def waiting_of(user: User) -> TOTPDevice | None:
    """Return the device that waits for its first code."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).first()


def required(user: User) -> bool:
    """Tell whether REQUIRE_TOTP makes it the user's duty."""
    if settings.REQUIRE_TOTP == "none" or not user.is_staff:
        return False
    if settings.REQUIRE_TOTP == "staff" or user.is_superuser:
        return True
    return user.groups.filter(name__in=(SENIOR_EDITORS, OPERATORS)).exists()


def given(session: SessionBase) -> bool:
    """Tell whether the session's user gave a code; the session ends when the device comes or goes."""
    return bool(session.get(_GIVEN))


def note_given(session: SessionBase) -> None:
    """Keep in the session that a code was given."""
    session[_GIVEN] = True


def forget_given(session: SessionBase) -> None:
    """Forget it, where the device was removed."""
    session.pop(_GIVEN, None)


def begin(user: User) -> TOTPDevice:
    """Return a new device that waits for its first code, in the place of others that wait."""
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    return TOTPDevice.objects.create(user=user, name=_NAME, confirmed=False)


def confirm(user: User, code: str) -> list[str] | None:
    """Take the waiting device into use where the code is its own; return the recovery codes, None otherwise."""
    with transaction.atomic():
        if device_of(user) is not None:
            return None
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        if device is None or not _right(device, _plain(code)):
            return None
        device.confirmed = True
        device.save()
        return new_codes(user)


def new_codes(user: User) -> list[str]:
    """Return fresh recovery codes, each good for once; former ones are good for nothing any more."""
    codes = [_random_code() for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name=_NAME)
        StaticToken.objects.bulk_create(
            StaticToken(device=device, token=_hashed(user, _plain(code))) for code in codes
        )
    return codes


def codes_left(user: User) -> int:
    """Return how many recovery codes were not used yet."""
    return StaticToken.objects.filter(device__user=user).count()


def check(user: User, code: str) -> bool:
    """Tell whether the code is good, of the app or for recovery; it is used up with it.

    Rows are locked meanwhile: of two who send the same code at once, one is let in.
    """
    plain = _plain(code)
    with transaction.atomic():
        if _TOTP.fullmatch(plain):
            totp = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
            return totp is not None and _right(totp, plain)
        kept = StaticDevice.objects.select_for_update().filter(user=user).first()
        return kept is not None and _right(kept, _hashed(user, plain))


def remove(user: User) -> bool:
    """Take the second factor away; tell whether there was one. All sessions of the user end."""
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        count, _ = TOTPDevice.objects.filter(user=user).delete()
    return count > 0


def key_to_type(device: TOTPDevice) -> str:
    """Return the secret as apps take it from the keyboard, in groups of four."""
    key = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def _right(device: TOTPDevice | StaticDevice, token: str) -> bool:
    device.throttling_failure_count = min(device.throttling_failure_count, _MOST_WAITS - 1)
    return bool(device.verify_token(token))


def _plain(code: str) -> str:
    return re.sub(r"[\s-]", "", code).lower()[:64]


def _random_code() -> str:
    text = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _hashed(user: User, plain: str) -> str:
    """Return what is kept of a recovery code: 64 bits of a hash that needs SECRET_KEY, of 80 random bits."""
    return salted_hmac(f"recovery code of user {user.pk}", plain, algorithm="sha256").hexdigest()[
        :16
    ]
