"""The product's settings with one address alone: a template page with rows and no query (see bare_page.py)."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare_page"
MIDDLEWARE: list[str] = []
