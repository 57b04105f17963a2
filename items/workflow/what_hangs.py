"""What refers to a row, and so keeps it from being deleted, in words."""

from collections.abc import Mapping


def words_of_what_hangs(numbers: Mapping[str, int]) -> str:
    """{"位人員": 2, "件分辦": 0, "則留言": 1} as 「2 位人員、1 則留言」; empty where nothing does."""
    parts = []
    for words, number in numbers.items():
        if number:
            parts.append(f"{number} {words}")
    return "、".join(parts)
