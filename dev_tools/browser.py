"""A Chromium for the browser tests: the system's, or else one that is installed for them."""

import os
import shutil
import subprocess

from dev_tools.environment import PYTHON
from dev_tools.packages import install
from dev_tools.terminal import NotRun, Problem, one_line, run_quietly, say

WITHOUT_WINDOWS = "chromium-headless-shell"
"""Debian's package of the same Chromium that draws no window around a page, and its program.

A window of its own for each test takes a whole Chromium a third of the processor time of the part.
"""
BROWSERS = (
    WITHOUT_WINDOWS,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)


def find_chromium() -> str | None:
    """The path of an installed Chromium, or None. tests/browser asks this, too."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    return None


def browser_variables() -> dict[str, str]:
    """What the browser tests need in their environment.

    Installs a browser where that can be done without asking: as root with apt-get, which is a
    container or CI, or else as a download of Playwright's in the home folder.
    """
    _install_missing()
    path = find_chromium()
    if path:
        return {"CHROMIUM": path}
    say("下載 Playwright 的 Chromium……")
    try:
        run_quietly(
            [PYTHON, "-m", "playwright", "install", "--only-shell", "chromium"],
            "playwright install chromium failed",
        )
    except Problem as problem:
        reason = one_line(problem)[-300:]
        raise NotRun(f"no Chromium on this machine, and none to install: {reason}") from problem
    return {}


def _install_missing() -> None:
    missing = []
    if not os.environ.get("CHROMIUM") and not shutil.which(WITHOUT_WINDOWS):
        missing.append(WITHOUT_WINDOWS)
    if not _has_chinese_font():
        missing.append("fonts-noto-cjk")
    # One after the other: where a system lacks one of them, the other one still comes. Without the
    # font the pages show boxes.
    for package in missing:
        install([package])
    # Without a browser Playwright's is tried next.
    if not find_chromium():
        install(["chromium"])


def _has_chinese_font() -> bool:
    listing = shutil.which("fc-list")
    if not listing:
        return False
    done = subprocess.run([listing, ":lang=zh-tw"], capture_output=True, check=False)
    return bool(done.stdout.strip())
