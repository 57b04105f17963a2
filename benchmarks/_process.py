"""A measurement in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks._time_left import seconds_left

ROOT = Path(__file__).resolve().parents[1]


def json_of(module: str, *arguments: str, address: str) -> Any:
    """What a module of this package prints in its last line, run on one database."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", f"benchmarks.{module}", *arguments],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": address, "DATA_DIR": folder},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Of its own group, so that a server that it has started ends with it.
            start_new_session=True,
        )
        try:
            printed, errors = process.communicate(timeout=seconds_left())
        except subprocess.TimeoutExpired:
            end_with_children(process)
            raise RuntimeError(f"{module} {' '.join(arguments)}: the time was over") from None
    if process.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)}: {errors[-500:]}")
    return json.loads(printed.splitlines()[-1])


def end_with_children(process: "subprocess.Popen[str]") -> None:
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
