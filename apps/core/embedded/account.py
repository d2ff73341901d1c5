"""Which system user PostgreSQL runs as: it refuses to run as root, so root hands it to another user."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNPRIVILEGED_USER = "nobody"


class AccountError(Exception):
    """No user can run PostgreSQL here; the message says what to do."""


@dataclass(frozen=True)
class Account:
    """How a PostgreSQL program is started: its command's prefix and `subprocess` arguments."""

    uid: int
    gid: int
    prefix: tuple[str, ...]
    options: dict[str, Any]

    def own(self, folder: Path) -> None:
        """Make `folder` (0700) and give it to this account."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid != self.uid:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)


def choose(data: Path, program: Path) -> Account:
    """Return the account that runs `program` on the directory `data` (which need not exist yet).

    An ordinary user runs it as itself. Root drops to the owner of `data`, or to `nobody`; where that user
    cannot walk to the files (a home below /root), it keeps the one capability that lets it through.
    Raises AccountError where neither works or `data` belongs to somebody else.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise AccountError(
                f"The database in {data} belongs to {_user_name(owner)}. Run as that user or as root, "
                "or set TENSIONLINE_HOME to a folder of your own."
            )
        return Account(os.geteuid(), os.getegid(), (), {})
    user = pwd.getpwuid(owner) if owner else pwd.getpwnam(UNPRIVILEGED_USER)
    drop = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    if _can_reach(program, data, drop):
        return Account(user.pw_uid, user.pw_gid, (), drop)
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise AccountError(
            f"PostgreSQL cannot run as root, and the user {user.pw_name} cannot reach {data}. Move the "
            "project to a folder that other users may enter, or run it as an ordinary user."
        )
    prefix = (
        *(setpriv, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"),
        *("--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--pdeathsig=INT"),
    )
    return Account(user.pw_uid, user.pw_gid, prefix, {})


def _can_reach(program: Path, data: Path, drop: dict[str, Any]) -> bool:
    """Whether the user of `drop` may run `program` and enter the folder above `data`."""
    try:
        subprocess.run([program, "--version"], check=True, capture_output=True, **drop)
        subprocess.run(["ls", "-d", f"{data.parent}/."], check=True, capture_output=True, **drop)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _user_name(uid: int | None) -> str:
    try:
        return f"the user {pwd.getpwuid(uid or 0).pw_name}"
    except KeyError:
        return f"the user number {uid}"
