"""How often a server looks for circles of garbage; in a process of its own, which keeps it so."""

import subprocess
import sys

import pytest

from dev_tools.environment import environment
from dev_tools.terminal import ROOT

SHOW = """
import gc
import weakref

import plan_tracker.wsgi
from plan_tracker.collector import NEW_OBJECTS

assert gc.isenabled()
assert gc.get_threshold()[0] == NEW_OBJECTS
# The modules of Django and ours are not looked at again.
assert gc.get_freeze_count() > 100_000


class Link:
    pass


kept = []
for _ in range(3 * NEW_OBJECTS):
    link = Link()
    link.itself = link
    kept.append(weakref.ref(link))
del link
assert sum(one() is not None for one in kept) < 2 * NEW_OBJECTS
"""


@pytest.mark.one_engine
def test_a_server_looks_less_often_and_never_at_its_modules(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env=environment(DEMONSTRATION="1", DATA_DIR=str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-1000:]
