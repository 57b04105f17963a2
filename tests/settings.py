"""The service's own settings in a demonstration's calendar, and what only tests want.

A file of its own for SQLite (each process its own, so that several runs do not meet), a quick hash of passwords,
static files without collecting them, and a template variable that does not exist as an error.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ.update(DEMONSTRATION="1", DEMONSTRATION_DATE="2026-11-22")
os.environ["SECRET_KEY"] = (
    "for tests only: anybody may know it, nothing is signed with it that lasts"
)
for name in ("DEBUG", "TLS", "BEHIND_PROXY", "ALLOWED_HOSTS"):
    os.environ.pop(name, None)

from plan_tracker.settings import *  # noqa: E402, F403 - the environment is set first because settings read it once
from plan_tracker.settings import ALLOWED_HOSTS, DATABASES, STORAGES, TEMPLATES  # noqa: E402 - as above
from tests.missing_variable import MissingVariable  # noqa: E402 - as above

ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]

# Tests run side by side, and each process has users of the same keys: their turns must not meet.
VAR = Path(tempfile.mkdtemp(prefix="plan_tracker_test_var_"))
SECURITY_LOG_DIR = VAR / "security-log"
atexit.register(shutil.rmtree, VAR, ignore_errors=True)

if DATABASES["default"]["ENGINE"] == "plan_tracker.sqlite_in_turn":
    # A real file: in memory, SQLite has one connection for all threads and none of the locking that people will meet.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "plan_tracker_test.sqlite3")}
DATABASES["default"]["CONN_MAX_AGE"] = 0

# Nobody attacks these passwords, and the usual hash is slow by design.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "evidence": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "evidence"},
    },
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = MissingVariable()
