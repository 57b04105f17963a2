"""An import writes everything or nothing, tells the history, and can be taken back."""

import pytest

from items.demonstration.fixture import derive
from items.exchange.plan_import.confirm import NotImported, NotImportedReason
from items.exchange.plan_import.undo import undo
from items.models import (
    Action,
    Assignment,
    Change,
    Department,
    Door,
    ImportBatch,
    PlannedProgress,
    ProgressReport,
)
from items.workflow import history
from tests.items.exchange.official_rows import (
    HEADINGS,
    ROOT,
    TEXT,
    bring_in,
    look,
    row,
    rows_of,
)
from tests.items.exchange.plan_import.whole_plan import PLAN_MODELS, edited, everything
from tests.making import NOW

pytestmark = pytest.mark.django_db


def test_the_fixture_is_what_the_import_makes_of_the_approved_text(db):
    assert derive(TEXT.read_bytes()) == (ROOT / "fixtures" / "plan_115.json").read_text(
        encoding="utf-8"
    )


def test_the_copy_of_the_text_holds_what_was_approved(plan):
    assert [model.objects.count() for model in PLAN_MODELS] == [6, 22, 22, 33, 54]
    assert plan.approved_on.isoformat() == "2026-04-27"
    every = Action.objects.get(every_department=True)
    assert [each.department.name for each in every.leads()] == list(
        Department.objects.order_by("position").values_list("name", flat=True)
    )
    separate = Action.objects.get(separate_deadlines=True)
    assert [each.deadline_text for each in separate.leads()] == ["115年12月"] * 3


def test_the_same_file_again_changes_nothing(plan, coordinator):
    rows = edited(plan)
    assert bring_in(rows, plan, coordinator, NOW) is not None
    assert look(rows_of(plan), plan).counts["changed"] == 0
    before = everything(), Change.objects.count()
    rows = rows_of(plan)
    assert bring_in(rows, plan, coordinator, NOW) is None
    assert (everything(), Change.objects.count()) == before


@pytest.mark.one_engine
def test_what_was_written_is_what_the_file_says(plan, coordinator):
    rows = edited(plan)
    bring_in(rows, plan, coordinator, NOW)
    written = {cells[0]: cells[1:] for cells in rows_of(plan)[1:]}
    for cells in rows[1:-1]:
        assert written[cells[0]] == cells[1:]
    assert written["115-34"] == rows[-1][1:]
    assert Assignment.objects.filter(action__code="115-34").count() == 6


def test_the_order_follows_the_file_and_is_not_counted_as_a_change(plan, coordinator):
    rows = rows_of(plan)
    rows[2], rows[3] = rows[3], rows[2]
    preview = look(rows, plan)
    assert (preview.counts["changed"], preview.reordered) == (0, 1)
    bring_in(rows, plan, coordinator, NOW)
    assert [cells[0] for cells in rows_of(plan)[1:4]] == ["115-01", "115-03", "115-02"]
    moved = Change.objects.get()
    assert (moved.label.partition(" ")[0], list(moved.fields)) == ("115-02", ["position"])


def test_a_new_item_in_the_middle_moves_the_others_down(plan, coordinator):
    rows = rows_of(plan)
    rows.insert(3, ["", *rows[2][1:4], "插入的作法", "115年12月", "資訊室", rows[2][7]])
    bring_in(rows, plan, coordinator, NOW)
    assert [cells[0] for cells in rows_of(plan)[1:5]] == ["115-01", "115-02", "115-34", "115-03"]


def test_an_error_in_any_row_means_that_nothing_is_written(plan, coordinator):
    before = everything()
    with pytest.raises(NotImported) as refusal:
        bring_in([HEADINGS, row(), row("另一項", 主辦單位="查無")], plan, coordinator, NOW)
    assert refusal.value.reason == NotImportedReason.ROW_ERRORS
    assert refusal.value.preview.counts["error"] == 1
    assert (everything(), Change.objects.count(), ImportBatch.objects.count()) == (before, 0, 0)


@pytest.mark.one_engine
def test_a_plan_that_changed_since_the_preview_is_shown_again(plan, coordinator):
    rows = [HEADINGS, row()]
    seen = look(rows, plan).digest
    action = Action.objects.get(code="115-01")
    action.title = "剛剛改過"
    history.save(action, by=coordinator, at=NOW)
    with pytest.raises(NotImported, match="有異動") as refusal:
        bring_in(rows, plan, coordinator, NOW, seen=seen)
    assert refusal.value.reason == NotImportedReason.PLAN_CHANGED
    assert Action.objects.count() == 33
    assert bring_in(rows, plan, coordinator, NOW, seen=look(rows, plan).digest)


def test_one_item_is_one_entry_of_the_history_with_its_cells_and_dates(plan, coordinator):
    bring_in(edited(plan), plan, coordinator, NOW)
    changed = Change.objects.get(action__code="115-02")
    assert (changed.by, changed.at, changed.door, changed.kind) == (
        coordinator,
        NOW,
        Door.IMPORT,
        "changed",
    )
    assert changed.fields == {
        "assignments.deadline": ["115年12月", "115年6月\n115年9月"],
        "assignments.lead": ["港務處\n業務處\n資訊室", "港務處\n工程處"],
        "assignments/港務處": [
            "主辦，115年12月（115年12月31日）",
            "主辦，115年6月（115年6月30日）",
        ],
        "assignments/工程處": [None, "主辦，115年9月（115年9月30日）"],
        "assignments/業務處": ["主辦，115年12月（115年12月31日）", None],
        "assignments/資訊室": ["主辦，115年12月（115年12月31日）", None],
    }
    made = Change.objects.get(action__code="115-34")
    assert made.kind == "created"
    assert made.fields["assignments/工程處"] == [None, "主辦，每季（115年12月31日）"]
    assert [made.fields[name] for name in ("code", "plan", "title", "expected_benefit")] == [
        [None, "115-34"], [None, "新的計畫"], [None, "新的作法"], [None, "新的效益。"]
    ]  # fmt: skip
    strategy = Change.objects.get(model="strategy", kind="changed")
    assert strategy.fields == {
        "title": ["完備基礎服務項目，注重服務特性差異化", "健全基礎服務項目"]
    }


def test_the_entries_of_an_import_name_their_batch_and_those_of_its_undoing_none(plan, coordinator):
    batch = bring_in(edited(plan), plan, coordinator, NOW)
    written = Change.objects.count()
    assert batch.entries.count() == written > 0
    undo(batch, by=coordinator, at=NOW)
    assert batch.entries.count() == written
    of_undoing = Change.objects.filter(batch=None)
    assert of_undoing.count() == Change.objects.count() - written > 0
    # 「經由復原匯入」, not 「經由網頁」: nobody has written these fields on a page.
    assert {entry.get_door_display() for entry in of_undoing} == {"復原匯入"}


@pytest.mark.one_engine
def test_the_page_reads_an_entry_in_the_words_of_the_table(plan, coordinator):
    bring_in(edited(plan), plan, coordinator, NOW)
    differences = Change.objects.get(action__code="115-02").differences()
    words = {change.label: change.new for change in differences}
    assert words["完成期限"] == "115年6月\n115年9月"
    assert words["主辦單位"] == "港務處\n工程處"
    assert words["港務處"] == "主辦，115年6月（115年6月30日）"


def test_an_item_that_was_moved_goes_back_with_the_words_of_its_plans_in_the_history(
    plan, coordinator
):
    rows = edited(plan)
    old = Action.objects.get(code=rows[8][0]).plan.title
    undo(bring_in(rows, plan, coordinator, NOW), by=coordinator, at=NOW)
    back = Change.objects.filter(action__code=rows[8][0], batch=None).get()
    assert back.fields["plan"] == ["新的計畫", old]


def test_every_change_of_the_plan_is_in_the_history(plan, coordinator):
    bring_in(edited(plan), plan, coordinator, NOW)
    kinds = list(Change.objects.order_by("model", "kind").values_list("model", "kind"))
    assert kinds.count(("strategy", "created")) == kinds.count(("action", "created")) == 1
    assert kinds.count(("method", "created")) == kinds.count(("plan", "created")) == 2


@pytest.mark.one_engine
def test_the_batch_keeps_the_very_file(plan, coordinator):
    batch = bring_in([HEADINGS, row()], plan, coordinator, NOW)
    assert bytes(batch.content).startswith("實施策略".encode())
    assert (batch.by, batch.counts["new"], batch.counts["missing"]) == (coordinator, 1, 33)


@pytest.mark.one_engine
def test_codes_reports_and_everything_else_stay_as_they_are(plan, quarter, coordinator):
    assignment = Assignment.objects.get(action__code="115-01")
    report = ProgressReport.objects.create(
        assignment=assignment, period=quarter, written_by=coordinator, updated_at=NOW, text="草稿"
    )
    Action.objects.filter(code="115-01").update(control_status="withdrawn")
    bring_in(edited(plan), plan, coordinator, NOW)
    report.refresh_from_db()
    assert (report.text, report.assignment_id) == ("草稿", assignment.pk)
    action = Action.objects.get(code="115-01")
    assert (action.title, action.control_status) == ("改寫的作法", "withdrawn")


def give_every_department_another_date(plan):
    """(the rows with another deadline for 各單位, the assignment of a department that has been closed meanwhile)."""
    action = Action.objects.get(every_department=True)
    theirs = action.leads()[0]
    Department.objects.filter(pk=theirs.department_id).update(is_active=False)
    rows = rows_of(plan)
    next(cells for cells in rows if cells[0] == action.code)[5] = "115年11月"
    return rows, theirs


@pytest.mark.one_engine
def test_a_closed_department_keeps_what_every_department_has_and_its_report(
    plan, quarter, coordinator
):
    rows, theirs = give_every_department_another_date(plan)
    ProgressReport.objects.create(
        assignment=theirs, period=quarter, written_by=coordinator, updated_at=NOW
    )
    bring_in(rows, plan, coordinator, NOW)
    theirs.refresh_from_db()
    assert theirs.deadline_text == "115年11月"
    assert look(rows, plan).counts["changed"] == 0


def test_a_closed_department_keeps_the_progress_planned_for_it(plan, quarter, coordinator):
    rows, theirs = give_every_department_another_date(plan)
    PlannedProgress.objects.create(assignment=theirs, period=quarter, percent=50)
    bring_in(rows, plan, coordinator, NOW)
    assert PlannedProgress.objects.get().assignment == theirs


def test_a_new_item_for_every_department_goes_to_those_at_work(plan, coordinator):
    give_every_department_another_date(plan)
    bring_in([HEADINGS, row(主辦單位="各單位")], plan, coordinator, NOW)
    assert Assignment.objects.filter(action__code="115-34").count() == 5


def test_queries_of_a_confirm_do_not_grow_with_the_rows(
    plan, coordinator, django_assert_max_num_queries
):
    many = [HEADINGS, *(row(f"第 {number} 項", 執行計畫=f"計畫 {number}") for number in range(300))]
    with django_assert_max_num_queries(40):
        bring_in(many, plan, coordinator, NOW)
