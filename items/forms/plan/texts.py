"""Texts of the plan, as an import takes them."""

from typing import Any

from items.characters import without_unwanted
from items.forms.base import Prose


class PlanText(Prose):
    """A text of the official table: invisible characters are taken out, as from a cell of a file."""

    def to_python(self, value: Any) -> str:
        return without_unwanted(super().to_python(value)).strip()
