#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys


def main() -> None:
    """Run the management command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line
        from django.db import OperationalError
    except ImportError as error:
        raise SystemExit(
            "Django is not installed in this Python. Run 'make run' once, "
            "or start commands with .venv/bin/python manage.py."
        ) from error
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if "No such file or directory" not in str(error):
            raise
        raise SystemExit(
            "The embedded PostgreSQL is not running. Start Tensionline in another terminal "
            "('make run' or 'manage.py up'), or set DATABASE_URL."
        ) from error


if __name__ == "__main__":
    main()
