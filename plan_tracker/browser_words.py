"""「Chrome・Windows」: a browser as its owner recognises it, from what it says of itself."""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""In this order: Edge calls itself Chrome and Safari as well, and Chrome calls itself Safari."""
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
UNKNOWN = "其他瀏覽器"


def browser_words(user_agent: str) -> str:
    """Never the text itself, which anybody may have written."""
    words = []
    for names in (BROWSERS, SYSTEMS):
        for mark, name in names:
            if mark in user_agent:
                words.append(name)
                break
    return "・".join(words) or UNKNOWN
