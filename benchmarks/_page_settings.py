"""The service's settings with the benchmark's own addresses beside its own."""

from plan_tracker.settings import *  # noqa: F403 - a settings module of Django's
from plan_tracker.settings import ALLOWED_HOSTS, STORAGES

ROOT_URLCONF = "benchmarks._page_urls"
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
# Nothing is collected for a measurement.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
