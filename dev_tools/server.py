"""run, setup, manage and bench: what needs the application itself."""

import os
import socket
import subprocess
from pathlib import Path

from dev_tools.environment import (
    PYTHON,
    WINDOWS,
    demonstration,
    ensure,
    is_demonstration,
    uses_tls,
)
from dev_tools.terminal import ROOT, Problem, run_quietly, say

LARGEST_BODY = 64 * 1024 * 1024
"""In bytes. Above REQUEST_MAX_BYTES, so that the application itself refuses, with its own page."""

MOST_CONNECTIONS = 480
"""Of waitress; beyond it, new visitors wait until somebody leaves.

Its own default is 100, and a browser keeps six. On Windows, select() takes 512.
"""
THREADS = 16
"""Twice as many as people who save at the same moment: whoever waits to write keeps a thread."""
IDLE_SECONDS = 30
"""A connection on which nothing moves for so long is ended; waitress's own default is 120."""
CLEANUP_SECONDS = 10
"""How often waitress looks for such connections."""


def run(port: int) -> int:
    """Set up and serve on this machine until somebody presses Ctrl-C."""
    check_port_is_free(port)
    setup()
    if is_demonstration():
        say(_manage("load_demonstration", "--accounts", complaint="無法列出示範帳號"))
    say(address_words(port))
    command = server_command(port)
    os.chdir(ROOT)
    if not WINDOWS:
        # The server takes the place of this process: whoever stops this one stops the server.
        os.execve(PYTHON, command, demonstration())
    return subprocess.run(command, env=demonstration(), check=False).returncode


def server_command(port: int) -> list[str]:
    """The server of the demonstration: one process whose threads wait for no slow client."""
    return [
        str(PYTHON),
        *("-m", "plan_tracker.serving"),
        f"--listen=127.0.0.1:{port}",
        f"--threads={THREADS}",
        "--ident=",
        f"--max-request-body-size={LARGEST_BODY}",
        f"--connection-limit={MOST_CONNECTIONS}",
        f"--channel-timeout={IDLE_SECONDS}",
        f"--cleanup-interval={CLEANUP_SECONDS}",
        "plan_tracker.wsgi:application",
    ]


def address_words(port: int) -> str:
    """Where people reach the service."""
    if uses_tls():
        return (
            f"\n已在 127.0.0.1:{port} 等候反向代理；請以 https 開啟您的網址。"
            "\n沒有反向代理、只在這台機器試用時，請設 TLS=0。　　（按 Ctrl-C 結束）\n"
        )
    return f"\n網址　　http://127.0.0.1:{port}/　　（按 Ctrl-C 結束）\n"


def setup() -> None:
    """Environment, database and static files; in a demonstration its data, too."""
    ensure("base")
    say(setup_words())
    _manage("migrate", "--verbosity=0", complaint="manage.py migrate 失敗")
    _manage("collectstatic", "--noinput", "--verbosity=0", complaint="manage.py collectstatic 失敗")
    if is_demonstration():
        say(_manage("load_demonstration", complaint="示範資料載入失敗").rstrip())


def setup_words() -> str:
    if is_demonstration():
        return "準備資料庫與示範資料……"
    return "準備資料庫……"


def manage(arguments: list[str]) -> int:
    """manage.py with the demonstration's settings."""
    ensure("base")
    command: list[str | Path] = [PYTHON, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=demonstration(), check=False).returncode


def bench(arguments: list[str]) -> int:
    """Measure against the figures that are promised."""
    ensure("dev")
    command: list[str | Path] = [PYTHON, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, env=demonstration(), check=False).returncode


def check_port_is_free(port: int) -> None:
    """Said before anything is set up, which takes a while."""
    with socket.socket() as trial:
        if not WINDOWS:  # there, the option would let two servers share the port
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            advice = "請結束占用的程式，或改用：python3 dev.py run --port 8001"
            raise Problem(f"連接埠 {port} 已被占用；{advice}") from None


def _manage(*arguments: str, complaint: str) -> str:
    return run_quietly([PYTHON, "manage.py", *arguments], complaint, env=demonstration())
