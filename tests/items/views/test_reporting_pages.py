"""The pages on which a report is written, read, endorsed and accepted: what people see and what the database holds."""

import re
from datetime import date
from time import perf_counter

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from items.models import Assignment, ProgressReport, ReportState, WorkStatus
from items.workflow import history, periods, reporting
from tests.making import NOW, TODAY, make_user

FORM = {
    "text": "11月20日完成地坪施工。",
    "percent": "88",
    "work_status": "in_progress",
    "delay_reason": "",
    "remedy": "",
}


@pytest.fixture(autouse=True)
def _on_the_day(settings):
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DATE = TODAY


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


@pytest.fixture
def post(sign_in, mei, assignment, q4):
    def post(intent, version=0, by=mei, **fields):
        address = reverse("report_form", args=[115, assignment.pk, 4])
        return sign_in(by).post(
            address, FORM | fields | {"intent": intent, "version": version}, follow=True
        )

    return post


def words(response):
    return response.content.decode()


def read(response):
    """The page as people read it: figures that are links are part of their sentence."""
    return strip_tags(words(response))


def page(client, name, *args):
    return client.get(reverse(name, args=[115, *args]))


# 我的填報


def test_todo_says_how_many_are_left_and_how_many_days(sign_in, mei, assignment, q4):
    assert "第4季待填 1 件，剩 9 天" in words(page(sign_in(mei), "todo"))


def test_todo_puts_what_was_returned_first_with_the_reason(
    sign_in, mei, assignment, q4, coordinator, make_report
):
    report = make_report(assignment, q4, mei, state=ReportState.WITH_COORDINATOR)
    reporting.send_back(report, by=coordinator, at=NOW, words="請補受理件數。")
    answer = words(page(sign_in(mei), "todo"))
    assert "請補受理件數。" in answer
    assert answer.index("退回，請補正") < answer.index("請補受理件數。")


def test_todo_shows_only_the_own_department(sign_in, hao, assignment, q4):
    assert "設置民眾休憩區" not in words(page(sign_in(hao), "todo"))


def test_todo_without_an_open_period_says_what_comes_next(
    sign_in, mei, assignment, q4, coordinator
):
    periods.close_period(q4, by=coordinator, at=NOW)
    assert "目前沒有開放填報" in words(page(sign_in(mei), "todo"))


def test_a_quarter_that_is_opened_again_hides_nothing_of_the_current_one(
    sign_in, mei, coordinator, make_action, administration, make_report, q3, q4
):
    first, second = (make_action([administration]).assignments.get() for _ in range(2))
    make_report(first, q3, mei)
    periods.open_period(q3, by=coordinator, at=NOW)
    client = sign_in(mei)
    todo = words(page(client, "todo"))
    assert "<h1>待填 3 件：第4季 2 件、第3季 1 件</h1>" in todo
    assert todo.index("第4季待填 2 件") < todo.index("第3季待填 1 件")
    # Every form is one click away, of either period.
    for assignment, number in [(first, 4), (second, 4), (second, 3)]:
        assert reverse("report_form", args=[115, assignment.pk, number]) in todo
    # The page of one offline workbook leads to the other.
    for number in (3, 4):
        offline = words(page(client, "offline", number))
        assert reverse("offline", args=[115, 3]) in offline
        assert reverse("offline", args=[115, 4]) in offline


def test_review_counts_what_waits_by_period_and_starts_from_the_current_one(
    sign_in, coordinator, mei, assignment, make_report, q3, q4
):
    make_report(assignment, q4, mei, state=ReportState.WITH_COORDINATOR)
    periods.open_period(q3, by=coordinator, at=NOW)
    client = sign_in(coordinator)
    assert "第4季：全部送出了，1 件等您審核" in read(page(client, "review"))
    answer = client.get(reverse("review", args=[115]), {"period": "3"})
    assert "第3季：還有 1 件未送出；其他填報期 1 件等您審核" in read(answer)


def test_long_lists_are_windowed_and_say_so(
    sign_in, mei, head, make_action, make_report, administration, q4, monkeypatch
):
    monkeypatch.setattr("items.worklists.to_write.WINDOW", 2)
    monkeypatch.setattr("items.worklists.waiting.WINDOW", 2)
    for place in range(6):
        assignment = make_action([administration]).assignments.get()
        if place % 2:
            make_report(assignment, q4, mei, state=ReportState.WITH_HEAD)
    todo = words(page(sign_in(mei), "todo"))
    assert "第4季待填 3 件" in todo
    assert "先列出前 2 件" in todo
    inbox = words(page(sign_in(head), "inbox"))
    assert "待您核可 3 件" in inbox
    assert "先列出前 2 件" in inbox


def test_todo_asks_nothing_for_what_was_finished_before(
    sign_in, mei, assignment, q3, q4, make_report
):
    make_report(assignment, q3, mei, percent=100, work_status=WorkStatus.FINISHED)
    answer = words(page(sign_in(mei), "todo"))
    assert "已完成、不必再填 1 件" in answer
    assert "待填 1 件" not in answer


# 填報


def test_the_form_stands_beside_the_path_the_benefit_and_the_last_text(
    sign_in, mei, assignment, q3, q4, make_report
):
    make_report(assignment, q3, mei, text="完成規劃設計。")
    answer = words(page(sign_in(mei), "report_form", assignment.pk, 4))
    for expected in ("完備基礎服務項目", "增進民眾洽公之便利性。", "完成規劃設計。", "預定 89%"):
        assert expected in answer


def test_a_draft_of_an_earlier_period_is_not_what_was_reported(
    sign_in, mei, assignment, q3, q4, make_report
):
    make_report(assignment, q3, mei, text="", percent=None, work_status="", state=ReportState.DRAFT)
    answer = words(page(sign_in(mei), "report_form", assignment.pk, 4))
    assert "None" not in answer
    assert "之前寫的" not in answer


def test_a_draft_is_saved_incomplete(post):
    post("draft", text="", percent="")
    report = ProgressReport.objects.get()
    assert (report.state, report.percent) == (ReportState.DRAFT, None)


def test_a_submission_says_what_happens_next(post, head):
    answer = words(post("submit"))
    assert ProgressReport.objects.get().state == ReportState.WITH_HEAD
    assert "115-01 已送出，待陳處長核可。" in answer


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "請寫辦理情形"),
        ({"percent": ""}, "請填實際進度"),
        ({"percent": "101"}, "0 到 100 的整數"),
        ({"percent": "八十"}, "0 到 100 的整數"),
        ({"work_status": ""}, "請選辦理狀態"),
        ({"percent": "60"}, "落後 29 個百分點，請寫落後原因"),
        ({"work_status": "finished"}, "實際進度要是 100%"),
    ],
)
def test_what_is_missing_is_said_and_what_was_written_stays(post, fields, sentence):
    answer = words(post("submit", **fields))
    assert sentence in answer
    assert fields.get("text", FORM["text"]) in answer
    assert not ProgressReport.objects.exists()


def test_everything_that_is_wrong_or_missing_is_said_at_once(post):
    answer = words(post("submit", text="", percent="101", work_status=""))
    for sentence in ("請寫辦理情形：", "請填 0 到 100 的整數", "請選辦理狀態"):
        assert sentence in answer
    assert "辦理情形：請寫辦理情形" not in answer
    assert "還沒有送出，也還沒有存成草稿" in answer


def test_a_refused_submission_says_that_the_draft_is_still_there(post):
    post("draft")
    answer = words(post("submit", version=1, text=""))
    assert "還沒有送出；草稿仍在" in answer
    assert ProgressReport.objects.get().text == FORM["text"]


def test_hint_and_errors_are_where_the_fields_point(post):
    answer = words(post("submit", text="", percent="101", work_status=""))
    described = re.findall('aria-describedby="([^"]*)"', answer)
    pointed_to = {identifier for identifiers in described for identifier in identifiers.split()}
    assert {"id_text_helptext", "id_text_error", "id_percent_error"} <= pointed_to
    for identifier in pointed_to:
        assert answer.count(f'id="{identifier}"') == 1


def test_the_text_is_counted_and_never_cut(sign_in, mei, assignment, q4):
    answer = words(page(sign_in(mei), "report_form", assignment.pk, 4))
    assert "maxlength" not in answer
    assert answer.count('data-limit="5000"') == 3


def test_a_new_report_starts_with_the_last_status_and_says_so(
    sign_in, mei, assignment, q3, q4, make_report
):
    make_report(assignment, q3, mei, work_status=WorkStatus.CONTINUOUS)
    answer = words(page(sign_in(mei), "report_form", assignment.pk, 4))
    assert "照第3季帶入，請確認" in answer
    assert re.search('value="continuous"[^>]* checked', answer)
    make_report(assignment, q4, mei, work_status="", state=ReportState.DRAFT)
    answer = words(page(sign_in(mei), "report_form", assignment.pk, 4))
    assert "帶入，請確認" not in answer
    assert " checked" not in answer


def test_a_draft_of_what_was_returned_is_saved_by_the_same_name(
    sign_in, mei, assignment, q4, make_report
):
    make_report(assignment, q4, mei, state=ReportState.RETURNED)
    answer = words(page(sign_in(mei), "report_form", assignment.pk, 4))
    assert "先儲存，稍後再送" not in answer
    assert "儲存草稿" in answer


def test_after_sending_the_list_goes_to_the_most_urgent_that_is_left(
    post, make_action, administration, q3, make_report, mei
):
    make_action([administration], deadline=date(2026, 12, 20))
    late = make_action([administration], deadline=date(2026, 10, 31)).assignments.get()
    [(address, _status)] = post("submit").redirect_chain
    assert address.endswith(f"#item-{late.pk}")


def test_a_draft_may_say_finished_before_it_says_100(post):
    answer = post("draft", work_status="finished", percent="50")
    assert "草稿已儲存" in words(answer)
    answer = post("submit", version=1, work_status="finished", percent="50")
    assert "辦理狀態是「已完成」時，實際進度要是 100%。" in words(answer)
    assert ProgressReport.objects.get().state == ReportState.DRAFT


def test_a_line_break_counts_as_one_character_as_in_the_browser(post):
    post("draft", text="\r\n".join(["好" * 99] * 50))
    assert len(ProgressReport.objects.get().text) == 50 * 99 + 49


def test_a_version_that_never_was_makes_the_first_draft(post):
    assert "草稿已儲存" in words(post("draft", version=5))


def test_text_that_is_too_long_is_refused_in_words_and_kept_on_the_page(post):
    answer = words(post("draft", text="字" * 5001))
    assert "字" * 5001 in answer
    assert not ProgressReport.objects.exists()


def test_a_double_submission_makes_one_record_and_two_good_answers(post):
    assert "已送出" in words(post("submit"))
    assert "已送出" in words(post("submit"))
    assert ProgressReport.objects.get().steps.count() == 1


def test_the_second_of_two_writers_sees_both_texts(post, administration):
    other = make_user("lan", "李蘭", reporter=administration)
    post("draft", text="美的文字")
    answer = words(post("draft", text="蘭的文字", by=other))
    assert "王美玲剛才更新了這份辦理情形" in answer
    assert "美的文字" in answer
    assert "蘭的文字" in answer
    assert ProgressReport.objects.get().text == "美的文字"


def test_the_second_writer_can_save_after_looking(post, administration):
    other = make_user("lan", "李蘭", reporter=administration)
    post("draft", text="美的文字")
    post("draft", version=1, text="兩人的文字", by=other)
    assert ProgressReport.objects.get().text == "兩人的文字"


def test_what_was_submitted_meanwhile_is_not_overwritten_and_the_own_text_is_shown(
    post, administration
):
    other = make_user("lan", "李蘭", reporter=administration)
    post("submit")
    answer = words(post("draft", text="來不及的文字", by=other))
    assert "已由王美玲送出" in answer
    assert "來不及的文字" in answer


def test_autosave_answers_with_the_new_version(sign_in, mei, assignment, q4):
    address = reverse("report_form", args=[115, assignment.pk, 4])
    answer = words(sign_in(mei).post(address, FORM | {"intent": "autosave", "version": 0}))
    assert 'name="version" value="1"' in answer
    assert "已自動儲存" in answer


def test_a_closed_period_sends_the_writer_back_with_a_sentence(sign_in, mei, assignment, q3):
    answer = sign_in(mei).get(reverse("report_form", args=[115, assignment.pk, 3]), follow=True)
    assert "115年第3季已經關閉" in words(answer)


def test_a_released_item_asks_for_no_report(sign_in, mei, assignment, q4):
    assignment.action.control_status = "released"
    assignment.action.save()
    assert page(sign_in(mei), "report_form", assignment.pk, 4).status_code == 403


def test_markup_in_a_report_is_shown_as_text(sign_in, mei, assignment, q4, make_report):
    report = make_report(
        assignment, q4, mei, text="<script>alert(1)</script>", state=ReportState.WITH_COORDINATOR
    )
    answer = words(page(sign_in(mei), "report", report.pk))
    assert "<script>alert" not in answer
    assert "&lt;script&gt;alert" in answer


def test_text_round_trips_with_rare_characters(post, sign_in, mei):
    text = "𠮷田😀\u202bעברית\u202c" + "字" * 4900
    post("draft", text=text)
    assert ProgressReport.objects.get().text == text


# 待我核可


@pytest.fixture
def waiting(assignment, q3, q4, mei, head, make_report):
    make_report(assignment, q3, mei, text="完成規劃設計。", percent=70)
    return make_report(
        assignment,
        q4,
        mei,
        text="完成規劃設計。開始施工。",
        percent=88,
        state=ReportState.WITH_HEAD,
    )


def test_the_head_sees_what_changed(sign_in, head, waiting):
    answer = words(page(sign_in(head), "inbox"))
    assert "待您核可 1 件" in answer
    assert "完成規劃設計。<ins>開始施工。</ins>" in answer


def test_the_head_endorses_everything_in_one_step(
    sign_in, head, waiting, make_action, administration, q4, mei, make_report
):
    another = make_report(
        make_action([administration]).assignments.get(), q4, mei, state=ReportState.WITH_HEAD
    )
    ticked = [f"{report.pk}:{report.version}" for report in (waiting, another)]
    answer = sign_in(head).post(
        reverse("inbox", args=[115]), {"intent": "endorse", "report": ticked}, follow=True
    )
    assert "已同意 2 件" in words(answer)
    assert set(ProgressReport.objects.filter(period=q4).values_list("state", flat=True)) == {
        "with_coordinator"
    }


def test_a_return_without_a_reason_returns_nothing(sign_in, head, waiting):
    ticked = [f"{waiting.pk}:{waiting.version}"]
    answer = sign_in(head).post(
        reverse("inbox", args=[115]), {"intent": "return", "report": ticked}, follow=True
    )
    assert "請寫退回原因" in words(answer)
    waiting.refresh_from_db()
    assert waiting.state == ReportState.WITH_HEAD


@pytest.mark.parametrize("reason", ["請補\0件數", "長" * 1001])
def test_a_reason_that_cannot_be_kept_returns_nothing(sign_in, head, waiting, reason):
    ticked = {"intent": "return", "words": reason, "report": [f"{waiting.pk}:{waiting.version}"]}
    answer = sign_in(head).post(reverse("inbox", args=[115]), ticked, follow=True)
    assert 'class="message error"' in words(answer)
    waiting.refresh_from_db()
    assert waiting.state == ReportState.WITH_HEAD


def test_long_texts_of_repeated_clauses_are_compared_at_once(
    sign_in, mei, assignment, q3, q4, make_report
):
    make_report(assignment, q3, mei, text="甲，" * 2500)
    report = make_report(assignment, q4, mei, text="乙，甲，" * 1250)
    start = perf_counter()
    assert "<ins>乙，</ins>甲，" in words(page(sign_in(mei), "report", report.pk))
    assert perf_counter() - start < 5


def test_a_stale_tick_is_told_and_changes_nothing(sign_in, head, waiting):
    answer = sign_in(head).post(
        reverse("inbox", args=[115]),
        {"intent": "endorse", "report": f"{waiting.pk}:9"},
        follow=True,
    )
    assert "剛才已由王美玲更新" in words(answer)


@pytest.mark.parametrize("ticked", ["", "x", "9" * 30 + ":1", "1:x", "٣:1"])
def test_nonsense_ticks_are_refused_in_words(sign_in, head, waiting, ticked):
    answer = sign_in(head).post(
        reverse("inbox", args=[115]), {"intent": "endorse", "report": ticked}, follow=True
    )
    assert answer.status_code == 200
    waiting.refresh_from_db()
    assert waiting.state == ReportState.WITH_HEAD


def test_the_head_without_anything_waiting_is_told_so(sign_in, head, q4):
    assert "沒有等您核可的辦理情形" in words(page(sign_in(head), "inbox"))


# 填報審核


def test_the_coordinator_accepts_and_returns_one_report(
    sign_in, coordinator, assignment, q4, mei, make_report
):
    report = make_report(assignment, q4, mei, state=ReportState.WITH_COORDINATOR)
    step = reverse("report_step", args=[115, report.pk, "return"])
    assert "請寫退回原因" in words(sign_in(coordinator).post(step, {"version": 1, "words": " "}))
    sign_in(coordinator).post(step, {"version": 1, "words": "請補件數。"})
    report.refresh_from_db()
    assert report.state == ReportState.RETURNED


def test_a_stale_tab_is_told_what_the_report_is_now(
    sign_in, coordinator, assignment, q4, mei, make_report
):
    report = make_report(assignment, q4, mei, state=ReportState.WITH_COORDINATOR)
    reporting.accept(report, by=coordinator, at=NOW)
    step = reverse("report_step", args=[115, report.pk, "accept"])
    answer = words(sign_in(coordinator).post(step, {"version": 1}, follow=True))
    assert "剛才有人更新過，目前是「備查」" in answer


def test_the_grid_counts_by_department_and_says_who_is_missing(
    sign_in, coordinator, assignment, q4, make_action, information
):
    make_action([information])
    answer = read(page(sign_in(coordinator), "review"))
    assert "還有 2 件未送出" in answer
    assert "【催辦】行政處：115年第4季尚有 1 件未送出，填報期限 115年12月1日（剩 9 天）。" in answer


def test_a_period_that_is_not_open_yet_has_nothing_sent(
    sign_in, coordinator, programme, assignment
):
    first = periods.lay_out(programme, by=coordinator, at=NOW)[0]
    address = reverse("review", args=[115])
    answer = words(sign_in(coordinator).get(address, {"period": first.number}))
    assert "第1季還沒有開放填報" in answer
    assert "全部送出了" not in answer


def test_a_period_that_asks_nothing_is_not_called_sent(sign_in, coordinator, q4):
    assert "第4季：沒有應填的項目" in words(page(sign_in(coordinator), "review"))


def test_quality_flags_are_raised(sign_in, coordinator, assignment, q3, q4, mei, make_report):
    make_report(assignment, q3, mei, text="持續辦理中。", percent=80)
    make_report(
        assignment, q4, mei, text="持續辦理中。", percent=79, state=ReportState.WITH_COORDINATOR
    )
    answer = words(page(sign_in(coordinator), "review"))
    for flag in ("與上期文字相同", "內容過短", "進度倒退（上期 80%）"):
        assert flag in answer


def test_the_plan_office_steps_in_where_the_head_has_left(sign_in, coordinator, head, waiting):
    head.is_active = False
    head.save()
    assert "單位已沒有主管可以核可" in words(page(sign_in(coordinator), "review"))
    address = reverse("report_step", args=[115, waiting.pk, "endorse"])
    answer = sign_in(coordinator).post(address, {"version": 1}, follow=True)
    assert "已同意，送研考審核" in words(answer)
    assert answer.request["PATH_INFO"] == reverse("review", args=[115])
    waiting.refresh_from_db()
    assert waiting.state == ReportState.WITH_COORDINATOR


def test_a_head_whose_own_report_waits_for_a_head_that_left_is_not_stuck(
    sign_in, coordinator, head, administration, assignment, q4, make_report
):
    other = make_user("other", "前主管", head=administration)
    report = make_report(assignment, q4, head, state=ReportState.WITH_HEAD)
    other.is_active = False
    other.save()
    sign_in(coordinator).post(
        reverse("report_step", args=[115, report.pk, "endorse"]), {"version": 1}
    )
    report.refresh_from_db()
    assert report.state == ReportState.WITH_COORDINATOR


def test_review_of_an_empty_year_says_what_to_do(sign_in, coordinator, programme):
    assert "請先建立今年的填報期" in words(page(sign_in(coordinator), "review"))


# 填報期


def test_periods_are_laid_out_opened_and_closed(sign_in, coordinator, programme):
    client = sign_in(coordinator)
    client.post(reverse("period_layout", args=[115]))
    assert [period.name for period in programme.periods.all()] == [
        "第1季",
        "第2季",
        "第3季",
        "第4季",
    ]
    client.post(reverse("period_step", args=[115, 1, "open"]), {"1-due_on": "115/04/10"})
    first = programme.periods.get(number=1)
    assert first.is_open
    assert str(first.due_on) == "2026-04-10"
    client.post(reverse("period_step", args=[115, 1, "close"]))
    assert programme.periods.get(number=1).is_closed


@pytest.mark.parametrize("due", ["", "明天", "114/1/1", "115/2/30", "每季"])
def test_a_wrong_due_date_is_said_and_opens_nothing(sign_in, coordinator, programme, due):
    periods.lay_out(programme, by=coordinator, at=NOW)
    answer = sign_in(coordinator).post(
        reverse("period_step", args=[115, 1, "open"]), {"1-due_on": due}
    )
    assert answer.status_code == 200
    assert not programme.periods.get(number=1).is_open


# 歷程


def test_the_auditor_reads_what_was_reported_as_it_was(
    sign_in, auditor, assignment, q4, mei, coordinator
):
    content = FORM | {"percent": 88}
    report = reporting.write_and_submit(
        assignment, q4, content, version=0, by=mei, at=NOW, today=TODAY
    )
    reporting.send_back(report, by=coordinator, at=NOW, words="請補件數。")
    reporting.write(assignment, q4, content | {"text": "尚未送出的改稿"}, version=3, by=mei, at=NOW)
    answer = words(page(sign_in(auditor), "record"))
    assert FORM["text"] in answer
    assert "請補件數。" in answer
    assert "尚未送出的改稿" not in answer


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("115/13/1", "「115/13/1」沒有 13 月，請寫成「115年12月」或「115年12月31日」。"),
        ("昨天", "「昨天」看不出是哪一天，請寫成「115年12月」或「115年12月31日」。"),
    ],
)
def test_a_day_that_cannot_be_read_is_not_called_a_deadline(
    sign_in, auditor, programme, typed, sentence
):
    answer = words(sign_in(auditor).get(reverse("record", args=[115]), {"start": typed}))
    assert f"從：{sentence}" in answer


@pytest.mark.parametrize("what", ["reports", "plan"])
def test_a_wrong_day_shows_the_sentence_and_no_entry(
    post, sign_in, auditor, assignment, coordinator, what
):
    post("submit")
    history.save(assignment, by=coordinator, at=NOW)
    address = reverse("record", args=[115])
    everything = words(sign_in(auditor).get(address, {"what": what}))
    refused = words(sign_in(auditor).get(address, {"what": what, "start": "昨天"}))
    assert "<td" in everything
    assert "看不出是哪一天" in refused
    assert "<td" not in refused
    assert "這個範圍內沒有紀錄" not in refused


@pytest.mark.parametrize("typed", ["01", "1", "０１", "115-01", "115–01", "１１５－０１"])
def test_the_record_finds_an_item_by_its_code_however_it_was_typed(post, sign_in, auditor, typed):
    post("submit")
    address = reverse("record", args=[115])
    assert "1 筆" in words(sign_in(auditor).get(address, {"code": typed}))
    assert "0 筆" in words(sign_in(auditor).get(address, {"code": "2"}))


def test_the_record_refuses_a_reversed_range_in_words(sign_in, auditor, programme):
    answer = sign_in(auditor).get(
        reverse("record", args=[115]), {"start": "115/12/1", "end": "115/1/1"}
    )
    assert "「從」的日期要在「到」之前" in words(answer)


# Queries


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ("mei", "todo"),
        ("head", "inbox"),
        ("coordinator", "review"),
        ("auditor", "record"),
        ("admin", "office"),
    ],
)
def test_the_number_of_queries_does_not_depend_on_the_number_of_items(
    request, sign_in, make_action, make_report, administration, q3, q4, mei, head, coordinator, person, name,
    django_assert_max_num_queries,
):  # fmt: skip
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    states = [
        ReportState.DRAFT,
        ReportState.RETURNED,
        ReportState.WITH_HEAD,
        ReportState.WITH_COORDINATOR,
    ]

    def add(number):
        for place in range(number):
            assignment = make_action([administration]).assignments.get()
            make_report(assignment, q3, mei)
            report = make_report(
                assignment, q4, mei, percent=88, state=ReportState.WITH_COORDINATOR
            )
            reporting.send_back(report, by=coordinator, at=NOW, words="請補件數。")
            ProgressReport.objects.filter(pk=report.pk).update(state=states[place % 4])

    client = sign_in(request.getfixturevalue(person))
    add(4)
    page(client, name)
    with CaptureQueriesContext(
        connection,
    ) as before:
        page(client, name)
    add(30)
    with CaptureQueriesContext(connection) as after:
        page(client, name)
    assert len(after) == len(before)
    assert Assignment.objects.count() == 34


def test_the_form_costs_the_same_however_many_items_there_are(
    sign_in, mei, assignment, q4, make_action, administration
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(mei)
    page(client, "report_form", assignment.pk, 4)
    with CaptureQueriesContext(connection) as before:
        page(client, "report_form", assignment.pk, 4)
    for _ in range(30):
        make_action([administration])
    with CaptureQueriesContext(connection) as after:
        page(client, "report_form", assignment.pk, 4)
    assert len(after) <= len(before)


def test_line_breaks_from_word_become_line_breaks(post):
    post("draft", text="一\x0b二\u2028三\u2029四\x0c五\r\n六")
    assert ProgressReport.objects.get().text == "一\n二\n三\n四\n五\n六"
