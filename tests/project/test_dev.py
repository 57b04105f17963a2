"""The small functions of dev.py; that the whole works is shown by running it."""

import argparse
import socket

import pytest

import dev


@pytest.fixture
def in_ci(monkeypatch):
    monkeypatch.setenv("CI", "1")


def outcome(state):
    return [("lint", "passed", 1.0, ""), ("browser", state, 0.1, "why")]


@pytest.mark.parametrize(("state", "code"), [("passed", 0), ("FAILED", 1), ("NOT RUN", 0)])
def test_a_failed_part_fails_the_whole(monkeypatch, capsys, state, code):
    monkeypatch.delenv("CI", raising=False)
    assert dev.summary(outcome(state)) == code
    assert state in capsys.readouterr().out


@pytest.mark.usefixtures("in_ci")
def test_in_ci_a_part_that_could_not_run_fails_the_whole_and_is_named(capsys):
    assert dev.summary(outcome("NOT RUN")) == 1
    assert "browser   NOT RUN" in capsys.readouterr().out


def test_parts_run_in_their_own_order_and_unknown_ones_are_refused():
    assert dev.parts("browser,lint") == ("lint", "browser")
    with pytest.raises(argparse.ArgumentTypeError, match="oracle"):
        dev.parts("lint,oracle")


def test_a_taken_port_is_said_in_words():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(dev.Problem, match="已被占用"):
            dev.port_is_free(other.getsockname()[1])


def test_the_callers_virtual_environment_does_not_reach_our_own(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("VIRTUAL_ENV", "/elsewhere")
    assert not {"PYTHONPATH", "VIRTUAL_ENV"} & set(dev.environment())


def test_arguments_after_two_dashes_are_for_pytest():
    options = dev.parser().parse_args(["test", "--only", "sqlite", "--", "-k", "clock"])
    assert (options.only, options.pytest) == (("sqlite",), ["-k", "clock"])
