"""How long the texts of an office may be: forms and the database refuse the same."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from items.models.quick_checks import QuickCheck

TITLE_LENGTH = 32_767
"""The longest cell of the plan, in characters: as many as a cell of a spreadsheet can hold."""
STRATEGY_LENGTH = TITLE_LENGTH - len("32767. ")
"""A strategy's number stands before its title in the same cell."""

REASON_LENGTH = 500
"""The longest reason for a step back, such as opening a closed year again, in characters."""

# For the constraints below: `title__length__lte`.
models.CharField.register_lookup(Length)
models.TextField.register_lookup(Length)


def at_most(field: str, length: int, model: str) -> QuickCheck:
    """SQLite keeps over-long text that PostgreSQL refuses: this makes both refuse it."""
    is_short_enough = Q(**{f"{field}__length__lte": length})
    return QuickCheck(
        condition=is_short_enough,
        name=f"{model}_{field}_length",
        violation_error_message=f"文字太長，最多 {length} 個字。",
    )
