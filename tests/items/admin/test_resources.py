"""Flat tables in and out of the back office, and the known faults of import-export that must not come back."""

import csv
import io
import re
import zipfile
from datetime import timedelta

import openpyxl
import pytest
from django.conf import settings as project_settings
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from items.admin import flat_table_pages
from items.admin.resources import AssignmentResource, DepartmentResource, UserResource
from items.exchange.spreadsheets.limits import MAX_FILE_BYTES
from items.exchange.spreadsheets.read import read_workbook
from items.models import (
    Action,
    Assignment,
    Change,
    Department,
    Door,
    Membership,
    Method,
    Plan,
    Programme,
    ReportState,
    Strategy,
    Upload,
    User,
)
from tests.making import make_user

DEPARTMENTS = ["單位名稱", "排序", "使用中"]
ACCOUNTS = ["帳號", "姓名", "電子郵件", "全公司角色", "啟用", "所屬單位"]
ASSIGNMENTS = ["項次編號", "單位", "主協辦", "完成期限"]
EXPIRED = timedelta(minutes=61)


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


def as_csv(*rows):
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def upload(client, model, content, name="表.csv", **data):
    file = io.BytesIO(content)
    file.name = name
    return client.post(reverse(f"admin:items_{model}_import"), {"file": file, **data}, follow=True)


def confirm(client, model, preview):
    reference = preview.context["upload"].reference
    return client.post(
        reverse(f"admin:items_{model}_process_import"), {"reference": reference}, follow=True
    )


def bring(client, model, *rows, **data):
    preview = upload(client, model, as_csv(*rows), **data)
    return preview, confirm(client, model, preview)


def said(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def rows_of(response, kind):
    if kind == "csv":
        return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def take(client, model, kind="csv", query=""):
    return client.get(reverse(f"admin:items_{model}_export_as", args=[kind]) + query)


# In and out.


def test_a_preview_has_an_address_of_its_own_that_can_be_reloaded_until_it_is_confirmed(
    office, administration
):
    preview = upload(office, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"]))
    address = preview.redirect_chain[-1][0]
    assert "單位名稱 業務處" in said(office.get(address))
    confirm(office, "department", preview)
    back = office.get(address, follow=True)
    assert "這次匯入已經完成或超過一小時" in said(back)
    assert "單位名稱 業務處" not in said(back)


def test_nobody_else_sees_a_preview(office, client, administration):
    address = upload(office, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"])).redirect_chain[
        -1
    ][0]
    client.force_login(make_user("other", "另一位管理", "admin"))
    assert "業務處" not in said(client.get(address, follow=True))


def test_who_brings_accounts_in_is_told_that_they_have_no_password_yet(office, administration):
    preview, done = bring(office, "user", ACCOUNTS, ["yu", "余先生", "", "", "是", "行政處"])
    assert "新帳號還沒有密碼" in said(preview)
    assert "新帳號還沒有密碼" in said(done)
    again, _ = bring(office, "user", ACCOUNTS, ["yu", "余小姐", "", "", "是", "行政處"])
    assert "新帳號還沒有密碼" not in said(again)


def test_departments_are_made_and_changed_by_name(office, admin, administration):
    preview, done = bring(
        office, "department", DEPARTMENTS, ["業務處", 5, "是"], ["行政處", 9, "否"]
    )
    assert "單位名稱 業務處" in said(preview)
    assert "排序 1 → 9" in said(preview)
    assert "新增 1 筆、修改 1 筆" in said(done)
    administration.refresh_from_db()
    assert (administration.position, administration.is_active) == (9, False)
    changes = {change.label: change for change in Change.objects.all()}
    assert changes["行政處"].fields == {"position": [1, 9], "is_active": [True, False]}
    assert all((change.by, change.door) == (admin, Door.IMPORT) for change in changes.values())


def test_nothing_is_written_before_the_confirmation(office, administration):
    upload(office, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"]))
    assert Department.objects.count() == 1
    assert not Change.objects.exists()


def test_a_department_that_comes_in_gets_what_goes_to_every_department(
    office, make_action, administration
):
    make_action([administration], every_department=True)
    bring(office, "department", DEPARTMENTS, ["業務處", 5, "是"])
    assignment = Assignment.objects.get(department__name="業務處")
    assert Change.objects.get(model="assignment").object_id == assignment.pk


def test_accounts_come_in_with_their_departments_and_without_a_password(
    office, administration, information
):
    both = "行政處（單位主管）、資訊室(承辦人)"
    _, done = bring(
        office, "user", ACCOUNTS, ["fang", "方小姐", "fang@example.org", "單位同仁", "是", both]
    )
    assert "新增 1 筆" in said(done)
    user = User.objects.get(username="fang")
    assert (user.full_name, user.email, user.role, user.is_active) == (
        "方小姐",
        "fang@example.org",
        "",
        True,
    )
    assert not user.has_usable_password()
    assert user.must_change_password
    assert set(user.memberships.values_list("department__name", "role")) == {
        ("行政處", "head"),
        ("資訊室", "reporter"),
    }
    assert sorted(Change.objects.values_list("model", flat=True)) == [
        "membership",
        "membership",
        "user",
    ]


def test_a_password_column_is_not_read(office):
    preview, _ = bring(
        office,
        "user",
        [*ACCOUNTS, "password", "密碼"],
        ["fang", "方小姐", "", "", "是", "", "secret", "secret"],
    )
    assert "沒有讀取的欄位：password、密碼" in said(preview)
    assert not User.objects.get(username="fang").has_usable_password()


def test_an_account_that_is_there_keeps_its_password_and_loses_the_departments_that_are_gone(
    office, mei, information
):
    secret = mei.password
    bring(office, "user", ACCOUNTS, ["mei", "王美玲", "", "單位同仁", "是", "資訊室"])
    mei.refresh_from_db()
    assert mei.password == secret
    assert list(mei.memberships.values_list("department__name", flat=True)) == ["資訊室"]
    kinds = Change.objects.filter(model="membership").values_list("kind", flat=True)
    assert sorted(kinds) == ["created", "deleted"]


def test_a_column_that_the_file_lacks_stays_as_it_is(office, mei):
    bring(office, "user", ["帳號", "姓名"], ["mei", "王美齡"])
    mei.refresh_from_db()
    assert (mei.full_name, mei.memberships.count()) == ("王美齡", 1)


def test_assignments_come_in_with_the_deadline_as_written(
    office, programme, make_action, administration, information
):
    action = make_action([administration])
    year = {"programme": programme.pk}
    programme.ends_on -= timedelta(days=31)
    programme.save()
    rows = ["115-01", "資訊室", "協辦", "持續辦理"], ["115-01", "行政處", "主辦", "115年6月"]
    preview, done = bring(office, "assignment", ASSIGNMENTS, *rows, **year)
    assert "期限寫法 115年12月 → 115年6月" in said(preview)
    assert "新增 1 筆、修改 1 筆" in said(done)
    found = action.assignments.order_by("deadline").values_list(
        "department__name", "kind", "deadline_text", "deadline"
    )
    assert [(*row[:3], str(row[3])) for row in found] == [
        ("行政處", "lead", "115年6月", "2026-06-30"),
        ("資訊室", "support", "持續辦理", "2026-11-30"),
    ]
    assert {change.action for change in Change.objects.all()} == {action}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("model", ["department", "user", "assignment"])
def test_what_was_exported_comes_in_as_unchanged(
    office, model, kind, mei, head, coordinator, make_action, administration, information, programme
):
    make_action([administration, information], title="=作法、「引號」,逗號")
    Assignment.objects.filter(department=information).update(
        deadline_text="依來函辦理", kind="support"
    )
    Department.objects.create(name="=1+1處", position=0)
    content = take(office, model, kind).content
    data = {"programme": programme.pk} if model == "assignment" else {}
    with translation.override("en"):
        preview = upload(office, model, content, f"表.{kind}", **data).context["preview"]
    assert (preview.errors, preview.new, preview.changed) == ((), (), ())
    assert preview.unchanged == {"department": 3, "user": 4, "assignment": 2}[model]


def test_headings_are_chinese_whatever_the_language_of_the_session(office, mei):
    with translation.override("en"), override_settings(LANGUAGE_CODE="en"):
        assert rows_of(take(office, "user"), "csv")[0] == ACCOUNTS


def test_the_export_is_what_the_list_shows(office, mei, hao):
    assert [row[0] for row in rows_of(take(office, "user", query="?q=hao"), "csv")] == [
        "帳號",
        "hao",
    ]
    response = take(office, "user")
    assert "filename*=utf-8''%E5%B8%B3%E8%99%9F-1151122.csv" in response["Content-Disposition"]


def test_reports_go_out_as_far_as_they_may_be_seen_and_never_come_in(
    office, make_action, make_report, administration, information, q3, mei
):
    assignments = make_action([administration, information]).assignments.order_by("id")
    make_report(assignments[0], q3, mei, text="-已完成第一期")
    make_report(assignments[1], q3, mei, text="暗號", state=ReportState.DRAFT)
    rows = rows_of(take(office, "progressreport", "xlsx"), "xlsx")
    assert len(rows) == 2
    row = dict(zip(*rows, strict=True))
    assert (row["項次編號"], row["單位"], row["辦理情形"], row["實際進度（%）"]) == (
        "115-01",
        "行政處",
        "-已完成第一期",
        75,
    )
    assert (row["填報狀態"], row["落後原因"], row["更新時間"]) == (
        "備查",
        None,
        "115年11月22日 10:00",
    )
    assert office.post("/admin/items/progressreport/import/").status_code in (302, 404)


# The known faults of the stock import.


def test_a_row_that_fails_at_the_confirmation_rolls_back_everything_and_says_so(
    office, monkeypatch, administration
):
    preview = upload(
        office, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"], ["工務處", 6, "是"])
    )
    stock = DepartmentResource.problems

    def problems(table, department):
        return {"name": "剛好不行。"} if department.name == "工務處" else stock(table, department)

    monkeypatch.setattr(DepartmentResource, "problems", problems)
    done = confirm(office, "department", preview)
    assert "什麼都沒有寫入" in said(done)
    assert "第 3 列 單位名稱 剛好不行。" in said(done)
    assert "匯入完成" not in said(done)
    assert not Department.objects.filter(name__in=["業務處", "工務處"]).exists()
    assert not Change.objects.exists()


def test_what_the_database_refuses_at_the_confirmation_rolls_back_everything_and_says_so(
    office, monkeypatch, administration
):
    preview = upload(office, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"]))
    # As if somebody had added the department right after the import looked for it.
    monkeypatch.setattr(DepartmentResource, "load", lambda resource: {})
    Department.objects.create(name="業務處", position=1)
    done = confirm(office, "department", preview)
    assert "什麼都沒有寫入" in said(done)
    assert "UNIQUE" not in said(done)
    assert Department.objects.get(name="業務處").position == 1
    assert not Change.objects.exists()


def test_one_wrong_row_in_the_preview_leaves_nothing_to_confirm(office, administration):
    preview = upload(
        office, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"], ["工務處", "五", "也許"])
    )
    words = said(preview)
    assert "第 3 列 排序 「五」不是 0 到 32767 的整數。" in words
    assert "第 3 列 使用中 「也許」看不出是或否" in words
    assert "確認匯入" not in words
    done = confirm(office, "department", preview)
    assert "什麼都沒有寫入" in said(done)
    assert Department.objects.count() == 1


def test_the_reference_belongs_to_one_person_one_table_and_one_hour(
    office, admin, client, administration
):
    preview = upload(office, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"]))
    for model in ("user", "assignment"):
        assert "重新上傳" in said(confirm(office, model, preview))
    other = make_user("other", "另一位管理", "admin")
    client.force_login(other)
    assert "重新上傳" in said(confirm(client, "department", preview))
    client.force_login(admin)
    Upload.objects.update(at=Upload.objects.get().at - EXPIRED)
    assert "重新上傳" in said(confirm(client, "department", preview))
    assert Department.objects.count() == 1


@pytest.mark.parametrize(
    "reference", ["", "../../etc/passwd", "/etc/passwd", "tmp123", "r" * 43, "\x00"]
)
def test_no_name_from_the_browser_opens_a_file(office, administration, reference):
    address = reverse("admin:items_department_process_import")
    data = {
        "reference": reference,
        "import_file_name": "/etc/passwd",
        "format": "0",
        "original_file_name": "x.csv",
    }
    assert "重新上傳" in said(office.post(address, data, follow=True))


def test_a_confirmation_works_once(office, administration):
    preview = upload(office, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"]))
    assert "匯入完成" in said(confirm(office, "department", preview))
    assert "重新上傳" in said(confirm(office, "department", preview))
    assert Change.objects.count() == 1
    assert not Upload.objects.exists()


def test_a_file_that_another_tab_has_pushed_out_meanwhile_is_asked_for_again(
    office, monkeypatch, administration
):
    stock = flat_table_pages.run

    def run(*arguments, **options):
        preview = stock(*arguments, **options)
        Upload.objects.all().delete()
        return preview

    monkeypatch.setattr(flat_table_pages, "run", run)
    preview = upload(office, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"]))
    assert "重新上傳" in said(confirm(office, "department", preview))


def test_two_tabs_keep_two_files(office, administration):
    first = upload(office, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"]))
    upload(office, "department", as_csv(DEPARTMENTS, ["工務處", 6, "是"]))
    assert "匯入完成" in said(confirm(office, "department", first))
    assert Department.objects.filter(name="業務處").exists()


def test_a_change_since_the_preview_brings_a_fresh_preview(office, administration):
    preview = upload(office, "department", as_csv(DEPARTMENTS, ["行政處", 5, "是"]))
    data = {
        "name": "行政處",
        "position": 7,
        "is_active": "on",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    }
    office.post(reverse("admin:items_department_change", args=[administration.pk]), data)
    again = confirm(office, "department", preview)
    assert "預覽之後資料有異動" in said(again)
    assert "排序 7 → 5" in said(again)
    assert "匯入完成" in said(confirm(office, "department", again))


def test_an_id_in_the_file_is_not_read(office, administration, information):
    preview, _ = bring(
        office,
        "department",
        ["id", "pk", *DEPARTMENTS],
        [information.pk, information.pk, "行政處", 8, "是"],
    )
    assert "沒有讀取的欄位：id、pk" in said(preview)
    information.refresh_from_db()
    assert (information.name, information.position) == ("資訊室", 2)
    assert Department.objects.get(name="行政處").position == 8


def test_rows_of_another_programme_are_not_touched(office, programme, make_action, administration):
    make_action([administration])
    other = Programme.objects.create(
        year=116, title="116年度計畫", starts_on="2027-01-01", ends_on="2027-12-31"
    )
    strategy = Strategy.objects.create(programme=other, number=1, title="策略")
    method = Method.objects.create(strategy=strategy, position=1, title="方法")
    plan = Plan.objects.create(method=method, position=1, title="計畫")
    foreign = Action.objects.create(plan=plan, position=1, code="116-01", title="明年的")
    Assignment.objects.create(
        action=foreign, department=administration, deadline="2027-12-31", deadline_text="116年12月"
    )
    preview = upload(
        office,
        "assignment",
        as_csv(ASSIGNMENTS, ["116-01", "行政處", "協辦", "115年6月"]),
        programme=programme.pk,
    )
    assert "不是115年度的項次編號" in said(preview)
    confirm(office, "assignment", preview)
    assert foreign.assignments.get().deadline_text == "116年12月"


def test_the_stock_permission_settings_are_on():
    assert project_settings.IMPORT_EXPORT_IMPORT_PERMISSION_CODE
    assert project_settings.IMPORT_EXPORT_EXPORT_PERMISSION_CODE
    assert project_settings.IMPORT_EXPORT_USE_TRANSACTIONS


@pytest.mark.parametrize("role", ["mei", "head", "coordinator", "manager", "auditor"])
def test_only_the_admin_imports_and_exports(client, request, role, administration):
    client.force_login(request.getfixturevalue(role))
    assert upload(client, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"])).status_code == 403
    assert take(client, "department").status_code == 403
    assert not Upload.objects.exists()


def test_an_import_is_no_get_and_needs_its_token(admin, administration):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin)
    assert strict.get(reverse("admin:items_department_process_import")).status_code == 405
    assert (
        strict.post(
            reverse("admin:items_department_process_import"), {"reference": "x"}
        ).status_code
        == 403
    )


# What is written into files.

DANGEROUS = ["=1+1", "==cmd()", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"]


@pytest.mark.parametrize("value", DANGEROUS)
def test_no_exported_cell_is_a_formula_and_none_is_changed(office, value):
    Department.objects.create(name=value, position=3)
    content = take(office, "department", "xlsx").content
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert rows_of(take(office, "department", "xlsx"), "xlsx")[1] == [value, 3, "是"]
    written = rows_of(take(office, "department", "csv"), "csv")[1][0]
    assert written == f"'{value}"


def test_what_looks_like_an_escape_of_excel_is_read_back_as_it_is(office):
    Department.objects.create(name="_x0041_", position=3)
    content = take(office, "department", "xlsx").content
    assert read_workbook(content, "單位.xlsx").sheets[0].rows[1].cells[1].text == "_x0041_"


def test_an_empty_cell_is_empty_and_not_the_word_none(office, mei):
    rows = rows_of(take(office, "user", "xlsx"), "xlsx")
    assert rows[2][:4] == ["mei", "王美玲", None, "單位同仁"]
    assert rows[1][5] is None
    assert b"None" not in take(office, "user", "csv").content


def test_numbers_stay_numbers(office, administration):
    assert rows_of(take(office, "department", "xlsx"), "xlsx")[1][1] == 1


# What people type.


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


OLD_NAMES = ["人事、政風室", "人事室(兼政風)", "臺北辦事處", "台北辦事處", "Port Office", "人事"]


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


def test_the_word_for_every_department_is_no_name(office):
    assert "不能當作單位名稱" in said(
        upload(office, "department", as_csv(DEPARTMENTS, ["各單位", 5, "是"]))
    )


def test_nobody_locks_himself_out_by_a_file(office, admin):
    preview = upload(
        office, "user", as_csv(ACCOUNTS, ["admin", "系統管理員", "", "單位同仁", "是", ""])
    )
    assert "不能停用自己" in said(preview)


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


# Files that do harm.


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for number in range(13):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"\0" * 10_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("表.xlsx", bomb, "120 MB"),
        ("表.xlsx", b"<html><table></table></html>", "網頁檔"),
        ("表.csv", as_csv(["名字", "序"], ["業務處", 5]), "找不到標題列"),
        ("表.csv", as_csv(DEPARTMENTS), "沒有任何資料"),
        ("表.csv", as_csv([*DEPARTMENTS, "排序"], ["業務處", 5, "是", 6]), "標題「排序」出現兩次"),
        ("表.csv", b"", "空"),
        ("表.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xlsx"),
    ],
)
def test_a_harmful_or_useless_file_is_refused_in_words(office, name, content, sentence):
    response = upload(office, "department", content() if callable(content) else content, name)
    assert response.status_code == 200
    assert sentence in said(response)
    assert not Upload.objects.exists()


def test_a_file_that_is_too_large_is_refused_while_it_arrives(office):
    response = upload(office, "department", b"x" * (MAX_FILE_BYTES + 1), "表.xlsx")
    assert response.status_code == 413
    assert "10 MB" in said(response)
    assert not Upload.objects.exists()


def test_forgotten_uploads_are_swept(office, admin, administration):
    upload(office, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"]))
    Upload.objects.update(at=Upload.objects.get().at - EXPIRED)
    upload(office, "user", as_csv(ACCOUNTS, ["fang", "方小姐", "", "", "是", ""]))
    assert Upload.objects.get().table == "user"


# What it costs.


def measured(client, model, rows, **data):
    with CaptureQueriesContext(connection) as preview_queries:
        preview = upload(client, model, as_csv(*rows), **data)
    assert preview.context["preview"].can_confirm, preview.context["preview"].errors[:3]
    with CaptureQueriesContext(connection) as confirm_queries:
        client.post(
            reverse(f"admin:items_{model}_process_import"),
            {"reference": preview.context["upload"].reference},
        )
    return len(preview_queries), len(confirm_queries)


def account_rows(first, count):
    numbers = range(first, first + count)
    return [
        ACCOUNTS,
        *(
            [f"p{n}", f"同仁{n}", "", "", "是", "行政處（承辦人）、資訊室（單位主管）"]
            for n in numbers
        ),
    ]


def test_queries_of_an_import_do_not_grow_with_its_rows(
    office, programme, make_action, administration, information
):
    few = measured(office, "user", account_rows(0, 3))
    assert measured(office, "user", account_rows(100, 20)) == few
    preview, confirmation = measured(office, "user", account_rows(200, 200))
    assert preview == few[0]
    assert (
        confirmation - few[1] < 10
    )  # what SQLite takes at once is bounded: so many batches, not rows
    for _ in range(40):
        make_action([administration])
    rows = [[f"115-{number:02}", "資訊室", "協辦", "115年12月"] for number in range(1, 41)]
    year = {"programme": programme.pk}
    few = measured(office, "assignment", [ASSIGNMENTS, *rows[:2]], **year)
    assert measured(office, "assignment", [ASSIGNMENTS, *rows[2:]], **year) == few


def test_queries_of_an_export_do_not_grow(office, mei, administration):
    def cost():
        with CaptureQueriesContext(connection) as found:
            take(office, "user")
        return len(found)

    cost()
    before = cost()
    for number in range(30):
        make_user(f"p{number}", "同仁", reporter=administration)
    assert cost() == before


@pytest.mark.parametrize("model", ["department", "user", "assignment"])
def test_the_page_shows_how_a_file_is_written_and_offers_an_empty_one(
    office, programme, make_action, model, administration, information
):
    for name in ("港務處", "政風室"):
        Department.objects.create(name=name)
    make_action([administration])
    page = office.get(reverse(f"admin:items_{model}_import"))
    assert "檔案的寫法" in said(page)
    headings, examples = page.context["headings"], page.context["examples"]
    empty = office.get(reverse(f"admin:items_{model}_template", args=["xlsx"]))
    assert rows_of(empty, "xlsx") == [headings]
    # The examples can be brought in as they stand.
    data = {"programme": programme.pk} if model == "assignment" else {}
    preview = upload(office, model, as_csv(headings, *examples), **data).context["preview"]
    assert preview.errors == ()
    assert preview.can_confirm


def test_the_words_for_roles_are_said_before_somebody_guesses(office):
    words = said(office.get(reverse("admin:items_user_import")))
    assert "單位同仁、研考、首長、稽核、系統管理" in words
    assert "行政處（單位主管）、政風室（承辦人）" in words


def test_the_columns_are_the_declared_ones():
    assert DepartmentResource().headings() == DEPARTMENTS
    assert UserResource().headings() == ACCOUNTS
    assert AssignmentResource().headings() == ASSIGNMENTS
    assert Membership.objects.model._meta.verbose_name == ACCOUNTS[-1]


def test_an_assignment_from_a_file_is_handed_out_on_the_day_of_the_file(
    office, programme, make_action, information
):
    make_action()
    preview = upload(
        office,
        "assignment",
        as_csv(ASSIGNMENTS, ["115-01", "資訊室", "主辦", "115年12月"]),
        programme=programme.pk,
    )
    confirm(office, "assignment", preview)
    entry = Change.objects.get(model="assignment")
    assert Assignment.objects.get().handed_out_on == timezone.localtime(entry.at).date()
