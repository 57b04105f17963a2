"""Hostile files by name. Each must be refused; none may take more than 5 s or 300 MB (see measure.py)."""

from tests.items.exchange.spreadsheets import hostile_markup, hostile_sizes, hostile_zips
from tests.items.exchange.spreadsheets.hostile_parts import MADE

__all__ = ["MADE", "hostile_markup", "hostile_sizes", "hostile_zips"]
# Named here, since a module that is not imported puts none of its files on the list.
