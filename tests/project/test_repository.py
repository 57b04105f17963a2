"""Promises about the files themselves: templates, locked requirements, the tests' own tools."""

import re

import pytest
from django.template import Context, Template, engines
from django.template.loader import get_template

from dev_tools.terminal import ROOT
from plan_tracker.errors import ALONE, WORDS

FOLDERS = [ROOT / "templates", *ROOT.glob("*/templates")]
TEMPLATES = sorted(path for folder in FOLDERS for path in folder.rglob("*.html"))


# Django's own, with one column more: to be compared with the next version of it.
OF_DJANGO = "templates/admin/edit_inline/tabular.html"


def test_no_line_of_a_template_is_longer_than_a_screen():
    long_lines = []
    for path in TEMPLATES:
        name = path.relative_to(ROOT).as_posix()
        if name == OF_DJANGO:
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if len(line) > 160:
                long_lines.append(f"{name}:{number}")
    assert long_lines == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_compiles_and_has_nothing_inline_that_the_policy_would_block(path):
    text = path.read_text("utf-8")
    engines["django"].from_string(text)
    markup = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.DOTALL)
    assert not re.search(
        r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", markup, re.IGNORECASE
    )
    assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", markup, re.IGNORECASE)
    assert not re.search(r"(src|href)\s*=\s*[\"'](https?:)?//", markup, re.IGNORECASE)


@pytest.mark.parametrize("status", WORDS)
def test_each_error_has_a_page_that_needs_no_database(status):
    context = {"reference": "A1B2", "frame": ALONE, "sentence": "", "fields": [], "shown": []}
    assert "A1B2" in get_template(f"{status}.html").template.render(Context(context))


@pytest.mark.parametrize("kind", ["base", "dev", "s3", "sso"])
def test_the_lock_has_a_hash_for_every_package_and_names_no_host(kind):
    text = (ROOT / "requirements" / f"{kind}.txt").read_text("utf-8")
    assert "://" not in text
    assert "index-url" not in text
    packages = re.split(r"\n(?=[a-z0-9])", text)
    assert all(
        "==" in package and "--hash=sha256:" in package
        for package in packages
        if not package.startswith("#")
    )


def test_both_locks_agree():
    base, dev, bucket, sso = (
        set(re.findall(r"^[\w.-]+==\S+", (ROOT / "requirements" / f"{k}.txt").read_text(), re.M))
        for k in ("base", "dev", "s3", "sso")
    )
    # What an office installs, with a bucket or single sign-on or without, is what was tested.
    assert base < bucket < dev
    assert base < sso < dev


def in_our_folder(source):
    """A template as if it lay in templates/."""
    template = Template(source)
    template.origin.name = str(ROOT / "templates" / "imagined.html")
    return template


@pytest.mark.parametrize(
    "source", ["{{ mispelt }}", "{{ user.mispelt }}", "{% with a=mispelt %}{% endwith %}"]
)
def test_a_variable_that_does_not_exist_fails_the_test_that_shows_it(source):
    with pytest.raises(AssertionError, match="mispelt"):
        in_our_folder(source).render(Context({"user": "x"}))


@pytest.mark.parametrize(
    "source",
    ["{% if absent %}{% endif %}", "{{ absent|default:'' }}", "{% for a in absent %}{% endfor %}"],
)
def test_a_variable_that_the_template_itself_calls_optional_does_not(source):
    assert in_our_folder(source).render(Context()) == ""


def test_templates_of_others_may_leave_variables_out():
    assert Template("{{ absent }}").render(Context()) == ""
