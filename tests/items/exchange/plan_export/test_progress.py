"""The table with what was reported for a period."""

import pytest
from django.urls import reverse

from items import access
from items.exchange.plan_export.progress import progress_table
from items.exchange.spreadsheets.write import write
from items.models import Assignment, ReportState
from tests.items.exchange.official_rows import look
from tests.making import TODAY

pytestmark = pytest.mark.django_db


def table(user, period):
    return progress_table(
        access.visible_assignments(user), access.visible_reports(user), period, TODAY
    )


def row(made, code, department):
    headings = [column.heading for column in made.columns]
    (found,) = [each for each in made.rows if each[0] == code and each[7].startswith(department)]
    return dict(zip(headings, found, strict=True))


def test_every_assignment_is_a_row_with_its_report(plan, quarter, coordinator, make_report):
    assignment = Assignment.objects.get(action__code="115-15", department__name="業務處")
    make_report(
        assignment, quarter, coordinator, percent=60, delay_reason="缺料。", remedy="催貨。"
    )
    made = table(coordinator, quarter)
    assert len(made.rows) == 54
    found = row(made, "115-15", "業務處")
    assert (found["實際進度（%）"], found["預定進度（%）"], found["辦理情形"]) == (
        60,
        89,
        "完成地坪施工。",
    )
    assert (found["落後原因"], found["因應對策"], found["燈號"]) == (
        "缺料。",
        "催貨。",
        "落後\n落後 29 個百分點",
    )
    assert row(made, "115-15", "港務處")["辦理情形"] == "未填報"


@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.RETURNED])
def test_drafts_never_leave_the_department(plan, quarter, coordinator, make_report, state):
    assignment = Assignment.objects.get(action__code="115-01")
    make_report(assignment, quarter, coordinator, text="只有本單位看得到的草稿", state=state)
    assert not [each for each in table(coordinator, quarter).rows if "草稿" in str(each)]


def test_one_action_of_several_departments_is_merged(plan, quarter, coordinator):
    merges = {
        (merge.column, merge.last - merge.first + 1) for merge in table(coordinator, quarter).merges
    }
    assert {(0, 6), (4, 6), (5, 6), (6, 6)} <= merges


def test_a_deadline_that_differs_is_not_merged(plan, quarter, coordinator):
    one = Assignment.objects.filter(action__code="115-02").first()
    one.deadline_text = "115年6月"
    one.save()
    made = table(coordinator, quarter)
    first = next(number for number, each in enumerate(made.rows) if each[0] == "115-02")
    assert not [merge for merge in made.merges if merge.column == 6 and merge.first == first]


def test_at_the_door_of_the_plan_no_deadline_of_it_counts_as_changed(plan, quarter, coordinator):
    """Only 各單位, of which each has a row here, are named one by one."""
    content, _ = write(table(coordinator, quarter), "xlsx")
    changes = [change for row in look(content, plan).rows for change in row.changes]
    assert {change.heading for change in changes} == {"主辦單位"}
    assert {change.old for change in changes} == {"各單位"}


def test_queries_do_not_grow(plan, quarter, coordinator, django_assert_num_queries):
    with django_assert_num_queries(3):
        table(coordinator, quarter)


@pytest.mark.parametrize("format", ["xlsx", "ods", "csv"])
def test_it_is_a_file_for_everyone(plan, quarter, sign_in, manager, format):
    response = sign_in(manager).get(reverse("progress_export", args=[115, 4, format]))
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")


def test_the_table_brought_in_as_a_plan_is_told_that_progress_is_not_read(
    plan, quarter, coordinator
):
    notes = look(write(table(coordinator, quarter), "xlsx")[0], plan).notes
    assert notes == (
        "實際進度（%）（J 欄）、辦理情形（K 欄）、落後原因（L 欄）、因應對策（M 欄）是進度，匯入計畫表時不會讀取；"
        "進度請由單位在「我的填報」填寫，或用「離線填報表」上傳。",
    )
