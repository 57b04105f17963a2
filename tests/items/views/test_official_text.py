"""彙整文字: one text for an item of several departments, kept with the period."""

from datetime import timedelta

import pytest
from django.urls import reverse

from items.exchange.plan_export.progress import closing_table, progress_table
from items.models import (
    Assignment,
    Change,
    OfficialText,
    PeriodClosing,
    ProgressReport,
    ReportState,
)
from items.workflow import periods, reporting
from tests.filled_form import filled_form
from tests.items.views.answers import read, text_of, words
from tests.making import NOW, TODAY

URL = "/115/actions/115-01/official/4/"


@pytest.fixture
def action(make_action, administration, information, q4):
    return make_action([administration, information])


@pytest.fixture
def both_sent(action, administration, information, mei, hao, q4, make_report):
    own, others = action.assignments.all()
    make_report(own, q4, mei, text="完成地坪施工。", percent=90)
    make_report(others, q4, hao, text="系統上線。", percent=95)


@pytest.fixture
def compose(sign_in, mei):
    def compose(by=mei, seen="", **fields):
        return sign_in(by).post(URL, {"seen": seen, "text": "兩處都已完成。"} | fields, follow=True)

    return compose


def cells_of(table, heading):
    headings = [column.heading for column in table.columns]
    return [row[headings.index(heading)] for row in table.rows]


def table_now(q4):
    return progress_table(Assignment.objects.all(), ProgressReport.objects.all(), q4, TODAY)


@pytest.mark.one_engine
def test_it_begins_with_what_the_departments_have_sent(sign_in, mei, both_sent):
    values = filled_form(sign_in(mei).get(URL), "card")
    assert values["text"] == "行政處：完成地坪施工；資訊室：系統上線。"


@pytest.mark.one_engine
def test_what_is_not_sent_is_in_nobodys_text(
    sign_in, mei, hao, action, information, q4, make_report
):
    others = action.assignments.get(department=information)
    make_report(others, q4, hao, text="還在寫的暗語", state=ReportState.DRAFT)
    answer = read(sign_in(mei).get(URL))
    assert "行政處、資訊室還沒有送出，送出後可以再回來補上。" in answer
    assert "還在寫的暗語" not in answer


@pytest.mark.one_engine
def test_the_table_prints_it_once_for_all_departments(compose, both_sent, q4):
    assert cells_of(table_now(q4), "辦理情形") == ["完成地坪施工。", "系統上線。"]
    assert "115-01 第4季的彙整文字已儲存，彙整表會印這一段。" in words(compose())
    table = table_now(q4)
    assert cells_of(table, "辦理情形") == ["兩處都已完成。"] * 2
    place = [column.heading for column in table.columns].index("辦理情形")
    assert [(merge.first, merge.last) for merge in table.merges if merge.column == place] == [
        (0, 1)
    ]
    # The figures stay those of each department.
    assert cells_of(table, "實際進度（%）") == [90, 95]


def test_it_is_kept_with_the_period_and_locked_by_its_closing(
    compose, client, both_sent, q4, coordinator, auditor
):
    compose()
    periods.close_period(q4, by=coordinator, at=NOW)
    OfficialText.objects.update(text="關閉以後改的")
    closing = PeriodClosing.objects.get(period=q4)
    assert cells_of(closing_table(closing), "辦理情形") == ["兩處都已完成。"] * 2
    client.force_login(auditor)
    told = read(client.get(reverse("reported", args=[115]), {"period": 4, "day": "115/11/22"}))
    assert told.count("兩處都已完成。") == 1
    answer = compose(seen="關閉以後改的", text="再改")
    assert "115年第4季已經關閉，彙整文字已鎖定；如需更正，請洽研考。" in words(answer)
    assert OfficialText.objects.get().text == "關閉以後改的"


@pytest.mark.one_engine
def test_it_stands_on_the_items_page_with_its_history(compose, client, both_sent, mei):
    compose()
    answer = text_of(client.get(reverse("action", args=[115, "115-01"])))
    assert "彙整文字 王美玲" in answer
    entry = Change.objects.get(model="officialtext")
    assert entry.fields["text"] == [None, "兩處都已完成。"]
    assert set(entry.fields) == {"action", "period", "text"}


def test_two_who_compose_at_once_see_each_others_text(compose, both_sent, coordinator):
    compose()
    answer = compose(by=coordinator, text="研考的文字")
    assert "這段彙整文字剛才已由王美玲改過。" in read(answer)
    values = filled_form(answer, "card")
    assert (values["text"], values["seen"]) == ("研考的文字", "兩處都已完成。")
    assert OfficialText.objects.get().text == "兩處都已完成。"
    compose(by=coordinator, text="研考的文字", seen="兩處都已完成。")
    assert OfficialText.objects.get().text == "研考的文字"


def test_it_can_be_taken_back(compose, both_sent, q4):
    compose()
    assert "已取消彙整" in words(compose(intent="take_back", seen="兩處都已完成。"))
    assert cells_of(table_now(q4), "辦理情形") == ["完成地坪施工。", "系統上線。"]
    assert Change.objects.filter(model="officialtext", kind="deleted").exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" ", "請寫彙整文字；不要彙整時，請按「取消彙整」。"),
        ("字" * 10_001, "有 10,001 個字，最多 10,000 個字，請縮短；文字都還在。"),
    ],
)
def test_what_cannot_stand_is_refused_in_words(compose, both_sent, text, sentence):
    assert sentence in words(compose(text=text))
    assert not OfficialText.objects.exists()


def test_a_part_that_is_sent_anew_is_told_whatever_the_clock_says(compose, client, both_sent, hao):
    compose()
    assert "彙整之後" not in words(client.get(URL))
    ProgressReport.objects.filter(assignment__department__name="資訊室").update(state="draft")
    report = ProgressReport.objects.with_path().get(assignment__department__name="資訊室")
    # By a clock that was set back since.
    reporting.submit(report, by=hao, at=NOW - timedelta(days=1), today=TODAY)
    assert "彙整之後，資訊室又送出了新的內容" in words(client.get(URL))
    # Looked at, and left as it is.
    compose(seen="兩處都已完成。")
    assert "彙整之後" not in words(client.get(URL))


@pytest.mark.one_engine
def test_an_item_of_one_department_needs_none(sign_in, mei, make_action, administration, q4):
    make_action([administration])
    assert "115-01 只有一個單位" in words(sign_in(mei).get(URL, follow=True))


@pytest.mark.one_engine
def test_each_department_reads_what_the_others_have_sent(
    sign_in, hao, mei, action, information, administration, q4, make_report
):
    make_report(action.assignments.get(department=administration), q4, mei, text="完成地坪施工。")
    own = action.assignments.get(department=information)
    address = reverse("report_form", args=[115, own.pk, 4])
    answer = text_of(sign_in(hao).get(address))
    assert "第4季寫的（75%） 完成地坪施工。" in answer
    assert "編寫各單位的彙整文字" in answer


def test_a_supporting_department_reads_and_composes_nothing(
    sign_in, hao, action, information, both_sent
):
    action.assignments.filter(department=information).update(kind="support")
    answer = sign_in(hao).get(URL)
    assert answer.status_code == 403
    assert "115-01 的彙整文字由主辦單位或研考編寫。" in words(answer)
