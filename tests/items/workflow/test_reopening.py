"""個別重新開放: one department or one item of a closed period, until a day of its own, kept anew."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.html import strip_tags

from items import access
from items.models import (
    Action,
    Change,
    Period,
    PeriodClosing,
    ProgressReport,
    Reopening,
    ReportState,
)
from items.workflow import (
    WorkflowError,
    evidence,
    history,
    official_text,
    periods,
    reopening,
    report_writing,
    reporting,
)
from items.workflow.errors import Refusal
from items.workflow.reopening import scope_words
from tests.making import NOW, TODAY

pytestmark = pytest.mark.django_db

CONTENT = {"text": "補報 3 處。", "percent": 97, "work_status": "in_progress"}
DUE = date(2026, 11, 25)


@pytest.fixture
def shares(make_action, administration, information):
    return list(make_action([administration, information]).assignments.order_by("position"))


@pytest.fixture
def closed(shares, q4, mei, coordinator, make_report):
    """第4季, closed with a report of 行政處 and none of 資訊室."""
    make_report(shares[0], q4, mei, percent=95, planned_percent=88)
    return periods.close_period(Period.objects.get(pk=q4.pk), by=coordinator, at=NOW)


@pytest.fixture
def opened(closed, shares, coordinator):
    """資訊室 alone may report what it owed."""
    return open_for(closed, [shares[1]], coordinator)


def open_for(period, assignments, by, **fields):
    given = {"because": "漏報", "due_on": DUE, "by": by, "at": NOW} | fields
    return reopening.open_for(period, assignments, **given)


def send(assignment, period, by, at=NOW, content=CONTENT, version=0):
    return reporting.write_and_submit(
        assignment, period, content, version=version, by=by, at=at, today=TODAY
    )


def lines_of(state):
    return [kept.line for kept in state.lines.order_by("place")]


def test_only_what_was_opened_can_be_written(opened, closed, shares, hao, mei):
    sent = send(shares[1], closed, hao)
    assert sent.state == ReportState.WITH_COORDINATOR
    with pytest.raises(WorkflowError, match="已經關閉") as refused:
        report_writing.write(shares[0], closed, CONTENT, version=1, by=mei, at=NOW)
    assert refused.value.reason == Refusal.PERIOD_CLOSED


def test_each_right_follows_the_exception(opened, closed, shares, hao, coordinator):
    sent = send(shares[1], closed, hao)
    report = access.visible_reports(hao).get(pk=sent.pk)
    assert report.recallable
    for_office = access.visible_reports(coordinator)
    assert for_office.get(pk=sent.pk).acceptable
    other = for_office.get(assignment=shares[0])
    assert not other.acceptable
    assert not other.returnable
    accepted = reporting.accept(sent, by=coordinator, at=NOW)
    assert access.visible_reports(coordinator).get(pk=accepted.pk).returnable


def test_what_was_accepted_stays_accepted_until_somebody_returns_it(
    closed, shares, mei, coordinator
):
    open_for(closed, [shares[0]], coordinator)
    report = ProgressReport.objects.with_path().get(assignment=shares[0])
    assert report.state == ReportState.ACCEPTED
    with pytest.raises(reporting.StaleReport):
        report_writing.write(shares[0], closed, CONTENT, version=report.version, by=mei, at=NOW)
    returned = reporting.send_back(report, by=coordinator, at=NOW, words="件數不符。")
    assert send(shares[0], closed, mei, version=returned.version).percent == 97


def test_after_its_day_the_department_is_refused_and_the_office_goes_on(
    opened, closed, shares, hao, coordinator
):
    sent = send(shares[1], closed, hao)
    late = NOW + timedelta(days=4)
    accepted = reporting.accept(sent, by=coordinator, at=late)
    returned = reporting.send_back(accepted, by=coordinator, at=late, words="再補。")
    with pytest.raises(WorkflowError, match="補正期限 115年11月25日 已過") as refused:
        report_writing.write(shares[1], closed, CONTENT, version=returned.version, by=hao, at=late)
    assert refused.value.reason == Refusal.DUE_DAY_PAST
    open_for(closed, [shares[1]], coordinator, due_on=date(2026, 11, 30), at=late)
    assert Reopening.objects.active().count() == 1
    assert send(shares[1], closed, hao, at=late, version=returned.version)


def test_evidence_of_a_report_that_is_open_by_itself_can_be_added(opened, closed, shares, hao, mei):
    link = evidence.add_link(shares[1], closed, "https://example.gov.tw/", by=hao, at=NOW)
    assert link.report.unlocked_until == DUE
    with pytest.raises(WorkflowError, match="已經關閉"):
        evidence.add_link(shares[0], closed, "https://example.gov.tw/", by=mei, at=NOW)


def test_evidence_of_what_is_open_by_itself_stays_as_it_is_after_its_day(
    opened, closed, shares, hao
):
    first, second = (
        evidence.add_link(shares[1], closed, f"https://example.gov.tw/{page}", by=hao, at=NOW)
        for page in (1, 2)
    )
    taken_away = evidence.remove(second, by=hao, at=NOW)
    late = NOW + timedelta(days=4)
    for change in (
        lambda: evidence.remove(first, by=hao, at=late),
        lambda: evidence.describe(first, description="改", proves_on=None, today=late.date()),
        lambda: evidence.put_back(taken_away, at=late),
        lambda: evidence.add_link(shares[1], closed, "https://example.gov.tw/3", by=hao, at=late),
    ):
        with pytest.raises(WorkflowError, match="補正期限 115年11月25日 已過") as refused:
            change()
        assert refused.value.reason == Refusal.DUE_DAY_PAST
    first.refresh_from_db()
    assert (first.is_removed, first.description) == (False, "")


def test_ending_keeps_a_second_state_in_which_only_that_has_changed(
    opened, closed, shares, hao, coordinator
):
    action = Action.objects.get()
    action.title = "改寫的作法"
    history.save(action, by=coordinator, at=NOW)
    sent = send(shares[1], closed, hao)
    reporting.accept(sent, by=coordinator, at=NOW)
    reopening.end_and_keep(closed, by=coordinator, at=NOW + timedelta(days=1))
    first, second = PeriodClosing.objects.filter(period=closed)
    assert lines_of(second)[0] == lines_of(first)[0]
    corrected = lines_of(second)[1]
    assert (corrected.percent, corrected.state) == (97, ReportState.ACCEPTED)
    assert corrected.action == "設置民眾休憩區"
    assert (second.reopened_because, second.reopened_for) == ("漏報", "115-01 資訊室")
    closed.refresh_from_db()
    assert closed.is_closed
    assert (second.planned, second.actual) == (closed.closed_planned, closed.closed_actual)
    assert not ProgressReport.objects.filter(unlocked_until__isnull=False).exists()
    call_command("check_closed", "--add-missing")
    with pytest.raises(WorkflowError, match="已經關閉"):
        reporting.send_back(
            ProgressReport.objects.with_path().get(pk=sent.pk), by=coordinator, at=NOW, words="再改"
        )


def test_the_one_text_of_an_item_that_is_open_by_itself_can_follow(
    opened, closed, shares, hao, coordinator
):
    send(shares[1], closed, hao)
    action = shares[1].action
    official_text.compose(action, closed, "彙整後的文字", seen="", by=coordinator, at=NOW)
    reopening.end_and_keep(closed, by=coordinator, at=NOW)
    first, second = PeriodClosing.objects.filter(period=closed)
    assert [line.official_text for line in lines_of(first)] == ["", ""]
    assert [line.official_text for line in lines_of(second)] == ["彙整後的文字"] * 2
    with pytest.raises(WorkflowError, match="已經關閉"):
        official_text.compose(action, closed, "太晚", seen="彙整後的文字", by=coordinator, at=NOW)


def test_every_step_of_it_stands_in_the_history(opened, closed, coordinator):
    reopening.end_and_keep(closed, by=coordinator, at=NOW)
    entries = Change.objects.filter(model="reopening").order_by("pk")
    assert [entry.label for entry in entries] == ["115-01 資訊室・115年第4季"] * 2
    assert entries[0].fields["because"] == [None, "漏報"]


def test_opening_the_whole_period_ends_it(opened, closed, coordinator):
    periods.reopen_period(closed, because="全部更正", by=coordinator, at=NOW)
    assert not Reopening.objects.active().exists()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"because": " "}, Refusal.REASON_MISSING),
        ({"due_on": date(2026, 11, 21)}, Refusal.DUE_DAY_NOT_POSSIBLE),
    ],
)
def test_a_reason_and_a_day_are_needed(closed, shares, coordinator, fields, reason):
    with pytest.raises(WorkflowError) as refused:
        open_for(closed, shares, coordinator, **fields)
    assert refused.value.reason == reason


def test_what_the_period_did_not_ask_for_cannot_be_opened(
    closed, make_action, administration, coordinator
):
    later = make_action([administration], title="後來分辦").assignments.get()
    with pytest.raises(WorkflowError, match="關閉以後才分辦"):
        open_for(closed, [later], coordinator)
    with pytest.raises(WorkflowError, match="沒有符合的項目"):
        open_for(closed, [], coordinator)
    several = [make_action([administration]).assignments.get() for _ in range(6)]
    with pytest.raises(WorkflowError, match="等 7 件在115年第4季關閉以後才分辦"):
        open_for(closed, [later, *several], coordinator)


def test_an_open_period_needs_no_exception(shares, q4, coordinator):
    with pytest.raises(WorkflowError, match="還沒有關閉"):
        open_for(q4, shares, coordinator)


def test_nothing_open_is_nothing_to_end(closed, coordinator):
    with pytest.raises(WorkflowError, match="目前沒有個別重新開放的項目"):
        reopening.end_and_keep(closed, by=coordinator, at=NOW)


# On the pages.


def words(answer):
    assert answer.status_code == 200
    return " ".join(strip_tags(answer.content.decode()).split())


def step(client, name, **data):
    address = reverse("period_step", args=[115, 4, name])
    typed = {f"some-4-{key}": value for key, value in data.items()}
    return client.post(address, typed, follow=True)


def test_the_plan_office_opens_one_department_and_it_reports(
    closed, shares, information, client, coordinator, hao
):
    client.force_login(coordinator)
    answer = step(
        client, "reopen-some", department=information.pk, code="1", due_on="11/25", because="漏報"
    )
    shown = words(answer)
    assert "115年第4季已對 1 件重新開放，補正期限 115年11月25日" in shown
    assert "個別重新開放中 1 件" in shown
    client.force_login(hao)
    todo = words(client.get(reverse("todo", args=[115])))
    assert "已關閉的填報期，請補正 1 件" in todo
    assert "漏報" in todo
    # It is no lost cause any more, and stands in one place alone.
    assert "第4季已關閉，未備查" not in todo
    form = reverse("report_form", args=[115, shares[1].pk, 4])
    assert "資訊室・補正期限 11月25日（剩 3 天）" in words(client.get(form))
    sent = client.post(form, CONTENT | {"version": 0, "intent": "submit"})
    assert sent.status_code == 302
    todo = words(client.get(reverse("todo", args=[115])))
    assert "這一份已送出，目前是「待研考」" in todo
    client.force_login(coordinator)
    report = ProgressReport.objects.get(assignment=shares[1])
    page = client.get(reverse("report", args=[115, report.pk]))
    assert "起待研考審核" in words(page)
    assert "個別補正已結束" in words(step(client, "keep-some"))
    assert PeriodClosing.objects.filter(period=closed).count() == 2


def test_the_page_of_the_offline_file_leads_to_what_is_open_by_itself(
    opened, closed, sign_in, hao, mei
):
    address = reverse("offline", args=[115, 4])
    own = words(sign_in(hao).get(address))
    assert "個別重新開放的 115-01，請到「我的填報」直接在網頁上補正" in own
    # 行政處 was not opened, and asks for it.
    assert "也不能再上傳；如需更正請洽研考。" in words(sign_in(mei).get(address))


def test_a_head_finds_what_was_opened_among_what_waits_and_nowhere_else(
    shares, q4, mei, head, coordinator, make_report, sign_in
):
    make_report(shares[0], q4, mei, state=ReportState.WITH_HEAD, planned_percent=88)
    period = periods.close_period(Period.objects.get(pk=q4.pk), by=coordinator, at=NOW)
    client = sign_in(head)
    inbox = words(client.get(reverse("inbox", args=[115])))
    assert "第4季已關閉，未備查 1 件" in inbox
    open_for(period, [shares[0]], coordinator)
    inbox = words(client.get(reverse("inbox", args=[115])))
    assert "未備查" not in inbox
    report = ProgressReport.objects.with_path().get(assignment=shares[0])
    assert access.reports_to_endorse(head).filter(pk=report.pk).exists()
    assert reporting.endorse(report, by=head, at=NOW).state == ReportState.WITH_COORDINATOR


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"due_on": "11/25", "because": "漏報"}, "請選單位，或填項次"),
        ({"code": "1", "due_on": "11/1", "because": "漏報"}, "補正期限 115年11月1日 已經過了"),
        ({"code": "1", "due_on": "11/25"}, "請寫出重新開放的原因"),
        ({"code": "99", "due_on": "11/25", "because": "漏報"}, "沒有符合的項目可以重新開放"),
        ({"department": "999", "due_on": "11/25", "because": "漏報"}, "沒有這個單位"),
    ],
)
def test_the_form_says_what_is_wrong(closed, sign_in, coordinator, data, said):
    assert said in words(step(sign_in(coordinator), "reopen-some", **data))
    assert not Reopening.objects.exists()


def test_a_locked_form_says_why(closed, shares, quarters, sign_in, hao, mei):
    form = reverse("report_form", args=[115, shares[1].pk, 4])
    said = words(sign_in(hao).get(form, follow=True))
    assert "115年第4季已經關閉（115年11月22日 10:00 起），內容已鎖定" in said
    own = reverse("report_form", args=[115, shares[0].pk, 4])
    assert "起），內容已鎖定" in words(sign_in(mei).get(own, follow=True))
    Period.objects.filter(number=4).update(
        closed_at=None, closed_by=None, opened_at=None, opened_by=None
    )
    assert "還沒有開放填報，研考開放後就能填" in words(sign_in(hao).get(form, follow=True))


def test_an_accepted_report_of_an_open_period_says_why_it_is_locked(
    shares, q4, sign_in, mei, make_report
):
    make_report(shares[0], q4, mei)
    form = reverse("report_form", args=[115, shares[0].pk, 4])
    assert "這一份已備查（115年11月22日 10:00 起），內容已鎖定；需要更正，請研考退回。" in words(
        sign_in(mei).get(form, follow=True)
    )


def test_whom_it_was_for_is_said_by_department_where_there_are_many(
    make_action, administration, information
):
    few = [make_action([administration]).assignments.get() for _ in range(2)]
    assert scope_words(few) == "115-01 行政處、115-02 行政處"
    many = few + [make_action([information]).assignments.get() for _ in range(30)]
    assert scope_words(many) == "行政處 2 件、資訊室 30 件"
