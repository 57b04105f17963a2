"""The folded words that rows carry for searching: held against their texts, and written anew.

Models write them by themselves (`items/models/folded.py`). What came past the models, by a program
of the database or under an older rule of folding, is found and mended here.
"""

from collections.abc import Iterator
from typing import Any

from django.db import models, transaction

from items.models import (
    Action,
    Department,
    Method,
    Plan,
    ProgressReport,
    Strategy,
    User,
)
from items.models.folded import FOLDED, folded_field

SEARCHED: tuple[type[models.Model], ...] = (
    Department,
    User,
    Strategy,
    Method,
    Plan,
    Action,
    ProgressReport,
)
"""The models whose words are searched."""


def stale_rows(model: type[models.Model]) -> Iterator[tuple[int, str]]:
    """The key of each row whose copy is not what its texts say, and what it should be."""
    field = folded_field(model)
    rows = model._default_manager.order_by("pk").values("pk", FOLDED, *field.sources)
    for row in rows.iterator():
        true_words = field.of(row)
        if row[FOLDED] != true_words:
            yield row["pk"], true_words


def count_stale() -> int:
    """How many rows carry words that are not those of their texts."""
    number = 0
    for model in SEARCHED:
        number += sum(1 for _ in stale_rows(model))
    return number


@transaction.atomic
def rebuild() -> int:
    """Write every copy that differs anew; the number of rows written."""
    number = 0
    for model in SEARCHED:
        # Collected before they are written: SQLite would go on reading what has just changed.
        for key, words in list(stale_rows(model)):
            _write(model, key, words)
            number += 1
    return number


def _write(model: type[models.Model], key: int, words: str) -> None:
    values: dict[str, Any] = {FOLDED: words}
    model._default_manager.filter(pk=key).update(**values)
