"""Words for the person at the terminal, and other programs run on their behalf."""

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent


class Problem(Exception):
    """What went wrong, in words for the person at the terminal; no traceback."""


class NotRun(Exception):
    """Why a part of the tests could not be run on this machine."""


@dataclass(frozen=True)
class Finished:
    """A program that ran to its end."""

    code: int
    last_line: str
    """The last line of its output that says something."""


def say(words: str) -> None:
    print(words, flush=True)


def one_line(words: object) -> str:
    return " ".join(str(words).split())


def run_quietly(
    command: Sequence[str | Path],
    complaint: str,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    user: int | None = None,
    group: int | None = None,
) -> str:
    """Run a program and return its output; a Problem with that output when it fails."""
    # Whoever gives up being root must not keep root's groups either.
    extra_groups: list[int] | None = None
    if user is not None:
        extra_groups = []
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        user=user,
        group=group,
        extra_groups=extra_groups,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise Problem(f"{complaint}：\n{done.stdout.strip()}")
    return done.stdout


def run_shown(command: Sequence[str | Path], env: Mapping[str, str]) -> Finished:
    """Run a program with its output passed on as it comes."""
    last_line = ""
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                print(line, end="", flush=True)
                if line.strip():
                    last_line = line.strip()
        except BaseException:
            # Ctrl-C and SIGTERM come as exceptions: the program must not outlive us.
            process.terminate()
            raise
    return Finished(process.returncode, last_line)


@dataclass(frozen=True)
class StartedProgram:
    """A program that runs beside others; its output is kept until somebody asks for it."""

    name: str
    process: subprocess.Popen[bytes]
    file: IO[bytes]

    def wait(self) -> int:
        """The exit code."""
        return self.process.wait()

    def output(self) -> str:
        self.file.seek(0)
        return self.file.read().decode("utf-8", "replace").strip()


@contextlib.contextmanager
def running_together(
    commands: Mapping[str, Sequence[str | Path]], env: Mapping[str, str]
) -> Iterator[list[StartedProgram]]:
    """Start all of the named commands at once; what still runs when the block ends is ended."""
    with contextlib.ExitStack() as files:
        programs: list[StartedProgram] = []
        try:
            for name, command in commands.items():
                # A file, not a pipe: a program with much to say must not wait for its reader.
                file = files.enter_context(tempfile.TemporaryFile())
                process = subprocess.Popen(
                    [str(part) for part in command],
                    cwd=ROOT,
                    env=env,
                    stdin=subprocess.DEVNULL,
                    stdout=file,
                    stderr=subprocess.STDOUT,
                )
                programs.append(StartedProgram(name, process, file))
            yield programs
        finally:
            for program in programs:
                if program.process.poll() is None:
                    program.process.terminate()
                program.process.wait()
