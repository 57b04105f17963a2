"""How a server of the office's own begins: with the application, or with one sentence."""

import sys
from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured

Application = TypeVar("Application")

NOT_STARTED = 3
"""The exit status by which gunicorn knows that starting the worker again would not help."""


def application_or_sentence(make: Callable[[], Application]) -> Application:
    """What `make` makes; a setting that is missing is said without a traceback above it."""
    try:
        return make()
    except ImproperlyConfigured as error:
        print(f"設定有誤：{error}", file=sys.stderr, flush=True)
        raise SystemExit(NOT_STARTED) from None
