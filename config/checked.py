"""The environment, read so that a bad value stops the start with one plain sentence."""

from pathlib import Path

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
                raise SystemExit(f"The setting {variable} cannot be used: {error}") from error

        return parse


def checked_env(file: Path) -> Env:
    """Read `file` (where it exists) beneath the process's environment; return the reader."""
    env = _LoudEnv()
    if file.exists():
        env.read_env(str(file), recurse=False)
    return env
