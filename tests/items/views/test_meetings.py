"""會議 and 主席裁示 on their pages: written down, answered, released, concluded."""

import csv
from datetime import date, timedelta

import pytest
from django.urls import reverse

from items.models import Directive, Meeting
from items.workflow import directive_answers, directive_endings, directives
from items.workflow.directives import DirectiveContent
from tests.items.views.instructions import read, row_of
from tests.making import NOW


def test_a_meeting_is_written_down_and_its_instructions_follow(
    sign_in, coordinator, q4, administration, information, make_action
):
    make_action([information], code="115-04")
    client = sign_in(coordinator)
    assert "這個年度還沒有記會議" in read(client.get("/115/meetings/"))
    typed = {"name": "第3季檢討會議", "held_on": "10/20", "chair": "林總經理"}
    answer = client.post("/115/meetings/", typed)
    meeting = Meeting.objects.get()
    assert (answer.url, meeting.held_on) == (f"/115/meetings/{meeting.pk}/", date(2026, 10, 20))
    page = answer.url
    everyone = {"text": "各單位清查。", "every_department": "on", "due_on": "12/1"}
    of_the_item = {"text": "加速。\r\n並回報。", "code": "4"}
    for content in (everyone, of_the_item):
        assert client.post(page, content).status_code == 302
    first, second = Directive.objects.order_by("number")
    assert {answer.department for answer in first.answers.all()} == {administration, information}
    # Nobody was ticked: the lead of the item gets it.
    assert [answer.department for answer in second.answers.all()] == [information]
    assert (second.action.code, second.text) == ("115-04", "加速。\n並回報。")
    words = read(client.get(page))
    assert "第1案 列管中 期限 115年12月1日，剩 9 天" in words
    assert "裁示 2 案，列管中 2 案" in read(client.get("/115/meetings/"))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": ""}, "請寫裁示內容。"),
        ({"text": "加速。"}, "請至少勾選一個主辦單位"),
        ({"text": "加速。", "code": "115-99"}, "115年度沒有項次 115-99"),
        ({"text": "加速。", "code": "一"}, "115年度沒有項次 一"),
        ({"text": "加速。", "due_on": "昨天"}, "昨天"),
        ({"text": "加速。", "departments": "999"}, "沒有這個單位"),
        ({"text": "長" * 2001}, "有 2,001 個字，最多 2,000 個字"),
    ],
)
def test_an_instruction_that_cannot_be_is_refused_and_what_was_typed_stays(
    sign_in, coordinator, meeting, administration, typed, sentence
):
    answer = sign_in(coordinator).post(reverse("meeting", args=[115, meeting.pk]), typed)
    assert sentence in read(answer)
    assert typed["text"] in answer.content.decode()
    assert not Directive.objects.exists()


def test_the_same_meeting_is_not_written_down_twice(sign_in, coordinator, meeting):
    typed = {"name": meeting.name, "held_on": "115/10/20"}
    assert "已經有同名的會議" in read(sign_in(coordinator).post("/115/meetings/", typed))
    assert Meeting.objects.count() == 1


@pytest.mark.one_engine
def test_instructions_stand_on_the_page_of_their_item(
    sign_in, coordinator, mei, meeting, administration, make_action
):
    action = make_action([administration])
    content = DirectiveContent(text="請加速。", departments=[administration], action=action)
    directives.give(meeting, content, by=coordinator, at=NOW)
    words = read(sign_in(mei).get(reverse("action", args=[115, action.code])))
    assert "主席裁示 1 案 第3季檢討會議第1案 列管中" in words
    assert "填辦理情形" in words


def test_an_empty_meeting_is_deleted_and_one_with_instructions_stays(
    sign_in, coordinator, meeting, directive, programme
):
    client = sign_in(coordinator)
    empty = Meeting.objects.create(programme=programme, name="誤建", held_on=date(2026, 1, 2))
    for one in (empty, meeting):
        client.post(reverse("meeting_delete", args=[115, one.pk]))
    assert list(Meeting.objects.all()) == [meeting]


@pytest.mark.one_engine
def test_queries_do_not_grow_with_the_instructions(
    sign_in, coordinator, mei, meeting, directive, administration, django_assert_max_num_queries
):
    page = reverse("meeting", args=[115, meeting.pk])
    pages = [(coordinator, page), (mei, "/115/todo/"), (mei, "/115/meetings/")]

    def counts():
        numbers = []
        for person, address in pages:
            client = sign_in(person)
            client.get(address)
            with django_assert_max_num_queries(60) as captured:
                client.get(address)
            numbers.append(len(captured))
        return numbers

    before = counts()
    for number in range(5):
        content = DirectiveContent(text=f"第{number}件", departments=[administration])
        given = directives.give(meeting, content, by=coordinator, at=NOW)
        row = row_of(given, administration)
        directive_answers.write(row, "甲", seen_at=None, asks=number > 2, by=mei, at=NOW)
        other = Meeting(programme=meeting.programme, name=f"{number}", held_on=meeting.held_on)
        directives.save_meeting(other, by=coordinator, at=NOW + timedelta(minutes=number))
    assert counts() == before


@pytest.mark.one_engine
def test_the_dashboard_counts_what_is_followed_up_and_what_is_late(
    sign_in, manager, coordinator, meeting, directive, administration
):
    client = sign_in(manager)
    assert "主席裁示列管中 1 案" in read(client.get("/115/"))
    content = DirectiveContent(text="甲", departments=[administration], due_on=date(2026, 11, 1))
    late = directives.give(meeting, content, by=coordinator, at=NOW)
    assert "主席裁示列管中 2 案，其中逾期 1 案" in read(client.get("/115/"))
    for one in (late, directive):
        directive_endings.conclude(one, "void", because="重複", by=coordinator, at=NOW)
    assert "主席裁示" not in read(client.get("/115/"))


@pytest.mark.one_engine
def test_the_instructions_of_a_meeting_are_had_as_a_file_with_a_row_for_each_department(
    sign_in, manager, mei, directive, administration
):
    answer = row_of(directive, administration)
    directive_answers.write(answer, "已完成。", seen_at=None, asks=True, by=mei, at=NOW)
    client = sign_in(manager)
    page = reverse("meeting", args=[115, directive.meeting_id])
    assert f"{page}export.ods" in client.get(page).content.decode()
    text = client.get(f"{page}export.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    assert [",".join(row) for row in rows] == [
        "案次,裁示內容,項次編號,辦理期限,主辦單位,辦理情形,處理狀態,裁示結果",
        "1,請加速辦理。,,115年12月1日,行政處,已完成。,待解列,列管中",
        "1,請加速辦理。,,115年12月1日,資訊室,,待處理,列管中",
    ]
    for format in ("xlsx", "ods"):
        assert client.get(f"{page}export.{format}").content.startswith(b"PK")
    assert client.get(f"{page}export.pdf").status_code == 404


def test_the_lists_of_a_state_are_counted_and_limited(
    sign_in, coordinator, mei, hao, meeting, directive, administration, information
):
    answer = row_of(directive, administration)
    directive_answers.write(answer, "已辦。", seen_at=None, asks=True, by=mei, at=NOW)
    client = sign_in(coordinator)
    assert "裁示 1 件要求解列" in read(client.get("/115/review/"))
    for address in ("/115/meetings/", f"/115/meetings/{meeting.pk}/"):
        page = read(client.get(address))
        assert "待處理 1 待解列 1 已解列 0" in page
        assert "請加速辦理。" in read(client.get(f"{address}?state=asked"))
        assert "沒有這個狀態的裁示" in read(client.get(f"{address}?state=released"))
        assert client.get(f"{address}?state=x").status_code == 404
    assert "裁示 1 案，列管中 1 案；各單位待處理 1、待解列 1、已解列 0" in page
    directive_endings.conclude(directive, "void", because="重複", by=coordinator, at=NOW)
    # What was concluded waits for nobody.
    assert "待處理 0 待解列 0 已解列 0" in read(client.get("/115/meetings/"))
    assert "要求解列" not in read(client.get("/115/review/"))


def test_open_ones_of_earlier_meetings_go_on_several_at_once(
    sign_in, coordinator, mei, meeting, directive, programme, administration
):
    content = DirectiveContent(text="第二案。", departments=[administration])
    second = directives.give(meeting, content, by=coordinator, at=NOW)
    later = Meeting.objects.create(
        programme=programme, name="第4季檢討會議", held_on=date(2026, 11, 20)
    )
    page = f"/115/meetings/{later.pk}/"
    client = sign_in(coordinator)
    assert "接續前次會議列管中的裁示 2 案" in read(client.get(page))
    send = {"intent": "carry", "carry-due_on": "12/20"}
    assert "請至少勾選一案" in read(client.post(page, send))
    send["directive"] = [directive.pk, second.pk]
    wrong = client.post(page, send | {"carry-due_on": "下個月"}).content.decode()
    assert wrong.count("checked") == 2
    assert "下個月" in wrong
    assert not later.directives.exists()
    assert "已把 2 案接到這次會議" in read(client.post(page, send, follow=True))
    assert {one.due_on for one in later.directives.all()} == {date(2026, 12, 20)}
    # The same press from an old page.
    assert "剛才已經結案或接走了" in read(client.post(page, send))
    assert sign_in(mei).post(page, send).status_code == 403


@pytest.mark.one_engine
def test_closing_a_year_names_what_is_still_followed_up(
    sign_in, coordinator, directive, q4, programme
):
    q4.closed_at, q4.closed_by = NOW, coordinator
    q4.save()
    page = sign_in(coordinator).get("/years/").content.decode()
    assert "主席裁示列管中" in page
    assert "/115/meetings/?state=to_do" in page
    directive_endings.conclude(directive, "void", because="重複", by=coordinator, at=NOW)
    assert "主席裁示列管中" not in sign_in(coordinator).get("/years/").content.decode()


def test_paper_has_boxes_to_sign(sign_in, mei, meeting, directive):
    page = sign_in(mei).get(f"/115/meetings/{meeting.pk}/").content.decode()
    assert 'class="signatures print-only"' in page
