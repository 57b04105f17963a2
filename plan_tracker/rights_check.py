"""Says of the service's own files which of them everybody on the machine can read."""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

from plan_tracker.ready_database import sqlite_file

OTHERS = stat.S_IROTH | stat.S_IWOTH | stat.S_IXOTH
"""The bits for everybody; what the group may do, the office may have arranged, as for backups."""


@register(Tags.security)
def check_rights(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """One warning for each path that everybody on the machine may read or write."""
    # In a demonstration everything is invented.
    if settings.DEMONSTRATION or settings.DEBUG or os.name == "nt":
        return []
    warnings: list[CheckMessage] = []
    for path in _open_paths():
        warning = Warning(
            f"這台機器上的每一個帳號都能讀取 {path}。",
            hint=f"請以服務的帳號執行：chmod o= '{path}'",
            id="plan_tracker.W001",
        )
        warnings.append(warning)
    return warnings


def _open_paths() -> Iterator[Path]:
    """The folder, and a database of ours that is not shut away by it."""
    paths = [Path(settings.VAR)]
    database = sqlite_file()
    if database is not None:
        paths.append(database)
    for path in paths:
        if path.exists() and path.stat().st_mode & OTHERS:
            yield path
