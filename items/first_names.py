"""Many names in a sentence: the first ones, and how many there are."""

from collections.abc import Sequence


def first_names(names: Sequence[str], most: int, counted_as: str) -> str:
    """「115-01、115-02等 17 項」; all of them where they are no more than `most`.

    A strategy has hundreds of items, and a sentence of all their codes is not read.
    """
    words = "、".join(names[:most])
    if len(names) > most:
        words += f"等 {len(names):,} {counted_as}"
    return words
