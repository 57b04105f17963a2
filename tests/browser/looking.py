"""What the browser tests look for on every page: what axe finds, and what lies outside of the window.

What is waited for is always a state, never a time: a machine under load takes as long as it likes.
"""

import time

from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.contrast import REMEMBER_WHAT_PASSED

PATIENCE = 30_000
"""Milliseconds after which what has not come will not come, on a machine with ten times as much to do."""
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
WCAG = {
    "runOnly": {
        "type": "tag",
        # The last one: order of headings, names of landmarks, headings of tables without words.
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    }
}
# Every rule is asked of every element as before; but axe describes, and the browser hands over, only
# what breaks a rule. All the elements that keep it took two thirds of the time.
ONLY_FINDINGS = {"resultTypes": ["violations"]}


DARK_CHANGES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""The rules that look at colours: the dark scheme sets nothing else (tests/project/test_schemes.py)."""

UNTIL_SHOWN = """
question => new Promise((shown, failed) => {
  let asked = 0;
  const ask = () => {
    if (matchMedia(question).matches) shown();
    else if ((asked += 1) > 3000) failed(new Error(`never shown: ${question}`));
    else setTimeout(ask, 10);
  };
  ask();
})
"""
SETTLE = """
() => {
  const onTheirWay = () => document.getAnimations().filter(
    animation => animation instanceof CSSTransition && animation.playState !== "finished");
  /* A colour that is handed down begins a way of its own below: until nothing is on its way. */
  for (let round = 0; round < 20 && onTheirWay().length; round += 1)
    for (const transition of onTheirWay()) transition.finish();
  return onTheirWay().length;
}
"""
"""Bring every colour that is on its way to its end; how many could not be brought there."""


def show_in(page, scheme):
    """The page in its light or its dark scheme."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate(UNTIL_SHOWN, f"(prefers-color-scheme: {scheme})")


def show_at(page, size):
    """The page in a window of this size."""
    page.set_viewport_size(size)
    page.evaluate(UNTIL_SHOWN, f"(width: {size['width']}px)")


def show_on(page, medium):
    """The page as it is on paper ("print"), or again on the screen."""
    page.emulate_media(media=medium)
    page.evaluate(UNTIL_SHOWN, medium)


def until(page, holds):
    """Wait until `holds()`, which asks the database; what a page shows is waited for with `expect`."""
    given_up_at = time.monotonic() + PATIENCE / 1000
    while not holds():
        assert time.monotonic() < given_up_at, "it never came to hold"
        page.wait_for_timeout(20)


def overflow(page):
    """How many pixels the page is wider than its window."""
    # A click waits for the answer to begin, not until the page is whole.
    page.wait_for_load_state()
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def findings(page, **options):
    """What axe has against the page: the rule, and the first elements that break it."""
    page.wait_for_load_state()
    # To read half a megabyte of script takes as long as to ask it.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
        page.evaluate(REMEMBER_WHAT_PASSED)
    assert page.evaluate(SETTLE) == 0, "axe would read colours that change while it reads"
    asked = WCAG | ONLY_FINDINGS | options
    violations = page.evaluate("asked => askAxe(asked)", asked)
    found = []
    for violation in violations:
        elements = [node["html"][:120] for node in violation["nodes"]]
        found.append((violation["id"], elements[:3]))
    return found


def assert_sound(page, *sizes):
    """Nothing of the page is wrong for axe, and nothing hangs over: in these windows, or as it is."""
    for size in sizes or [page.viewport_size]:
        show_at(page, size)
        assert findings(page) == []
        assert overflow(page) <= 0


def faults(page, **options):
    """What is wrong with the page that is open, wide and on the phone, light and dark."""
    wrong = []
    for size in (PHONE, WIDE):
        show_at(page, size)
        wrong += faults_as_it_is(page, **options)
    wrong += faults_in_the_dark(page, **options)
    return wrong


def faults_as_it_is(page, **options):
    """What is wrong with the page in this window, with these colours."""
    wrong = overflow_of(page)
    for finding in findings(page, **options):
        wrong.append((page.url, page.viewport_size["width"], *finding))
    return wrong


def faults_in_the_dark(page, **options):
    """What the dark scheme breaks on a page that was looked at in the light one."""
    show_in(page, "dark")
    wrong = []
    for finding in findings(page, **options, runOnly=DARK_CHANGES):
        wrong.append((page.url, "dark", *finding))
    show_in(page, "light")
    return wrong


def overflow_of(page):
    """One fault where the page is wider than its window."""
    pixels = overflow(page)
    if pixels > 0:
        return [(page.url, page.viewport_size["width"], "overflow", pixels)]
    return []
