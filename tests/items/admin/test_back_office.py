"""The back office: for the role 系統管理 alone, tidy, and the same number of queries however long its lists are."""

import re
from datetime import date

import pytest
from django.contrib import admin as django_admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from items.back_office import GROUPS, BackOffice
from items.models import (
    Change,
    Department,
    ImportBatch,
    PlannedProgress,
    Programme,
    ProgressReport,
    ReportState,
    ReportStep,
    User,
)
from tests.items.admin.admin_pages import INLINE, MODELS, listing, page_of, words_of
from tests.making import NOW, make_user

READ_ONLY = ["progressreport", "reportstep", "change", "importbatch"]


def test_our_site_is_the_admin_site_and_knows_no_groups():
    assert isinstance(django_admin.site._wrapped, BackOffice)
    assert not django_admin.site.is_registered(Group)
    registered = {model._meta.object_name for model in django_admin.site._registry}
    assert registered == set(MODELS)


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_a_stranger_is_sent_to_the_one_login_page(client, db):
    response = client.get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0].startswith("/login/?next=/admin/")
    assert "前往" not in response.content.decode()


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_passwords_are_changed_on_the_site_s_own_page(office):
    assert office.get(reverse("admin:password_change")).url == reverse("password_change")


@pytest.mark.one_engine
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


@pytest.mark.one_engine
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


@pytest.mark.one_engine
@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.RETURNED])
def test_a_department_s_draft_is_nowhere_in_the_back_office(
    office, action, q4, mei, coordinator, make_report, state
):
    draft = make_report(action.assignments.first(), q4, mei, text="暗號麒麟", state=state)
    step = ReportStep.objects.create(
        report=draft,
        number=2,
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


@pytest.mark.one_engine
def test_a_lookup_through_relations_does_not_reach_a_draft(office, action, q4, mei, make_report):
    make_report(action.assignments.first(), q4, mei, text="暗號麒麟", state=ReportState.DRAFT)
    response = office.get(listing("assignment"), {"reports__text__contains": "麒麟"})
    assert response.status_code in (302, 400)
    response = office.get(listing("user"), {"password__startswith": "md5"})
    assert response.status_code in (302, 400)


@pytest.mark.one_engine
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
                number=2,
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


def on_one_engine(models):
    """All but the list of 分辦, which runs a statement here that no other test runs."""
    chosen = []
    for model in models:
        marks = []
        if model != "Assignment":
            marks.append(pytest.mark.one_engine)
        chosen.append(pytest.param(model, marks=marks))
    return chosen


@pytest.mark.parametrize("model", on_one_engine(MODELS))
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
