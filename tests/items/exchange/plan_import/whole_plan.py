"""The whole plan of a test: all of its rows, and a table that changes one of everything."""

from django.core import serializers

from items.models import (
    Action,
    Assignment,
    Method,
    Plan,
    Strategy,
)
from tests.items.exchange.official_rows import (
    rows_of,
)

PLAN_MODELS = (Strategy, Method, Plan, Action, Assignment)
STRATEGY, METHOD, PLAN, ACTION, DEADLINE, LEAD, BENEFIT = range(1, 8)
"""Places of the columns of `rows_of`, behind the code."""


def everything():
    """Every row of the plan; without keys of assignments, which are new where one was taken back."""
    found = []
    for model in PLAN_MODELS:
        for stored in serializers.serialize("python", model.objects.all()):
            key = stored["pk"]
            if model is Assignment:
                key = None
            fields = sorted(stored["fields"].items())
            found.append((stored["model"], key, fields))
    return sorted(found, key=repr)


def edited(plan):
    """The plan's own table with one of everything that a person may change in it."""
    rows = rows_of(plan)
    _rename_the_first_strategy(rows)
    rows[1][ACTION] = "改寫的作法"
    rows[2][LEAD] = "港務處\n工程處"
    rows[2][DEADLINE] = "115年6月\n115年9月"
    rows[4][BENEFIT] = "改寫的效益。"
    rows[6][LEAD] = "港務處"
    # An item under another strategy, and another order of two.
    title = rows[8][STRATEGY].partition(". ")[2]
    rows[8][STRATEGY] = f"2. {title}"
    rows[8][METHOD] = "新的方法"
    rows[8][PLAN] = "新的計畫"
    rows[10], rows[11] = rows[11], rows[10]
    # One item less, and a new one.
    del rows[20]
    rows.append(
        ["", "7. 新的策略", "新的方法", "新的計畫", "新的作法", "每季", "各單位", "新的效益。"]
    )
    return rows


def _rename_the_first_strategy(rows):
    old_cell = rows[1][STRATEGY]
    for cells in rows[1:]:
        if cells[STRATEGY] == old_cell:
            cells[STRATEGY] = "1. 健全基礎服務項目"
