"""The items of a list as plain values: a model instance for each costs several times as much."""

from typing import NamedTuple


class ListedAction(NamedTuple):
    """An action with its path; the fields are named as the database is asked for them."""

    pk: int
    code: str
    title: str
    expected_benefit: str
    every_department: bool
    separate_deadlines: bool
    control_status: str
    plan_id: int
    plan__title: str
    plan__method_id: int
    plan__method__title: str
    plan__method__strategy_id: int
    plan__method__strategy__number: int
    plan__method__strategy__title: str
