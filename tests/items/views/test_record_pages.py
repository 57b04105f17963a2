"""歷程: what was reported on a day, and what was changed."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from items.exchange.plan_import.undo import undo
from items.models import Door, ImportBatch, Membership
from items.workflow import history, report_writing, reporting
from items.worklists.record import RecordKind
from tests.items.exchange.official_rows import HEADINGS, row
from tests.items.views import importing
from tests.items.views.answers import FORM, page, read, words
from tests.making import NOW, TODAY, past_the_application


@pytest.mark.one_engine
def test_the_auditor_reads_what_was_reported_as_it_was(
    sign_in, auditor, assignment, q4, mei, coordinator
):
    content = FORM | {"percent": 88}
    report = reporting.write_and_submit(
        assignment, q4, content, version=0, by=mei, at=NOW, today=TODAY
    )
    reporting.send_back(report, by=coordinator, at=NOW, words="請補件數。")
    report_writing.write(
        assignment, q4, content | {"text": "尚未送出的改稿"}, version=3, by=mei, at=NOW
    )
    answer = words(page(sign_in(auditor), "record"))
    assert FORM["text"] in answer
    assert "請補件數。" in answer
    assert "尚未送出的改稿" not in answer


@pytest.mark.one_engine
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


@pytest.mark.one_engine
@pytest.mark.parametrize("what", ["reports", "plan", "years"])
def test_a_wrong_day_shows_the_sentence_and_no_entry(
    post, sign_in, auditor, assignment, coordinator, what
):
    post("submit")
    assignment.position = 3
    history.save(assignment, by=coordinator, at=NOW)
    address = reverse("record", args=[115])
    everything = words(sign_in(auditor).get(address, {"what": what}))
    refused = words(sign_in(auditor).get(address, {"what": what, "start": "昨天"}))
    assert "<td" in everything
    assert "看不出是哪一天" in refused
    assert "<td" not in refused
    assert "這個範圍內沒有紀錄" not in refused


@pytest.mark.one_engine
@pytest.mark.parametrize("typed", ["01", "1", "０１", "115-01", "115–01", "１１５－０１"])
def test_the_record_finds_an_item_by_its_code_however_it_was_typed(post, sign_in, auditor, typed):
    post("submit")
    address = reverse("record", args=[115])
    assert "填報歷程 1 筆" in read(sign_in(auditor).get(address, {"code": typed}))
    assert "填報歷程 0 筆" in read(sign_in(auditor).get(address, {"code": "2"}))


@pytest.mark.one_engine
def test_the_record_refuses_a_reversed_range_in_words(sign_in, auditor, programme):
    answer = sign_in(auditor).get(
        reverse("record", args=[115]), {"start": "115/12/1", "end": "115/1/1"}
    )
    assert "「從」的日期要在「到」之前" in words(answer)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"what": "secrets"}, "沒有這種紀錄，請從上面的分頁選擇。"),
        ({"person": "999"}, "沒有這個人，請重新選擇。"),
        ({"person": "9" * 30}, "沒有這個人，請重新選擇。"),
        ({"department": "行政處"}, "沒有這個單位，請重新選擇。"),
    ],
)
def test_a_value_that_is_unknown_is_said_and_shows_no_entry(
    post, sign_in, auditor, asked, sentence
):
    post("submit")
    answer = sign_in(auditor).get(reverse("record", args=[115]), asked)
    assert sentence in read(answer)
    assert "<td" not in words(answer)


@pytest.mark.one_engine
def test_the_tabs_say_how_many_of_each_kind_there_are(post, sign_in, auditor, mei, coordinator):
    post("submit")
    address = reverse("record", args=[115])
    # Four periods were laid out, and opened; three were closed.
    shown = " ".join(read(sign_in(auditor).get(address)).split())
    assert "填報歷程 1 計畫異動 0 管制異動 0 匯入 0 年度與填報期 11 帳號、權限與單位 0" in shown
    shown = " ".join(read(sign_in(auditor).get(address, {"person": mei.pk})).split())
    assert "填報歷程 1 計畫異動 0 管制異動 0 匯入 0 年度與填報期 0 帳號、權限與單位 0" in shown
    assert "條件：人員 王美玲" in shown
    shown = read(sign_in(auditor).get(address, {"person": coordinator.pk}))
    assert "這個範圍內沒有紀錄" in shown


def test_the_tabs_keep_what_was_asked_for(post, sign_in, auditor, mei):
    post("submit")
    asked = {"person": mei.pk, "start": "115/11/1", "page": "1"}
    shown = words(sign_in(auditor).get(reverse("record", args=[115]), asked))
    assert f'href="?person={mei.pk}&amp;start=115%2F11%2F1&amp;what=plan"' in shown


@pytest.mark.one_engine
def test_an_entry_leads_to_everything_of_its_day(post, sign_in, auditor):
    post("submit")
    shown = words(sign_in(auditor).get(reverse("record", args=[115])))
    assert '<a href="?start=115%2F11%2F22&amp;end=115%2F11%2F22">115年11月22日</a>' in shown


@pytest.mark.one_engine
def test_whoever_has_left_can_still_be_asked_for(post, sign_in, auditor, mei):
    post("submit")
    mei.is_active = False
    mei.save()
    shown = words(sign_in(auditor).get(reverse("record", args=[115])))
    assert f'<option value="{mei.pk}">王美玲（mei，已停用）</option>' in shown


def test_what_changed_is_read_without_unfolding_anything(
    post, sign_in, auditor, assignment, coordinator
):
    post("submit")
    assignment.position = 3
    history.save(assignment, by=coordinator, at=NOW)
    address = reverse("record", args=[115])
    for what in ("reports", "plan", "years"):
        shown = words(sign_in(auditor).get(address, {"what": what}))
        assert "<details" not in shown[shown.index('id="entries"') :]


ACCOUNT = "修改帳號 王美玲"
MEMBERSHIP = "新增所屬單位 王美玲・資訊室承辦人"
DEPARTMENT = "修改單位 資訊室"


@pytest.fixture
def office_entries(mei, information, admin):
    """王美玲 is switched off, after she joined 資訊室, which is then renamed in its place."""
    joined = Membership(user=mei, department=information)
    history.save(joined, by=admin, at=NOW, door=Door.ADMIN)
    mei.is_active = False
    history.save(mei, by=admin, at=NOW, door=Door.ADMIN)
    information.position = 9
    history.save(information, by=admin, at=NOW, door=Door.ADMIN)


@pytest.mark.parametrize(
    ("reader", "entries"),
    [
        ("auditor", {ACCOUNT, MEMBERSHIP, DEPARTMENT}),
        ("manager", {ACCOUNT, MEMBERSHIP, DEPARTMENT}),
        ("admin", {ACCOUNT, MEMBERSHIP, DEPARTMENT}),
        ("coordinator", {MEMBERSHIP, DEPARTMENT}),
    ],
)
def test_who_reads_what_became_of_accounts(
    request, sign_in, programme, office_entries, reader, entries
):
    client = sign_in(request.getfixturevalue(reader))
    answer = client.get(reverse("record", args=[115]), {"what": "office"})
    shown = " ".join(read(answer).split())
    assert {one for one in (ACCOUNT, MEMBERSHIP, DEPARTMENT) if one in shown} == entries
    assert f"帳號、權限與單位 {len(entries)} 筆" in shown


def test_an_import_and_its_undoing_are_read_by_whoever_asks_for_either_day(
    plan, sign_in, auditor, coordinator, admin
):
    client = sign_in(coordinator)
    url, _ = importing.preview(client, [HEADINGS, row("新的一項")])
    importing.confirm(client, url)
    undone_at = NOW + timedelta(days=2)
    undo(ImportBatch.objects.get(), by=admin, at=undone_at)
    past_the_application(ImportBatch).update(at=NOW)
    address = reverse("record", args=[115])
    client = sign_in(auditor)
    for asked, number in [
        ({}, 1),
        ({"start": "115/11/22", "end": "115/11/22"}, 1),
        ({"start": "115/11/23", "end": "115/11/23"}, 0),
        ({"start": "115/11/24"}, 1),
        ({"person": coordinator.pk}, 1),
        ({"person": admin.pk}, 1),
        ({"person": auditor.pk}, 0),
        ({"person": admin.pk, "end": "115/11/22"}, 0),
        ({"code": "34"}, 1),
        ({"code": "1"}, 0),
    ]:
        shown = read(client.get(address, {"what": "imports", **asked}))
        assert f"匯入 {number} 筆" in shown, asked


def test_queries_of_the_record_do_not_grow(
    sign_in, auditor, q4, mei, coordinator, make_action, administration, make_report
):
    def fill(number):
        for _ in range(number):
            assignment = make_action([administration]).assignments.get()
            reporting.write_and_submit(assignment, q4, FORM, version=0, by=mei, at=NOW, today=TODAY)
            assignment.position = 7
            history.save(assignment, by=coordinator, at=NOW)

    address = reverse("record", args=[115])
    client = sign_in(auditor)
    fill(1)
    numbers = {}
    for what in RecordKind:
        with CaptureQueriesContext(connection) as captured:
            client.get(address, {"what": what, "department": administration.pk})
        numbers[what] = len(captured)
    fill(5)
    for what in RecordKind:
        with CaptureQueriesContext(connection) as captured:
            client.get(address, {"what": what, "department": administration.pk})
        assert len(captured) <= numbers[what], what


@pytest.mark.one_engine
def test_a_day_without_a_year_is_of_the_year_of_the_page(sign_in, auditor, coordinator, q4):
    client = sign_in(auditor)
    address = reverse("record", args=[115])
    answer = client.get(address, {"start": "11/16", "end": "11月16日", "what": "plan"})
    assert answer.status_code == 200
    assert answer.context["form"].cleaned_data["start"] == date(2026, 11, 16)
    assert answer.context["form"].cleaned_data["end"] == date(2026, 11, 16)


def test_the_entries_that_are_shown_are_counted_once(office, q4):
    with CaptureQueriesContext(connection) as asked:
        page(office, "record")
    counted = [query["sql"] for query in asked if "COUNT(" in query["sql"]]
    of_steps = [sql for sql in counted if 'FROM "items_reportstep"' in sql]
    assert len(of_steps) == 1
