"""A misspelt variable in one of our own templates fails the test that renders it, instead of printing nothing."""

import sys
from pathlib import Path

OURS = Path(__file__).resolve().parent.parent
PARTS_OF_OTHERS = {"site-packages", ".venv"}
ALLOWING_FILTERS = {"default", "default_if_none"}
"""`{{ name|default:"" }}` says in the template itself that the variable may be absent."""


class MissingVariable(str):
    """Django's `string_if_invalid`: empty, as in production, and looked at before it is used.

    Django asks `if string_if_invalid:` in FilterExpression.resolve, the one place where a variable was not found and
    the template did not allow for that (`{% if %}` and `{% for %}` do). There the frame above tells the template and
    the variable. Templates of others (Django's admin, import-export) print nothing for missing variables by design.
    """

    def __bool__(self):
        frame = sys._getframe(1)
        expression, context = frame.f_locals.get("self"), frame.f_locals.get("context")
        if frame.f_code.co_qualname == "FilterExpression.resolve" and context is not None:
            template = context.render_context.template
            origin = getattr(getattr(template, "origin", None), "name", "") or ""
            allowed = {function.__name__ for function, _ in expression.filters} & ALLOWING_FILTERS
            if is_ours(origin) and not allowed:
                raise AssertionError(f"{origin}: the variable {{{{ {expression.var} }}}} does not exist")
        return False


def is_ours(origin):
    path = Path(origin)
    return path.is_absolute() and path.is_relative_to(OURS) and not PARTS_OF_OTHERS & set(path.parts)
