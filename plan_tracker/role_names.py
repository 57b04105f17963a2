"""Roles as settings name them; a test holds the names against the models."""

from collections.abc import Iterable

ROLE_NAMES = ("admin", "coordinator", "manager", "auditor", "head", "reporter")
EVERYBODY = "all"


class UnknownRole(Exception):
    """A role that does not exist: what was meant for somebody would hold for nobody."""


def roles_in(names: Iterable[str]) -> frozenset[str]:
    """The roles that a setting names; `all` stands for every one."""
    wanted = {name.strip() for name in names if name.strip()}
    if EVERYBODY in wanted:
        return frozenset(ROLE_NAMES)
    unknown = wanted.difference(ROLE_NAMES)
    if unknown:
        words = "、".join(sorted(unknown))
        known = "、".join((*ROLE_NAMES, EVERYBODY))
        raise UnknownRole(f"SECOND_FACTOR_ROLES 裡的「{words}」不是角色；可以寫的是 {known}。")
    return frozenset(wanted)
