"""The pages of the back office, by subject; importing them registers them."""

from items.admin import (
    accounts,
    actions,
    assignments,
    departments,
    history,
    plan_path,
    programme,
    progress,
)

__all__ = [
    "accounts",
    "actions",
    "assignments",
    "departments",
    "history",
    "plan_path",
    "programme",
    "progress",
]
