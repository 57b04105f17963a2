"""Programs of the system that tests need, installed where that can be done without asking."""

import shutil

from dev_tools.environment import AS_ROOT, environment
from dev_tools.terminal import Problem, run_quietly, say

# Without a network it says so at once: what is missing may be something that makes tests faster.
UPDATE = ["apt-get", "update", "-q", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=10"]


def install(packages: list[str]) -> None:
    """Install Debian packages as root, which is a container or CI; elsewhere do nothing.

    What cannot be installed is said; whoever needs the program decides what its lack means.
    """
    if not packages or not AS_ROOT or not shutil.which("apt-get"):
        return
    say(f"apt-get install {' '.join(packages)}……")
    variables = environment(DEBIAN_FRONTEND="noninteractive")
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    try:
        run_quietly(UPDATE, "apt-get update failed", env=variables)
        run_quietly(command, "apt-get install failed", env=variables)
    except Problem as problem:
        say(str(problem))
