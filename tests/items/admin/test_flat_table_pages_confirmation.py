"""Flat tables between preview and confirmation: the known faults of import-export that must not come back."""

import pytest
from django.conf import settings as project_settings
from django.urls import reverse

from items.admin import flat_table_pages
from items.admin.resources import DepartmentResource
from items.models import (
    Action,
    Assignment,
    Change,
    Department,
    Method,
    Plan,
    Programme,
    Strategy,
    Upload,
)
from tests.items.admin.flat_tables import (
    ASSIGNMENTS,
    DEPARTMENTS,
    EXPIRED,
    as_csv,
    bring,
    confirm,
    said,
    take,
    upload,
)
from tests.making import make_user


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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_a_confirmation_works_once(office, administration):
    preview = upload(office, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"]))
    assert "匯入完成" in said(confirm(office, "department", preview))
    assert "重新上傳" in said(confirm(office, "department", preview))
    assert Change.objects.count() == 1
    assert not Upload.objects.exists()


def test_an_old_page_agrees_to_what_it_shows_even_if_another_tab_has_looked_since(
    office, administration
):
    """Looking writes nothing: the new preview in the other tab is not the one that was pressed."""
    old_page = upload(office, "department", as_csv(DEPARTMENTS, ["行政處", 5, "是"]))
    reference = old_page.context["upload"].reference
    waiting = Upload.objects.values().get()
    Department.objects.update(position=9)
    address = reverse("admin:items_department_import")
    new_page = office.get(address, {"reference": reference})
    assert "9 → 5" in said(new_page)
    assert Upload.objects.values().get() == waiting
    refused = confirm(office, "department", old_page)
    assert "預覽之後資料有異動" in said(refused)
    assert Department.objects.get().position == 9
    # What the answer shows now can be agreed to.
    assert "匯入完成" in said(confirm(office, "department", refused))
    assert Department.objects.get().position == 5


@pytest.mark.one_engine
def test_without_the_mark_of_what_was_seen_nothing_is_written(office, administration):
    preview = upload(office, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"]))
    reference = preview.context["upload"].reference
    address = reverse("admin:items_department_process_import")
    assert "還沒有寫入" in said(office.post(address, {"reference": reference}))
    assert Department.objects.count() == 1


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


@pytest.mark.one_engine
def test_two_tabs_keep_two_files(office, administration):
    first = upload(office, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"]))
    upload(office, "department", as_csv(DEPARTMENTS, ["工務處", 6, "是"]))
    assert "匯入完成" in said(confirm(office, "department", first))
    assert Department.objects.filter(name="業務處").exists()


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
@pytest.mark.parametrize("role", ["mei", "head", "coordinator", "manager", "auditor"])
def test_only_the_admin_imports_and_exports(client, request, role, administration):
    client.force_login(request.getfixturevalue(role))
    assert upload(client, "department", as_csv(DEPARTMENTS, ["業務處", 5, "是"])).status_code == 403
    assert take(client, "department").status_code == 403
    assert not Upload.objects.exists()


@pytest.mark.one_engine
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
