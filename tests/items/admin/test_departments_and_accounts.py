"""Departments and accounts in the back office, with every write in the history."""

import gettext
import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from items.models import Assignment, Change, Department, Door, Membership, User
from items.workflow import history
from tests.items.admin.admin_pages import INLINE, listing, page_of, words_of
from tests.making import NO_KEY, NOW, PASSWORD, TODAY


def test_a_department_is_made_changed_and_reordered_with_history(
    office, admin, administration, information
):
    office.post(
        reverse("admin:items_department_add"),
        {"name": "業務處", "position": 3, "is_active": "on", **INLINE},
    )
    made = Department.objects.get(name="業務處")
    change = Change.objects.get(model="department", object_id=made.pk)
    assert (change.kind, change.by, change.door) == ("created", admin, Door.ADMIN)
    rows = {"form-TOTAL_FORMS": 3, "form-INITIAL_FORMS": 3, "_save": "1"}
    for number, one in enumerate([administration, information, made]):
        rows |= {f"form-{number}-id": one.pk, f"form-{number}-position": 9 - number}
    assert office.post(listing("department"), rows).status_code == 302
    assert list(Department.objects.values_list("name", flat=True)) == ["業務處", "資訊室", "行政處"]
    assert Change.objects.filter(model="department", kind="changed").count() == 3


def test_a_new_department_gets_what_goes_to_every_department(office, make_action, administration):
    action = make_action([administration], every_department=True)
    office.post(
        reverse("admin:items_department_add"),
        {"name": "業務處", "position": 3, "is_active": "on", **INLINE},
    )
    assignment = Assignment.objects.get(department__name="業務處")
    assert assignment.action == action
    assert assignment.deadline_text == "115年12月"
    change = Change.objects.get(model="assignment")
    assert change.door == Door.ADMIN


def test_a_department_gets_its_actions_when_it_is_switched_on(office, make_action, administration):
    make_action([administration], every_department=True)
    office.post(reverse("admin:items_department_add"), {"name": "業務處", "position": 3, **INLINE})
    asleep = Department.objects.get(name="業務處")
    assert not asleep.assignments.exists()
    office.post(page_of(asleep), {"name": "業務處", "position": 3, "is_active": "on", **INLINE})
    assert asleep.assignments.count() == 1


def test_a_department_with_assignments_cannot_be_deleted_but_deactivated(
    office, action, administration
):
    address = reverse("admin:items_department_delete", args=[administration.pk])
    assert office.post(address, {"post": "yes"}).status_code == 403
    office.post(
        listing("department"), {"action": "deactivate", "_selected_action": administration.pk}
    )
    administration.refresh_from_db()
    assert not administration.is_active
    assert Change.objects.get(model="department").fields == {"is_active": [True, False]}


def test_a_department_that_nothing_refers_to_can_be_deleted(office):
    empty = Department.objects.create(name="打錯字處")
    office.post(reverse("admin:items_department_delete", args=[empty.pk]), {"post": "yes"})
    assert not Department.objects.filter(pk=empty.pk).exists()
    assert Change.objects.get(model="department").kind == "deleted"


def new_account(**fields):
    return {
        "username": "fang", "full_name": "方小姐", "email": "", "role": "", "password1": PASSWORD, "password2": PASSWORD,
        "memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0, **fields,
    }  # fmt: skip


def test_an_account_is_made_with_its_department_and_changes_its_password_first(
    office, administration
):
    data = new_account(**{
        "memberships-TOTAL_FORMS": 1, "memberships-0-department": administration.pk, "memberships-0-role": "head",
        "is_staff": "on", "is_superuser": "on",
    })  # fmt: skip
    office.post(reverse("admin:items_user_add"), data)
    user = User.objects.get(username="fang")
    assert (user.full_name, user.role, user.must_change_password, user.is_staff) == (
        "方小姐",
        "",
        True,
        False,
    )
    assert user.check_password(PASSWORD)
    assert Membership.objects.get(user=user).role == "head"
    kept = {change.model: change.fields for change in Change.objects.all()}
    assert set(kept) == {"user", "membership"}
    assert PASSWORD not in str(kept)
    assert "md5" not in str(kept)


def test_a_weak_password_is_refused(office):
    response = office.post(
        reverse("admin:items_user_add"), new_account(password1="12345678", password2="12345678")
    )
    assert response.status_code == 200
    assert not User.objects.filter(username="fang").exists()


def edited(user, **fields):
    data = {
        "username": user.username,
        "full_name": user.full_name,
        "email": user.email,
        "role": user.role,
    }
    return data | {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0} | fields


def test_an_account_is_deactivated_and_the_history_says_so(office, mei):
    office.post(page_of(mei), edited(mei))
    mei.refresh_from_db()
    assert not mei.is_active
    assert Change.objects.get(model="user").fields == {"is_active": [True, False]}


def test_deactivating_says_how_many_and_whom_and_leaves_oneself(office, admin, mei, hao):
    chosen = {"action": "deactivate", "_selected_action": [admin.pk, mei.pk]}
    words = words_of(office.post(listing("user"), chosen, follow=True))
    assert "已停用 1 個：王美玲。" in words
    assert "自己的帳號不能停用" in words
    words = words_of(office.post(listing("user"), chosen, follow=True))
    assert "已停用" not in words
    admin.refresh_from_db()
    assert admin.is_active


def test_deactivating_departments_says_how_many_and_which(office, administration, information):
    chosen = {
        "action": "deactivate",
        "_selected_action": [administration.pk, information.pk],
    }
    words = words_of(office.post(listing("department"), chosen, follow=True))
    assert "已停用 2 個：行政處、資訊室。" in words
    words = words_of(office.post(listing("department"), chosen, follow=True))
    assert "所選的單位都已經停用，沒有變動。" in words


def test_a_new_account_has_two_rows_for_departments_and_may_leave_both_blank(office):
    page = office.get(reverse("admin:items_user_add"))
    formset = page.context["inline_admin_formsets"][0].formset
    assert len(formset.forms) == 2
    rows = {
        "memberships-TOTAL_FORMS": 2,
        "memberships-0-department": "",
        "memberships-0-role": "reporter",
        "memberships-1-department": "",
        "memberships-1-role": "reporter",
    }
    answer = office.post(reverse("admin:items_user_add"), new_account(**rows))
    assert answer.status_code == 302
    assert not User.objects.get(username="fang").memberships.exists()


def test_the_back_office_speaks_our_words(office, administration):
    page = words_of(office.get(listing("department")))
    for foreign in ("動作:", "個被選", "過濾器", "當前主題"):
        assert foreign not in page
    assert "筆都沒有勾選" in page
    page = words_of(office.get(page_of(administration)))
    assert "異動紀錄" in page
    assert "歷史" not in page
    data = {"name": "", "position": 3, "is_active": "on", **INLINE}
    page = words_of(office.post(reverse("admin:items_department_add"), data))
    assert "還沒有儲存，請更正下面標示的欄位。" in page
    assert "這一欄要填。" in page
    data["name"] = "業務處"
    page = words_of(office.post(reverse("admin:items_department_add"), data, follow=True))
    assert re.search("已新增單位「 ?業務處 ?」。", page)
    script = office.get(reverse("admin:jsi18n")).content
    assert "筆中已勾選".encode("unicode_escape") in script


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_the_compiled_words_are_those_of_their_source(domain):
    folder = settings.LOCALE_PATHS[0] / "zh_Hant" / "LC_MESSAGES"
    with (folder / f"{domain}.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    source = (folder / f"{domain}.po").read_text()
    entry = r'^msgid "(?P<english>.+)"\n(?:msgid_plural .*\nmsgstr\[0\]|msgstr) "(?P<ours>.+)"$'
    entries = list(re.finditer(entry, source, re.MULTILINE))
    assert len(entries) == source.count('msgid "') - 1
    for match in entries:
        english = match["english"].replace('\\"', '"')
        words = {compiled.gettext(english), compiled.ngettext(english, english, 1)}
        assert match["ours"] in words, english


def test_nobody_locks_himself_out(office, admin):
    for data in (edited(admin), edited(admin, is_active="on", role="")):
        response = office.post(page_of(admin), data, follow=True)
        assert "不能停用自己" in response.content.decode()
    office.post(listing("user"), {"action": "deactivate", "_selected_action": admin.pk})
    admin.refresh_from_db()
    assert admin.is_admin
    assert (
        office.post(
            reverse("admin:items_user_delete", args=[admin.pk]), {"post": "yes"}
        ).status_code
        == 403
    )


def test_an_account_that_has_written_something_is_not_deleted(office, everything, mei, hao):
    assert (
        office.post(reverse("admin:items_user_delete", args=[mei.pk]), {"post": "yes"}).status_code
        == 403
    )
    office.post(reverse("admin:items_user_delete", args=[hao.pk]), {"post": "yes"})
    assert set(User.objects.filter(pk__in=[mei.pk, hao.pk])) == {mei}
    assert list(
        Change.objects.filter(kind="deleted").order_by("id").values_list("model", flat=True)
    ) == [
        "membership",
        "user",
    ]


def test_a_password_set_by_the_admin_is_changed_at_the_next_login(office, mei):
    address = reverse("admin:auth_user_password_change", args=[mei.pk])
    assert office.get(address).status_code == 200
    office.post(address, {"password1": "another horse 116", "password2": "another horse 116"})
    mei.refresh_from_db()
    assert mei.check_password("another horse 116")
    assert mei.must_change_password
    kept = Change.objects.get(model="user")
    assert kept.fields == {
        "password": [None, "由系統管理重新設定"],
        "must_change_password": [False, True],
    }
    assert "horse" not in str(kept.fields)


def test_who_signs_in_at_a_demonstration_was_last_seen_on_its_day(client, mei):
    client.post(reverse("login"), {"username": "mei", "password": PASSWORD})
    mei.refresh_from_db()
    assert timezone.localdate(mei.last_login) == TODAY


def test_the_own_password_is_changed_on_the_site_s_page(office, admin):
    assert office.get(reverse("admin:auth_user_password_change", args=[admin.pk])).url == reverse(
        "password_change"
    )


def test_a_row_that_somebody_else_has_deleted_is_gone_and_not_forbidden(office):
    for model in ("department", "user"):
        address = reverse(f"admin:items_{model}_delete", args=[NO_KEY])
        response = office.get(address, follow=True)
        assert response.status_code == 200
        assert "可能已經刪除" in response.content.decode()


def test_the_history_of_an_account_and_of_a_department_tells_who_belonged_where(
    office, admin, mei, administration, information
):
    history.delete(mei.memberships.get(), by=admin, at=NOW)
    history.save(Membership(user=mei, department=information), by=admin, at=NOW)
    of_account = office.get(reverse("admin:items_user_history", args=[mei.pk]))
    assert "王美玲・行政處承辦人" in words_of(of_account)
    assert "王美玲・資訊室承辦人" in words_of(of_account)
    of_department = office.get(reverse("admin:items_department_history", args=[administration.pk]))
    assert "王美玲・行政處承辦人" in words_of(of_department)
    assert "王美玲・資訊室承辦人" not in words_of(of_department)
