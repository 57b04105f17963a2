"""Queries that carry a right, and whose SQL is written once for everybody of one role."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

from items.access.standing_in import principals_of
from items.models import User
from items.models.kept_queries import KeptQueries, Thing, key_of
from items.models.prepared import MOST_KEYS, Prepared, places_of, values_of

Row = TypeVar("Row", bound=Model)
ANYBODY = -7_046_029_254_386_353_131
"""The key of a person who is nobody: where it stands in a prepared query, the asker's key is put."""


def asks_in_own_words(user: User) -> bool:
    """Whether the SQL for this person depends on more than key and role.

    Nobody sees anything with a closed account, and a deputy sees what others may see.
    """
    return not user.is_active or bool(principals_of(user))


class PreparedForPerson(Generic[Row]):
    """A query that depends on who asks by nothing but their key and their role.

    That is what rights depend on. For a person who stands in for others the query is written anew
    each time, since it depends on whom they stand in for.
    """

    def __init__(self, make: Callable[..., QuerySet[Row]]) -> None:
        """`make` gets the person, and the things that the query is written for beside its slots."""
        self._make = make
        self._kept = KeptQueries[Prepared[Row]]()

    def __call__(self, user: User, *things: Thing, **values: Any) -> list[Row]:
        """The rows that this person may see; `values` stand where the query has slots."""
        if asks_in_own_words(user):
            # Not kept: nobody else asks in these words.
            for_this_person = Prepared(partial(self._make, user, *things))
            return for_this_person(**values)
        keys_of_things = [key_of(thing) for thing in things]
        key = (user.role, *keys_of_things)
        make = partial(self._for_anybody, user.role, *things)
        prepared = self._kept.get(key, make)
        return prepared(asker=user.pk, **values)

    def _for_anybody(self, role: str, *things: Thing) -> Prepared[Row]:
        anybody = User(pk=ANYBODY, role=role)
        make = partial(self._make, anybody, *things)
        return Prepared(make, places={ANYBODY: "asker"})

    def first(self, user: User, *things: Thing, **values: Any) -> Row | None:
        """The first row; None where there is none."""
        rows = self(user, *things, **values)
        if not rows:
            return None
        return rows[0]


class PreparedForPersonAndKeys(Generic[Row]):
    """The same for rows that are named by keys; see `PreparedForKeys`."""

    def __init__(self, make: Callable[[User, list[int]], QuerySet[Row]]) -> None:
        self._make = make
        self._kept = KeptQueries[Prepared[Row]]()

    def __call__(self, user: User, keys: Iterable[int], **values: Any) -> list[Row]:
        """Nothing is asked where there are no keys; `values` stand where the query has slots."""
        asked = list(keys)
        if not asked:
            return []
        # Of more keys than that, the SQL is written for the moment: to keep it would cost memory.
        if asks_in_own_words(user) or len(asked) > MOST_KEYS:
            for_the_moment = Prepared(partial(self._make, user, asked))
            return for_the_moment(**values)
        places = places_of(asked)
        key = (user.role, len(places))
        make = partial(self._for_anybody, user.role, places)
        prepared = self._kept.get(key, make)
        return prepared(asker=user.pk, **values_of(asked, places), **values)

    def _for_anybody(self, role: str, places: dict[int, str]) -> Prepared[Row]:
        anybody = User(pk=ANYBODY, role=role)
        with_asker = places | {ANYBODY: "asker"}
        make = partial(self._make, anybody, list(places))
        return Prepared(make, places=with_asker)
