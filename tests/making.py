"""The day on which the tests play, and short ways to make what they need; dates are literal and passed in."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.db import models

from items.models import (
    Action,
    Assignment,
    Membership,
    Method,
    Plan,
    Programme,
    ProgrammeState,
    ProgressReport,
    ReportState,
    Role,
    Strategy,
    User,
)
from items.workflow import newest_figures, periods
from tests.kept_rows import periods_as_made_by

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
START = 1_795_000_000
"""Seconds since 1970: where the clock stands in tests of what runs out, until they move it."""
PASSWORD = "correct horse 115"
NO_KEY = 2_000_000_000
"""No row has it: the keys that PostgreSQL has given go on where a test has ended."""


def make_user(username, full_name, role=Role.STAFF, **departments):
    """A person who can sign in; `departments` is {"reporter": department} or {"head": department}."""
    user = User.objects.create_user(username, PASSWORD, full_name=full_name, role=role)
    for membership_role, department in departments.items():
        Membership.objects.create(user=user, department=department, role=membership_role)
    return user


def make_programme():
    """115年度, 執行中, without periods."""
    return Programme.objects.create(
        year=115,
        title="115年度花蓮港務分公司提升服務品質執行計畫",
        approved_on=date(2026, 4, 27),
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        state=ProgrammeState.RUNNING,
    )


def make_quarters(programme, coordinator):
    """Four quarters: the first three opened and closed, the fourth open until 115年12月1日."""
    return periods_as_made_by(_quarters_by_verbs, programme, coordinator)


def _quarters_by_verbs(programme, coordinator):
    periods.lay_out(programme, by=coordinator, at=NOW - timedelta(days=300))
    quarters = list(programme.periods.all())
    for quarter in quarters[:3]:
        periods.open_period(quarter, by=coordinator, at=NOW - timedelta(days=60))
        periods.close_period(quarter, by=coordinator, at=NOW - timedelta(days=30))
    periods.open_period(
        quarters[3], due_on=date(2026, 12, 1), by=coordinator, at=NOW - timedelta(days=6)
    )
    return quarters


def action_maker(programme):
    """A function that makes actions under the plan's one path, and assigns them to departments."""
    strategy, _ = Strategy.objects.get_or_create(
        programme=programme, number=1, defaults={"title": "完備基礎服務項目"}
    )
    method, _ = Method.objects.get_or_create(
        strategy=strategy, position=1, defaults={"title": "建立標準作業流程"}
    )
    plan, _ = Plan.objects.get_or_create(
        method=method, position=1, defaults={"title": "滾動檢討作業流程"}
    )
    numbers = count(1)

    def make(
        departments=(), *, title="設置民眾休憩區", deadline=date(2026, 12, 31), code=None, **fields
    ):
        number = next(numbers)
        action = Action.objects.create(
            **{
                "plan": plan,
                "position": number,
                "code": code or f"115-{number:02}",
                "title": title,
                "expected_benefit": "增進民眾洽公之便利性。",
                **fields,
            }
        )
        for position, department in enumerate(departments):
            Assignment.objects.create(
                action=action,
                department=department,
                position=position,
                deadline=deadline,
                deadline_text="115年12月",
            )
        return action

    return make


def make_report(
    assignment,
    period,
    by,
    *,
    text="完成地坪施工。",
    percent=75,
    state=ReportState.ACCEPTED,
    **fields,
):
    """A report in any state, without the steps that led to it."""
    report = ProgressReport.objects.create(
        **{
            "assignment": assignment,
            "period": period,
            "text": text,
            "percent": percent,
            "work_status": "in_progress",
            "state": state,
            "written_by": by,
            "updated_at": NOW,
            "since": NOW,
            **fields,
        }
    )
    # What the steps that led here would have done.
    newest_figures.refresh(assignment.pk)
    return report


def past_the_application(model):
    """The rows of an append-only model, by a queryset that forbids nothing."""
    return models.QuerySet(model)
