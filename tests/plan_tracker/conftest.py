import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRINT = "import json; from plan_tracker import settings; print(json.dumps([getattr(settings, n) for n in {names!r}]))"


@pytest.fixture
def start(tmp_path):
    """`start(**environment)`: the settings read by a process of its own, with nothing else set; the finished process."""

    def start(code="from plan_tracker import settings", **environment):
        environment = {"DATA_DIR": str(tmp_path), "PYTHONUTF8": "1", **environment}
        return subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return start


@pytest.fixture
def run_settings(start):
    """`run_settings("NAME NAME", **environment)`: the values those settings get."""

    def run_settings(names, **environment):
        done = start(PRINT.format(names=names.split()), **environment)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run_settings
