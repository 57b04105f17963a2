"""The back office: for the role 系統管理 alone, tidy, and every write of it in the history."""

import gettext
import re
from datetime import date

import pytest
from django.conf import settings
from django.contrib import admin as django_admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from items.back_office import GROUPS, BackOffice
from items.models import (
    Action,
    Assignment,
    Change,
    Department,
    Door,
    Frequency,
    ImportBatch,
    Membership,
    Method,
    PlannedProgress,
    Programme,
    ProgressReport,
    ReportState,
    ReportStep,
    Strategy,
    User,
)
from tests.making import NOW, PASSWORD, make_user

MODELS = [model for group in GROUPS for model in group.models]
READ_ONLY = ["progressreport", "reportstep", "change", "importbatch"]
INLINE = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def action(make_action, administration, information):
    return make_action([administration, information])


@pytest.fixture
def everything(action, quarters, mei, coordinator, programme, make_report, administration):
    """At least one row of every model that the back office shows."""
    assignment = action.assignments.get(department=administration)
    report = make_report(assignment, quarters[2], mei, percent=75)
    ReportStep.objects.create(
        report=report,
        kind="accept",
        from_state="with_coordinator",
        to_state="accepted",
        by=coordinator,
        at=NOW,
    )
    PlannedProgress.objects.create(assignment=assignment, period=quarters[3], percent=90)
    ImportBatch.objects.create(
        programme=programme,
        by=coordinator,
        at=NOW,
        door="page",
        file_name="表.xlsx",
        content=b"x",
        sha256="0" * 64,
    )
    return report


def listing(model):
    return reverse(f"admin:items_{model.lower()}_changelist")


def page_of(obj):
    return reverse(f"admin:items_{obj._meta.model_name}_change", args=[obj.pk])


def words_of(response):
    """What stands on the page, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# Who may come in.


def test_our_site_is_the_admin_site_and_knows_no_groups():
    assert isinstance(django_admin.site._wrapped, BackOffice)
    assert not django_admin.site.is_registered(Group)
    registered = {model._meta.object_name for model in django_admin.site._registry}
    assert registered == set(MODELS)


@pytest.mark.parametrize("role", ["mei", "head", "coordinator", "manager", "auditor"])
def test_whoever_is_not_admin_is_refused_and_sees_nothing(client, request, action, role):
    client.force_login(request.getfixturevalue(role))
    for model in MODELS:
        response = client.get(listing(model))
        assert response.status_code == 403, model
        assert action.title not in response.content.decode()
    assert client.get(page_of(action)).status_code == 403
    assert client.get(reverse("admin:index")).status_code == 403
    assert client.get(reverse("admin:login")).status_code == 403
    for name in ("import", "process_import", "export"):
        assert client.post(reverse(f"admin:items_user_{name}")).status_code == 403
    assert client.get(reverse("admin:items_user_export_as", args=["csv"])).status_code == 403


def test_a_stranger_is_sent_to_the_one_login_page(client, db):
    response = client.get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0].startswith("/login/?next=/admin/")
    assert "前往" not in response.content.decode()


def test_is_staff_opens_nothing_and_cannot_be_set(client, mei):
    with pytest.raises(AttributeError):
        mei.is_staff = True
    mei.__dict__["is_staff"] = mei.__dict__["is_superuser"] = True
    client.force_login(mei)
    assert client.get(reverse("admin:index")).status_code == 403


def test_an_admin_whose_role_is_taken_away_is_out_at_the_next_request(office, admin):
    assert office.get(reverse("admin:index")).status_code == 200
    User.objects.filter(pk=admin.pk).update(role="")
    assert office.get(reverse("admin:index")).status_code == 403


def test_passwords_are_changed_on_the_site_s_own_page(office):
    assert office.get(reverse("admin:password_change")).url == reverse("password_change")


# The pages.


@pytest.mark.parametrize("model", MODELS)
def test_every_list_and_every_form_answers_in_chinese_and_without_anything_inline(
    office, everything, model
):
    response = office.get(listing(model), {"q": ""})
    assert response.status_code == 200
    pages = [response]
    obj = response.context["cl"].result_list[0]
    pages.append(office.get(page_of(obj)))
    if model.lower() not in READ_ONLY:
        pages.append(office.get(reverse(f"admin:items_{model.lower()}_add")))
    pages.append(office.get(reverse(f"admin:items_{model.lower()}_history", args=[obj.pk])))
    for page in pages:
        assert page.status_code == 200
        text = page.content.decode()
        assert not re.search(
            r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)(?![^>]*application/json)", text
        ), page.request
        left = re.findall(
            r"[A-Za-z]{4,}", re.sub(r"<(script)[\s\S]*?</\1>|<[^>]+>|&\w+;", " ", text)
        )
        assert set(left) <= {"admin", "coordinator", "xlsx", "head", "auditor", "manager"}, (
            page.request,
            left,
        )


def test_the_front_page_groups_the_models_and_shows_the_latest_changes(office, administration):
    office.post(
        page_of(administration), {"name": "行政管理處", "position": 1, "is_active": "on", **INLINE}
    )
    response = office.get(reverse("admin:index"))
    words = words_of(response)
    for group in GROUPS:
        assert group.name in words
    assert "修改行政管理處" in words


@pytest.mark.parametrize("model", READ_ONLY)
def test_reports_and_records_are_only_for_reading(office, everything, model):
    obj = office.get(listing(model)).context["cl"].result_list[0]
    assert office.get(reverse(f"admin:items_{model}_add")).status_code == 403
    assert (
        office.post(page_of(obj), {"text": "改寫", "state": "draft", "label": "改寫"}).status_code
        == 403
    )
    assert (
        office.post(
            reverse(f"admin:items_{model}_delete", args=[obj.pk]), {"post": "yes"}
        ).status_code
        == 403
    )
    assert office.post(
        listing(model), {"action": "delete_selected", "_selected_action": obj.pk}
    ).status_code in (
        200,
        302,
        403,
    )
    assert type(obj).objects.filter(pk=obj.pk).exists()


@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.RETURNED])
def test_a_department_s_draft_is_nowhere_in_the_back_office(
    office, action, q4, mei, coordinator, make_report, state
):
    draft = make_report(action.assignments.first(), q4, mei, text="暗號麒麟", state=state)
    step = ReportStep.objects.create(
        report=draft,
        kind="return",
        from_state="with_head",
        to_state="returned",
        by=coordinator,
        at=NOW,
        words="暗號補件",
    )
    for address in [
        listing("progressreport"), listing("progressreport") + "?q=麒麟", listing("reportstep"), listing("change"),
        page_of(draft), page_of(step), reverse("admin:items_progressreport_export_as", args=["csv"]),
        reverse("admin:items_progressreport_history", args=[draft.pk]), page_of(action),
    ]:  # fmt: skip
        response = office.get(address, follow=True)
        assert "暗號" not in response.content.decode(), address
    assert office.get(page_of(draft)).status_code == 302  # Django's answer for what is not there


def test_a_lookup_through_relations_does_not_reach_a_draft(office, action, q4, mei, make_report):
    make_report(action.assignments.first(), q4, mei, text="暗號麒麟", state=ReportState.DRAFT)
    response = office.get(listing("assignment"), {"reports__text__contains": "麒麟"})
    assert response.status_code in (302, 400)
    response = office.get(listing("user"), {"password__startswith": "md5"})
    assert response.status_code in (302, 400)


def test_the_change_list_says_from_what_to_what_in_words_and_by_day(office, programme):
    data = {
        "title": programme.title, "approved_on": "2026-05-01", "starts_on": "2026-01-01", "ends_on": "2026-12-31",
        "behind_threshold": 15, "soon_days": 30, "frequency": "quarter",
        "periods-TOTAL_FORMS": 0, "periods-INITIAL_FORMS": 0,
    }  # fmt: skip
    assert office.post(page_of(programme), data).status_code == 302
    words = words_of(office.get(listing("change"), {"at__year": 2026}))
    assert "落後門檻（百分點） 10 → 15" in words
    assert "核定日期 115年4月27日 → 115年5月1日" in words
    assert "115年11月" in words
    assert "2026年" not in words


# Departments and accounts.


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
    assert kept.fields == {"password": [None, "由系統管理重新設定"]}
    assert "horse" not in str(kept.fields)


def test_the_own_password_is_changed_on_the_site_s_page(office, admin):
    assert office.get(reverse("admin:auth_user_password_change", args=[admin.pk])).url == reverse(
        "password_change"
    )


# The year and the plan.


def test_the_periods_are_laid_out_by_a_button_and_only_their_due_date_can_be_typed(
    office, programme, admin
):
    address = reverse("admin:items_programme_lay_out", args=[programme.pk])
    assert office.get(address).status_code == 405
    assert "建立填報期" in office.get(page_of(programme)).content.decode()
    office.post(address)
    periods = list(programme.periods.all())
    assert [period.name for period in periods] == ["第1季", "第2季", "第3季", "第4季"]
    assert all(change.door == Door.ADMIN for change in Change.objects.filter(model="period"))
    page = office.get(page_of(programme)).content.decode()
    assert reverse("admin:items_programme_lay_out", args=[programme.pk]) not in page
    data = {
        "title": programme.title, "approved_on": "2026-04-27", "starts_on": "2026-01-01", "ends_on": "2026-12-31",
        "behind_threshold": 10, "soon_days": 30, "frequency": "month",
        "periods-TOTAL_FORMS": 4, "periods-INITIAL_FORMS": 4,
    }  # fmt: skip
    for number, period in enumerate(periods):
        data |= {f"periods-{number}-id": period.pk, f"periods-{number}-programme": programme.pk,
                 f"periods-{number}-due_on": "2026-12-05" if number == 3 else period.due_on,
                 f"periods-{number}-opened_at": "2026-01-01 00:00", f"periods-{number}-name": "別的"}  # fmt: skip
    assert office.post(page_of(programme), data).status_code == 302
    last = programme.periods.last()
    assert (str(last.due_on), last.opened_at, last.name) == ("2026-12-05", None, "第4季")
    programme.refresh_from_db()
    assert programme.frequency == Frequency.QUARTER
    assert Change.objects.filter(model="period", kind="changed").count() == 1


def test_laying_out_twice_is_refused_in_words(office, programme):
    address = reverse("admin:items_programme_lay_out", args=[programme.pk])
    office.post(address)
    response = office.post(address, follow=True)
    assert "已經建立" in response.content.decode()
    assert programme.periods.count() == 4


def action_data(action, **fields):
    rows = {"assignments-TOTAL_FORMS": 0, "assignments-INITIAL_FORMS": 0}
    return {"plan": action.plan_id, "position": action.position, "title": action.title,
            "expected_benefit": action.expected_benefit, **rows, **fields}  # fmt: skip


def test_an_action_is_edited_with_its_departments_and_the_deadline_follows_from_its_words(
    office, action, administration, admin
):
    first, second = action.assignments.order_by("id")
    data = action_data(action, title="設置休憩區與飲水機", control_status="released", code="115-99") | {
        "assignments-TOTAL_FORMS": 2, "assignments-INITIAL_FORMS": 2,
        "assignments-0-id": first.pk, "assignments-0-action": action.pk, "assignments-0-department": first.department_id,
        "assignments-0-kind": "lead", "assignments-0-position": 0, "assignments-0-deadline_text": "115年6月底前",
        "assignments-0-deadline": "",
        "assignments-1-id": second.pk, "assignments-1-action": action.pk, "assignments-1-department": second.department_id,
        "assignments-1-kind": "lead", "assignments-1-position": 1, "assignments-1-deadline_text": "115年12月",
        "assignments-1-deadline": "2026-12-31", "assignments-1-DELETE": "on",
    }  # fmt: skip
    assert office.post(page_of(action), data).status_code == 302
    action.refresh_from_db()
    assert (action.title, action.code, action.control_status) == (
        "設置休憩區與飲水機",
        "115-01",
        "under_control",
    )
    assignment = action.assignments.get()
    assert (assignment.department, str(assignment.deadline)) == (administration, "2026-06-30")
    kinds = Change.objects.filter(action=action, by=admin, door=Door.ADMIN).values_list(
        "model", "kind"
    )
    assert sorted(kinds) == [
        ("action", "changed"),
        ("assignment", "changed"),
        ("assignment", "deleted"),
    ]


def test_the_code_of_a_new_action_is_remembered_when_the_action_is_gone(office, action, programme):
    data = action_data(action, code="115-41", title="增設哺集乳室")
    assert office.post(reverse("admin:items_action_add"), data).status_code == 302
    made = Action.objects.get(code="115-41")
    programme.refresh_from_db()
    assert programme.last_code == 41
    office.post(reverse("admin:items_action_delete", args=[made.pk]), {"post": "yes"})
    programme.refresh_from_db()
    assert programme.last_code == 41
    assert not Change.objects.filter(fields__has_key="last_code").exists()


def test_a_deadline_that_cannot_be_read_is_refused_beside_its_field(office, action):
    first = action.assignments.order_by("id").first()
    data = action_data(action) | {
        "assignments-TOTAL_FORMS": 1, "assignments-INITIAL_FORMS": 1, "assignments-0-id": first.pk,
        "assignments-0-action": action.pk, "assignments-0-department": first.department_id, "assignments-0-kind": "lead",
        "assignments-0-position": 0, "assignments-0-deadline_text": "115年13月", "assignments-0-deadline": "",
    }  # fmt: skip
    response = office.post(page_of(action), data)
    assert response.status_code == 200
    assert "沒有 13 月" in response.content.decode()


def test_an_action_for_every_department_is_handed_out_on_saving(
    office, make_action, administration, information
):
    action = make_action([administration])
    office.post(page_of(action), action_data(action, every_department="on"))
    assert action.assignments.count() == 2


def test_an_action_is_deleted_with_its_assignments_and_each_leaves_an_entry(office, action):
    office.post(reverse("admin:items_action_delete", args=[action.pk]), {"post": "yes"})
    assert not Action.objects.filter(pk=action.pk).exists()
    deleted = Change.objects.filter(kind="deleted").order_by("id").values_list("model", flat=True)
    assert list(deleted) == ["assignment", "assignment", "action"]


def test_an_action_that_has_been_reported_on_stays(office, everything, action):
    office.post(reverse("admin:items_action_delete", args=[action.pk]), {"post": "yes"})
    assert Action.objects.filter(pk=action.pk).exists()
    assert not Change.objects.filter(kind="deleted").exists()


def test_several_strategies_chosen_together_leave_one_entry_each(office, programme):
    strategies = [
        Strategy.objects.create(programme=programme, number=number, title="策略")
        for number in (1, 2)
    ]
    methods = [
        Method.objects.create(strategy=strategy, position=1, title="方法")
        for strategy in strategies
    ]
    chosen = {
        "action": "delete_selected",
        "_selected_action": [method.pk for method in methods],
        "post": "yes",
    }
    office.post(listing("method"), chosen)
    assert not Method.objects.exists()
    assert Change.objects.filter(model="method", kind="deleted").count() == 2


def test_the_markup_in_a_name_is_shown_as_text(office, programme):
    Department.objects.create(name="<script>alert(1)</script>", position=9)
    data = {"title": "<img src=x onerror=alert(1)>", "approved_on": "", "starts_on": "2026-01-01", "ends_on": "2026-12-31",
            "behind_threshold": 10, "soon_days": 30, "frequency": "quarter",
            "periods-TOTAL_FORMS": 0, "periods-INITIAL_FORMS": 0}  # fmt: skip
    office.post(page_of(programme), data)
    for address in (
        listing("department"),
        listing("programme"),
        listing("change"),
        reverse("admin:index"),
    ):
        text = office.get(address).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text


# What pages cost.


def queries(client, address):
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.fixture
def grow(programme, make_action, make_report, quarters):
    """Twelve more rows of everything."""

    def more():
        departments = [
            Department.objects.create(name=f"第{number}處", position=number) for number in range(12)
        ]
        for number, department in enumerate(departments):
            person = make_user(f"p{number}", f"同仁{number}", reporter=department)
            assignment = make_action(departments[:6], code=f"115-{number + 50}").assignments.first()
            report = make_report(assignment, quarters[2], person)
            ReportStep.objects.create(
                report=report,
                kind="accept",
                from_state="with_coordinator",
                to_state="accepted",
                by=person,
                at=NOW,
            )
            PlannedProgress.objects.create(assignment=assignment, period=quarters[3], percent=90)
            Change.objects.create(
                at=NOW, by=person, door="page", kind="changed", model="action", object_id=1, label="x",
                programme=programme, fields={"a": [1, 2], "b": [1, 2], "c": [1, 2], "d": [1, 2]},
            )  # fmt: skip
            ImportBatch.objects.create(
                programme=programme,
                by=person,
                at=NOW,
                door="page",
                file_name="表",
                content=b"x",
                sha256="0" * 64,
            )
            other = Programme.objects.create(
                year=120 + number,
                title="另一年",
                starts_on=date(2031, 1, 1),
                ends_on=date(2031, 12, 31),
            )
            strategy = other.strategies.create(number=1, title="策略")
            strategy.methods.create(position=1, title="方法").plans.create(position=1, title="計畫")

    return more


@pytest.mark.parametrize("model", MODELS)
def test_queries_of_a_list_do_not_grow(office, everything, grow, model):
    queries(office, listing(model))  # what is fetched once per process
    before = queries(office, listing(model))
    grow()
    assert queries(office, listing(model)) == before
    assert before <= 16


def test_the_word_of_a_report_is_found(office, everything):
    response = office.get(listing("progressreport"), {"q": "地坪"})
    assert response.context["cl"].result_count == 1
    assert ProgressReport.objects.count() == 1


@pytest.mark.parametrize("typed", ["台階", "⼈行", "ＴＰＮｅｔ系統", "115–01"])
def test_the_search_of_the_back_office_folds_like_that_of_the_plan(office, make_action, typed):
    make_action(title="⼈⾏臺階與 TPNet 系統")
    make_action(title="別的作法")
    answer = office.get(reverse("admin:items_action_changelist"), {"q": typed})
    assert [action.code for action in answer.context["cl"].queryset] == ["115-01"]


@pytest.mark.parametrize("model", MODELS)
def test_every_search_of_the_back_office_answers(office, programme, model):
    address = reverse(f"admin:items_{model.lower()}_changelist")
    assert office.get(address, {"q": "臺 115"}).status_code == 200
