"""The cells of flat tables: what is written into files, and what people type."""

import io
import zipfile

import pytest

from items.exchange.spreadsheets.read import read_workbook
from items.models import Department, Membership, User
from tests.items.admin.flat_tables import (
    ACCOUNTS,
    ASSIGNMENTS,
    DEPARTMENTS,
    as_csv,
    as_xlsx,
    bring,
    confirm,
    rows_of,
    said,
    take,
    upload,
)
from tests.making import make_user

DANGEROUS = ["=1+1", "==cmd()", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"]
OLD_NAMES = ["人事、政風室", "人事室(兼政風)", "臺北辦事處", "台北辦事處", "Port Office", "人事"]


@pytest.mark.one_engine
@pytest.mark.parametrize("value", DANGEROUS)
def test_no_exported_cell_is_a_formula_and_none_is_changed(office, value):
    Department.objects.create(name=value, position=3)
    content = take(office, "department", "xlsx").content
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert rows_of(take(office, "department", "xlsx"), "xlsx")[1] == [value, 3, "是"]
    written = rows_of(take(office, "department", "csv"), "csv")[1][0]
    assert written == f"'{value}"


@pytest.mark.one_engine
def test_what_looks_like_an_escape_of_excel_is_read_back_as_it_is(office):
    Department.objects.create(name="_x0041_", position=3)
    content = take(office, "department", "xlsx").content
    assert read_workbook(content, "單位.xlsx").sheets[0].rows[1].cells[1].text == "_x0041_"


@pytest.mark.one_engine
def test_an_empty_cell_is_empty_and_not_the_word_none(office, mei):
    rows = rows_of(take(office, "user", "xlsx"), "xlsx")
    assert rows[2][:4] == ["mei", "王美玲", None, "單位同仁"]
    assert rows[1][5] is None
    assert b"None" not in take(office, "user", "csv").content


def test_numbers_stay_numbers(office, administration):
    assert rows_of(take(office, "department", "xlsx"), "xlsx")[1][1] == 1


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["", "方小姐", "", "", "是", ""], "帳號"),
        (["fang", "", "", "", "是", ""], "姓名"),
        (["fang", "方小姐", "不是信箱", "", "是", ""], "電子郵件"),
        (
            ["fang", "方小姐", "", "總管", "是", ""],
            "沒有「總管」這一種，可以填：單位同仁、研考、首長、稽核、系統管理",
        ),
        (["fang", "方小姐", "", "", "", ""], "請填「是」或「否」"),
        (["fang", "方小姐", "", "", "是", "行政處（單位主管）、業務處"], "查無所屬單位「業務處」"),
        (
            ["fang", "方小姐", "", "", "是", "行政處（老闆）"],
            "身分「老闆」不對，可以寫：承辦人、單位主管",
        ),
        (["fang", "方小姐", "", "", "是", "行政處、行政處"], "單位「行政處」寫了兩次"),
        (["a b", "方小姐", "", "", "是", ""], "帳號"),
    ],
)
def test_a_wrong_cell_of_an_account_is_said_with_row_column_and_remedy(
    office, administration, row, sentence
):
    preview = upload(office, "user", as_csv(ACCOUNTS, row))
    assert "第 2 列" in said(preview)
    assert sentence in said(preview)
    assert not preview.context["preview"].can_confirm


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["115-99", "行政處", "主辦", "115年12月"], "查無項次編號「115-99」"),
        (["115-01", "業務處", "主辦", "115年12月"], "查無主辦單位「業務處」"),
        (["115-01", "行政處", "主編", "115年12月"], "沒有「主編」這一種"),
        (["115-01", "行政處", "主辦", "115年13月"], "沒有 13 月"),
        (["115-01", "行政處", "主辦", ""], "完成期限是空白"),
        (["", "行政處", "主辦", "115年12月"], "項次編號是空白"),
    ],
)
def test_a_wrong_cell_of_an_assignment_is_said_with_row_column_and_remedy(
    office, programme, make_action, administration, row, sentence
):
    make_action([administration])
    preview = upload(office, "assignment", as_csv(ASSIGNMENTS, row), programme=programme.pk)
    assert sentence in said(preview)


@pytest.mark.one_engine
def test_a_file_hands_nothing_new_to_a_department_that_is_out_of_use(
    office, programme, make_action, administration, information
):
    make_action([administration])
    Department.objects.update(is_active=False)
    data = {"programme": programme.pk}
    row = ["115-01", "資訊室", "主辦", "115年12月"]
    preview, done = bring(office, "assignment", ASSIGNMENTS, row, **data)
    assert "單位「資訊室」已經停用，不能再分辦新的項目；請改成接手的單位。" in said(preview)
    assert "什麼都沒有寫入" in said(done)
    # What it has already may still be changed.
    row = ["115-01", "行政處", "主辦", "115年6月"]
    assert "修改 1 筆" in said(bring(office, "assignment", ASSIGNMENTS, row, **data)[1])


def test_an_account_written_in_full_width_is_the_account_that_is_there(office, mei):
    row = ["ｍｅｉ", "王美玲", "", "", "是", "行政處"]
    preview = upload(office, "user", as_csv(ACCOUNTS, row)).context["preview"]
    assert (preview.errors, preview.new, preview.changed) == ((), (), ())


def test_the_same_row_twice_is_said(office, administration):
    preview = upload(
        office, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"], ["業務處", 6, "是"])
    )
    assert "第 3 列 與第 2 列重複。" in said(preview)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("人事、政風室", "會被拆成兩個單位"),
        ("人事室(兼政風)", "裡有括號"),
        ("12", "只有數字"),
    ],
)
def test_a_file_makes_no_department_whose_name_no_file_could_carry(office, name, sentence):
    preview = upload(office, "department", as_csv(DEPARTMENTS, [name, 5, "是"]))
    assert sentence in said(preview)
    assert not preview.context["preview"].can_confirm


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("model", ["department", "user", "assignment"])
def test_names_from_before_the_rule_still_go_out_and_come_in_as_unchanged(
    office, programme, make_action, model, kind
):
    departments = [
        Department.objects.create(name=name, position=place)
        for place, name in enumerate(OLD_NAMES, start=1)
    ]
    make_action(departments)
    pei = make_user("pei", "李佩珊", reporter=departments[2])
    for department in (departments[0], departments[1], departments[5]):
        Membership.objects.create(user=pei, department=department, role="head")
    content = take(office, model, kind).content
    data = {"programme": programme.pk} if model == "assignment" else {}
    preview = upload(office, model, content, f"表.{kind}", **data).context["preview"]
    assert (preview.errors, preview.new, preview.changed) == ((), (), ())
    assert preview.unchanged == {"department": 6, "user": 2, "assignment": 6}[model]


@pytest.mark.one_engine
def test_a_list_of_departments_is_taken_apart_where_a_name_only_begins_like_a_known_one(office):
    for name in ("人事、政風", "人事", "政風室"):
        Department.objects.create(name=name)
    bring(office, "user", ACCOUNTS, ["fang", "方小姐", "", "", "是", "人事、政風室（單位主管）"])
    belongs = User.objects.get(username="fang").memberships.values_list("department__name", "role")
    assert set(belongs) == {("人事", "reporter"), ("政風室", "head")}


def test_departments_without_a_place_come_last_in_the_order_of_the_file(office, administration):
    bring(office, "department", ["單位名稱"], ["業務處"], ["工務處"])
    bring(office, "department", DEPARTMENTS, ["港務處", "", "是"], ["秘書室", "0", "是"])
    assert list(Department.objects.values_list("name", "position")) == [
        ("秘書室", 0),
        ("行政處", 1),
        ("業務處", 2),
        ("工務處", 3),
        ("港務處", 4),
    ]


@pytest.mark.one_engine
def test_the_word_for_every_department_is_no_name(office):
    assert "不能當作單位名稱" in said(
        upload(office, "department", as_csv(DEPARTMENTS, ["各單位", 5, "是"]))
    )


def test_nobody_locks_himself_out_by_a_file(office, admin):
    preview = upload(
        office, "user", as_csv(ACCOUNTS, ["admin", "系統管理員", "", "單位同仁", "是", ""])
    )
    assert "不能停用自己" in said(preview)


@pytest.mark.one_engine
def test_markup_in_a_file_is_shown_as_text(office):
    preview = upload(
        office, "department", as_csv(DEPARTMENTS, ["<script>alert(1)</script>", "<b>", "是"])
    )
    assert "<script>alert" not in preview.content.decode()


def test_a_title_above_the_headings_and_columns_in_any_order_are_fine(office):
    content = as_xlsx(
        ["單位一覽"], [], ["使用中", "備註", "排序", "單位名稱"], ["是", "x", 5, "業務處"]
    )
    preview = upload(office, "department", content, "表.xlsx")
    confirm(office, "department", preview)
    assert Department.objects.get().name == "業務處"
