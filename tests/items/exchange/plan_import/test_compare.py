"""What a file would do to the plan, before anything is written."""

from datetime import timedelta

import pytest

from items.exchange.plan_import.preview import Status
from items.models import (
    Action,
    Assignment,
    Change,
    Department,
    Method,
    Plan,
    PlannedProgress,
    ProgressReport,
    Strategy,
)
from tests.items.exchange.official_rows import (
    HEADINGS,
    TEXT,
    as_csv,
    bring_in,
    exported,
    look,
    row,
    rows_of,
    without_codes,
)
from tests.items.exchange.spreadsheets.files import xlsx_table
from tests.making import NOW, TODAY

pytestmark = pytest.mark.django_db


def statuses(preview):
    return {row.number: row.status.value for row in preview.rows}


def messages(preview):
    return [(remark.row, remark.column, remark.message) for remark in preview.errors]


def test_the_approved_text_is_read_as_33_items_that_are_all_there_already(plan):
    preview = look(TEXT.read_bytes(), plan)
    assert preview.counts == {
        "new": 0,
        "changed": 0,
        "unchanged": 33,
        "error": 0,
        "ignored": 10,
        "missing": 0,
    }
    assert preview.rows_read == 43
    assert not preview.does_something


@pytest.mark.parametrize("with_codes", [True, False])
def test_the_plans_own_rows_are_unchanged_with_and_without_codes(plan, with_codes):
    rows = rows_of(plan) if with_codes else without_codes(rows_of(plan))
    assert look(rows, plan).counts["unchanged"] == 33


def test_merged_blank_and_filled_down_are_one_table(plan):
    filled = without_codes(rows_of(plan))
    blank = [list(cells) for cells in filled]
    for above, cells in zip(filled[1:], blank[2:], strict=False):
        for column in range(3):
            if above[: column + 1] == filled[blank.index(cells)][: column + 1]:
                cells[column] = ""
    assert sum(not cells[0] for cells in blank) == 27
    for rows in (filled, blank, exported(plan, "xlsx"), TEXT.read_bytes()):
        preview = look(rows, plan)
        assert (preview.counts["unchanged"], preview.errors) == (33, ())


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (4, "改寫過的作法"),
        (7, "改寫過的效益。"),
        (5, "115年6月"),
        (6, "政風室"),
        (6, "業務處、工程處"),
    ],
)
def test_one_changed_cell_is_shown_with_old_and_new(plan, column, text):
    rows = rows_of(plan)
    heading, old = rows[0][column], rows[1][column]
    rows[1][column] = text
    preview = look(rows, plan)
    assert preview.counts["changed"] == 1
    assert preview.counts["unchanged"] == 32
    (change,) = preview.rows[0].changes
    assert (change.heading, change.old, change.new) == (heading, old, text.replace("、", "\n"))


def test_an_edited_text_without_code_is_new_and_the_likely_pair_is_named(plan):
    rows = without_codes(rows_of(plan))
    rows[1][3] = "全新的文字"
    preview = look(rows, plan)
    assert preview.counts["new"] == 1
    assert [kept.code for kept in preview.missing] == ["115-01"]
    assert any("如果是改寫 115-01 的文字" in warning.message for warning in preview.warnings)


def test_a_strategy_is_told_by_its_number_so_that_a_new_title_changes_it(plan):
    rows = without_codes(rows_of(plan))
    for cells in rows[1:]:
        cells[0] = cells[0].replace("完備基礎服務項目", "健全基礎服務項目")
    preview = look(rows, plan)
    assert preview.counts["changed"] == 7
    assert [(each.heading, each.rows) for each in preview.renamed] == [("實施策略", 7)]
    assert all(not change.is_own for row in preview.rows for change in row.changes)


@pytest.mark.parametrize("with_codes", [True, False])
def test_a_plan_whose_items_all_stay_is_given_its_new_text(plan, with_codes, coordinator):
    rows = rows_of(plan)
    old = rows[2][3]
    for cells in rows[1:]:
        cells[3] = "改寫過的計畫" if cells[3] == old else cells[3]
    rows = rows if with_codes else without_codes(rows)
    assert [(each.old, each.new) for each in look(rows, plan).renamed] == [(old, "改寫過的計畫")]
    bring_in(rows, plan, coordinator, NOW)
    assert Plan.objects.count() == 22
    assert Action.objects.get(code="115-02").plan.title == "改寫過的計畫"


def test_an_item_under_another_plan_is_moved(plan, coordinator):
    rows = rows_of(plan)
    rows[2][1:4] = rows[1][1:4]
    preview = look(rows, plan)
    assert [change.heading for change in preview.rows[1].changes] == ["推動方法", "執行計畫"]
    bring_in(rows, plan, coordinator, NOW)
    assert Action.objects.get(code="115-02").plan_id == Action.objects.get(code="115-01").plan_id
    assert [action.code for action in Action.objects.in_order()][:3] == [
        "115-01",
        "115-02",
        "115-03",
    ]


def test_new_items_get_the_next_codes_in_the_order_of_the_file(plan):
    rows = [*without_codes(rows_of(plan)), row("第一個新的"), row("第二個新的")]
    new = look([[*HEADINGS], *rows[1:]], plan).with_status(Status.NEW)
    assert [(each.code, each.title) for each in new] == [
        ("115-34", "第一個新的"),
        ("115-35", "第二個新的"),
    ]


def test_items_that_the_file_lacks_are_listed_and_kept(plan, coordinator):
    rows = rows_of(plan)
    missing = rows.pop(5)
    preview = look(rows, plan)
    assert [(kept.code, kept.title) for kept in preview.missing] == [(missing[0], missing[4])]
    assert bring_in(rows, plan, coordinator, NOW) is None
    assert Action.objects.count() == 33


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"主辦單位": "業務處室"}, "主辦單位", "查無主辦單位「業務處室」，是不是「業務處」？"),
        ({"主辦單位": "太空總署"}, "主辦單位", "查無主辦單位「太空總署」"),
        ({"主辦單位": "業務處及港務處"}, "主辦單位", "請用頓號分開，寫成「業務處、港務處」"),
        (
            {"主辦單位": "業務處港務處＋資訊室"},
            "主辦單位",
            "請用頓號分開，寫成「業務處、港務處、資訊室」",
        ),
        ({"主辦單位": "業務處（棧埠課）"}, "主辦單位", "是不是「業務處」？"),
        ({"主辦單位": "花蓮港務分公司業務處"}, "主辦單位", "是不是「業務處」？"),
        ({"主辦單位": "各單位、業務處"}, "主辦單位", "已經包含每一個單位"),
        (
            {"主辦單位": "業務處\n業務處", "完成期限": "115年6月\n115年12月"},
            "主辦單位",
            "期限卻不同",
        ),
        (
            {"主辦單位": "業務處\n港務處\n資訊室", "完成期限": "115年6月\n115年12月"},
            "完成期限",
            "無法一一對應",
        ),
        ({"實施策略": f"1.{'長' * 32_761}"}, "實施策略", "最多 32,760 個字"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(plan, cells, column, words):
    preview = look([HEADINGS, row(**cells)], plan)
    assert statuses(preview) == {2: "error"}
    assert [(line, where) for line, where, _ in messages(preview)] == [(2, column)]
    assert words in messages(preview)[0][2]
    assert not preview.does_something


def test_width_and_variants_of_a_departments_name_do_not_matter(plan):
    Department.objects.create(name="臺北辦事處", position=9)
    Department.objects.create(name="IT室", position=10)
    names = ["台北辦事處", "業　務　處", "ｉｔ室"]
    assert look([HEADINGS, *(row(name, 主辦單位=name) for name in names)], plan).is_good


def test_an_item_whose_text_only_changed_case_width_or_a_variant_is_the_same_item(plan):
    rows = without_codes(rows_of(plan))
    rows[2][3] = rows[2][3].replace("(TPNet)", "（tpnet）").replace("臺", "台")
    counts = look(rows, plan).counts
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (0, 1, 32)


def test_one_action_on_two_rows_for_two_departments_is_told_how_to_be_written(plan):
    (error,) = look([HEADINGS, row(), row(主辦單位="業務處")], plan).errors
    assert (error.row, error.column) == (3, "具體推動作法")
    assert "請把單位寫在同一格" in error.message


def test_an_error_on_the_second_line_of_a_merged_action_names_that_line(plan):
    lines = [HEADINGS, row(), ["", "", "", "", "115年13月", "查無、行政處", ""]]
    preview = look(xlsx_table(lines, *[f"{letter}2:{letter}3" for letter in "ABCDG"]), plan)
    assert [(remark.row, remark.column) for remark in preview.errors] == [
        (3, "完成期限"),
        (3, "主辦單位"),
    ]
    assert "E3" in preview.errors[0].message
    assert "F3" in preview.errors[1].message
    assert preview.counts["error"] == 1


def test_a_row_with_an_error_on_its_second_line_alone_is_a_row_with_an_error(plan):
    lines = [HEADINGS, row(), ["", "", "", "", "115年13月", "行政處", ""]]
    preview = look(xlsx_table(lines, *[f"{letter}2:{letter}3" for letter in "ABCDG"]), plan)
    assert (preview.counts["new"], preview.counts["error"]) == (0, 1)


def test_a_cell_merged_over_two_items_is_an_error_of_each(plan):
    lines = [HEADINGS, row(主辦單位="查無"), row("另一項", 主辦單位="")]
    preview = look(xlsx_table(lines, "F2:F3"), plan)
    assert [(remark.row, remark.column) for remark in preview.errors] == [
        (2, "主辦單位"),
        (3, "主辦單位"),
    ]
    assert all("儲存格 F2：" in remark.message for remark in preview.errors)


def test_a_row_that_is_no_item_at_all_is_counted_with_the_errors(plan):
    preview = look([HEADINGS, row(), [*reversed(HEADINGS)], row("另一項")], plan)
    assert (preview.rows_read, preview.counts["new"], preview.counts["error"]) == (3, 2, 1)


def test_a_strategy_that_could_not_be_read_is_given_no_number(plan):
    preview = look([HEADINGS, row(實施策略="#REF!")], plan)
    assert [remark.column for remark in preview.errors] == ["實施策略"]
    assert preview.warnings == ()


def test_all_errors_are_named_at_once(plan):
    preview = look(
        [HEADINGS, row(主辦單位="查無", 完成期限="115年13月"), row("二", 主辦單位="也查無")], plan
    )
    assert [remark.row for remark in preview.errors] == [2, 2, 3]
    assert preview.counts["error"] == 2


def test_an_inactive_department_gets_nothing_new_but_keeps_what_it_has(plan):
    Department.objects.filter(name="政風室").update(is_active=False)
    assert look(rows_of(plan), plan).counts["unchanged"] == 33
    preview = look([HEADINGS, row(主辦單位="政風室")], plan)
    assert "已經停用" in preview.errors[0].message


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("114-01", "114 年度的編號"),
        ("115-99", "不在 115 年度的計畫裡"),
        ("115-001", "與計畫裡的 115-01 是同一個流水號，請照計畫寫成 115-01"),
        ("甲", "不是項次編號"),
        ("2026-04-01", "被試算表改成了日期"),
        ("4", "不是項次編號"),
        ("115-02", "已經出現過"),
    ],
)
def test_a_code_that_is_foreign_unknown_or_used_twice_is_an_error(plan, code, words):
    rows = rows_of(plan)
    rows[3][0] = code
    preview = look(rows, plan)
    assert [(line, where) for line, where, _ in messages(preview)] == [(4, "項次編號")]
    assert words in messages(preview)[0][2]


def test_two_rows_that_nothing_tells_apart_are_an_error(plan):
    preview = look([HEADINGS, row(), row("另一項"), row()], plan)
    assert [(line, words) for line, _, words in messages(preview)] == [
        (4, "儲存格 D4：與第 2 列完全相同（同一執行計畫、同一作法），請刪除其中一列。")
    ]


def test_a_row_without_code_that_says_what_one_with_a_code_says_is_an_error(plan):
    rows = rows_of(plan)
    rows.append(["", *rows[1][1:]])
    preview = look(rows, plan)
    assert [(line, column) for line, column, _ in messages(preview)] == [(35, "具體推動作法")]
    assert "與第 2 列完全相同" in preview.errors[0].message


def make_twin(code, of):
    """The item gets the path and the text of another one, as a form may do."""
    other = Action.objects.get(code=of)
    Action.objects.filter(code=code).update(plan=other.plan, title=other.title)


def test_of_two_items_with_one_text_a_row_without_code_cannot_say_which(plan):
    make_twin("115-02", of="115-01")
    preview = look(without_codes(rows_of(plan))[:2], plan)
    assert [(line, column) for line, column, _ in messages(preview)] == [(2, "項次編號")]
    assert "115-01、115-02" in preview.errors[0].message


def test_a_row_without_code_is_the_item_that_no_code_has_claimed(plan):
    rows = rows_of(plan)
    make_twin("115-02", of="115-01")
    rows[1][4] = "115-01 有編號，改寫了"
    rows[2] = ["", *rows_of(plan)[1][1:]]
    preview = look(rows, plan)
    assert [row.code for row in preview.rows[:2]] == ["115-01", "115-02"]
    assert preview.errors == ()


@pytest.mark.parametrize("twice_in", ["plan", "file"])
def test_a_text_elsewhere_is_no_item_of_ours_where_it_stands_twice(plan, twice_in):
    """Moved to another plan, an item is told by its text alone, and never by a guess."""
    rows = without_codes(rows_of(plan))
    moved = [rows[1][0], "別的方法", "別的計畫", *rows[1][3:]]
    assert look([HEADINGS, moved], plan).rows[0].code == "115-01"
    if twice_in == "plan":
        Action.objects.filter(code="115-33").update(title=moved[3])
    table = [HEADINGS, moved, *([[moved[0], "又一方法", *moved[2:]]] if twice_in == "file" else [])]
    assert {row.status.value for row in look(table, plan).rows} == {"new"}


def test_strategies_without_numbers_are_known_by_their_titles(plan):
    """So that an item is told by its path where two plans hold one text."""
    Action.objects.filter(code="115-33").update(title=Action.objects.get(code="115-01").title)
    rows = without_codes(rows_of(plan))
    for cells in rows[1:]:
        cells[0] = cells[0].partition(". ")[2]
    assert look(rows, plan).counts["unchanged"] == 33


def test_a_row_is_no_other_because_its_strategy_has_no_number(plan):
    rows = without_codes(rows_of(plan))
    rows.append([rows[1][0].partition(". ")[2], *rows[1][1:]])
    assert [(line, column) for line, column, _ in messages(look(rows, plan))] == [
        (35, "具體推動作法")
    ]


def test_a_deadline_is_as_long_as_the_database_takes_it(plan, coordinator):
    longest = "持續辦理" + "甲" * 96
    assert [
        column for _, column, _ in messages(look([HEADINGS, row(完成期限=longest + "乙")], plan))
    ] == ["完成期限"]
    bring_in([HEADINGS, row(完成期限=longest)], plan, coordinator, NOW)
    assert Assignment.objects.get(action__code="115-34").deadline_text == longest


def test_one_strategy_number_with_two_titles_is_an_error(plan):
    preview = look([HEADINGS, row(), row("另一項", 實施策略="1. 別的標題")], plan)
    assert (
        "策略 1 在第 2 列寫的是「完備基礎服務項目，注重服務特性差異化」"
        in preview.errors[0].message
    )


def test_strategies_that_differ_in_a_mark_alone_are_one_with_a_note(plan):
    same = "1. 完備基礎服務項目、注重服務特性差異化。"
    preview = look([HEADINGS, row(), row("另一項", 實施策略=same)], plan)
    assert preview.errors == ()
    assert [(warning.row, warning.column) for warning in preview.warnings] == [(3, "實施策略")]
    assert "與第 2 列的策略 1 只差標點，當作同一個策略" in preview.warnings[0].message
    assert preview.renamed == ()
    assert {compared.path[0] for compared in preview.rows} == {
        "1. 完備基礎服務項目，注重服務特性差異化"
    }


def test_a_department_that_has_reported_cannot_be_taken_out_by_a_file(plan, quarter, coordinator):
    assignment = Assignment.objects.get(action__code="115-01")
    ProgressReport.objects.create(
        assignment=assignment, period=quarter, written_by=coordinator, updated_at=NOW, text="草稿"
    )
    rows = rows_of(plan)
    rows[1][6] = "港務處"
    preview = look(rows, plan)
    assert "「業務處」已經有 115-01 的填報或預定進度" in preview.errors[0].message


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


def test_entered_planned_progress_stands_in_the_way_too(plan, quarter):
    assignment = Assignment.objects.get(action__code="115-01")
    PlannedProgress.objects.create(assignment=assignment, period=quarter, percent=50)
    rows = rows_of(plan)
    rows[1][6] = "港務處"
    assert not look(rows, plan).is_good


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


def test_a_table_of_another_year_is_taken_with_a_warning(plan):
    preview = look([["114年度提升服務品質執行計畫"], HEADINGS, row()], plan)
    assert "標題寫的是 114 年度" in preview.other_year
    assert preview.counts["new"] == 1


def test_queries_do_not_grow_with_the_rows(plan, django_assert_num_queries, coordinator):
    few = [HEADINGS, *(row(f"第 {number} 項", 執行計畫=f"計畫 {number}") for number in range(3))]
    many = [HEADINGS, *(row(f"第 {number} 項", 執行計畫=f"計畫 {number}") for number in range(300))]
    with django_assert_num_queries(9):
        look(few, plan)
    with django_assert_num_queries(9):
        look(many, plan)


def test_comparing_writes_nothing(plan):
    before = [
        model.objects.count() for model in (Strategy, Method, Plan, Action, Assignment, Change)
    ]
    look([HEADINGS, row()], plan)
    assert [
        model.objects.count() for model in (Strategy, Method, Plan, Action, Assignment, Change)
    ] == before


def saved_as_big5(rows, mark="?"):
    """As Excel in Taiwan saves a csv again: what Big5 cannot hold becomes question marks."""
    text = as_csv(rows).decode()
    return text.replace("𠮷", mark).replace("🙂", mark).encode("cp950")


@pytest.mark.parametrize("mark", ["?", "??"])
def test_characters_that_big5_has_eaten_are_told_with_the_remedy(plan, mark):
    Action.objects.filter(code="115-03").update(title="設置𠮷安休憩區🙂")
    Plan.objects.filter(actions__code="115-05").update(title="𠮷安計畫?")
    preview = look(saved_as_big5(rows_of(plan), mark), plan)
    assert preview.is_good
    told = [(one.row, one.column) for one in preview.warnings if "Big5 存不下" in one.message]
    assert (4, "具體推動作法") in told
    assert (6, "執行計畫") in told
    (title,) = [one.message for one in preview.warnings if one.row == 4]
    assert "計畫裡有「𠮷」「🙂」" in title
    assert "請另存為「CSV UTF-8」或 .xlsx 再上傳" in title
    assert preview.lost_characters.startswith("這個檔案存成了 Big5")
    assert "第 4、" in preview.lost_characters


def test_they_are_told_of_a_row_without_a_code_as_well(plan):
    Action.objects.filter(code="115-03").update(title="設置𠮷安休憩區🙂")
    preview = look(saved_as_big5(without_codes(rows_of(plan))), plan)
    assert [one.row for one in preview.warnings if "Big5 存不下" in one.message] == [4]


@pytest.mark.parametrize(
    ("stored", "written", "encoding"),
    [
        ("設置𠮷安休憩區", "設置何安休憩區?", "cp950"),
        ("設置吉安休憩區", "設置?安休憩區", "cp950"),
        ("設置𠮷安休憩區", "設置?安休憩區", "utf-8"),
    ],
)
def test_any_other_question_mark_is_a_question_mark(plan, stored, written, encoding):
    Action.objects.filter(code="115-03").update(title=stored)
    rows = rows_of(plan)
    rows[3][4] = written
    preview = look(as_csv(rows).decode().encode(encoding), plan)
    assert preview.lost_characters == ""
    assert preview.counts["changed"] == 1
