"""What the browser tests look for on every page: what axe finds, and what lies outside of the window."""

from axe_playwright_python.sync_playwright import Axe

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
WCAG = {
    "runOnly": {
        "type": "tag",
        # The last one: order of headings, names of landmarks, headings of tables without words.
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    }
}


def overflow(page):
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def findings(page, **options):
    """What axe has against the page: the rule, and the first elements that break it."""
    answer = Axe().run(page, options=WCAG | options)
    found = []
    for violation in answer.response["violations"]:
        elements = [node["html"][:120] for node in violation["nodes"]]
        found.append((violation["id"], elements[:3]))
    return found
