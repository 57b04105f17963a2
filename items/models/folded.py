"""The words of a row in one spelling, kept beside them: searching then compares plain texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from items.search import all_searchable, searchable


class FoldedWords:
    """The attribute of a `FoldedField`: always what the row's texts say now.

    Everything that writes a row (save, a fixture, many rows at once) reads the attribute, so that
    the copy in the database always says the same as the texts beside it.
    """

    def __init__(self, field: FoldedField) -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        return self.field.of({name: getattr(instance, name) for name in self.field.sources})

    def __set__(self, instance: models.Model, stored: str) -> None:
        # Django takes a field for one that was not fetched, and does not write it, where it finds
        # nothing here.
        instance.__dict__[self.field.attname] = stored


class FoldedField(models.TextField):
    """A copy of other texts of the row as `search.searchable` folds them, line by line."""

    descriptor_class = FoldedWords

    def __init__(self, *, sources: Iterable[str], **options: Any) -> None:
        self.sources = tuple(sources)
        super().__init__("搜尋用文字", blank=True, default="", editable=False)

    def deconstruct(self) -> Any:
        name, path, _, _ = super().deconstruct()
        return name, path, [], {"sources": self.sources}

    def of(self, values: Mapping[str, Any]) -> str:
        """The copy for a row with these values."""
        return searchable(self._whole(values))

    def of_many(self, rows: Iterable[Mapping[str, Any]]) -> list[str]:
        """The copies for rows with these values, in their order."""
        return all_searchable([self._whole(values) for values in rows])

    def _whole(self, values: Mapping[str, Any]) -> str:
        # Each on a line of its own: no word is found that begins in one text and ends in the next.
        return "\n".join([values[name] for name in self.sources])


FOLDED = "folded"
"""The name of the field in every model that has one."""


def has_folded_words(model: type[models.Model]) -> bool:
    """Whether rows of the model carry their words folded."""
    return any(isinstance(field, FoldedField) for field in model._meta.concrete_fields)


def folded_field(model: type[models.Model]) -> FoldedField:
    """The field of a model that keeps its words folded."""
    field = model._meta.get_field(FOLDED)
    assert isinstance(field, FoldedField)
    return field
