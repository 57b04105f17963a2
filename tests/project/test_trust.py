"""docs/trust: each statement names tests that exist."""

import ast
import re

import pytest

from dev_tools.terminal import ROOT

TABLES = sorted((ROOT / "docs" / "trust").glob("*.md"))
NAMED = re.compile(r"`(tests/[\w/]+\.py(?:::\w+)+)`")


def statements():
    """(file, line of the table) of every statement."""
    for path in TABLES:
        for line in path.read_text("utf-8").splitlines():
            is_head = line.startswith(("| |", "|---"))
            if line.startswith("|") and not is_head:
                yield pytest.param(line, id=f"{path.stem}: {line.split('|')[2].strip()[:50]}")


def names_in(path):
    """The names in a test file, those in a class as `Class::test`."""
    names = set()
    for node in ast.parse((ROOT / path).read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    names.add(f"{node.name}::{inner.name}")
    return names


def problem(line):
    named = NAMED.findall(line)
    if not named:
        return "names no test"
    for one in named:
        path, _, name = one.partition("::")
        if not (ROOT / path).is_file() or name not in names_in(path):
            return f"{one} does not exist"
    return ""


@pytest.mark.parametrize("line", list(statements()))
def test_a_statement_names_tests_that_exist(line):
    assert problem(line) == ""


def test_a_statement_without_a_test_and_one_with_a_missing_test_are_found():
    assert problem("| B9 | All is well. | we hope |") == "names no test"
    assert "does not exist" in problem(
        "| B9 | All is well. | `tests/project/test_trust.py::test_x` |"
    )
    assert "does not exist" in problem("| B9 | All is well. | `tests/project/test_x.py::test_x` |")


def test_the_overview_leads_to_every_table():
    overview = (ROOT / "docs" / "trust.md").read_text("utf-8")
    assert TABLES
    for path in TABLES:
        assert f"(trust/{path.name})" in overview
