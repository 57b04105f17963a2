"""Which Chromium the browser tests get, and what is installed for them."""

import pytest

from dev_tools import browser


@pytest.fixture
def machine(monkeypatch):
    """`machine(*programs)`: these are installed; the list of packages that are asked for comes back."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "_has_chinese_font", lambda: True)

    def set_up(*programs):
        asked = []

        def which(name):
            return f"/usr/bin/{name}" if name in programs else None

        monkeypatch.setattr(browser.shutil, "which", which)
        monkeypatch.setattr(browser, "install", asked.append)
        return asked

    return set_up


def test_one_without_windows_is_preferred_and_nothing_is_installed(machine):
    asked = machine("chromium", "chromium-headless-shell")
    assert browser.browser_variables() == {"CHROMIUM": "/usr/bin/chromium-headless-shell"}
    assert asked == []


def test_a_whole_chromium_will_do_where_the_other_one_cannot_be_installed(machine):
    asked = machine("chromium")
    assert browser.browser_variables() == {"CHROMIUM": "/usr/bin/chromium"}
    assert asked == [["chromium-headless-shell"]]


def test_a_named_browser_is_taken_as_it_is(machine, monkeypatch):
    asked = machine("chromium")
    monkeypatch.setenv("CHROMIUM", "/opt/chrome")
    assert browser.browser_variables() == {"CHROMIUM": "/opt/chrome"}
    assert asked == []
