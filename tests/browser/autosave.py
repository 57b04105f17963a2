"""A form that saves by itself, in a browser whose clock goes on when a test says so.

The test calls `page.clock.install()` before it opens the form. From then on the clock goes as it
always does, and can be put forward besides: nobody waits for the pause after the last key.
"""

from tests.browser.looking import until

PAUSE = 3_000
"""Milliseconds after the last key, as templates/items/report_form.html says."""


def let_autosave(page, words="已自動儲存"):
    """The pause passes at once, as often as it takes until the form says these words."""
    said = page.locator("#saved", has_text=words)

    def has_said():
        page.clock.fast_forward(PAUSE)
        return said.count() > 0

    until(page, has_said)
