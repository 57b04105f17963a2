"""The pages of the back office, by subject; importing them registers them."""

from items.admin import history, people, plan, progress

__all__ = ["history", "people", "plan", "progress"]
