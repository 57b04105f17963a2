"""What the browser tests look for on every page: what axe finds, and what lies outside of the window."""

import json

from axe_playwright_python.base import AXE_SCRIPT

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


def overflow(page):
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def findings(page, **options):
    """What axe has against the page: the rule, and the first elements that break it."""
    asked = json.dumps(WCAG | ONLY_FINDINGS | options)
    page.evaluate(AXE_SCRIPT)
    violations = page.evaluate(f"axe.run({asked}).then(results => results.violations)")
    found = []
    for violation in violations:
        elements = [node["html"][:120] for node in violation["nodes"]]
        found.append((violation["id"], elements[:3]))
    return found


def faults(page, **options):
    """What is wrong with the page that is open, wide and on the phone, light and dark."""
    wrong = []
    for size in (PHONE, WIDE):
        page.set_viewport_size(size)
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
    # Without motion no colour is on its way when axe reads it.
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    wrong = []
    for finding in findings(page, **options, runOnly=DARK_CHANGES):
        wrong.append((page.url, "dark", *finding))
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return wrong


def overflow_of(page):
    """One fault where the page is wider than its window."""
    pixels = overflow(page)
    if pixels > 0:
        return [(page.url, page.viewport_size["width"], "overflow", pixels)]
    return []
