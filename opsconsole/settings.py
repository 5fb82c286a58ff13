"""Settings, all from the environment; `.env.example` lists each with its meaning.

Nothing here reads the database. The embedded default (no DATABASE_URL, no REDIS_URL) keeps everything in one data folder.
"""

import logging
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote

import environ
from csp.constants import NONE, SELF

from opsconsole import __version__
from opsconsole.lib.calendars import zone
from opsconsole.lib.environment import at_least, begins, wanted
from opsconsole.lib.http.guard import networks
from opsconsole.lib.keys import secret_key_of
from opsconsole.lib.logs import NOT_FOR_SENTRY, for_sentry

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
TESTING = env.bool("OPSCONSOLE_TESTING", default="pytest" in sys.modules)
if not TESTING:
    # Tests must not depend on a console that is set up here, and never send mail through its server.
    environ.Env.read_env(BASE_DIR / ".env")

# Where everything lives that the console writes.
DATA_DIR = Path(env.str("OPSCONSOLE_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
VERSION = __version__
DEBUG = env.bool("DEBUG", default=False)

# --- addresses and keys -----------------------------------------------------------------------------------------------
OPSCONSOLE_URL = (
    wanted(
        "OPSCONSOLE_URL",
        lambda: begins(env.str("OPSCONSOLE_URL", default=""), "http://", "https://"),
        "write the whole address, such as https://console.example.com.",
    )
    or "http://127.0.0.1:8000"
).rstrip("/")
HTTPS = OPSCONSOLE_URL.startswith("https://")
# This machine itself may always ask: health checks do.
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", default=["*"]), "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [OPSCONSOLE_URL]
try:
    # Not through `env`, which takes what begins with “$” for the name of another variable.
    SECRET_KEY = os.environ.get("SECRET_KEY") or secret_key_of(DATA_DIR)
except OSError as error:
    raise SystemExit(f"The data folder {DATA_DIR} cannot be written: {error.strerror}.") from None
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]

# --- applications -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "lucide",
    "axes",
    "auditlog",
    "django_celery_beat",
    "opsconsole",
    "opsconsole.ui",
    "opsconsole.accounts",
    "opsconsole.health",
    "opsconsole.outbox",
    "opsconsole.inmail",
    "opsconsole.measures",
    "opsconsole.boards",
    "monitoring.catalogue",
    "monitoring.regions",
    "monitoring.probes",
    "monitoring.heartbeats",
    "monitoring.metrics",
    "monitoring.changes",
    "monitoring.alerts",
    "monitoring.inbound",
    "incidents.response",
    "incidents.postmortems",
    "maintenance.checklists",
    "maintenance.today",
    "maintenance.reports",
    "maintenance.setup",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "opsconsole.accounts.middleware.PlainAddressMiddleware",
    "opsconsole.lib.once.ReadingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "opsconsole.ui.middleware.WrongMethodMiddleware",
    "opsconsole.accounts.middleware.SignInRequiredMiddleware",
    "opsconsole.accounts.middleware.TimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "opsconsole.accounts.middleware.AuditMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "opsconsole.urls"
WSGI_APPLICATION = "opsconsole.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "opsconsole.ui.context.shell",
            ],
            "builtins": ["opsconsole.ui.templatetags.ui", "lucide.templatetags.lucide"],
        },
    }
]

# --- database: SQLite in the data folder, or what DATABASE_URL names ----------------------------------------------------
OPSCONSOLE_DB_POOL = wanted(
    "OPSCONSOLE_DB_POOL",
    lambda: at_least(1, env.int("OPSCONSOLE_DB_POOL", default=12)),
    "give a number, such as 12.",
)
DATABASE_URL = env.str("DATABASE_URL", default="") or f"sqlite:///{quote(str(DATA_DIR / 'console.sqlite3'))}"
DATABASES: dict[str, dict[str, Any]] = {
    "default": wanted(
        "DATABASE_URL",
        lambda: env.db_url_config(begins(DATABASE_URL, "sqlite://", "postgres://", "postgresql://")),
        "write it as postgres://user:password@host:5432/name.",
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue at BEGIN instead of failing half-way; readers never wait (WAL).
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;"
        " PRAGMA cache_size=-1000; PRAGMA journal_size_limit=16777216;",
    }
    # A file also in tests: in memory, SQLite neither queues writers nor lets readers pass.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"].get("OPTIONS", {}),
        # An attempt that failed is made again after 1, 2, 4 … s; given up early, the next request makes a new one at once.
        # Else a server that was away for two minutes would be found only two minutes later.
        "pool": {
            "min_size": 1,
            "max_size": OPSCONSOLE_DB_POOL,
            "timeout": 5,
            "reconnect_timeout": 5,
            "connection_class": import_module("opsconsole.lib.postgres").Pooled,
        },
        "connect_timeout": 5,
        # Our statements are many and short: to compile one, or to share it out, takes longer than to run it.
        # A worker that is stopped, or whose machine is gone, lets go of what it had locked. We ourselves wait 30 s for an answer.
        "options": "-c statement_timeout=28000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=30000"
        " -c timezone=UTC"
        " -c jit=off -c max_parallel_workers_per_gather=0",
    }

# --- broker and nudges: memory inside the engine, or Redis ----------------------------------------------------------------
REDIS_URL = wanted(
    "REDIS_URL",
    lambda: begins(env.str("REDIS_URL", default=""), "redis://", "rediss://", "unix://"),
    "write it as redis://host:6379/0.",
)
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, float] = {"polling_interval": 0.2}
if REDIS_URL:  # a connection that says nothing is given up after twice the interval at the most
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 10, "health_check_interval": 10}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULER = "opsconsole.beat:Scheduler"
CELERY_TIMEZONE = "UTC"
DJANGO_CELERY_BEAT_TZ_AWARE = True

# --- people -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
PASSWORD_RESET_TIMEOUT = 60 * 60 * 72  # of an invitation; `accounts.links` ends a reset after 24 h
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "opsconsole.accounts.views.entrance.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the time that the page names stays true
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT = 10_000
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AUDITLOG_DISABLE_ON_RAW_SAVE = True  # rows that come from a dump bring their trail along
# How many proxies stand in front; with none, nobody is believed who says whom he forwards for.
OPSCONSOLE_PROXIES = wanted(
    "OPSCONSOLE_PROXIES",
    lambda: at_least(0, env.int("OPSCONSOLE_PROXIES", default=0)),
    "give a number, such as 1.",
)
AXES_CLIENT_IP_CALLABLE = "opsconsole.lib.addresses.client_address"

# --- sessions and headers ---------------------------------------------------------------------------------------------
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "opsconsole.ui.views.csrf_failure"
SECURE_SSL_REDIRECT = False  # the proxy in front redirects; the console itself speaks plain HTTP to it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# --- outgoing calls and mail ------------------------------------------------------------------------------------------
# Networks that probes and webhooks may reach although they are private, e.g. "10.0.0.0/8,127.0.0.1/32".
OPSCONSOLE_ALLOWED_NETWORKS = env.list("OPSCONSOLE_ALLOWED_NETWORKS", default=[])
wanted(
    "OPSCONSOLE_ALLOWED_NETWORKS",
    lambda: networks(tuple(OPSCONSOLE_ALLOWED_NETWORKS)),
    "name networks such as 10.0.0.0/8 or 192.168.1.7, separated by commas.",
)
# Where RDAP leads from a domain to its registry: who registers what, and when it ends.
OPSCONSOLE_RDAP_URL = env.str("OPSCONSOLE_RDAP_URL", default="https://rdap.org")
# Days that minutes and hours of metrics are kept: a sample may come a day late, and a chart of a year is made of days.
OPSCONSOLE_METRIC_MINUTES = wanted(
    "OPSCONSOLE_METRIC_MINUTES",
    lambda: at_least(3, env.int("OPSCONSOLE_METRIC_MINUTES", default=8)),
    "give a number of days, at least 3.",
)
OPSCONSOLE_METRIC_HOURS = wanted(
    "OPSCONSOLE_METRIC_HOURS",
    lambda: at_least(32, env.int("OPSCONSOLE_METRIC_HOURS", default=400)),
    "give a number of days, at least 32.",
)

# Folders whose SQLite files may be read as sources of metrics; never the console's own.
OPSCONSOLE_METRIC_FOLDERS = env.list("OPSCONSOLE_METRIC_FOLDERS", default=[])
# Pinged every minute by the auditor, only when nothing is overdue.
OPSCONSOLE_DEADMAN_URL = env.str("OPSCONSOLE_DEADMAN_URL", default="")
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:  # read by opsconsole.lib.smtp when a message is sent
    wanted(
        "EMAIL_URL",
        lambda: env.email_url_config(EMAIL_URL),
        "write it as smtp+tls://user:password@mail.example.com:587.",
    )
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("OPSCONSOLE_FROM_EMAIL", default="Ops Console <ops-console@localhost>")

# --- time and words ---------------------------------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "UTC"
OPSCONSOLE_TIME_ZONE = wanted(
    "OPSCONSOLE_TIME_ZONE",
    lambda: zone(env.str("OPSCONSOLE_TIME_ZONE", default="") or "UTC").key,
    "name a zone such as Europe/Vienna or UTC.",
)
USE_I18N = False
LANGUAGE_CODE = "en"

# --- files ------------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = DATA_DIR / "media"

# --- log --------------------------------------------------------------------------------------------------------------
LOG_LEVEL = wanted(
    "LOG_LEVEL",
    lambda: logging.getLevelNamesMapping()[env.str("LOG_LEVEL", default="").upper() or "INFO"],
    "choose DEBUG, INFO, WARNING or ERROR.",
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"discreet": {"()": "opsconsole.lib.logs.Discreet"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discreet"]}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": [], "propagate": False},
        "celery": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
        "kombu.connection": {"level": "ERROR"},  # it warns that the broker in memory has no host name
        "django_celery_beat": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "_granian": {"level": "ERROR"},  # it advises on threads at every start
    },
}
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # TLS ends at the proxy in front, which redirects
]
SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN:
    # Imported only when wanted; personal data stays here.
    _sentry: Any = import_module("sentry_sdk").init
    wanted(
        "SENTRY_DSN",
        lambda: _sentry(
            SENTRY_DSN, release=VERSION, traces_sample_rate=0, before_send=for_sentry, **NOT_FOR_SENTRY
        ),
        "copy the DSN of the project in Sentry.",
    )
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opsconsole.settings")
