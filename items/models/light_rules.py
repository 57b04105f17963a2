"""The expressions behind 燈號: days between dates, 預定進度, and the first rule that holds.

They are what `AssignmentQuerySet` annotates; nothing else uses them.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, ExpressionWrapper, F, IntegerField, Q, Value, When
from django.db.models.functions import Greatest, Least
from django.db.models.sql.compiler import SQLCompiler

from items.lights import Light
from items.models.plan import ControlStatus

PROGRAMME = "action__plan__method__strategy__programme"
"""The way from an assignment to its programme."""


class Days(models.Func):
    """Whole days from the second date to the first; negative when the first is earlier."""

    output_field = IntegerField()
    arity = 2

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Any:
        # SQLite keeps days as text: julianday makes numbers of them.
        return self.as_sql(
            compiler,
            connection,
            template="CAST(ROUND(julianday(%(expressions)s)) AS INTEGER)",
            arg_joiner=") - julianday(",
            **context,
        )

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Any:
        return self.as_sql(
            compiler, connection, template="(%(expressions)s)", arg_joiner=" - ", **context
        )


class LightRule(NamedTuple):
    """A light, and the condition under which it is lit unless a rule before it holds."""

    condition: Q
    light: Light


def light_rules(today: date) -> list[LightRule]:
    """What each light means, in the order in which they are tried; none of them: 正常.

    The rules read what `AssignmentQuerySet.with_light` has annotated before.
    """
    is_released = ~Q(action__control_status=ControlStatus.UNDER_CONTROL)
    has_report = Q(reported_until__isnull=False)
    is_newer_due = Q(due_until__gt=F("reported_until"))
    is_unreported = Q(due_until__isnull=False) & (~has_report | is_newer_due)
    is_behind = has_report & Q(behind_by__gte=F(f"{PROGRAMME}__behind_threshold"))
    is_due_soon = Q(light_days__lte=F(f"{PROGRAMME}__soon_days"))
    return [
        LightRule(is_released, Light.FREE),
        LightRule(Q(actual__gte=100), Light.DONE),
        LightRule(Q(deadline__lt=today), Light.OVER),
        # Before 落後: without a report nobody knows whether the item is behind.
        LightRule(is_unreported, Light.UNREPORTED),
        LightRule(is_behind, Light.BEHIND),
        LightRule(is_due_soon, Light.SOON),
        LightRule(~has_report, Light.NOT_YET),
    ]


def first_that_holds(
    rules: list[LightRule],
    value_of: Callable[[Light], str | int],
    output_field: models.Field,
) -> Case:
    """The value of the light of the first rule that holds, else the value of 正常."""
    whens = [When(rule.condition, then=Value(value_of(rule.light))) for rule in rules]
    return Case(*whens, default=Value(value_of(Light.OK)), output_field=output_field)


def linear_percent(until: F | Value, today: date) -> ExpressionWrapper:
    """The percent that should be done by `until` or today, whichever comes first.

    It grows by the same share every day from the programme's first day to the deadline, both days
    included.
    """
    starts_on = F(f"{PROGRAMME}__starts_on")
    day = Least(until, Value(today, models.DateField()))
    days_in_all = Greatest(Days(F("deadline"), starts_on) + 1, 1)
    days_passed = Greatest(Days(day, starts_on) + 1, 0)
    # Doubled, with half a percent more, before the integer division: both engines then round alike.
    percent = Least((days_passed * 200 + days_in_all) / (days_in_all * 2), 100)
    return ExpressionWrapper(percent, IntegerField())
