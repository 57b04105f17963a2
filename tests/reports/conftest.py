"""The summary of the year as 首長 has it, and a year with a case of each light."""

from datetime import date

import pytest

from items import access
from items.models import Assignment, Method, Plan, Strategy
from items.workflow import newest_figures
from reports.dashboard import summarise
from tests.making import TODAY
from tests.reports.dashboard_words import share


@pytest.fixture
def summary(programme, manager):
    def make(today=TODAY):
        return summarise(
            programme,
            today,
            reader=manager,
            actions=access.visible_actions(manager).for_programme(programme),
            assignments=access.visible_assignments(manager).for_programme(programme),
            reports=access.visible_reports(manager).for_programme(programme),
        )

    return make


@pytest.fixture
def plan(make_action, make_report, programme, quarters, administration, information, mei, hao):
    """Seven actions of two strategies, one for each light but 正常, which has two; 資訊室 shares 115-01 and supports 115-03.

    Quarter 3 was planned at 75% (273 of 365 days) for what is due at the year's end.
    """
    q3 = quarters[2]

    def reported(percent, deadline=date(2026, 12, 31), departments=(administration,), **fields):
        action = make_action(departments, deadline=deadline)
        for department in departments:
            by = hao if department == information else mei
            make_report(share(action, department), q3, by, percent=percent, **fields)
        return action

    together = reported(75, departments=[administration, information])
    share(together, information).reports.update(percent=71)
    newest_figures.rebuild()
    reported(70)
    behind = reported(60, delay_reason="採購流標一次", remedy="改採開口契約")
    Assignment.objects.create(
        action=behind,
        department=information,
        kind="support",
        deadline=date(2026, 12, 31),
        deadline_text="115年12月",
    )
    reported(80, deadline=date(2026, 10, 31))
    make_action([information])
    reported(90, deadline=date(2026, 12, 10))
    done = reported(100, work_status="finished")
    second = Strategy.objects.create(programme=programme, number=2, title="重視全程意見回饋")
    method = Method.objects.create(strategy=second, position=1, title="建立管道")
    done.plan = Plan.objects.create(method=method, position=1, title="滿意度調查")
    done.save()
    make_action([administration], control_status="released")
