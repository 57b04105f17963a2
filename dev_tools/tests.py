"""dev.py test: its parts, one after another, and one line for each at the end."""

import os
import secrets
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dev_tools.browser import browser_variables
from dev_tools.databases import WITHOUT_VACUUM, postgres
from dev_tools.environment import PYTHON, ensure, environment
from dev_tools.proxy import ensure_nginx
from dev_tools.terminal import ROOT, NotRun, Problem, run_shown, running_together, say

PARTS = ("lint", "checks", "sqlite", "postgres", "browser")
FAST_PARTS = ("lint", "checks", "sqlite")
NOTHING_COLLECTED = 5
"""pytest's exit code where no test fits."""
BANDIT = (
    # It warns of every part of a statement that a "nosec" did not have to silence as well.
    "-c",
    "import logging; logging.disable(logging.WARNING); import bandit.cli.main as b; b.main()",
    "--quiet",
    "--recursive",
    "--severity-level=medium",
    "--configfile=pyproject.toml",
    "items",
    "reports",
    "plan_tracker",
    "dev_tools",
)
"""What is silenced, and why, stands in pyproject.toml."""

Command = Sequence[str | Path]


@dataclass(frozen=True)
class PytestChoice:
    """Which tests of a part are run."""

    without_slow: bool = False
    arguments: tuple[str, ...] = ()
    """Handed to pytest as they are."""

    def marked(self, marks: str) -> str:
        """The expression for pytest's -m."""
        if self.without_slow:
            return f"{marks} and not slow"
        return marks


@dataclass(frozen=True)
class PartResult:
    """How a part ended, where it ran at all."""

    passed: bool
    words: str


@dataclass(frozen=True)
class PartOutcome:
    """One line of the summary."""

    part: str
    state: str
    """"passed", "FAILED" or "NOT RUN"."""
    seconds: float
    words: str


def run_parts(parts: Sequence[str], choice: PytestChoice) -> int:
    """The exit code: 0 only when nothing failed (in CI: and everything ran)."""
    ensure("dev")
    outcomes = []
    for part in parts:
        say(f"\n=== {part} " + "=" * (60 - len(part)))
        outcomes.append(_outcome(part, choice))
    return summary(outcomes)


def _outcome(part: str, choice: PytestChoice) -> PartOutcome:
    runner = RUNNERS[part]
    started = time.monotonic()
    try:
        result = runner(choice)
        state = "passed" if result.passed else "FAILED"
        words = result.words
    except NotRun as reason:
        state = "NOT RUN"
        words = str(reason)
    except Problem as problem:
        say(str(problem))
        state = "FAILED"
        # The rest was said above; a line of the summary has room for one.
        words = str(problem).splitlines()[0]
    seconds = time.monotonic() - started
    return PartOutcome(part, state, seconds, words)


def summary(outcomes: list[PartOutcome]) -> int:
    """One line for each part, those that did not run too; the exit code of the whole."""
    say("\n=== summary " + "=" * 53)
    for outcome in outcomes:
        say(f"{outcome.part:<10}{outcome.state:<9}{outcome.seconds:6.1f} s   {outcome.words}")
    states = {outcome.state for outcome in outcomes}
    if "FAILED" in states:
        return 1
    # On a developer's machine a browser may be missing; in CI that would be a test that is lost.
    if "NOT RUN" in states and os.environ.get("CI"):
        return 1
    return 0


def lint(_: PytestChoice) -> PartResult:
    """Python by ruff, types by mypy, templates by djlint, dangers by bandit and pip-audit."""
    commands: dict[str, Command] = {
        "ruff check": [PYTHON, "-m", "ruff", "check", "--quiet", "."],
        "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."],
        "mypy": [PYTHON, "-m", "mypy"],
        "djlint": [PYTHON, "-m", "djlint", "--lint", "--quiet", ROOT / "templates"],
        "bandit": [PYTHON, *BANDIT],
        "pip-audit": [PYTHON, "-m", "dev_tools.known_faults"],
    }
    return _all_pass(commands, environment())


def checks(_: PytestChoice) -> PartResult:
    """What a server would meet at its start: settings, migrations, static files."""
    manage: list[str | Path] = [PYTHON, "manage.py"]
    commands: dict[str, Command] = {
        "check --deploy": [*manage, "check", "--deploy", "--fail-level=WARNING"],
        "migrations are complete": [*manage, "makemigrations", "--check", "--dry-run"],
        "static files are complete": [*manage, "collectstatic", "--noinput", "--verbosity=0"],
    }
    with tempfile.TemporaryDirectory() as data:
        production = environment(
            SECRET_KEY=secrets.token_urlsafe(64),
            ALLOWED_HOSTS="plan.example.org",
            DATA_DIR=data,
            DEMONSTRATION="0",
            DEBUG="0",
        )
        return _all_pass(commands, production)


def _all_pass(commands: Mapping[str, Command], variables: Mapping[str, str]) -> PartResult:
    """Run the commands side by side: most of them use one core, and mypy takes longer than the rest."""
    failed = []
    with running_together(commands, variables) as together:
        for program in together:
            code = program.wait()
            output = program.output()
            if output:
                say(output)
            if code == 0:
                say(f"{program.name}: ok")
            else:
                say(f"{program.name}: FAILED")
                failed.append(program.name)
    if failed:
        return PartResult(passed=False, words=f"failed: {', '.join(failed)}")
    return PartResult(passed=True, words=", ".join(commands))


def on_sqlite(choice: PytestChoice) -> PartResult:
    ensure_nginx()
    variables = environment()
    variables.pop("DATABASE_URL", None)
    return _pytest(["-n", "auto", "-m", choice.marked("not browser")], variables, choice)


def on_postgres(choice: PytestChoice) -> PartResult:
    """The tests that touch a database; the others have run, and are the same on any engine."""
    options = ["-n", "auto", "-p", "tests.only_database"]
    options += ["-m", choice.marked("not browser")]
    address = os.environ.get("TEST_DATABASE_URL")
    if address:
        return _pytest(options, environment(DATABASE_URL=address), choice)
    with postgres(WITHOUT_VACUUM) as own_address:
        variables = environment(DATABASE_URL=own_address, SERVER_OF_THIS_RUN="1")
        return _pytest(options, variables, choice)


def in_browser(choice: PytestChoice) -> PartResult:
    variables = environment(**browser_variables())
    variables.pop("DATABASE_URL", None)
    # Only their folder, unless somebody names paths: each process would read all other tests to
    # leave them out, which takes it ten seconds.
    folder = ["-o", "testpaths=tests/browser"]
    # One more than two cores: a process waits for its browser a seventh of the time.
    return _pytest(["-n", "3", "-m", choice.marked("browser"), *folder], variables, choice)


def _pytest(options: list[str], variables: Mapping[str, str], choice: PytestChoice) -> PartResult:
    # worksteal: a core that is done takes from the other one, so that no long test runs alone.
    brief = ["-q", "--tb=short", "--show-capture=stdout", "--dist=worksteal"]
    command: list[str | Path] = [PYTHON, "-m", "pytest"]
    command += brief
    command += options
    # Last: what somebody types wins over what this file says.
    command += choice.arguments
    finished = run_shown(command, _with_bytecode(variables))
    if finished.code == NOTHING_COLLECTED and choice.arguments:
        raise NotRun("no test fits the arguments")
    # pytest's own summary, without the line that is drawn around it.
    words = finished.last_line.strip("= ")
    return PartResult(passed=finished.code == 0, words=words)


def _with_bytecode(variables: Mapping[str, str]) -> dict[str, str]:
    """The same, but compiled modules are kept, though the caller's Python keeps none.

    Three parts with two processes each import the same tests, and pytest rewrites every assert in
    them: compiling takes half a process's time until its first test.
    """
    kept = dict(variables)
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept


RUNNERS: dict[str, Callable[[PytestChoice], PartResult]] = {
    "lint": lint,
    "checks": checks,
    "sqlite": on_sqlite,
    "postgres": on_postgres,
    "browser": in_browser,
}
