"""落後因素, 待協調事項 and 預計趕上月份 on their way through the form and what shows them."""

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from items.models import ProgressReport, ReportStep
from tests.items.views.answers import FORM, page, read, text_of, words

DELAY = {
    "percent": "60",
    "delay_factor": "不可抗力",
    "delay_reason": "颱風停工",
    "remedy": "增加機具",
    "coordination": "請港務處讓出碼頭",
    "catch_up_month": "116年2月",
}


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


@pytest.fixture
def send(sign_in, mei, assignment, q4):
    def send(**fields):
        address = reverse("report_form", args=[115, assignment.pk, 4])
        data = FORM | DELAY | {"version": 0, "intent": "submit"} | fields
        return sign_in(mei).post(address, data, follow=True)

    return send


@pytest.mark.one_engine
def test_what_is_said_of_a_delay_is_kept_with_the_step_and_shown(send, client, assignment):
    assert "已送出" in words(send())
    report = ProgressReport.objects.get()
    assert report.coordination == "請港務處讓出碼頭"
    assert report.steps.get().content["catch_up_month"] == "116年2月"
    for name, args in (("report", [report.pk]), ("action", ["115-01"])):
        answer = read(page(client, name, *args))
        for told in ("不可抗力", "請港務處讓出碼頭", "116年2月"):
            assert told in answer


@pytest.mark.one_engine
def test_a_factor_that_is_in_no_list_is_refused_and_nothing_is_lost(send):
    answer = text_of(send(delay_factor="懶"))
    assert "清單裡沒有這一個（可能剛被改過），請重新選擇。" in answer
    assert "請港務處讓出碼頭" in answer
    assert not ProgressReport.objects.exists()


@pytest.mark.one_engine
def test_a_factor_stays_a_choice_of_the_report_that_has_it(send, client, programme, assignment):
    send(intent="draft")
    programme.delay_factors = "人力不足"
    programme.save()
    answer = words(page(client, "report_form", assignment.pk, 4))
    assert '<option value="不可抗力" selected>' in answer
    assert '<option value="人力不足">' in answer
    assert "已送出" in words(send(version=1))


def test_a_month_that_has_passed_is_refused_when_the_report_is_sent(send):
    send(intent="draft")
    ProgressReport.objects.update(catch_up_month="115年9月")
    answer = text_of(send(version=1, catch_up_month="115年9月"))
    assert "預計趕上月份115年9月已經過了，請改選還沒過的月份。" in answer


@pytest.mark.one_engine
def test_without_a_list_no_factor_is_asked_for(sign_in, mei, assignment, q4, programme):
    programme.delay_factors = ""
    programme.save()
    answer = words(page(sign_in(mei), "report_form", assignment.pk, 4))
    assert "落後因素" not in answer


def test_a_step_from_before_these_fields_told_nothing_else(send, client):
    send(percent="88", **dict.fromkeys(("delay_factor", "coordination", "catch_up_month"), ""))
    report = ProgressReport.objects.get()
    step = report.steps.get()
    content = dict(step.content)
    for name in ("delay_factor", "coordination", "catch_up_month"):
        del content[name]
    # The model's own manager refuses to alter a step: this one was written by an older version.
    QuerySet(ReportStep).filter(pk=step.pk).update(content=content)
    assert "當時的內容與現在不同" not in read(page(client, "report", report.pk))
