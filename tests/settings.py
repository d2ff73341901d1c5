"""The product's settings, in a folder that belongs to this test run alone.

The folder is chosen once, by the process that starts the run; pytest-xdist's workers inherit it.
"""

import os
import tempfile

if "TENSIONLINE_TEST_HOME" not in os.environ:
    os.environ["TENSIONLINE_TEST_HOME"] = tempfile.mkdtemp(prefix="tensionline-test-")
os.environ["TENSIONLINE_HOME"] = os.environ["TENSIONLINE_TEST_HOME"]
# Tests wake stages into memory; the `queue` fixture is the real one.
os.environ["CELERY_BROKER_URL"] = "memory://"

from config.settings import *  # noqa: F403
from config.settings import STORAGES

STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
# Tests ask as often as they like, but for those of the limit itself.
API_RATE = None
HEAVY_RATE = None
PAGE_RATE = None
# The tests' own servers need no rest; the tests of politeness turn it on.
FETCH_HOST_DELAY_SECONDS = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Each test counts anew: what one test kept says nothing about the next one's rows.
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.dummy.DummyCache"} for name in ("default", "kept")
}
