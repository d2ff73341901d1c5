"""The environment, read so that a bad value stops the start with one plain sentence."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from environs import Env, EnvError


class _LoudEnv(Env):
    """An Env whose parse errors name the variable and end the process, without a traceback."""

    def __getattribute__(self, name: str):  # type: ignore[no-untyped-def]
        value = super().__getattribute__(name)
        if name not in {"str", "bool", "int", "float", "list", "log_level"}:
            return value

        def parse(variable: str, *args, **kwargs):  # type: ignore[no-untyped-def]
            try:
                return value(variable, *args, **kwargs)
            except EnvError as error:
                reason = str(error).rpartition("invalid: ")[2].strip("[]'")
                raise SystemExit(f"The setting {variable} cannot be used: {reason}") from error

        return parse


def checked_env(file: Path) -> Env:
    """Read `file` (where it exists) beneath the process's environment; return the reader."""
    env = _LoudEnv()
    if file.exists():
        env.read_env(str(file), recurse=False)
    return env


def postgres_database(url: str, variable: str = "DATABASE_URL") -> dict[str, Any]:
    """Return Django's DATABASES entry for a postgres:// address; any other ends the start with one sentence."""
    try:
        database: dict[str, Any] = dict(
            dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
        )
    except ValueError:
        database = {}
    if "postgresql" not in database.get("ENGINE", ""):
        raise SystemExit(
            f"The setting {variable} must be a postgres:// address with host and database "
            "(Tensionline runs on PostgreSQL only), or unset for the embedded PostgreSQL."
        )
    database["OPTIONS"] = _PATIENCE | database.get("OPTIONS", {})
    return database


# A network that is cut tells nobody: both ends ask a silent peer, and give it up after some 20 seconds.
_PATIENCE = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
    "options": "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=2"
    " -c tcp_user_timeout=20000",
}
_SECONDS = {"sec": 1, "min": 60, "hour": 3600, "day": 86_400}


def rate(variable: str, text: str) -> tuple[int, int] | None:
    """Read a rate as 300/min; return (requests, seconds), None for "none"; any other ends the start."""
    if text.strip().lower() == "none":
        return None
    found = re.fullmatch(r"([1-9]\d{0,8})/(sec|min|hour|day)", text.strip().lower())
    if found is None:
        raise SystemExit(
            f"The setting {variable} must be a number of requests for a sec, min, hour or day, as 300/min, "
            f"or none; it is “{text[:40]}”."
        )
    return int(found[1]), _SECONDS[found[2]]


_UNITS = {"m": 60, "h": 3600, "d": 86_400}
_MOST_PAUSES = 20


def pauses(variable: str, text: str) -> tuple[timedelta, ...]:
    """Read moments after a beginning, as 1h, 6h, 1d; nothing for "none"; any other text ends the start."""
    if text.strip().lower() == "none":
        return ()
    read = [
        re.fullmatch(r"([1-9]\d{0,3})([mhd])", part.strip().lower()) for part in text.split(",")
    ]
    found = [timedelta(seconds=int(one[1]) * _UNITS[one[2]]) for one in read if one]
    if len(found) < len(read) or found != sorted(set(found)) or len(found) > _MOST_PAUSES:
        raise SystemExit(
            f"The setting {variable} must be at most {_MOST_PAUSES} growing times in minutes, hours or days, "
            f"as 1h, 6h, 1d, 7d, or none; it is “{text[:40]}”."
        )
    return tuple(found)
