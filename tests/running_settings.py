"""The service's settings for a server of its own process, with static files that were not collected."""

from plan_tracker.settings import *  # noqa: F403 - a settings module of Django's
from plan_tracker.settings import STORAGES

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
