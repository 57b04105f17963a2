"""Queries that carry a right, and whose SQL is written once for everybody of one role."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

from items.access.belonging import principals_of
from items.models import User
from items.models.prepared import Prepared

Row = TypeVar("Row", bound=Model)
ANYBODY = -7_046_029_254_386_353_131
"""The key of a person who is nobody: where it stands in a prepared query, the asker's key is put."""


class PreparedForPerson(Generic[Row]):
    """A query that depends on who asks by nothing but their key and their role.

    That is what rights depend on. Whoever stands in for others has a query of their own each time.
    """

    def __init__(self, make: Callable[[User], QuerySet[Row]]) -> None:
        self._make = make
        self._of_role: dict[str, Prepared[Row]] = {}

    def __call__(self, user: User, **values: Any) -> list[Row]:
        if not user.is_active or principals_of(user):
            return Prepared(lambda: self._make(user))(**values)
        prepared = self._of_role.get(user.role)
        if prepared is None:
            anybody = User(pk=ANYBODY, role=user.role)
            prepared = Prepared(lambda: self._make(anybody), places={ANYBODY: "asker"})
            self._of_role[user.role] = prepared
        return prepared(asker=user.pk, **values)

    def first(self, user: User, **values: Any) -> Row | None:
        """The first row; None where there is none."""
        rows = self(user, **values)
        if not rows:
            return None
        return rows[0]
