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
