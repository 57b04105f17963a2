"""What dev.py lint says of the packages' known faults."""

import json

import pytest

from dev_tools import known_faults
from dev_tools.known_faults import read_answer, words

GOOD = {"name": "waitress", "version": "3.0.2", "vulns": []}
NOT_LISTED = {"name": "ours", "skip_reason": "Dependency not found on PyPI"}
BAD = {
    "name": "django",
    "version": "5.2.0",
    "vulns": [{"id": "PYSEC-2025-1", "fix_versions": ["5.2.1"], "aliases": [], "description": ""}],
}


def answer_of(*packages):
    return read_answer(json.dumps({"dependencies": packages, "fixes": []}))


def test_a_known_fault_is_named_with_the_version_that_mends_it():
    answer = answer_of(GOOD, BAD, NOT_LISTED)
    assert words(answer) == "django 5.2.0: PYSEC-2025-1, mended in 5.2.1"
    assert answer.faults


def test_a_fault_that_is_silenced_for_a_reason_is_none(monkeypatch):
    monkeypatch.setitem(known_faults.SILENCED, "PYSEC-2025-1", "we never call it")
    assert not answer_of(BAD).faults


def test_what_could_not_be_asked_is_said_and_is_no_fault():
    assert words(answer_of(GOOD)) == "1 packages, nothing known"
    assert words(answer_of(GOOD, NOT_LISTED)) == "1 packages, nothing known; of 1 PyPI has no list"
    assert words(answer_of(NOT_LISTED)).startswith("could not ask PyPI")


@pytest.mark.slow
def test_without_a_network_there_is_no_answer(monkeypatch):
    # A port that nobody listens at stands for the line that is down.
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert read_answer(known_faults._ask()) is None
