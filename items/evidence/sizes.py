"""How large a file is, in words."""

KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE


def size_words(size: int) -> str:
    """「2.4 MB」, 「380 KB」: as file managers say it."""
    if size >= MEGABYTE:
        return f"{size / MEGABYTE:.1f} MB"
    return f"{max(1, round(size / KILOBYTE))} KB"
