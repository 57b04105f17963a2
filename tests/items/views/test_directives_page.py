"""主席裁示 on its pages: answered by departments, released, ended, and gone on with."""

from datetime import date

import pytest
from django.urls import reverse

from items.models import DirectiveAnswer, Meeting
from items.workflow import departments, directive_answers, directive_endings, directives
from items.workflow.directives import DirectiveContent
from tests.items.views.instructions import address_of, read, row_of
from tests.making import NOW


def test_a_department_answers_from_its_first_screen_and_the_plan_office_releases(
    sign_in, mei, hao, coordinator, directive, administration, information
):
    for person, unit in [(mei, administration), (hao, information)]:
        client = sign_in(person)
        answer = row_of(directive, unit)
        todo = client.get("/115/todo/")
        assert "主席裁示 待處理 1 案" in read(todo)
        assert f"{address_of(answer)}?next=/115/todo/" in todo.content.decode()
        saved = client.post(
            f"{address_of(answer)}?next=/115/todo/", {"text": "已完成。", "intent": "ask"}
        )
        assert saved.url == "/115/todo/"
        assert "主席裁示 待處理" not in read(client.get("/115/todo/"))
    page = reverse("meeting", args=[115, directive.meeting_id])
    client = sign_in(coordinator)
    assert read(client.get(page)).count("要求解列，等研考決定") == 2
    for answer in DirectiveAnswer.objects.all():
        client.post(reverse("answer_step", args=[115, answer.pk, "agree"]))
    words = read(client.get(page))
    assert "第1案 解除列管" in words
    assert "各單位待處理 0、待解列 0、已解列 2" in words


@pytest.mark.one_engine
def test_a_refusal_is_read_where_the_department_goes_on(
    sign_in, mei, coordinator, directive, administration
):
    answer = row_of(directive, administration)
    directive_answers.write(answer, "完成", seen_at=None, asks=True, by=mei, at=NOW)
    step = reverse("answer_step", args=[115, answer.pk, "refuse"])
    client = sign_in(coordinator)
    for because, sentence in [
        ("", "請寫不同意行政處解列的原因"),
        ("長" * 501, "原因太長，最多 500 個字"),
    ]:
        refused = client.post(step, {"because": because})
        assert sentence in read(refused)
        assert because in refused.content.decode()
    assert client.post(step, {"because": "請附驗收紀錄。"}).status_code == 302
    client = sign_in(mei)
    assert "不同意解列：請附驗收紀錄。" in read(client.get("/115/todo/"))
    assert "不同意解列：請附驗收紀錄。" in read(client.get(address_of(answer)))


def test_of_two_who_write_at_once_the_second_sees_both_texts(
    sign_in, mei, head, directive, administration
):
    answer = row_of(directive, administration)
    client = sign_in(mei)
    seen = client.get(address_of(answer)).context["form"]["seen_at"].value()
    directive_answers.write(answer, "主管寫的", seen_at=None, asks=False, by=head, at=NOW)
    refused = client.post(address_of(answer), {"text": "我寫的", "seen_at": seen})
    words = refused.content.decode()
    assert "主管寫的" in words
    assert "我寫的" in words
    again = {"text": "我寫的", "seen_at": refused.context["form"]["seen_at"].value()}
    assert client.post(address_of(answer), again).status_code == 302
    answer.refresh_from_db()
    assert answer.text == "我寫的"


def test_what_was_typed_stays_where_the_instruction_has_ended_meanwhile(
    sign_in, mei, coordinator, directive, administration
):
    answer = row_of(directive, administration)
    client = sign_in(mei)
    directive_endings.conclude(directive, "void", because="重複", by=coordinator, at=NOW)
    refused = client.post(address_of(answer), {"text": "我寫的"})
    assert "已經作廢，沒有變動" in read(refused)
    assert "我寫的" in refused.content.decode()
    assert client.get(address_of(answer)).status_code == 302


@pytest.mark.parametrize(("step", "word"), [("by_itself", "自行列管"), ("void", "作廢")])
def test_an_instruction_ends_with_its_reason_and_is_followed_up_again(
    sign_in, coordinator, directive, step, word
):
    client = sign_in(coordinator)
    address = reverse("directive_step", args=[115, directive.pk, step])
    assert f"{word}的原因" in read(client.post(address, {"because": " "}))
    client.post(address, {"because": "與第2案重複"})
    page = reverse("meeting", args=[115, directive.meeting_id])
    assert f"第1案 {word}" in read(client.get(page))
    assert f"{coordinator}：與第2案重複" in read(client.get(page))
    again = reverse("directive_step", args=[115, directive.pk, "again"])
    client.post(again, {"because": "並未重複"})
    assert "第1案 列管中" in read(client.get(page))
    assert client.post(reverse("directive_step", args=[115, directive.pk, "x"])).status_code == 404


def test_an_instruction_goes_on_in_a_later_meeting_and_both_are_linked(
    sign_in, coordinator, directive, programme
):
    later = Meeting.objects.create(
        programme=programme, name="年終檢討會議", held_on=date(2026, 12, 20)
    )
    client = sign_in(coordinator)
    page = client.get(reverse("directive", args=[115, directive.pk])).content.decode()
    assert f'<option value="{later.pk}">年終檢討會議（115年12月20日）</option>' in page
    step = reverse("directive_step", args=[115, directive.pk, "carry"])
    assert "請選接下去的會議" in read(client.post(step, {"meeting": "x"}))
    client.post(step, {"meeting": later.pk})
    old = read(client.get(reverse("meeting", args=[115, directive.meeting_id])))
    assert "持續列管" in old
    assert "接到年終檢討會議第1案 看接續的裁示" in old
    new = read(client.get(reverse("meeting", args=[115, later.pk])))
    assert "接續 115年度第3季檢討會議第1案" in new


def test_an_instruction_is_edited_and_a_department_with_words_stays(
    sign_in, coordinator, mei, directive, administration, information
):
    answer = row_of(directive, administration)
    directive_answers.write(answer, "甲", seen_at=None, asks=False, by=mei, at=NOW)
    departments.deactivate_departments([information], by=coordinator, at=NOW)
    client = sign_in(coordinator)
    address = reverse("directive", args=[115, directive.pk])
    refused = client.post(address, {"text": "改", "departments": [information.pk]})
    assert "行政處已經填了第3季檢討會議第1案的辦理情形" in read(refused)
    kept = {"text": "改", "departments": [administration.pk, information.pk]}
    assert client.post(address, kept).status_code == 302
    directive.refresh_from_db()
    assert (directive.text, directive.due_on) == ("改", None)


@pytest.mark.one_engine
def test_an_open_instruction_stands_above_the_text_of_its_own_department_alone(
    sign_in, coordinator, mei, hao, meeting, q4, administration, information, make_action
):
    action = make_action([administration, information])
    content = DirectiveContent(text="請每月會勘。", departments=[administration], action=action)
    given = directives.give(meeting, content, by=coordinator, at=NOW)

    def form_of(person, department):
        assignment = action.assignments.get(department=department)
        answer = sign_in(person).get(f"/115/assignments/{assignment.pk}/report/4/")
        return answer.content.decode()

    page = form_of(mei, administration)
    assert page.index("請每月會勘。") < page.index('name="text"')
    assert "請每月會勘。" not in form_of(hao, information)
    directive_endings.conclude(given, "void", because="重複", by=coordinator, at=NOW)
    assert "請每月會勘。" not in form_of(mei, administration)


def test_one_goes_on_with_a_new_day_from_its_own_page(
    sign_in, coordinator, meeting, directive, programme
):
    later = Meeting.objects.create(
        programme=programme, name="第4季檢討會議", held_on=date(2026, 11, 20)
    )
    step = reverse("directive_step", args=[115, directive.pk, "carry"])
    client = sign_in(coordinator)
    wrong = client.post(step, {"meeting": later.pk, "carry-due_on": "下個月"})
    assert "下個月" in read(wrong)
    assert not later.directives.exists()
    client.post(step, {"meeting": later.pk, "carry-due_on": "12/20"})
    assert later.directives.get().due_on == date(2026, 12, 20)
