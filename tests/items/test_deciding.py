"""One step for many reports, and 退回 in its row: what was ticked and written is not lost."""

import re

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from items.models import ProgressReport, ReportState, ReportStep
from items.workflow.periods import close_period
from items.workflow.report_planned import planned_for
from tests.making import NOW, TODAY

INBOX = ("head", "inbox", "endorse", ReportState.WITH_HEAD, ReportState.WITH_COORDINATOR)
REVIEW = ("coordinator", "review", "accept", ReportState.WITH_COORDINATOR, ReportState.ACCEPTED)


@pytest.fixture(autouse=True)
def _on_the_day(settings):
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DATE = TODAY


@pytest.fixture(params=[INBOX, REVIEW], ids=["inbox", "review"])
def page(request, make_action, make_report, administration, mei, head, coordinator, q4, sign_in):
    """A list of three waiting reports, with everything that its page needs."""
    person, name, step, waits_in, done_in = request.param
    reports = []
    for _ in range(3):
        assignment = make_action([administration]).assignments.get()
        reports.append(make_report(assignment, q4, mei, percent=89, state=waits_in))
    return Page(
        client=sign_in(request.getfixturevalue(person)),
        address=reverse(name, args=[115]),
        step=step,
        reports=reports,
        done_in=done_in,
    )


class Page:
    def __init__(self, client, address, step, reports, done_in):
        self.client = client
        self.address = address
        self.step = step
        self.reports = reports
        self.done_in = done_in

    def get(self):
        return self.client.get(self.address).content.decode()

    def post(self, intent, ticked=(), **reasons):
        """Press a button of the page as a browser does: all that is listed is posted with it."""
        data = {
            "intent": intent,
            "shown": [f"{report.pk}:{report.version}" for report in self.reports],
            "report": [f"{report.pk}:{report.version}" for report in ticked],
        }
        data |= {name.replace("_", "-"): reason for name, reason in reasons.items()}
        return self.client.post(self.address, data, follow=True).content.decode()

    def states(self):
        return [ProgressReport.objects.get(pk=report.pk).state for report in self.reports]


def box_of(answer, name):
    """The start tag and the text of one box for a reason."""
    [box] = re.findall(rf'<textarea[^>]*name="{name}"[^>]*>[^<]*', answer)
    return box


def ticked_in(answer):
    """The keys of the ticked reports."""
    boxes = re.findall(r'<input type="checkbox" name="report" value="(\d+):\d+" checked>', answer)
    return [int(key) for key in boxes]


@pytest.mark.one_engine
def test_nothing_is_ticked_beforehand_and_the_buttons_carry_numbers(page):
    answer = page.get()
    assert ticked_in(answer) == []
    assert "全部 3 件</button>" in answer


@pytest.mark.one_engine
def test_one_button_decides_on_everything_that_is_listed(page):
    answer = page.post(f"{page.step}-all")
    assert " 3 件：" in answer
    assert page.states() == [page.done_in] * 3


@pytest.mark.one_engine
def test_what_came_after_the_page_was_opened_is_not_decided_on(page):
    late = page.reports.pop()
    page.post(f"{page.step}-all")
    late.refresh_from_db()
    assert late.state != page.done_in


def test_what_changed_after_the_page_was_opened_is_not_decided_on(page):
    ProgressReport.objects.filter(pk=page.reports[0].pk).update(version=2)
    answer = page.post(f"{page.step}-all")
    assert "請先看過目前內容再決定" in answer
    assert page.states()[0] != page.done_in
    assert page.states()[1:] == [page.done_in] * 2


@pytest.mark.one_engine
def test_a_return_in_the_row_returns_that_row_alone_with_its_reason(page):
    first, second, third = page.reports
    answer = page.post(f"return-{second.pk}", **{f"reason-{second.pk}": "句子沒寫完。"})
    assert "已退回 1 件：115-02 行政處。" in answer
    assert page.states() == [first.state, ReportState.RETURNED, third.state]
    assert second.steps.get().words == "句子沒寫完。"


@pytest.mark.one_engine
def test_ticks_and_reasons_of_other_rows_stay_after_a_return(page):
    first, second, third = page.reports
    reasons = {f"reason-{second.pk}": "句子沒寫完。", f"reason-{third.pk}": "請附件數。"}
    answer = page.post(f"return-{second.pk}", ticked=[first], **reasons)
    assert ticked_in(answer) == [first.pk]
    assert box_of(answer, f"reason-{third.pk}").endswith("請附件數。")


@pytest.mark.one_engine
def test_a_forgotten_reason_in_the_row_loses_nothing_and_has_the_focus(page):
    first, second, third = page.reports
    answer = page.post(
        f"return-{second.pk}", ticked=[first, third], **{f"reason-{third.pk}": "請附件數。"}
    )
    assert "還沒有退回任何一件" in answer
    assert ticked_in(answer) == [first.pk, third.pk]
    assert "autofocus" in box_of(answer, f"reason-{second.pk}")
    assert "autofocus" not in box_of(answer, f"reason-{third.pk}")
    assert box_of(answer, f"reason-{third.pk}").endswith("請附件數。")
    assert ReportState.RETURNED not in page.states()


@pytest.mark.one_engine
def test_a_forgotten_reason_for_the_ticked_loses_no_ticks_and_has_the_focus(page):
    first, _, third = page.reports
    answer = page.post("return", ticked=[first, third], words="  ")
    assert "還沒有退回任何一件" in answer
    assert ticked_in(answer) == [first.pk, third.pk]
    assert "autofocus" in box_of(answer, "words")
    # Else the focus would be in a box that nobody sees.
    assert '<details class="return" open data-return-ticked>' in answer
    assert ReportState.RETURNED not in page.states()


@pytest.mark.one_engine
def test_several_are_returned_when_they_are_ticked_for_it(page):
    first, second, third = page.reports
    page.post("return", ticked=[first, third], words="請補件數。")
    assert page.states() == [ReportState.RETURNED, second.state, ReportState.RETURNED]


@pytest.mark.one_engine
def test_a_reason_that_is_too_long_is_kept_whole(page):
    first = page.reports[0]
    answer = page.post(f"return-{first.pk}", **{f"reason-{first.pk}": "長" * 1001})
    assert "說明太長，最多 1,000 個字。" in answer
    assert box_of(answer, f"reason-{first.pk}").endswith("長" * 1001)
    assert page.states()[0] == first.state


@pytest.mark.one_engine
@pytest.mark.parametrize("scope", ["all", "ticked"])
def test_nothing_is_approved_over_a_reason_that_was_written(page, scope):
    second = page.reports[1]
    intent = page.step if scope == "ticked" else f"{page.step}-all"
    answer = page.post(intent, ticked=page.reports, **{f"reason-{second.pk}": "句子沒寫完。"})
    assert "這一件寫了退回原因" in answer
    assert "autofocus" in box_of(answer, f"reason-{second.pk}")
    assert page.done_in not in page.states()
    answer = page.post(intent, ticked=page.reports, words="請補件數。")
    assert "要退回請按「確定退回」" in answer
    assert page.done_in not in page.states()


@pytest.mark.one_engine
@pytest.mark.parametrize("intent", ["", "delete", "return-", "return-x", "return-999999"])
def test_a_step_that_does_not_exist_is_refused_in_words(page, intent):
    answer = page.post(intent, ticked=page.reports)
    assert 'class="message error"' in answer
    assert page.done_in not in page.states()
    assert ReportState.RETURNED not in page.states()


@pytest.mark.one_engine
def test_the_report_s_page_bears_the_flags_where_it_is_decided_on(
    sign_in, coordinator, hao, make_action, make_report, raise_flags, administration, mei, q3, q4
):
    assignment = make_action([administration]).assignments.get()
    make_report(assignment, q3, mei, text="持續辦理中。", percent=80)
    report = raise_flags(
        make_report(
            assignment, q4, mei, text="持續辦理中。", percent=79, state=ReportState.WITH_COORDINATOR
        )
    )
    address = reverse("report", args=[115, report.pk])
    answer = sign_in(coordinator).get(address).content.decode()
    for flag in ("與上期文字相同", "內容過短", "進度倒退（上期 80%）"):
        assert f"⚑ {flag}" in answer
    assert "⚑" not in sign_in(hao).get(address).content.decode()


@pytest.mark.one_engine
def test_a_wholly_new_text_is_not_marked_from_end_to_end(
    sign_in, head, make_action, make_report, administration, mei, q3, q4
):
    assignment = make_action([administration]).assignments.get()
    make_report(assignment, q3, mei, text="完成規劃設計。")
    report = make_report(assignment, q4, mei, text="開始施工。", state=ReportState.WITH_HEAD)
    for name, arguments in (("inbox", [115]), ("report", [115, report.pk])):
        answer = sign_in(head).get(reverse(name, args=arguments)).content.decode()
        assert "<ins>" not in answer
        assert "與第3季的文字完全不同。" in answer


def test_a_reopened_period_is_held_against_its_own_plan(
    sign_in, head, make_action, make_report, administration, mei, q3, q4
):
    assignment = make_action([administration]).assignments.get()
    q3.closed_at = q3.closed_by = None
    q3.save()
    make_report(assignment, q3, mei, percent=70, state=ReportState.WITH_HEAD)
    make_report(assignment, q4, mei, percent=88, state=ReportState.WITH_HEAD)
    rows = sign_in(head).get(reverse("inbox", args=[115])).context["rows"]
    planned = {row.period: row.planned for row in rows}
    assert planned == {
        "第3季": planned_for(assignment, q3, TODAY),
        "第4季": planned_for(assignment, q4, TODAY),
    }
    assert planned["第3季"] < planned["第4季"]


def test_what_is_due_soon_says_of_which_day_its_figures_are(
    sign_in, head, make_action, make_report, administration, mei, q3, q4
):
    reported = make_action([administration], deadline=TODAY).assignments.get()
    make_action([administration], deadline=TODAY)
    make_report(reported, q3, mei, percent=72)
    answer = sign_in(head).get(reverse("inbox", args=[115])).content.decode()
    assert re.search(r"最近填報 72%／當時預定 \d+%", answer)
    assert "還沒有填報，到今天預定 100%" in answer


class BreaksAt:
    """A database that goes away when the second report is moved."""

    def __init__(self):
        self.moves = 0

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith("UPDATE") and "items_progressreport" in sql and "version" in sql:
            self.moves += 1
            if self.moves == 2:
                raise OperationalError("the database has gone away")
        return execute(sql, params, many, context)


def test_after_a_fault_in_the_middle_nothing_is_decided_and_one_can_press_again(page):
    """Else nobody would know of the reports before it that they are decided: no page says so."""
    before = page.states()
    page.client.raise_request_exception = False
    breaking = BreaksAt()
    with connection.execute_wrapper(breaking):
        answer = page.post(f"{page.step}-all")
    assert breaking.moves == 2
    assert "系統暫時無法使用" in answer
    assert page.states() == before
    assert not ReportStep.objects.exists()
    assert "3 件" in page.post(f"{page.step}-all")
    assert page.states() == [page.done_in] * 3


def test_an_old_page_says_why_nothing_was_decided(page, coordinator, q4):
    """Not one sentence for a period that was closed meanwhile, and for a report that has gone on."""
    first = page.reports[0]
    ProgressReport.objects.filter(pk=first.pk).update(state=page.done_in)
    answer = page.post(page.step, ticked=[first])
    assert "115-01 行政處沒有" in answer
    assert f"目前是「{page.done_in.label}」，已經由別人處理" in answer
    ProgressReport.objects.update(state=page.done_in)
    close_period(q4, by=coordinator, at=NOW)
    answer = page.post(page.step, ticked=page.reports)
    assert "115-01 行政處、115-02 行政處、115-03 行政處沒有" in answer
    assert "115年第4季已經關閉，內容已鎖定；需要補填或更正，請洽研考重新開放。" in answer
