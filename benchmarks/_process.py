"""A measurement in a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks._fresh_databases import ROOT


def json_of(module: str, *arguments: str, address: str) -> Any:
    """What a module of this package prints in its last line, run on one database."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{module}", *arguments],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": address, "DATA_DIR": folder},
            capture_output=True,
            text=True,
            check=False,
        )
    if process.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)}: {process.stderr[-500:]}")
    return json.loads(process.stdout.splitlines()[-1])
