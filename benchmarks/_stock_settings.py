"""The service's settings with the benchmark's one model: it exists nowhere else."""

from plan_tracker.settings import *  # noqa: F403 - a settings module of Django's
from plan_tracker.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks"]
