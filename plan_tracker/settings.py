"""Every setting of the service, read from the environment.

With nothing set it is a production that refuses to start. Three kinds of run: production (the
default, needs SECRET_KEY and ALLOWED_HOSTS), DEMONSTRATION=1 (made-up data on one fixed day, on
this machine) and DEBUG=1 (a developer's). README.md lists what an office changes.
"""

from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from plan_tracker.log_settings import log_settings
from plan_tracker.passkey_site import WrongPasskeyOrigin, passkey_site
from plan_tracker.private_files import keep_to_ourselves
from plan_tracker.role_names import UnknownRole, roles_in
from plan_tracker.secret import UnsafeKey, checked_key, local_key
from plan_tracker.single_sign_on import WrongSetting, checked_issuer

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
DEMONSTRATION = env.bool("DEMONSTRATION", default=False)
"""Made-up plan and accounts, and a calendar that stands still; every page says so."""
DEMONSTRATION_DATE = date.fromisoformat(env.str("DEMONSTRATION_DATE", default="2026-11-22"))

ORGANISATION = env.str("ORGANISATION", default="花蓮港務分公司")
"""Whose plan it is, as the top bar and the documents print it."""

VAR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
"""What the service itself writes: the SQLite database, collected static files, stored files."""
keep_to_ourselves(VAR)

# --- Who may talk to us ------------------------------------------------------

ON_THIS_MACHINE = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=ON_THIS_MACHINE if DEMONSTRATION or DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

try:
    if DEMONSTRATION or DEBUG:
        SECRET_KEY = env.str("SECRET_KEY", default="") or local_key(VAR / "secret_key")
    else:
        SECRET_KEY = checked_key(env.str("SECRET_KEY", default=""))
except UnsafeKey as error:
    raise ImproperlyConfigured(str(error)) from None
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# --- TLS ---------------------------------------------------------------------

TLS = env.bool("TLS", default=not (DEMONSTRATION or DEBUG))
"""People reach the service by https.

Off for a demonstration on loopback only: with it, nobody can sign in by plain http.
"""
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
"""A reverse proxy of ours sets X-Forwarded-Proto and X-Forwarded-For.

Without one, anybody could send those headers: they are not looked at then.
"""
NUMBER_OF_PROXIES = env.int("NUMBER_OF_PROXIES", default=1)
"""How many of our proxies stand one behind the other: each adds an entry to X-Forwarded-For."""
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, by plain http
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600) if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
# Preloading is asked of browser makers for a whole domain: the owner of the domain decides that,
# not this service.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# --- Headers -----------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
ALWAYS_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": SECURE_REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": SECURE_CROSS_ORIGIN_OPENER_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""On every answer, also on those that never reach Django's middleware.

These are answers to refused hosts, and static files.
"""

# --- Application -------------------------------------------------------------

INSTALLED_APPS = [
    "items.apps.ItemsConfig",
    "reports.apps.ReportsConfig",
    "plan_tracker.apps.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_filters",
    "django_htmx",
    "import_export",
    "template_partials",
]

MIDDLEWARE = [
    # The first three only add to answers, so that even an answer of the very next one carries
    # every header.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "plan_tracker.middleware.envelope",
    "django.middleware.security.SecurityMiddleware",
    "plan_tracker.health.before_sessions",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Behind the static files, which lie compressed on the disk, and before all that writes a page:
    # what they write leaves through here.
    "plan_tracker.middleware.Compression",
    "plan_tracker.middleware.moment",
    "plan_tracker.middleware.Sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "plan_tracker.middleware.session_limits",
    "django_htmx.middleware.HtmxMiddleware",
    "plan_tracker.middleware.LoginRequired",
    "items.middleware.PasswordChangeMiddleware",
    "items.middleware.ActingDayMiddleware",
    # Behind the day: whoever stands in for a head needs what the head needs.
    "items.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # The last: it only puts the page 「暫時不能登入」 in the place of the form.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "plan_tracker.urls"
WSGI_APPLICATION = "plan_tracker.wsgi.application"
ASGI_APPLICATION = "plan_tracker.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            # Their tags take the place of Django's own of the same names.
            "builtins": ["items.templatetags.addresses"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "items.context_processors.page",
            ],
        },
    },
]

FORM_RENDERER = "plan_tracker.form_renderer.FlatRenderer"

# --- Database ----------------------------------------------------------------

DATABASES = {
    "default": env.db(
        "DATABASE_URL", default=f"sqlite:///{(VAR / 'plan_tracker.sqlite3').as_posix()}"
    )
}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "plan_tracker.sqlite_in_turn"
    # With these, fifty people who save at once lose nothing; without any one of them most get
    # "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        ),
    }
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["ENGINE"] = "plan_tracker.postgres_planned"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# --- Accounts and sessions ---------------------------------------------------

AUTH_USER_MODEL = "items.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTHENTICATION_BACKENDS = [
    # Before the password is looked at.
    "axes.backends.AxesStandaloneBackend",
    "items.account_backend.OfficeAccounts",
]
SIGN_IN_FAILURES = env.int("SIGN_IN_FAILURES", default=5)
"""Wrong passwords for an account from one address, or in one browser, that lock it there."""
SIGN_IN_FAILURES_OF_ACCOUNT = env.int("SIGN_IN_FAILURES_OF_ACCOUNT", default=30)
SIGN_IN_FAILURES_OF_ADDRESS = env.int("SIGN_IN_FAILURES_OF_ADDRESS", default=100)
"""A whole office may reach the service from one address: each signs in wrongly now and then."""
AXES_HANDLER = "plan_tracker.lockout.WeighedFailures"
AXES_FAILURE_LIMIT = SIGN_IN_FAILURES
AXES_COOLOFF_TIME = timedelta(seconds=env.int("SIGN_IN_LOCK_SECONDS", default=15 * 60))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# Otherwise whoever keeps trying, by hand or by a program, would never get in again.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "plan_tracker.client_address.client_address"
AXES_LOCKOUT_CALLABLE = "items.views.sign_in.locked"
# Nothing of the form is kept beside the account's name, and nothing of a success.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken", "next", "code"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
PASSWORD_CHECKS_AT_ONCE = env.int("PASSWORD_CHECKS_AT_ONCE", default=1)
PASSWORD_CHECKS_WAITING = env.int("PASSWORD_CHECKS_WAITING", default=2)
"""Both of one process. Fewer than its threads: the others serve pages meanwhile."""
try:
    SECOND_FACTOR_ROLES = roles_in(env.list("SECOND_FACTOR_ROLES", default=[]))
except UnknownRole as error:
    raise ImproperlyConfigured(str(error)) from None
"""Whose accounts must have 雙重驗證; everybody else may."""
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_MATCH = env.str("OIDC_MATCH", default="email")
"""By what somebody is known who comes for the first time: a verified `email`, or the `username`."""
OIDC_NAME = env.str("OIDC_NAME", default="單一登入")
"""What the link on the login page calls it."""
OIDC_HAS_SECOND_FACTOR = env.bool("OIDC_HAS_SECOND_FACTOR", default=False)
"""The provider asks for a second factor itself: ours is not asked for behind it."""
OIDC_ONLY = env.bool("OIDC_ONLY", default=False)
"""Passwords open accounts of 系統管理 only, who must get in while the provider is away."""
try:
    OIDC_ISSUER = checked_issuer(
        env.str("OIDC_ISSUER", default=""), client_id=OIDC_CLIENT_ID, claim=OIDC_MATCH
    )
except WrongSetting as error:
    raise ImproperlyConfigured(str(error)) from None
PASSWORD_RESET_TIMEOUT = env.int("PASSWORD_LINK_SECONDS", default=24 * 3600)
"""How long a link for setting a password can be opened; a multiple of an hour, as the pages say it."""
ACCOUNT_UNUSED_DAYS = env.int("ACCOUNT_UNUSED_DAYS", default=90)
"""After so many days without a sign-in an account is listed as 久未使用."""
PASSWORD_HASHERS = [
    "plan_tracker.password_hash.OfficeArgon2",
    # What accounts have from before November 2026: still opens them, and is written anew then.
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "full_name", "email"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": env.int("PASSWORD_MIN_LENGTH", default=12)},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "plan_tracker.password_rules.KindsOfCharacters"},
    {"NAME": "plan_tracker.password_rules.NotGuessedFirst"},
    # The last: it hashes the new password once for each former one.
    {"NAME": "items.password_history.NotUsedBefore"},
]
# What 資通系統防護基準 asks for and newer advice (NIST SP 800-63B) does not: kinds of characters and
# ages. README.md says how an office follows the one or the other.
PASSWORD_KINDS = env.int("PASSWORD_KINDS", default=3)
PASSWORD_HISTORY = env.int("PASSWORD_HISTORY", default=3)
PASSWORD_MAX_AGE = timedelta(days=env.int("PASSWORD_MAX_AGE_DAYS", default=180))
"""Zero: a password is never too old."""
PASSWORD_MIN_AGE = timedelta(days=env.int("PASSWORD_MIN_AGE_DAYS", default=1))
"""Otherwise somebody changes it four times in a row, and has the old one again."""

SESSION_ENGINE = "items.session_store"
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
"""Idle limit: counted anew from each request (to the minute, see `middleware.session_limits`)."""
SESSION_ABSOLUTE_AGE = timedelta(seconds=env.int("SESSION_ABSOLUTE_SECONDS", default=12 * 3600))
"""However busy, a session ends this long after signing in."""
# The prefix makes browsers refuse a cookie that another subdomain has set.
SESSION_COOKIE_NAME = "__Host-session" if TLS else "session"
SESSION_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
KNOWN_BROWSER_COOKIE_NAME = "__Host-known" if TLS else "known"
KNOWN_BROWSER_AGE = timedelta(days=90)
"""How long a browser is known in which nobody signs in; see `known_browsers`."""
CSRF_COOKIE_NAME = "__Host-csrf" if TLS else "csrf"
CSRF_COOKIE_SECURE = TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "plan_tracker.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Passkeys ----------------------------------------------------------------

PASSKEY_ORIGIN = env.str("PASSKEY_ORIGIN", default="")
"""https://host under which people use passkeys; left out, the one name in ALLOWED_HOSTS."""
try:
    PASSKEY_SITE = passkey_site(
        PASSKEY_ORIGIN, allowed_hosts=ALLOWED_HOSTS, tls=TLS, is_trial=DEMONSTRATION or DEBUG
    )
except WrongPasskeyOrigin as error:
    raise ImproperlyConfigured(str(error)) from None

# --- Mail --------------------------------------------------------------------

EMAIL_URL = env.str("EMAIL_URL", default="")
"""smtp+tls://user:password@host:587; without it nothing is sent, and links are handed over."""
HAS_MAIL = bool(EMAIL_URL)
if HAS_MAIL:
    vars().update(env.email("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="webmaster@localhost")
SITE_ADDRESS = env.str("SITE_ADDRESS", default="").rstrip("/")
"""Under which people reach the service, for links in messages that no request has asked for."""
if not SITE_ADDRESS and ALLOWED_HOSTS:
    SITE_ADDRESS = f"{'https' if TLS else 'http'}://{ALLOWED_HOSTS[0]}"
# A mail server that does not answer must not hold a thread for minutes.
EMAIL_TIMEOUT = 10

# --- Language and time -------------------------------------------------------

LANGUAGE_CODE = "zh-hant"
USE_I18N = True
# Our own words for what Django says in the back office.
LOCALE_PATHS = [BASE_DIR / "plan_tracker" / "locale"]
TIME_ZONE = "Asia/Taipei"
USE_TZ = True

# --- Files -------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR / "files"
"""Stored files, outside every served folder: they leave only through a view that checks the right."""
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "evidence": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "evidence"},
    },
}
EVIDENCE_BUCKET = env.str("EVIDENCE_BUCKET", default="")
"""A bucket of an S3-compatible store for 佐證資料; without one they lie in DATA_DIR."""
if EVIDENCE_BUCKET:
    if find_spec("storages") is None:
        # Otherwise it would be found out by the first person who attaches something.
        raise ImproperlyConfigured(
            "EVIDENCE_BUCKET 需要另外安裝套件：pip install --require-hashes -r requirements/s3.txt"
        )
    # Its keys are read by boto3 itself, from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
    STORAGES["evidence"] = {
        "BACKEND": "items.evidence.bucket.BucketStorage",
        "OPTIONS": {
            "bucket_name": EVIDENCE_BUCKET,
            "endpoint_url": env.str("EVIDENCE_ENDPOINT", default="") or None,
            # Without an access list, which newer buckets refuse: what is put into one is private.
            "default_acl": None,
            "file_overwrite": False,
        },
    }
EVIDENCE_FILE_BYTES = env.int("EVIDENCE_FILE_BYTES", default=20 * 1024 * 1024)
"""The largest single file of 佐證資料, in bytes."""
EVIDENCE_REPORT_BYTES = env.int("EVIDENCE_REPORT_BYTES", default=200 * 1024 * 1024)
"""All files of one report together, in bytes."""
WHITENOISE_ALLOW_ALL_ORIGINS = False
if DEBUG:  # a developer sees a changed file at once, without collecting
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True

REQUEST_MAX_BYTES = env.int("REQUEST_MAX_BYTES", default=21 * 1024 * 1024)
"""The largest body that is read at all, in bytes: a file of evidence (20 MB) and its form.

Beyond it the answer is 413.
"""
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # the form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # the review grid: one box per item and department, with room
DATA_UPLOAD_MAX_NUMBER_FILES = 30  # of 佐證資料, chosen at once where there is no script
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "plan_tracker.receiving.PatientTemporaryFiles",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # larger files go to a temporary file, not to memory
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DISK_FREE_BYTES = env.int("DISK_FREE_BYTES", default=200 * 1024 * 1024)
"""With less than this free, /readyz says that the service is not ready."""

IMPORT_EXPORT_USE_TRANSACTIONS = True
# Without these two, import-export lets every account of the back office import and export.
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"

# --- Log ---------------------------------------------------------------------

SECURITY_LOG_DIR = VAR / "security-log"
"""資安日誌, a file for each day; `manage.py sweep_security_log` deletes those that are too old."""
SECURITY_LOG_DAYS = env.int("SECURITY_LOG_DAYS", default=366)
"""How long its files are kept: half a year at least."""
SECURITY_SYSLOG = env.str("SECURITY_SYSLOG", default="")
"""Where its lines go besides: host:port (UDP), tcp://host:port, or a socket such as /dev/log."""

LOGGING = log_settings(SECURITY_SYSLOG)
