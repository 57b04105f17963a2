"""The expressions behind 燈號: days between dates, 預定進度, and the first rule that holds.

They are what `AssignmentQuerySet` annotates; nothing else uses them.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, IntegerField, Q, Value
from django.db.models.sql.compiler import SQLCompiler

from items.lights import SEVERITY, Light
from items.models.actions import ControlStatus
from items.models.conditions import Alternative, FirstThatHolds
from items.models.light_basis import LightBasis

PROGRAMME = "action__plan__method__strategy__programme"
"""The way from an assignment to its programme."""


class Days(models.Func):
    """Whole days from the second date to the first; negative when the first is earlier."""

    output_field = IntegerField()
    arity = 2

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Any:
        # SQLite keeps days as text: julianday makes numbers of them, whose difference is whole.
        return self.as_sql(
            compiler,
            connection,
            template="CAST(julianday(%(expressions)s) AS INTEGER)",
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


def light_rules(basis: LightBasis, *, only_controlled: bool = False) -> list[LightRule]:
    """What each light means, in the order in which they are tried; none of them: 正常.

    The rules read what `AssignmentQuerySet.with_light` has annotated before, and compare it with
    the constants of the programme. `only_controlled` spares the look at the item of rows that are
    all 列管中.
    """
    soon = basis.today + timedelta(days=basis.programme.soon_days)
    is_released = ~Q(action__control_status=ControlStatus.UNDER_CONTROL)
    has_report = Q(reported_until__isnull=False)
    # With a report or without one: in this order a row asks once which period it is late for.
    is_newer_due = Q(due_until__gt=F("reported_until"))
    is_unreported = (~has_report & Q(due_until__isnull=False)) | is_newer_due
    is_behind = has_report & Q(behind_by__gte=basis.programme.behind_threshold)
    rules = [
        LightRule(Q(actual__gte=100), Light.DONE),
        LightRule(Q(deadline__lt=basis.today), Light.OVER),
        # Before 落後: without a report nobody knows whether the item is behind.
        LightRule(is_unreported, Light.UNREPORTED),
        LightRule(is_behind, Light.BEHIND),
        LightRule(Q(deadline__lte=soon), Light.SOON),
        LightRule(~has_report, Light.NOT_YET),
    ]
    if only_controlled:
        return rules
    return [LightRule(is_released, Light.FREE), *rules]


def severity_by_rules(
    rules: list[LightRule], *, instead: Mapping[str, Any] | None = None
) -> FirstThatHolds:
    """The severity of the light of the first rule that holds, else that of 正常.

    As a number alone, since lists sort by it; `Light.of_severity` gives the light back. `instead`
    has expressions in place of what `with_light` has annotated.
    """
    alternatives = [Alternative(rule.condition, SEVERITY[rule.light]) for rule in rules]
    return FirstThatHolds(
        alternatives,
        default=SEVERITY[Light.OK],
        output_field=IntegerField(),
        instead=instead,
    )


class LinearPercent(models.Func):
    """The percent that should be done by `until` or `last_day`, whichever comes first.

    It grows by the same share every day from the programme's first day to the deadline, both days
    included; `linear_percent_of` says the same in Python. Written as one piece of SQL: as a tree of
    expressions it cost 6,000 function calls on every page that shows a light.
    """

    output_field = IntegerField()
    arity = 2

    def __init__(
        self,
        deadline: models.F,
        until: models.F | Value,
        *,
        starts_on: date,
        last_day: date,
        **extra: Any,
    ) -> None:
        super().__init__(deadline, until, starts_on=starts_on, last_day=last_day, **extra)

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Any:
        # SQLite keeps days as text: julianday makes numbers of them, whose difference is whole.
        days = "(CAST(julianday({0}) - julianday({1}) AS INTEGER) + 1)"
        return self._percent(compiler, connection, days, least="MIN", greatest="MAX")

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> Any:
        return self._percent(
            compiler, connection, "({0} - {1} + 1)", least="LEAST", greatest="GREATEST"
        )

    def _percent(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        days: str,
        *,
        least: str,
        greatest: str,
    ) -> tuple[str, list[Any]]:
        """The SQL with its parameters; `days` counts those between two days, both included."""
        deadline, until = self.get_source_expressions()
        deadline_sql, deadline_parameters = compiler.compile(deadline)
        until_sql, until_parameters = compiler.compile(until)
        first_sql, first_parameters = compiler.compile(_day(self.extra["starts_on"]))
        last_sql, last_parameters = compiler.compile(_day(self.extra["last_day"]))
        passed = days.format(f"{least}({until_sql}, {last_sql})", first_sql)
        in_all = days.format(deadline_sql, first_sql)
        passed_sql = f"{greatest}({passed}, 0)"
        in_all_sql = f"{greatest}({in_all}, 1)"
        # Doubled, and half a percent added after the division of whole numbers: both engines then
        # round alike, and the days of the deadline are worked out once.
        sql = f"{least}(({passed_sql} * 200 / {in_all_sql} + 1) / 2, 100)"
        parameters = [
            *until_parameters,
            *last_parameters,
            *first_parameters,
            *deadline_parameters,
            *first_parameters,
        ]
        return sql, parameters


def linear_percent_of(deadline: date, until: date, *, starts_on: date, last_day: date) -> int:
    """`LinearPercent` of one row."""
    day = min(until, last_day)
    # Both days count: of a task of one day all is to be done on it. A deadline before the first
    # day of the year, or a day before it, gives no negative share.
    days_in_all = max((deadline - starts_on).days + 1, 1)
    days_passed = max((day - starts_on).days + 1, 0)
    # Half a percent is rounded up, as the database does it with whole numbers.
    rounded = (days_passed * 200 + days_in_all) // (days_in_all * 2)
    return min(rounded, 100)


def _day(day: date) -> Value:
    return Value(day, models.DateField())
