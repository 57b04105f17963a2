"""Rows of a file that cannot be taken, and what is said of them."""

import pytest

from items.models import (
    Department,
)
from tests.items.exchange.official_rows import (
    HEADINGS,
    look,
    messages,
    row,
    rows_of,
    statuses,
    without_codes,
)
from tests.items.exchange.spreadsheets.files import xlsx_table

pytestmark = pytest.mark.django_db


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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
