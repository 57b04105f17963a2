"""The virtual environment with the locked requirements, and the variables that programs get."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from dev_tools.terminal import ROOT, Problem, run_quietly, say

VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements"
WINDOWS = os.name == "nt"
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
FOREIGN = ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")
"""Variables that would lead our Python to the packages of another environment."""


def python_in(folder: Path) -> Path:
    """The interpreter of a virtual environment."""
    if WINDOWS:
        return folder / "Scripts" / "python.exe"
    return folder / "bin" / "python"


PYTHON = python_in(VENV)


def ensure(kind: str) -> None:
    """Make .venv hold what requirements/<kind>.txt locks; does nothing where it already does."""
    lock_file = REQUIREMENTS / f"{kind}.txt"
    if _works(PYTHON) and _is_installed(kind):
        return
    say(f"安裝套件（requirements/{kind}.txt → .venv）……")
    if not _works(PYTHON):
        _make_virtual_environment()
    run_quietly(
        [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock_file],
        "套件安裝失敗",
    )
    _stamp("base").write_text(_fingerprint("base"), "ascii")
    if kind == "dev":  # dev.txt holds all of base.txt, too
        _stamp("dev").write_text(_fingerprint("dev"), "ascii")


def _make_virtual_environment() -> None:
    # What is left of a folder that was moved, or of an older Python, cannot be repaired.
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        venv.create(VENV, with_pip=True, symlinks=not WINDOWS)
    except subprocess.CalledProcessError:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Problem("無法建立虛擬環境；Debian 與 Ubuntu 請先安裝 python3-venv。") from None


def _is_installed(kind: str) -> bool:
    stamp = _stamp(kind)
    return stamp.exists() and stamp.read_text("ascii") == _fingerprint(kind)


def _stamp(kind: str) -> Path:
    """The file that says which lock was installed last."""
    return VENV / f"installed-{kind}"


def _fingerprint(kind: str) -> str:
    """Of the lock and the Python: with either another one, the packages are installed anew."""
    lock_file = REQUIREMENTS / f"{kind}.txt"
    return hashlib.sha256(lock_file.read_bytes() + sys.version.encode()).hexdigest()


def _works(python: Path) -> bool:
    try:
        done = subprocess.run([python, "-c", ""], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def environment(**changes: str) -> dict[str, str]:
    """The variables for our own Python, whatever virtual environment the caller has active."""
    variables = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    variables["PYTHONUTF8"] = "1"
    variables.update(changes)
    return variables


def demonstration() -> dict[str, str]:
    """As `environment`, with the demonstration switched on unless the caller says otherwise."""
    return environment(DEMONSTRATION=os.environ.get("DEMONSTRATION", "1"))


def is_demonstration() -> bool:
    """Whoever switches it off wants an office's own, empty database."""
    return _is_on(demonstration()["DEMONSTRATION"])


def uses_tls() -> bool:
    """As the settings decide it: on, unless this is a demonstration or a developer's run."""
    if "TLS" in os.environ:
        return _is_on(os.environ["TLS"])
    return not (is_demonstration() or _is_on(os.environ.get("DEBUG", "")))


def _is_on(value: str) -> bool:
    """As django-environ reads a switch."""
    return value.strip().lower() in ("1", "true", "on", "ok", "y", "yes")


def lock(*, upgrade: bool) -> None:
    """Write requirements/*.txt anew from pyproject.toml.

    Versions and hashes for every platform, and no registry's host name: the lock works with any
    mirror.
    """
    with tempfile.TemporaryDirectory() as folder:
        say("安裝 uv（暫時）……")
        venv.create(folder, with_pip=True, symlinks=not WINDOWS)
        python = python_in(Path(folder))
        run_quietly([python, "-m", "pip", "install", "--quiet", "uv"], "uv 安裝失敗")
        _compile(python, "base", upgrade, [])
        # The second agrees with the first: what is tested is what is installed in an office.
        more = ["--extra=s3", "--group=dev", "--constraints=requirements/base.txt"]
        _compile(python, "dev", upgrade, more)
        # What an office installs besides is what was tested, too.
        for extra in ("s3", "sso"):
            more = [f"--extra={extra}", "--constraints=requirements/dev.txt"]
            _compile(python, extra, upgrade, more)
    say("requirements/base.txt、dev.txt、s3.txt、sso.txt 已更新。")


def _compile(python: Path, kind: str, upgrade: bool, more: list[str]) -> None:
    command = [str(python), "-m", "uv", "pip", "compile", "pyproject.toml"]
    command += ["--universal", "--python-version=3.11", "--generate-hashes"]
    command += ["--no-emit-index-url", "--no-header", "--quiet"]
    command += [f"--output-file=requirements/{kind}.txt"]
    command += more
    if upgrade:
        command.append("--upgrade")
    run_quietly(command, "uv pip compile 失敗")
