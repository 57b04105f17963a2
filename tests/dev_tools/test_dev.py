"""The small functions of dev.py; that the whole works is shown by running it."""

import argparse
import os
import socket
import sys
import time

import pytest

from dev_tools import commands, environment, server, tests
from dev_tools.terminal import ROOT, Problem, running_together


@pytest.fixture
def in_ci(monkeypatch):
    monkeypatch.setenv("CI", "1")


@pytest.fixture
def variables(monkeypatch):
    """`variables(**values)`: these, and none of the others that decide how the service runs."""

    def set_variables(**values):
        for name in ("DEMONSTRATION", "DEBUG", "TLS"):
            monkeypatch.delenv(name, raising=False)
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return set_variables


def outcome(state):
    return [
        tests.PartOutcome("lint", "passed", 1.0, ""),
        tests.PartOutcome("browser", state, 0.1, "why"),
    ]


@pytest.mark.parametrize(("state", "code"), [("passed", 0), ("FAILED", 1), ("NOT RUN", 0)])
def test_a_failed_part_fails_the_whole(monkeypatch, capsys, state, code):
    monkeypatch.delenv("CI", raising=False)
    assert tests.summary(outcome(state)) == code
    assert state in capsys.readouterr().out


@pytest.mark.usefixtures("in_ci")
def test_in_ci_a_part_that_could_not_run_fails_the_whole_and_is_named(capsys):
    assert tests.summary(outcome("NOT RUN")) == 1
    assert "browser   NOT RUN" in capsys.readouterr().out


def test_parts_run_in_their_own_order_and_unknown_ones_are_refused():
    assert commands.parts("browser,lint") == ("lint", "browser")
    with pytest.raises(argparse.ArgumentTypeError, match="oracle"):
        commands.parts("lint,oracle")


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        ([], ("lint", "checks", "sqlite", "postgres", "browser")),
        (["--fast"], ("lint", "checks", "sqlite")),
        (["--only", "postgres"], ("postgres",)),
    ],
)
def test_without_a_choice_every_part_runs(arguments, parts):
    options = commands.parser().parse_args(["test", *arguments])
    assert commands.chosen_parts(options) == parts


def test_a_taken_port_is_said_in_words():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Problem, match="已被占用"):
            server.check_port_is_free(other.getsockname()[1])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "準備資料庫與示範資料……"),
        ({"DEMONSTRATION": "1"}, "準備資料庫與示範資料……"),
        ({"DEMONSTRATION": "0"}, "準備資料庫……"),
    ],
)
def test_setup_speaks_of_made_up_data_only_where_it_loads_some(variables, values, words):
    variables(**values)
    assert server.setup_words() == words


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "http://127.0.0.1:8000/"),
        ({"DEMONSTRATION": "0", "TLS": "0"}, "http://127.0.0.1:8000/"),
        ({"DEMONSTRATION": "0", "DEBUG": "1"}, "http://127.0.0.1:8000/"),
        ({"DEMONSTRATION": "0"}, "請以 https 開啟您的網址"),
        ({"TLS": "1"}, "請以 https 開啟您的網址"),
    ],
)
def test_with_tls_run_sends_nobody_to_plain_http(variables, values, words):
    variables(**values)
    assert words in server.address_words(8000)
    assert ("http://" in server.address_words(8000)) == ("http://" in words)


def test_the_callers_virtual_environment_does_not_reach_our_own(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("VIRTUAL_ENV", "/elsewhere")
    assert not {"PYTHONPATH", "VIRTUAL_ENV"} & set(environment.environment())


def test_arguments_after_two_dashes_are_for_pytest():
    options = commands.parser().parse_args(["test", "--only", "sqlite", "--", "-k", "clock"])
    assert (options.only, options.pytest) == (("sqlite",), ["-k", "clock"])


def test_fast_leaves_the_slow_tests_out():
    assert tests.PytestChoice().marked("not browser") == "not browser"
    assert tests.PytestChoice(without_slow=True).marked("not browser") == "not browser and not slow"


def test_browser_tests_lie_where_their_part_looks_for_them():
    mark = "mark" + ".browser"
    folder = ROOT / "tests"
    elsewhere = []
    for path in folder.rglob("test_*.py"):
        if mark in path.read_text("utf-8") and path.parent != folder / "browser":
            elsewhere.append(path)
    assert elsewhere == []


def test_programs_run_together_and_each_keeps_its_output_and_its_code():
    commands = {
        "well": [sys.executable, "-c", "print('各項都好')"],
        "badly": [sys.executable, "-c", "import sys; print('x' * 200_000); sys.exit(3)"],
    }
    with running_together(commands, environment.environment()) as programs:
        codes = {program.name: program.wait() for program in programs}
        outputs = {program.name: program.output() for program in programs}
    assert codes == {"well": 0, "badly": 3}
    assert outputs == {"well": "各項都好", "badly": "x" * 200_000}


def test_a_program_that_still_runs_is_ended_with_the_others():
    started = time.monotonic()
    sleeper = {"sleeper": [sys.executable, "-c", "import time; time.sleep(600)"]}
    with pytest.raises(KeyboardInterrupt), running_together(sleeper, dict(os.environ)) as programs:
        raise KeyboardInterrupt
    assert programs[0].process.poll() is not None
    assert time.monotonic() - started < 60
