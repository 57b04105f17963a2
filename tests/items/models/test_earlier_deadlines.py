"""原期限 stands behind the deadline wherever that stands, with the reason one click away."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from items import access
from items.exchange.offline.workbook import workbook
from items.exchange.plan_export.filtered import action_table
from items.exchange.plan_export.official import official_table
from items.exchange.plan_export.progress import progress_table
from items.filters import PlanFilter
from items.models import Assignment, ProgressReport
from items.models.earlier_deadlines import earlier_deadlines
from items.workflow.control_requests import ManagerDecision, approve_request, submit_request
from items.workflow.control_writing import begin
from tests.making import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]


@pytest.fixture
def extended(make_action, administration, information, q4, mei, coordinator):
    """An item of two departments, of which 行政處 got until 116年3月."""
    action = make_action([administration, information])
    share = action.assignments.get(department=administration)
    content = {
        "kind": "extend",
        "ground": "不可抗力",
        "reason": "颱風。",
        "deadline": date(2027, 3, 31),
        "deadline_text": "116年3月",
        "late_reason": "颱風在11月。",
    }
    request = submit_request(begin(share, content, by=mei, at=NOW), by=mei, at=NOW)
    decision = ManagerDecision(on=TODAY, number="第1號")
    return approve_request(request, manager=decision, by=coordinator, at=NOW).request


def read(client, address):
    return " ".join(strip_tags(client.get(address).content.decode()).split())


def test_pages_show_it_with_a_way_to_the_reason(extended, coordinator, mei, sign_in, programme):
    reason = reverse("control_request", args=[115, extended.pk])
    share = extended.assignment
    pages = {
        coordinator: ["/115/plan/", "/115/actions/115-01/", "/115/actions/115-01/planned/"],
        mei: [reverse("report_form", args=[115, share.pk, 4])],
    }
    for person, addresses in pages.items():
        client = sign_in(person)
        for address in addresses:
            page = client.get(address).content.decode()
            assert f'<a class="earlier" href="{reason}">原 <s>115年12月</s>' in page, address
            # The other department's has not moved.
            assert page.count('<a class="earlier"') == 1, address


def test_files_show_it(extended, coordinator, programme, q4, administration, mei):
    filters = PlanFilter({}, user=coordinator, programme=programme, today=TODAY)
    for table in (action_table(filters, TODAY), official_table(programme)):
        assert table.columns[-1].heading == "原完成期限"
        assert table.rows[0][-1] == "行政處 115年12月"
    assignments = access.visible_assignments(coordinator)
    table = progress_table(assignments, ProgressReport.objects.all(), q4, TODAY)
    deadlines = [row[6] for row in table.rows]
    assert deadlines == ["116年3月\n（原 115年12月）", "115年12月"]
    own = access.assignments_to_report(mei)
    file = workbook(own, administration, q4, today=TODAY)
    assert b"PK" in file.content[:2]


def test_without_an_extension_no_file_has_an_empty_column(make_action, administration, programme):
    make_action([administration])
    assert official_table(programme).columns[-1].heading == "預期效益"


def test_a_deadline_that_is_again_what_it_was_says_nothing(extended, coordinator, sign_in):
    Assignment.objects.update(deadline=date(2026, 12, 31), deadline_text="115年12月")
    assert "原 115年12月" not in read(sign_in(coordinator), "/115/plan/")


def test_of_two_extensions_the_newest_says_what_was_before(
    extended, mei, coordinator, programme, django_assert_num_queries
):
    share = Assignment.objects.with_path().get(pk=extended.assignment_id)
    content = {
        "kind": "extend",
        "ground": "不可抗力",
        "reason": "又一個。",
        "deadline": date(2027, 6, 30),
        "deadline_text": "116年6月",
        "late_reason": "晚了。",
    }
    request = submit_request(begin(share, content, by=mei, at=NOW), by=mei, at=NOW)
    decision = ManagerDecision(on=TODAY, number="第2號")
    approve_request(request, manager=decision, by=coordinator, at=NOW)
    with django_assert_num_queries(1):
        earlier = earlier_deadlines(programme)
    assert [one.words for one in earlier.values()] == ["116年3月"]


def test_the_form_and_the_item_lead_to_an_application(
    make_action, administration, q4, mei, sign_in
):
    share = make_action([administration]).assignments.get()
    client = sign_in(mei)
    apply = reverse("control_apply", args=[115, share.pk])
    form = client.get(reverse("report_form", args=[115, share.pk, 4])).content.decode()
    assert form.count(f"{apply}?kind=extend") == 2
    assert form.count(f"{apply}?kind=release") == 1
    item = client.get("/115/actions/115-01/").content.decode()
    # Beside 完成期限 and 列管狀態, and in the part of the department.
    assert item.count(f"{apply}?kind=extend") == item.count(f"{apply}?kind=release") == 2
    content = {"kind": "release", "ground": "其他"}
    draft = begin(share, content, by=mei, at=NOW)
    form = client.get(reverse("report_form", args=[115, share.pk, 4])).content.decode()
    assert apply not in form
    assert reverse("control_request", args=[115, draft.pk]) in form


def test_a_report_of_100_percent_leads_to_the_release(
    make_action, administration, q4, mei, sign_in, make_report
):
    share = make_action([administration]).assignments.get()
    make_report(share, q4, mei, percent=100, state="draft")
    form = read(sign_in(mei), reverse("report_form", args=[115, share.pk, 4]))
    assert "已經 100%：送出以後可以 申請解除列管 。" in form
