"""Why a report was returned is read by its department, the plan office and auditors alone."""

import pytest
from django.urls import reverse

from items.models import ReportState
from items.workflow import reporting
from tests.making import NOW, TODAY, make_user

REASON = "廠商名稱與金額不可外流"


@pytest.fixture(autouse=True)
def _on_the_day(settings):
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DATE = TODAY


@pytest.fixture
def report(make_action, make_report, administration, head, mei, q4):
    """A report that its head returned, and that was sent again."""
    assignment = make_action([administration]).assignments.get()
    report = make_report(assignment, q4, mei, percent=89, state=ReportState.WITH_HEAD)
    returned = reporting.send_back(report, by=head, at=NOW, words=REASON)
    return reporting.submit(returned, by=mei, at=NOW, today=TODAY)


def pages(report):
    """Every page and file on which a step or a report is told."""
    return [
        reverse("report", args=[115, report.pk]),
        reverse("action", args=[115, report.assignment.action.code]),
        reverse("record", args=[115]),
        reverse("record", args=[115]) + "?code=115-01",
        reverse("record", args=[115]) + "?what=plan",
        reverse("dashboard", args=[115]),
        reverse("plan", args=[115]),
        reverse("todo", args=[115]),
        reverse("inbox", args=[115]),
        reverse("review", args=[115]),
        reverse("programme_export", args=[115, "csv"]),
        reverse("progress_export", args=[115, 4, "csv"]),
        reverse("admin:items_reportstep_changelist"),
        reverse("admin:items_reportstep_change", args=[report.steps.first().pk]),
        reverse("admin:items_progressreport_change", args=[report.pk]),
    ]


def readable(client, report):
    """Whether any page that answers tells the reason."""
    answers = [client.get(address) for address in pages(report)]
    assert any(answer.status_code == 200 for answer in answers)
    return any(REASON in b"".join(answer).decode(errors="replace") for answer in answers)


@pytest.mark.parametrize("person", ["mei", "head", "coordinator", "auditor"])
def test_the_department_the_plan_office_and_auditors_read_it(request, sign_in, report, person):
    assert readable(sign_in(request.getfixturevalue(person)), report)


@pytest.mark.one_engine
@pytest.mark.parametrize("person", ["hao", "manager", "admin"])
def test_nobody_else_reads_it_on_any_page(request, sign_in, report, person):
    assert not readable(sign_in(request.getfixturevalue(person)), report)


@pytest.mark.one_engine
def test_the_head_of_another_department_does_not_read_it(sign_in, report, information):
    other = make_user("other", "林主任", head=information)
    assert not readable(sign_in(other), report)


def test_the_back_office_does_not_find_it_either(sign_in, admin, report):
    address = reverse("admin:items_reportstep_changelist")
    answer = sign_in(admin).get(address, {"q": REASON})
    assert answer.context["cl"].result_count == 0


@pytest.mark.one_engine
def test_what_went_before_the_last_sending_is_not_told_to_others(sign_in, mei, hao, report):
    address = reverse("report", args=[115, report.pk])
    assert [told.step.kind for told in sign_in(mei).get(address).context["steps"]] == [
        "return",
        "submit",
    ]
    assert [told.step.kind for told in sign_in(hao).get(address).context["steps"]] == ["submit"]


@pytest.mark.one_engine
def test_the_reason_stays_in_sight_until_it_is_met(sign_in, mei, head, coordinator, report):
    def told(person):
        addresses = [reverse("report", args=[115, report.pk]), reverse("todo", args=[115])]
        if report.state == ReportState.RETURNED:
            addresses.append(reverse("report_form", args=[115, report.assignment_id, 4]))
        answers = [sign_in(person).get(address) for address in addresses]
        sentence = f"陳處長 11月22日退回：「{REASON}」"
        return [sentence in answer.content.decode() for answer in answers]

    # Sent again: the report's page, for both who wrote and who decides.
    assert told(mei) == [True, False]
    assert told(head)[0]
    report = reporting.recall(report, by=mei, at=NOW)
    assert told(mei) == [True, True, True]
    report = reporting.submit(report, by=mei, at=NOW, today=TODAY)
    report = reporting.endorse(report, by=head, at=NOW)
    report = reporting.accept(report, by=coordinator, at=NOW)
    assert told(mei) == [False, False]
