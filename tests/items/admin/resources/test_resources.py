"""Flat tables in and out of the back office."""

from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone, translation

from items.admin.resources import AssignmentResource, DepartmentResource, UserResource
from items.models import Assignment, Change, Department, Door, Membership, ReportState, User
from items.workflow.accounts import deactivate
from items.workflow.forgetting import forget
from tests.items.admin.flat_tables import (
    ACCOUNTS,
    ASSIGNMENTS,
    DEPARTMENTS,
    as_csv,
    bring,
    confirm,
    rows_of,
    said,
    take,
    upload,
)
from tests.items.views.answers import text_of
from tests.making import NOW, make_user


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_nothing_is_written_before_the_confirmation(office, administration):
    upload(office, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"]))
    assert Department.objects.count() == 1
    assert not Change.objects.exists()


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_the_words_for_roles_are_said_before_somebody_guesses(office):
    words = said(office.get(reverse("admin:items_user_import")))
    assert "單位同仁、研考、首長、稽核、系統管理" in words
    assert "行政處（單位主管）、政風室（承辦人）" in words


def test_the_columns_are_the_declared_ones():
    assert DepartmentResource().headings() == DEPARTMENTS
    assert UserResource().headings() == ACCOUNTS
    assert AssignmentResource().headings() == [*ASSIGNMENTS, "承辦人"]
    assert Membership.objects.model._meta.verbose_name == ACCOUNTS[-1]


@pytest.mark.one_engine
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


def test_a_contact_is_named_by_a_file_and_a_file_without_the_column_keeps_it(
    office, programme, make_action, administration, mei, head
):
    make_action([administration], code="115-01")
    headings = [*ASSIGNMENTS, "承辦人"]
    row = ["115-01", "行政處", "主辦", "115年12月"]
    year = {"programme": programme.pk}
    preview, _ = bring(office, "assignment", headings, [*row, "王美玲"], **year)
    assert "承辦人 （空白） → 王美玲" in said(preview)
    assert Assignment.objects.get().contact == mei
    bring(office, "assignment", ASSIGNMENTS, ["115-01", "行政處", "協辦", "115年12月"], **year)
    assert Assignment.objects.get().contact == mei
    bring(office, "assignment", headings, [*row, "head"], **year)
    assert Assignment.objects.get().contact == head
    bring(office, "assignment", headings, [*row, ""], **year)
    assert Assignment.objects.get().contact is None


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("林志豪", "林志豪不是行政處能填報的人員"),
        ("沒這人", "查無承辦人「沒這人」"),
        ("王美玲", "有 2 個人叫「王美玲」，承辦人請改寫帳號"),
    ],
)
def test_a_contact_who_cannot_be_one_is_refused(
    office, programme, make_action, administration, mei, hao, name, words
):
    make_user("mei2", "王美玲", reporter=administration)
    make_action([administration], code="115-01")
    rows = [[*ASSIGNMENTS, "承辦人"], ["115-01", "行政處", "主辦", "115年12月", name]]
    preview = upload(office, "assignment", as_csv(*rows), programme=programme.pk)
    assert words in said(preview)
    assert not preview.context["preview"].can_confirm


def test_people_of_one_name_go_out_as_accounts_and_come_back(
    office, programme, make_action, administration, mei
):
    make_user("mei2", "王美玲", reporter=administration)
    make_action([administration]).assignments.update(contact=mei)
    content = take(office, "assignment", "csv").content
    assert rows_of(take(office, "assignment", "csv"), "csv")[1][-1] == "mei"
    preview = upload(office, "assignment", content, programme=programme.pk).context["preview"]
    assert (preview.errors, preview.unchanged) == ((), 1)


def test_accounts_that_look_like_others_do_not_come_in(office, admin):
    rows = [
        ["Admin", "假冒", "", "", "是", ""],
        ["аdmin", "假冒", "", "", "是", ""],
        ["fang", "方\u200b小姐", "", "", "是", ""],
        ["lin", "林", "", "", "是", ""],
        ["Lin", "林", "", "", "是", ""],
    ]
    page = text_of(upload(office, "user", as_csv(ACCOUNTS, *rows)))
    for words in ("已經有「admin」", "有些看起來和英文一樣", "看不見的字元", "已經有「lin」"):
        assert words in page
    assert set(User.objects.values_list("username", flat=True)) == {"admin"}


def test_an_account_that_a_file_disables_and_enables_finds_no_session_of_before(office, mei):
    there = Client()
    there.force_login(mei)
    for active in ("否", "是"):
        bring(office, "user", ["帳號", "姓名", "啟用"], ["mei", "王美玲", active])
    assert there.get("/password/").status_code == 302


def test_an_account_without_a_name_is_not_enabled_again_by_a_file_or_the_form(office, mei, admin):
    deactivate([mei], by=admin, at=NOW)
    forget(mei, at=NOW, door=Door.COMMAND)
    user = User.objects.get(pk=mei.pk)
    row = [user.username, user.full_name, "", "", "是", ""]
    preview = upload(office, "user", as_csv(ACCOUNTS, row))
    assert "不能再啟用" in said(preview)
    page = reverse("admin:items_user_change", args=[user.pk])
    form = office.get(page).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {"is_active": "on", "memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    answer = office.post(page, data, follow=True)
    assert "不能再啟用" in said(answer)
    user.refresh_from_db()
    assert not user.is_active
