"""A misspelt variable in one of our own templates fails the test that renders it, instead of printing nothing."""

import sys
from pathlib import Path
from types import FrameType

from django.template.base import Node

OURS = Path(__file__).resolve().parent.parent
PARTS_OF_OTHERS = {"site-packages", ".venv"}
ALLOWING_FILTERS = {"default", "default_if_none"}
"""`{{ name|default:"" }}` says in the template itself that the variable may be absent."""


class MissingVariable(str):
    """Django's `string_if_invalid`: empty, as in production, and looked at before it is used.

    Django asks `if string_if_invalid:` in FilterExpression.resolve, the one place where a variable was not found and
    the template did not allow for that (`{% if %}` and `{% for %}` do). From there the frames above tell which node of
    which template asked. Templates of others (Django's admin, import-export) leave variables out by design.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        frame = sys._getframe(1)
        if frame.f_code.co_qualname == "FilterExpression.resolve":
            expression = frame.f_locals["self"]
            allowed = {function.__name__ for function, _ in expression.filters} & ALLOWING_FILTERS
            node = asking_node(frame)
            if node and is_ours(node.origin.name) and not allowed:
                line = node.token.lineno if node.token else "?"
                raise AssertionError(
                    f"{node.origin.name}:{line}: the variable {{{{ {expression.var} }}}} does not exist"
                )
        return False


def asking_node(frame: FrameType) -> Node | None:
    """The nearest node of a template among the callers."""
    caller = frame.f_back
    while caller is not None:
        node = caller.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            return node
        caller = caller.f_back
    return None


def is_ours(origin: str) -> bool:
    path = Path(origin)
    if not path.is_absolute() or not path.is_relative_to(OURS):
        return False
    # The virtual environment lies in our folder, and templates of others lie in it.
    return PARTS_OF_OTHERS.isdisjoint(path.parts)
