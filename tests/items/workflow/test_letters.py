"""稽催單: numbered without gaps, kept as it was, on the timeline of each item, voided for a reason."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from items.models import Assignment, Change, Notice, ReminderLetter, ReportState
from items.workflow import WorkflowError, departments, letters, years
from items.workflow.letters import LetterWish
from items.worklists.letters import letter_items, owing_departments, printed_letter
from tests.making import NOW, TODAY

UNTIL = date(2026, 11, 27)


@pytest.fixture
def office(make_action, make_report, administration, information, mei, hao, head, q4):
    """行政處 owes one report and its head one endorsement, 資訊室 one report that came back."""
    first, second, third = (
        make_action([administration], title="設置民眾休憩區"),
        make_action([administration]),
        make_action([information], title="更新網站"),
    )
    # After the first quarters were closed: they owe nothing for these.
    Assignment.objects.update(handed_out_on=date(2026, 11, 10))
    share = first.assignments.get()
    share.contact = mei
    share.save()
    make_report(second.assignments.get(), q4, mei, state=ReportState.WITH_HEAD)
    make_report(
        third.assignments.get(),
        q4,
        hao,
        state=ReportState.RETURNED,
        since=NOW - timedelta(days=3),
    )
    return {"行政處": administration, "資訊室": information}


@pytest.fixture
def issue(programme, coordinator):
    def issue_to(department, at=NOW):
        items = letter_items(programme, department, TODAY)
        wish = LetterWish(items, answer_until=UNTIL, note="請儘速辦理。")
        return letters.issue(programme, department, wish, by=coordinator, at=at)

    return issue_to


def test_a_letter_says_whose_step_is_missing_and_since_when(office, issue):
    lines = []
    for name in ("行政處", "資訊室"):
        for printed in printed_letter(issue(office[name])).items:
            item = printed.item
            lines.append(
                (item["who"], item["code"], item["step"], printed.since_words, printed.due_words)
            )
    due = "115年12月1日（剩 9 天）"
    assert lines == [
        ("王美玲", "115-01", "尚未填報", "115年11月16日起，已 6 天", due),
        ("陳處長", "115-02", "已送出，待主管核可", "115年11月22日起，已 0 天", due),
        ("單位承辦人", "115-03", "退回待補正", "115年11月19日起，已 3 天", due),
    ]


def test_letters_are_numbered_and_stand_on_each_item(office, issue, mei, head, coordinator):
    first, second = issue(office["行政處"]), issue(office["資訊室"])
    assert [first.number_words, second.number_words] == ["115稽催字第001號", "115稽催字第002號"]
    entries = Change.objects.filter(model="reminderletter", action__code="115-01")
    [entry] = entries
    words = {one.label: one.new for one in entry.differences()}
    assert words["催辦事項"] == "第4季尚未填報，待王美玲"
    assert words["回復期限"] == "115年11月27日"
    # Told on screen, everybody of the department once.
    told = Notice.objects.filter(about="reminderletter", about_id=first.pk)
    assert {notice.person for notice in told} == {mei, head}


def test_a_letter_stays_as_it_was_sent(office, issue, programme, make_report, mei, q4):
    letter = issue(office["行政處"])
    office["行政處"].name = "總務處"
    office["行政處"].save()
    programme.title = "別的名稱"
    programme.save()
    make_report(programme_share(programme, "115-01"), q4, mei, state=ReportState.WITH_COORDINATOR)
    kept = ReminderLetter.objects.get(pk=letter.pk)
    printed = printed_letter(kept)
    assert kept.department_name == "行政處"
    assert [one.item["code"] for one in printed.items] == ["115-01", "115-02"]
    assert "「115年度花蓮港務分公司提升服務品質執行計畫」" in printed.subject
    assert "尚有 2 件未完成，請儘速辦理，並於 115年11月27日前" in printed.subject


def programme_share(programme, code):
    return Assignment.objects.for_programme(programme).get(action__code=code)


def test_a_second_press_sends_no_second_letter(office, issue):
    issue(office["行政處"])
    with pytest.raises(WorkflowError, match="今天已經對行政處開過115稽催字第001號"):
        issue(office["行政處"])
    assert issue(office["行政處"], at=NOW + timedelta(days=1)).number == 2


def test_a_void_letter_keeps_its_number_and_says_why(office, issue, coordinator):
    letter = issue(office["行政處"])
    with pytest.raises(WorkflowError, match="請寫出115稽催字第001號作廢的原因"):
        letters.void(letter, " ", by=coordinator, at=NOW)
    void = letters.void(letter, "寄錯單位", by=coordinator, at=NOW)
    assert void.is_void
    assert issue(office["行政處"]).number == 2
    with pytest.raises(WorkflowError, match="已經作廢，沒有變動"):
        letters.void(letter, "再一次", by=coordinator, at=NOW)
    entries = Change.objects.filter(model="reminderletter", kind="changed", action__code="115-02")
    [entry] = entries
    assert entry.fields == {"voided_because": ["", "寄錯單位"]}


@pytest.mark.parametrize(
    ("answer", "day", "sentence"),
    [
        ("", TODAY, "請寫出回復的內容"),
        ("料件延遲", date(2026, 11, 23), "回復日期要在發文日（115年11月22日）到今天之間"),
        ("長" * 2001, TODAY, "回復內容有 2,001 個字，最多 2,000 個字"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_in_words(
    office, issue, coordinator, answer, day, sentence
):
    letter = issue(office["行政處"])
    with pytest.raises(WorkflowError, match=sentence):
        letters.note_answer(letter, answer, day, by=coordinator, at=NOW)
    letters.note_answer(letter, "料件延遲，11月30日完成。", TODAY, by=coordinator, at=NOW)
    assert ReminderLetter.objects.get().answer == "料件延遲，11月30日完成。"


def test_a_department_that_owes_nothing_gets_no_letter(programme, administration, issue, q4):
    with pytest.raises(WorkflowError, match="行政處現在沒有未完成的填報或核可"):
        issue(administration)
    assert owing_departments(programme, TODAY) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_issue_at_once_each_gets_a_number_of_its_own(office, issue):
    done = []

    def press(department):
        try:
            done.append(issue(department).number)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[one]) for one in office.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [1, 2]


def test_a_letter_keeps_its_department_and_its_year(programme, office, issue):
    issue(office["行政處"])
    assert "1 張稽催單" in departments.obstacle_to_deletion(office["行政處"])
    assert "1 張稽催單" in years.obstacle_to_deletion(programme)
