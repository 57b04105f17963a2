"""計畫表 from kept rows: whatever in the database a line depends on, the next reading has it."""

from datetime import date, timedelta

import pytest

from items.models import (
    Action,
    Assignment,
    ControlRequest,
    ControlStatus,
    Department,
    Membership,
    Method,
    Period,
    Plan,
    PlannedProgress,
    Programme,
    RequestState,
    Strategy,
)
from items.models.control import ControlKind
from plan_tracker.row_memo import memo
from tests.making import NOW, TODAY

URL = "/115/plan/?benefit=1"


@pytest.fixture
def share(make_action, make_report, administration, information, q3, mei):
    """行政處 leads an item with 資訊室, has reported of the third quarter, and does well."""
    action = make_action([administration, information], title="設置民眾休憩區")
    share = action.assignments.get(department=administration)
    make_report(share, q3, mei, percent=72)
    # Held against the plan of today, as after an import.
    Assignment.objects.filter(pk=share.pk).update(newest_planned=None)
    return share


def rename(model, name):
    def change(share, reader):
        model.objects.update(**{name: "改過的字"})

    return change


def of_assignment(**values):
    def change(share, reader):
        Assignment.objects.filter(pk=share.pk).update(**values)

    return change


def of_action(**values):
    def change(share, reader):
        Action.objects.update(**values)

    return change


def of_year(**values):
    def change(share, reader):
        Programme.objects.update(**values)

    return change


def enter_percent(share, reader):
    PlannedProgress.objects.create(
        assignment=share, period=Period.objects.get(number=3), percent=90
    )


def extend(share, reader):
    ControlRequest.objects.create(
        assignment=share,
        kind=ControlKind.EXTEND,
        state=RequestState.APPROVED,
        written_by=reader,
        updated_at=NOW,
        since=NOW,
        submitted_at=NOW,
        decided_at=NOW,
        decided_by=reader,
        old_deadline_text="115年6月",
    )


def leave_the_department(share, reader):
    """The line of an own department says what to do about a period that was closed."""
    Membership.objects.filter(user=reader).delete()


def tables(client, share):
    """The lines of all departments together and of one: without the page's token, which is new."""
    rows = []
    for address in (URL, f"{URL}&department={share.department_id}"):
        page = client.get(address).content.decode()
        rows.append(page[page.index("<tbody>") : page.index("</table>")])
    return rows


CHANGES = {
    "strategy": rename(Strategy, "title"),
    "method": rename(Method, "title"),
    "plan": rename(Plan, "title"),
    "title": rename(Action, "title"),
    "benefit": rename(Action, "expected_benefit"),
    "department": lambda share, reader: Department.objects.filter(pk=share.department_id).update(
        name="改過的單位"
    ),
    "every department": of_action(every_department=True),
    "released": of_action(control_status=ControlStatus.RELEASED),
    "supporting": of_assignment(kind="support"),
    "order": of_assignment(position=9),
    "deadline": of_assignment(deadline=TODAY - timedelta(days=3)),
    "deadline as written": of_assignment(deadline_text="115年11月底"),
    "handed out": of_assignment(newest_until=None, handed_out_on=TODAY),
    "percent": of_assignment(newest_percent=20),
    "held against": of_assignment(newest_planned=99),
    "threshold": of_year(behind_threshold=1),
    "soon": of_year(soon_days=60),
    "first day": of_year(starts_on=date(2026, 6, 1)),
    "name of a period": lambda share, reader: Period.objects.filter(number=3).update(name="期三"),
    "due day": lambda share, reader: Period.objects.filter(number=4).update(
        due_on=TODAY - timedelta(days=1)
    ),
    "entered for the plan": enter_percent,
    "extended": extend,
    "reader": leave_the_department,
}


@pytest.mark.django_db
@pytest.mark.one_engine
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_is_kept_is_never_older_than_the_database(change, share, hao, sign_in):
    client = sign_in(hao)
    before = tables(client, share)
    change(share, hao)
    kept = tables(client, share)
    memo.clear()
    drawn_anew = tables(client, share)

    assert kept == drawn_anew
    assert kept != before
