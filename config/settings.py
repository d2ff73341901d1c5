"""One settings file, fed by the environment; every variable is documented in .env.example.

A value that cannot be used stops the start with a sentence that names the variable.
"""

import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from environs import Env, validate

from apps.core.embedded import paths
from config.checked import checked_env, pauses, postgres_database, rate

BASE_DIR = Path(__file__).resolve().parent.parent

env: Env = checked_env(BASE_DIR / ".env")

# --- where things live -------------------------------------------------------------------
TENSIONLINE_HOME = Path(env.str("TENSIONLINE_HOME", str(BASE_DIR / "var"))).resolve()
DOSSIERS_DIR = Path(env.str("DOSSIERS_DIR", str(BASE_DIR / "dossiers"))).resolve()

# --- security ----------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or paths.secret_key(TENSIONLINE_HOME)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
HTTPS_ONLY = env.bool("HTTPS_ONLY", False)
SECURE_SSL_REDIRECT = HTTPS_ONLY
# Who watches an installation asks the process itself, behind the proxy.
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
SECURE_HSTS_PRELOAD = HTTPS_ONLY
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS_ONLY else None
SESSION_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_SECURE = HTTPS_ONLY
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS_ONLY:
    # Browsers take cookies of these names from this very host alone, over HTTPS: no neighbour sets one.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Every page needs a login (see apps/accounts/middleware.py).
CLOSED = env.bool("CLOSED", False)
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "apps.accounts.backends.RolesBackend",
]
# Who must have a second factor (TOTP) to edit: nobody, those who publish or keep users, or all staff.
REQUIRE_TOTP = env.str("REQUIRE_TOTP", "none", validate=validate.OneOf(["none", "senior", "staff"]))
OTP_TOTP_ISSUER = "Tensionline"
# Guessing passwords: after ten failures for one name from one address, a quarter of an hour without login;
# after a hundred for one name from anywhere, or from one address for any name, too: but not in a browser in
# which that user has logged in before (see apps/accounts/guessing.py).
AXES_FAILURE_LIMIT = 10
ACCOUNT_LIMIT = 100
AXES_HANDLER = "apps.accounts.guessing.Handler"
AXES_CLIENT_IP_CALLABLE = "apps.core.callers.counted_address"
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# --- applications ------------------------------------------------------------------------
INSTALLED_APPS = [
    "apps.core.apps.SiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "template_partials",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "apps.core",
    "apps.accounts",
    "apps.places",
    "apps.actors",
    "apps.signals",
    "apps.sources",
    "apps.articles",
    "apps.annotations",
    "apps.events",
    "apps.timelines",
]
MIDDLEWARE = [
    "apps.core.observe.requests.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "apps.core.middleware.PrivacyHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages hold charts and lists: a tenth of the bytes. Of the secrets that compression could tell
    # (BREACH) there is only the CSRF token, masked anew in each page; the length varies at random, too.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "apps.core.replica.ReplicaMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "apps.core.middleware.PageLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.middleware.ClosedMiddleware",
    "apps.accounts.middleware.SecondFactorMiddleware",
    "apps.core.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.core.middleware.HtmxVaryMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
# Who knows in which periods dossiers look for an event (see apps/events/periods.py).
PERIODS_OF_EVENT = "apps.timelines.desk.periods_of"
# Who counts the signals that a file brings or takes away (see apps/signals/importing.py).
SIGNALS_COUNTED_BY = "apps.timelines.signal_counts.count"
# What later apps do with the words of an article that is removed (see apps/events/removing.py).
AFTER_REMOVAL = ("apps.timelines.snapshots.withdrawing.withdraw",)
# Stages of the Pipeline page whose rows are of another shape (see apps/core/pipeline.py), and how many of the
# newest rows of the stage before are looked through for those that nobody has begun with.
PIPELINE_ALSO = ("apps.sources.pipeline_row.row", "apps.timelines.pipeline_row.row")
PIPELINE_NEWEST = 10_000
LOGIN_URL = "login"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.accounts.context.closed",
                "apps.timelines.asof.context",
            ],
        },
    }
]

# --- database: PostgreSQL, the embedded one where DATABASE_URL is unset --------------------
DATABASE_URL = env.str("DATABASE_URL", "")
EMBEDDED_POSTGRES = not DATABASE_URL
DATABASES: dict[str, dict[str, Any]] = {
    "default": paths.django_database(TENSIONLINE_HOME)
    if EMBEDDED_POSTGRES
    else postgres_database(DATABASE_URL)
}
# Anonymous readers' pages are answered from here, where it is named and near enough (see apps/core/replica.py).
DATABASE_REPLICA_URL = env.str("DATABASE_REPLICA_URL", "")
REPLICA_MAX_LAG_SECONDS = env.float(
    "REPLICA_MAX_LAG_SECONDS", 10.0, validate=validate.Range(min=0.1)
)
DATABASE_ROUTERS: list[str] = []
if DATABASE_REPLICA_URL:
    DATABASES["replica"] = postgres_database(DATABASE_REPLICA_URL, "DATABASE_REPLICA_URL")
    DATABASES["replica"]["TEST"] = {"MIRROR": "default"}
    DATABASES["replica"]["OPTIONS"]["connect_timeout"] = 2  # a page waits for it
    DATABASE_ROUTERS = ["apps.core.replica.ReplicaRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- what is kept in memory: of each process, made anew when it starts -----------------------
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Counts and pictures of timelines (see apps/timelines/queries/stored.py), some of 400 kB.
    "kept": {
        "BACKEND": "apps.core.kept_cache.KeptCache",
        "LOCATION": "kept",
        "OPTIONS": {"MAX_ENTRIES": 400},
    },
}

# --- time and language -------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
# Each in its own words. Persian runs from right to left.
LANGUAGES = [("en-gb", "English"), ("fa", "فارسی")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS_ONLY
TIME_ZONE = "UTC"
USE_TZ = True

# --- mail: to the console where no server is named -------------------------------------------
EMAIL_HOST = env.str("EMAIL_HOST", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = env.int("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "tensionline@localhost")
# The address that readers reach this installation at, for links in mails and files.
SITE_ADDRESS = env.str("SITE_ADDRESS", "").rstrip("/")

# --- static files ------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = TENSIONLINE_HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- serving -----------------------------------------------------------------------------
WEB_HOST = env.str("WEB_HOST", "127.0.0.1")
WEB_PORT = env.int("WEB_PORT", 8000, validate=validate.Range(min=1, max=65535))
WEB_WORKERS = env.int("WEB_WORKERS", 2, validate=validate.Range(min=1))
WORKER_PROCESSES = env.int("WORKER_PROCESSES", 2, validate=validate.Range(min=1))
# A worker process that holds more than this after a task is replaced by a fresh one.
WORKER_MAX_MEMORY_MB = env.int("WORKER_MAX_MEMORY_MB", 1500, validate=validate.Range(min=256))

# --- the API -----------------------------------------------------------------------------
# Requests that one caller may make, as 300/min; "none" for no limit. Counted in the database.
API_RATE = rate("API_RATE", env.str("API_RATE", "300/min"))
# The same for pages and files that take much work: a search counts 1, a file 4, a snapshot 20.
HEAVY_RATE = rate("HEAVY_RATE", env.str("HEAVY_RATE", "240/min"))
# The same for pages that readers narrow: timelines, the index and actors with anything asked of them.
PAGE_RATE = rate("PAGE_RATE", env.str("PAGE_RATE", "1200/min"))
# How many proxies in front of this process write X-Forwarded-For; further entries are not believed.
PROXIES_IN_FRONT = env.int("PROXIES_IN_FRONT", 0, validate=validate.Range(min=0, max=9))

# --- queue: PGMQ in the same PostgreSQL, or RabbitMQ / Redis by CELERY_BROKER_URL ----------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "")

# --- intake limits -----------------------------------------------------------------------
FETCH_TIMEOUT_SECONDS = env.float("FETCH_TIMEOUT_SECONDS", 20.0)
FETCH_MAX_BYTES = env.int("FETCH_MAX_BYTES", 5_000_000, validate=validate.Range(min=1))
FETCH_MAX_REDIRECTS = env.int("FETCH_MAX_REDIRECTS", 5)
# host:port pairs that may be fetched although their address is not public (tests, an intranet)
FETCH_ALLOWED_PRIVATE: list[str] = env.list("FETCH_ALLOWED_PRIVATE", [])
# Who asks: the product's name first, which a robots.txt may name; then whom to write to, an address or a page.
FETCH_USER_AGENT = env.str("FETCH_USER_AGENT", "Tensionline/0.1")
FETCH_CONTACT = env.str("FETCH_CONTACT", "")
# Politeness: one connection a host, this pause between two requests (or what its robots.txt asks for).
FETCH_HOST_DELAY_SECONDS = env.float(
    "FETCH_HOST_DELAY_SECONDS", 1.0, validate=validate.Range(min=0, max=3600)
)
FETCH_ROBOTS = env.bool("FETCH_ROBOTS", True)
# When the page of an article is fetched again after it was first fetched; "none" for never.
REFETCH_AFTER = pauses("REFETCH_AFTER", env.str("REFETCH_AFTER", "1h, 6h, 1d, 7d"))
# What reading one page may cost: a parser that takes more is stopped, and the item is tried again later.
EXTRACT_TIMEOUT_SECONDS = env.float("EXTRACT_TIMEOUT_SECONDS", 30.0)
EXTRACT_MEMORY_MB = env.int("EXTRACT_MEMORY_MB", 2048, validate=validate.Range(min=256))
# After how many days single polls of feeds are deleted; what each day's came to is kept.
FEED_POLLS_KEPT_DAYS = env.int("FEED_POLLS_KEPT_DAYS", 30, validate=validate.Range(min=2))
ARTICLE_MAX_CHARACTERS = env.int("ARTICLE_MAX_CHARACTERS", 200_000, validate=validate.Range(min=1))

# --- stages ------------------------------------------------------------------------------
STAGE_MAX_ATTEMPTS = env.int("STAGE_MAX_ATTEMPTS", 5, validate=validate.Range(min=1))
STAGE_LEASE_SECONDS = env.int("STAGE_LEASE_SECONDS", 300, validate=validate.Range(min=10))
STAGE_SWEEP_SECONDS = env.int("STAGE_SWEEP_SECONDS", 30, validate=validate.Range(min=1))

# --- double coding -----------------------------------------------------------------------
# share of the published proposals that a second editor codes again
DOUBLE_CODING_RATE = env.float("DOUBLE_CODING_RATE", 0.1, validate=validate.Range(min=0, max=1))

# --- logs and figures (docs/observing.md) --------------------------------------------------
LOG_LEVEL = env.log_level("LOG_LEVEL", logging.INFO)
LOG_FORMAT = env.str("LOG_FORMAT", "line", validate=validate.OneOf(["line", "json"]))
# One record an answer: none, without who asked, or with the caller's address.
ACCESS_LOG = env.str("ACCESS_LOG", "private", validate=validate.OneOf(["off", "private", "full"]))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "apps.core.observe.logs.Line",
            "format": "%(asctime)s %(levelname)s %(name)s %(ids)s%(message)s",
        },
        "json": {"()": "apps.core.observe.logs.Json"},
    },
    "filters": {"ids": {"()": "apps.core.observe.logs.Ids"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["ids"]}
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # Every login in four lines; lockouts are warnings.
    "loggers": {"axes": {"level": logging.WARNING}},
}
# Who may ask for /metrics; nobody while it is empty.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
if METRICS_TOKEN:
    # prometheus_client reads it when it is first imported: every web process counts in a file of its own.
    (TENSIONLINE_HOME / "metrics").mkdir(parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(TENSIONLINE_HOME / "metrics")

env.seal()
