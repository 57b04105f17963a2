"""What a file says of departments and deadlines, beside what is handed out."""

from datetime import timedelta

import pytest

from items.models import (
    Action,
    Assignment,
    Department,
    PlannedProgress,
    ProgressReport,
)
from tests.items.exchange.official_rows import (
    HEADINGS,
    bring_in,
    exported,
    look,
    row,
    rows_of,
    without_codes,
)
from tests.making import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.mark.one_engine
def test_a_department_that_has_reported_cannot_be_taken_out_by_a_file(plan, quarter, coordinator):
    assignment = Assignment.objects.get(action__code="115-01")
    ProgressReport.objects.create(
        assignment=assignment, period=quarter, written_by=coordinator, updated_at=NOW, text="草稿"
    )
    rows = rows_of(plan)
    rows[1][6] = "港務處"
    preview = look(rows, plan)
    assert "「業務處」已經有 115-01 的填報、預定進度或管制異動" in preview.errors[0].message


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("cell", "words"), [("業務初", "是不是「業務處」？"), ("", "是空白"), ("#REF!", "#REF!")]
)
def test_a_cell_without_its_department_is_one_error_even_where_that_has_reported(
    plan, quarter, coordinator, cell, words
):
    assignment = Assignment.objects.get(action__code="115-01")
    ProgressReport.objects.create(
        assignment=assignment, period=quarter, written_by=coordinator, updated_at=NOW, text="草稿"
    )
    rows = rows_of(plan)
    rows[1][6] = cell
    (error,) = look(rows, plan).errors
    assert words in error.message


@pytest.mark.one_engine
def test_entered_planned_progress_stands_in_the_way_too(plan, quarter):
    assignment = Assignment.objects.get(action__code="115-01")
    PlannedProgress.objects.create(assignment=assignment, period=quarter, percent=50)
    rows = rows_of(plan)
    rows[1][6] = "港務處"
    assert not look(rows, plan).is_good


@pytest.mark.one_engine
def test_a_file_without_the_column_leaves_supporting_departments_alone(plan):
    action = Action.objects.get(code="115-01")
    support = Department.objects.get(name="工程處")
    Assignment.objects.create(
        action=action, department=support, kind="support", deadline=TODAY, deadline_text="115年11月"
    )
    rows = rows_of(plan)
    assert rows[0][7] == "協辦單位"
    assert look(rows, plan).counts["unchanged"] == 33
    assert (
        look(without_codes([cells[:7] + cells[8:] for cells in rows]), plan).counts["unchanged"]
        == 33
    )
    rows[1][7] = ""
    assert [change.heading for change in look(rows, plan).rows[0].changes] == ["協辦單位"]


def test_words_for_a_deadline_mean_the_programmes_last_day(plan, coordinator):
    plan.ends_on = plan.ends_on - timedelta(days=30)
    plan.save()
    rows = [HEADINGS, row(完成期限="持續辦理")]
    assert "115年12月1日" in look(rows, plan).warnings[0].message
    bring_in(rows, plan, coordinator, NOW)
    assignment = Assignment.objects.get(action__title="設置民眾休憩區")
    assert (assignment.deadline_text, assignment.deadline) == ("持續辦理", plan.ends_on)


def test_departments_of_every_department_with_different_deadlines_come_back_unchanged(plan):
    assignment = Assignment.objects.filter(action__every_department=True).first()
    Assignment.objects.filter(pk=assignment.pk).update(deadline_text="115年6月")
    for format in ("xlsx", "ods", "csv"):
        assert look(exported(plan, format), plan).counts["unchanged"] == 33


@pytest.mark.parametrize("deadlines", ["115年10月", "\n".join(["115年10月"] * 6)])
def test_departments_written_one_by_one_with_one_date_are_no_longer_every_department(
    plan, coordinator, deadlines
):
    """Else the table would print 各單位 where the file has names, and the same file again would change it."""
    action = Action.objects.get(every_department=True)
    first = action.leads()[0]
    Assignment.objects.filter(pk=first.pk).update(deadline="2026-09-30", deadline_text="115年9月")
    rows = rows_of(plan)
    mine = next(cells for cells in rows if cells[0] == action.code)
    mine[5] = deadlines
    bring_in(rows, plan, coordinator, NOW)
    assert look(rows, plan).counts["changed"] == 0
    assert rows_of(plan) == rows
