"""The table with what was reported for a period."""

import pytest
from django.urls import reverse

from items import access
from items.exchange.plan_export.progress import progress_table
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.write import write
from items.models import Assignment, ReportState
from tests.items.exchange.official_rows import look, rows_of
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.RETURNED])
def test_drafts_never_leave_the_department(plan, quarter, coordinator, make_report, state):
    assignment = Assignment.objects.get(action__code="115-01")
    make_report(assignment, quarter, coordinator, text="只有本單位看得到的草稿", state=state)
    assert not [each for each in table(coordinator, quarter).rows if "草稿" in str(each)]


@pytest.mark.one_engine
def test_one_action_of_several_departments_is_merged(plan, quarter, coordinator):
    merges = {
        (merge.column, merge.last - merge.first + 1) for merge in table(coordinator, quarter).merges
    }
    assert {(0, 6), (4, 6), (5, 6), (6, 6)} <= merges


@pytest.mark.one_engine
def test_a_deadline_that_differs_is_not_merged(plan, quarter, coordinator):
    one = Assignment.objects.filter(action__code="115-02").first()
    one.deadline_text = "115年6月"
    one.save()
    made = table(coordinator, quarter)
    first = next(number for number, each in enumerate(made.rows) if each[0] == "115-02")
    assert not [merge for merge in made.merges if merge.column == 6 and merge.first == first]


@pytest.mark.one_engine
@pytest.mark.parametrize("format", ["xlsx", "ods", "csv"])
def test_at_the_door_of_the_plan_it_is_refused_whole_in_one_sentence(
    plan, quarter, coordinator, format
):
    """各單位 has a row for each department here, and 協辦 a word behind its name: no plan to read."""
    content = write(table(coordinator, quarter), format)
    with pytest.raises(Refused) as refused:
        look(content, plan)
    assert refused.value.message.count("。") == 1
    assert "是辦理情形的進度檔" in refused.value.message
    assert "下載核定計畫表" in refused.value.message


def test_queries_do_not_grow(plan, quarter, coordinator, django_assert_num_queries):
    # Assignments, 預定進度, reports, 彙整文字 and 原期限, and that of what lights are held against.
    with django_assert_num_queries(6):
        table(coordinator, quarter)


@pytest.mark.one_engine
@pytest.mark.parametrize("format", ["xlsx", "ods", "csv"])
def test_it_is_a_file_for_everyone(plan, quarter, sign_in, manager, format):
    response = sign_in(manager).get(reverse("progress_export", args=[115, 4, format]))
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.one_engine
def test_a_plan_with_a_column_of_progress_is_told_that_progress_is_not_read(plan):
    heading, *rows = rows_of(plan)
    with_progress = [[*heading, "實際進度（%）"], *([*cells, "40"] for cells in rows)]
    preview = look(with_progress, plan)
    assert preview.counts["unchanged"] == 33
    assert preview.notes == (
        "實際進度（%）（I 欄）是進度，匯入計畫表時不會讀取；"
        "進度請由單位在「我的填報」填寫，或用「離線填報表」上傳。",
    )
