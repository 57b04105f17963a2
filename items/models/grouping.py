"""Expressions for queries that group very many rows in the order in which the database finds them."""

from typing import Any

from django.db.models import ExpressionWrapper, F, QuerySet
from django.db.models.expressions import Col
from django.db.models.sql.query import Query


class KeyBeside(F):
    """The key of the table that a column is in, where Django takes the foreign key that leads to it.

    SQLite groups rows without sorting them only by the key of the table that it reads first.
    """

    def resolve_expression(self, query: Query, *args: Any, **kwargs: Any) -> Col:  # type: ignore[override]
        # Any: django-stubs does not know that a column comes of it.
        column: Any = super().resolve_expression(query, *args, **kwargs)
        key = column.target.model._meta.pk
        return Col(column.alias, key)


def in_groups_of_actions(assignments: QuerySet[Any]) -> QuerySet[Any]:
    """A group for each action, named by `key_of_action`, to be annotated with aggregates.

    Grouped by all that is above the action, too, so that nothing is sorted whether SQLite begins
    with the actions or with the strategies.
    """
    keys = {
        "key_of_strategy": KeyBeside("action__plan__method__strategy__number"),
        "key_of_method": KeyBeside("action__plan__method__position"),
        "key_of_plan": KeyBeside("action__plan__position"),
        "key_of_action": KeyBeside("action__position"),
    }
    return assignments.order_by().annotate(**keys).values(*keys)


class OfKey(ExpressionWrapper):
    """A column of a table by whose key the rows are grouped: the same in all rows of a group."""

    def get_group_by_cols(self) -> list[Any]:
        return []


class OfGroup(ExpressionWrapper):
    """An expression of columns that the rows are grouped by, and so of their group.

    Django would group by the expression as well: no index has it, and the rows would be sorted. To
    be annotated after an aggregate, which says what is grouped by.
    """

    def get_group_by_cols(self) -> list[Any]:
        return [leaf for leaf in self.flatten() if isinstance(leaf, Col)]
