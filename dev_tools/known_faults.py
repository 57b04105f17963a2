"""What is known to be dangerous in the packages of the lock: pip-audit asks PyPI, once a day.

It needs the network. Without an answer the run says so in a sentence and goes on: a lock that was
good yesterday is not bad because a line is down.
"""

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dev_tools.environment import REQUIREMENTS, VENV

# All that is installed anywhere: the other locks are parts of this one, which a test watches over.
LOCK_FILE = REQUIREMENTS / "dev.txt"
ASK_AGAIN_AFTER = 24 * 3600
"""Seconds that an answer without faults counts for the same lock."""
MOST_SECONDS = 60
"""For the whole question: a line that loses every packet must not hold up the run."""

SILENCED: dict[str, str] = {}
"""{number of a known fault: why it does not concern us}; such a line goes when the package does."""


@dataclass(frozen=True)
class PackageFault:
    """One known fault of one package."""

    package: str
    version: str
    number: str
    mended_in: str

    def __str__(self) -> str:
        return f"{self.package} {self.version}: {self.number}, mended in {self.mended_in}"


@dataclass(frozen=True)
class PackageAnswer:
    """What PyPI knows; `unknown` packages it has no word of."""

    asked: int
    unknown: int
    faults: tuple[PackageFault, ...]

    @property
    def is_whole(self) -> bool:
        return self.unknown == 0


def main() -> int:
    kept = _kept_answer(LOCK_FILE)
    if _is_fresh(kept, time.time()):
        print(f"{kept.read_text('utf-8')} (asked within a day)")
        return 0
    answer = read_answer(_ask())
    if answer is None:
        print("could not ask PyPI about known faults of the packages: there was no answer")
        return 0
    print(words(answer))
    if answer.faults:
        return 1
    kept.write_text(words(answer), "utf-8")
    return 0


def words(answer: PackageAnswer) -> str:
    """What the run says."""
    if answer.faults:
        return "\n".join(str(fault) for fault in answer.faults)
    if answer.unknown == answer.asked:
        return (
            "could not ask PyPI about known faults of the packages: "
            "the registry that is reached from here keeps no such list"
        )
    known = answer.asked - answer.unknown
    if answer.is_whole:
        return f"{known} packages, nothing known"
    return f"{known} packages, nothing known; of {answer.unknown} PyPI has no list"


def read_answer(report: str) -> PackageAnswer | None:
    """pip-audit's JSON; None where it broke off, as it does without a network."""
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return None
    unknown = 0
    faults: list[PackageFault] = []
    for package in packages:
        if "skip_reason" in package:
            unknown += 1
            continue
        faults.extend(_faults_of(package["name"], package["version"], package["vulns"]))
    return PackageAnswer(asked=len(packages), unknown=unknown, faults=tuple(faults))


def _faults_of(name: str, version: str, known: Iterable[dict]) -> list[PackageFault]:
    faults = []
    for fault in known:
        if fault["id"] in SILENCED:
            continue
        mended_in = ", ".join(fault["fix_versions"]) or "no version yet"
        faults.append(PackageFault(name, version, fault["id"], mended_in))
    return faults


def _ask() -> str:
    command = [sys.executable, "-m", "pip_audit", "--vulnerability-service=pypi", "--timeout=5"]
    # The lock names every package with its version: pip need not work them out again.
    command += ["--require-hashes", "--disable-pip", f"--requirement={LOCK_FILE}"]
    command += ["--format=json", "--progress-spinner=off"]
    command += [f"--cache-dir={VENV / 'pip-audit'}"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout


def _kept_answer(lock_file: Path) -> Path:
    """The file with the last answer without faults for this very lock."""
    fingerprint = hashlib.sha256(lock_file.read_bytes()).hexdigest()[:16]
    return VENV / f"no-known-faults-{fingerprint}"


def _is_fresh(kept: Path, now: float) -> bool:
    return kept.exists() and now - kept.stat().st_mtime < ASK_AGAIN_AFTER


if __name__ == "__main__":
    sys.exit(main())
