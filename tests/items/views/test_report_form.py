"""填報: the form on which a report is written and sent."""

import re
from datetime import date

import pytest
from django.urls import reverse

from items.models import ProgressReport, ReportState, WorkStatus
from tests.applications import LATE_EXTENSION, apply_for
from tests.filled_form import filled_form
from tests.items.views.answers import FORM, page, read, words
from tests.making import make_user


@pytest.mark.one_engine
def test_the_form_stands_beside_the_path_the_benefit_and_the_last_text(
    sign_in, mei, assignment, q3, q4, make_report
):
    make_report(assignment, q3, mei, text="完成規劃設計。")
    answer = words(page(sign_in(mei), "report_form", assignment.pk, 4))
    for expected in ("完備基礎服務項目", "增進民眾洽公之便利性。", "完成規劃設計。", "預定 89%"):
        assert expected in answer


@pytest.mark.one_engine
def test_a_draft_of_an_earlier_period_is_not_what_was_reported(
    sign_in, mei, assignment, q3, q4, make_report
):
    make_report(assignment, q3, mei, text="", percent=None, work_status="", state=ReportState.DRAFT)
    answer = words(page(sign_in(mei), "report_form", assignment.pk, 4))
    assert "None" not in answer
    assert "之前寫的" not in answer


@pytest.mark.one_engine
def test_the_form_says_to_whom_it_is_sent(sign_in, mei, assignment, q4, make_report, head):
    client = sign_in(mei)
    assert "送主管核可" in words(page(client, "report_form", assignment.pk, 4))
    # The own report of a head waits for another one.
    own = words(page(sign_in(head), "report_form", assignment.pk, 4))
    assert "送研考審核" in own


@pytest.mark.one_engine
def test_what_was_applied_for_stands_beside_the_deadline(sign_in, mei, assignment, q4):
    client = sign_in(mei)
    assert "申請展延" in words(page(client, "report_form", assignment.pk, 4))
    apply_for(assignment, mei, **LATE_EXTENSION)
    answer = words(page(client, "report_form", assignment.pk, 4))
    assert "展延申請（待研考）" in answer
    assert "申請展延" not in answer


@pytest.mark.one_engine
def test_a_draft_is_saved_incomplete(post):
    post("draft", text="", percent="")
    report = ProgressReport.objects.get()
    assert (report.state, report.percent) == (ReportState.DRAFT, None)


@pytest.mark.one_engine
def test_a_submission_says_what_happens_next(post, head):
    answer = words(post("submit"))
    assert ProgressReport.objects.get().state == ReportState.WITH_HEAD
    assert "115-01 已送出，待陳處長核可。" in answer


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_a_refused_submission_says_that_the_draft_is_still_there(post):
    post("draft")
    answer = words(post("submit", version=1, text=""))
    assert "還沒有送出；草稿仍在" in answer
    assert ProgressReport.objects.get().text == FORM["text"]


@pytest.mark.one_engine
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
    assert answer.count('data-limit="5000"') == 4


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_after_sending_the_list_goes_to_the_most_urgent_that_is_left(
    post, make_action, administration, q3, make_report, mei
):
    make_action([administration], deadline=date(2026, 12, 20))
    late = make_action([administration], deadline=date(2026, 10, 31)).assignments.get()
    answer = post("submit")
    [(address, _status)] = answer.redirect_chain
    assert address.endswith("#next-4")
    [marked] = re.findall(r'id="next-4">.*?</article>', answer.content.decode(), re.DOTALL)
    assert late.action.code in marked


@pytest.mark.one_engine
def test_a_draft_may_say_finished_before_it_says_100(post):
    answer = post("draft", work_status="finished", percent="50")
    assert "草稿已儲存" in words(answer)
    answer = post("submit", version=1, work_status="finished", percent="50")
    assert "辦理狀態是「已完成」時，實際進度要是 100%。" in words(answer)
    assert ProgressReport.objects.get().state == ReportState.DRAFT


def test_a_line_break_counts_as_one_character_as_in_the_browser(post):
    post("draft", text="\r\n".join(["好" * 99] * 50))
    assert len(ProgressReport.objects.get().text) == 50 * 99 + 49


@pytest.mark.one_engine
def test_a_version_that_never_was_makes_the_first_draft(post):
    assert "草稿已儲存" in words(post("draft", version=5))


def test_text_that_is_too_long_is_refused_in_words_and_kept_on_the_page(post):
    answer = words(post("draft", text="字" * 5001))
    assert "字" * 5001 in answer
    assert not ProgressReport.objects.exists()


@pytest.mark.one_engine
def test_a_double_submission_makes_one_record_and_two_good_answers(post):
    assert "已送出" in words(post("submit"))
    assert "已送出" in words(post("submit"))
    assert ProgressReport.objects.get().steps.count() == 1


def test_the_second_of_two_writers_sees_both_texts(post, administration):
    other = make_user("lan", "李蘭", reporter=administration)
    post("draft", text="美的文字")
    answer = read(post("draft", text="蘭的文字", by=other))
    assert "王美玲剛才更新了這份辦理情形" in answer
    assert "美的文字" in answer
    assert "蘭的文字" in answer
    assert ProgressReport.objects.get().text == "美的文字"


def test_the_second_writer_can_save_after_looking(post, administration):
    other = make_user("lan", "李蘭", reporter=administration)
    post("draft", text="美的文字")
    post("draft", version=1, text="兩人的文字", by=other)
    assert ProgressReport.objects.get().text == "兩人的文字"


@pytest.mark.parametrize(
    ("choice", "text"),
    [("mine", "蘭的文字"), ("theirs", "美的文字"), ("both", "美的文字\n蘭的文字")],
)
def test_the_second_writer_chooses_field_by_field(post, administration, choice, text):
    other = make_user("lan", "李蘭", reporter=administration)
    post("draft", text="美的文字", percent="80")
    offered = filled_form(post("draft", text="蘭的文字", percent="", by=other), "two-texts")
    # What one did not write is the other's at first.
    assert (offered["keep_text"], offered["keep_percent"]) == ("mine", "theirs")
    assert "keep_work_status" not in offered
    chosen = {name: value for name, value in offered.items() if name != "intent"}
    answer = words(post("choose", **chosen | {"keep_text": choice}, by=other))
    assert "草稿已儲存" in answer
    report = ProgressReport.objects.get()
    assert (report.text, report.percent, report.written_by) == (text, 80, other)


def test_a_choice_that_was_overtaken_is_offered_again(post, administration, mei):
    other = make_user("lan", "李蘭", reporter=administration)
    post("draft", text="美的文字")
    offered = filled_form(post("draft", text="蘭的文字", by=other), "two-texts")
    post("draft", version=1, text="美的第二版", by=mei)
    answer = read(post("choose", **offered | {"keep_text": "theirs"}, by=other))
    assert "美的第二版" in answer
    assert "蘭的文字" in answer
    assert ProgressReport.objects.get().text == "美的第二版"


def test_the_second_writer_can_go_on_in_the_form(post, administration):
    other = make_user("lan", "李蘭", reporter=administration)
    post("draft", text="美的文字")
    offered = filled_form(post("draft", text="蘭的文字", by=other), "two-texts")
    values = filled_form(post("edit", **offered, by=other), "report")
    assert (values["text"], values["version"]) == ("蘭的文字", "1")
    assert ProgressReport.objects.get().text == "美的文字"


@pytest.mark.one_engine
def test_both_texts_together_that_are_too_long_are_refused_and_kept(post, administration):
    other = make_user("lan", "李蘭", reporter=administration)
    post("draft", text="美" * 3000)
    offered = filled_form(post("draft", text="蘭" * 3000, by=other), "two-texts")
    answer = words(post("choose", **offered | {"keep_text": "both"}, by=other))
    assert "有 6,001 個字，最多 5,000 個字" in answer
    assert "蘭" * 3000 in answer


def test_what_was_submitted_meanwhile_is_not_overwritten_and_the_own_text_is_shown(
    post, administration
):
    other = make_user("lan", "李蘭", reporter=administration)
    post("submit")
    answer = words(post("draft", text="來不及的文字", by=other))
    assert "已由王美玲送出" in answer
    assert "來不及的文字" in answer


@pytest.mark.one_engine
def test_autosave_answers_with_the_new_version(sign_in, mei, assignment, q4):
    address = reverse("report_form", args=[115, assignment.pk, 4])
    answer = words(sign_in(mei).post(address, FORM | {"intent": "autosave", "version": 0}))
    assert 'name="version" value="1"' in answer
    assert "已自動儲存" in answer


@pytest.mark.one_engine
def test_a_closed_period_sends_the_writer_back_with_a_sentence(sign_in, mei, assignment, q3):
    answer = sign_in(mei).get(reverse("report_form", args=[115, assignment.pk, 3]), follow=True)
    assert "115年第3季已經關閉" in words(answer)


@pytest.mark.one_engine
def test_what_was_written_while_the_period_closed_is_called_unsaved(sign_in, mei, assignment, q3):
    address = reverse("report_form", args=[115, assignment.pk, 3])
    answer = words(sign_in(mei).post(address, FORM | {"intent": "submit", "version": 0}))
    assert "這一頁的文字沒有存檔，還在這裡，請先複製下來" in answer
    assert "115年第3季已經關閉" in answer
    assert FORM["text"] in answer
    assert "請先處理這幾處" not in answer


@pytest.mark.one_engine
def test_a_released_item_asks_for_no_report(sign_in, mei, assignment, q4):
    assignment.action.control_status = "released"
    assignment.action.save()
    assert page(sign_in(mei), "report_form", assignment.pk, 4).status_code == 403


@pytest.mark.one_engine
def test_markup_in_a_report_is_shown_as_text(sign_in, mei, assignment, q4, make_report):
    report = make_report(
        assignment, q4, mei, text="<script>alert(1)</script>", state=ReportState.WITH_COORDINATOR
    )
    answer = words(page(sign_in(mei), "report", report.pk))
    assert "<script>alert" not in answer
    assert "&lt;script&gt;alert" in answer


@pytest.mark.one_engine
def test_text_round_trips_with_rare_characters(post, sign_in, mei):
    text = "𠮷田😀\u202bעברית\u202c" + "字" * 4900
    post("draft", text=text)
    assert ProgressReport.objects.get().text == text


@pytest.mark.one_engine
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


@pytest.mark.one_engine
def test_an_autosave_takes_six_statements(sign_in, mei, assignment, q4):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(mei)
    address = reverse("report_form", args=[115, assignment.pk, 4])
    client.post(address, FORM | {"intent": "autosave", "version": 0})
    report = ProgressReport.objects.get()
    form = FORM | {"text": "已開工", "intent": "autosave", "version": report.version}
    with CaptureQueriesContext(connection) as captured:
        client.post(address, form)
    report.refresh_from_db()
    assert report.text == "已開工"
    statements = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 6


@pytest.mark.one_engine
def test_line_breaks_from_word_become_line_breaks(post):
    post("draft", text="一\x0b二\u2028三\u2029四\x0c五\r\n六")
    assert ProgressReport.objects.get().text == "一\n二\n三\n四\n五\n六"


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("percent", "status", "words"),
    [
        ("100", "not_started", "實際進度是 100% 時，辦理狀態不能是「未開始」"),
        ("90", "finished", "辦理狀態是「已完成」時，實際進度要是 100%。"),
        ("100", "finished", ""),
        ("", "not_started", ""),
    ],
)
def test_a_percent_that_does_not_fit_its_status_is_said_while_writing(post, percent, status, words):
    answer = post("draft", percent=percent, work_status=status).content.decode()
    [said] = re.findall(r'<p class="flag" id="mismatch"[^>]*>([^<]*)</p>', answer)
    assert said.startswith(words)
    assert bool(said) == bool(words)
