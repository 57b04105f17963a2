"""The dark scheme is the light one in other colours: the browser tests look at both on one load."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "static"
ASKS_FOR_DARK = re.compile(
    r"prefers-color-scheme: dark\)\s*\{(?P<rules>(?:[^{}]*\{[^{}]*\})*)\s*\}"
)
SETTING = re.compile(r"(?P<name>[-\w]+)\s*:\s*(?P<value>[^;{}]+?)\s*[;}]")
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|var\(--[-\w]+\)")


def our_files(kind):
    files = []
    for path in STATIC.rglob(f"*.{kind}"):
        if "vendor" not in path.parts and ".min." not in path.name:
            files.append(path)
    return files


def test_the_dark_scheme_sets_colours_alone():
    read = 0
    for path in our_files("css"):
        for found in ASKS_FOR_DARK.finditer(path.read_text("utf-8")):
            read += 1
            rules = re.sub(r"[^{}]*\{", "", found["rules"])
            for setting in SETTING.finditer(rules):
                is_scheme = setting["name"] == "color-scheme"
                assert is_scheme or COLOUR.fullmatch(setting["value"]), (path.name, setting[0])
    assert read > 2


@pytest.mark.parametrize("question", ["prefers-color-scheme", "innerWidth", "width:", "resize"])
def test_no_script_asks_how_a_page_is_looked_at(question):
    scripts = our_files("js")
    assert len(scripts) > 3
    for path in scripts:
        assert question not in path.read_text("utf-8"), path.name
