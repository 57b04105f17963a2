"""沿用並補充 and 本期無進度 where there is no script, and the way to the item before."""

import pytest
from django.urls import reverse

from items.models import ProgressReport
from tests.filled_form import filled_form
from tests.items.views.answers import FORM, page, text_of, words


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


@pytest.fixture
def begin(sign_in, mei, assignment, q4):
    def begin(intent, **fields):
        address = reverse("report_form", args=[115, assignment.pk, 4])
        return sign_in(mei).post(address, {"version": 0, "intent": intent} | fields)

    return begin


@pytest.mark.one_engine
def test_the_last_text_comes_below_what_was_written_and_only_once(
    begin, assignment, mei, q3, make_report
):
    make_report(assignment, q3, mei, text="完成規劃設計。")
    values = filled_form(begin("carry_over", text="新的一行", percent="80"), "report")
    assert values["text"] == "新的一行\n完成規劃設計。"
    assert values["percent"] == "80"
    values = filled_form(begin("carry_over", text=values["text"]), "report")
    assert values["text"] == "新的一行\n完成規劃設計。"
    assert ProgressReport.objects.get().period == q3


def test_a_text_that_says_the_same_as_last_time_is_flagged(
    begin, client, assignment, mei, q3, q4, make_report
):
    make_report(assignment, q3, mei, text="完成規劃設計。")
    assert "文字與第3季完全相同，請補充" in text_of(begin("carry_over"))
    assert "autofocus" in words(begin("carry_over"))
    make_report(assignment, q4, mei, text="完成規劃設計，並已發包。", state="draft")
    assert 'role="status"></p>' in words(page(client, "report_form", assignment.pk, 4))


@pytest.mark.one_engine
def test_no_progress_asks_why_and_keeps_the_percent(begin, assignment, mei, q3, make_report):
    make_report(assignment, q3, mei, percent=66)
    values = filled_form(begin("no_progress"), "report")
    assert (values["text"], values["percent"]) == ("本期無進度，原因：", "66")
    values = filled_form(begin("no_progress", text="等待核定", percent="70"), "report")
    assert (values["text"], values["percent"]) == ("等待核定\n本期無進度，原因：", "70")


@pytest.mark.one_engine
def test_no_progress_without_the_reason_is_not_sent(begin):
    refused = text_of(begin("submit", **FORM | {"text": "本期無進度，原因："}))
    assert "請在「本期無進度，原因：」後面寫出這一期沒有進度的原因。" in refused
    assert not ProgressReport.objects.exists()
    begin("submit", **FORM | {"text": "本期無進度，原因：\n等待核定。"})
    begin("submit", **FORM | {"text": "本期無進度，原因：等待核定。"})
    assert ProgressReport.objects.get().is_submitted


@pytest.mark.one_engine
def test_the_item_before_is_one_press_away_and_the_round_is_closed(
    sign_in, mei, make_action, administration, q4
):
    keys = [make_action([administration]).assignments.get().pk for _ in range(3)]
    client = sign_in(mei)
    walked = []
    key = keys[0]
    for _ in keys:
        address = reverse("previous_report", args=[115, key, 4])
        assert f'href="{address}"' in words(page(client, "report_form", key, 4))
        led_to = client.get(address)["Location"]
        key = int(led_to.split("/")[3])
        walked.append(key)
    assert walked == [keys[2], keys[1], keys[0]]


@pytest.mark.one_engine
def test_without_another_item_the_way_leads_to_the_list(sign_in, mei, assignment, q4):
    client = sign_in(mei)
    answer = client.get(reverse("previous_report", args=[115, assignment.pk, 4]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("todo", args=[115])
    assert "這一期沒有其他要填的項目。" in words(answer)
