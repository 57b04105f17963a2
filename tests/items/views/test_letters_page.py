"""稽催單 on screen: from whom still owes something to the letter with its slip."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from items.models import Assignment, ReminderLetter
from tests.making import NO_KEY


@pytest.fixture
def owed(make_action, administration, information, mei, hao, q4):
    make_action([administration, information], title="設置民眾休憩區")
    # After the first quarters were closed: nothing is owed for these.
    Assignment.objects.update(handed_out_on=date(2026, 11, 16))
    return administration


def read(response):
    return " ".join(strip_tags(response.content.decode()).split())


@pytest.mark.one_engine
def test_from_the_department_that_owes_to_the_letter(sign_in, coordinator, owed):
    client = sign_in(coordinator)
    assert f'href="/115/letters/new/{owed.pk}/"' in client.get("/115/letters/").content.decode()
    new = client.get(f"/115/letters/new/{owed.pk}/")
    # Five days ahead is a Friday.
    assert 'value="115/11/27"' in new.content.decode()
    data = {"answer_until": "11/30", "note": "<b>請</b>儘速"}
    page = client.post(f"/115/letters/new/{owed.pk}/", data, follow=True)
    words = read(page)
    assert "115稽催字第001號" in words
    assert "並於 115年11月30日前填妥回復單送回" in words
    assert "&lt;b&gt;請&lt;/b&gt;儘速" in page.content.decode()
    assert "稽催回復單" in words
    assert "單位承辦人 115-01 設置民眾休憩區 第4季 尚未填報" in words
    listed = read(client.get("/115/letters/"))
    assert "行政處 1 件 115年11月30日 等回復（剩 8 天）" in listed
    assert "今天已開" in listed
    assert "稽催單 1 張，1 張等回復。" in read(client.get("/115/manage/"))


def test_what_came_back_is_noted_and_a_mistake_is_voided(sign_in, coordinator, owed, mei):
    client = sign_in(coordinator)
    client.post(f"/115/letters/new/{owed.pk}/", {"answer_until": "11/30"})
    letter = ReminderLetter.objects.get()
    address = f"/115/letters/{letter.pk}/"
    data = {"answered_on": "11/22", "answer": "料件延遲"}
    assert "單位的回復 115年11月22日 料件延遲" in read(
        client.post(f"{address}answer/", data, follow=True)
    )
    refused = client.post(f"{address}void/", {"because": ""})
    assert "請寫出作廢的原因" in read(refused)
    voided = read(client.post(f"{address}void/", {"because": "寄錯單位"}, follow=True))
    assert "這張稽催單已作廢，不必回復。" in voided
    assert "顏研考作廢：「寄錯單位」" in voided
    assert client.post(f"{address}fly/").status_code == 404


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"answer_until": ""}, "請填回復期限"),
        ({"answer_until": "11/1", "note": "留著"}, "回復期限 115年11月1日 已經過了"),
        ({"answer_until": "12/1", "note": "長" * 501}, "500"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_numbered(sign_in, coordinator, owed, data, sentence):
    page = sign_in(coordinator).post(f"/115/letters/new/{owed.pk}/", data)
    assert sentence in read(page)
    assert data.get("note", "") in page.content.decode()
    assert not ReminderLetter.objects.exists()


def test_a_department_reads_its_own_letters_and_no_others(sign_in, coordinator, owed, mei, hao):
    client = sign_in(coordinator)
    client.post(f"/115/letters/new/{owed.pk}/", {"answer_until": "11/30"})
    address = f"/115/letters/{ReminderLetter.objects.get().pk}/"
    assert "115 年度沒有給您單位的稽催單" in read(sign_in(hao).get("/115/letters/"))
    assert sign_in(hao).get(address).status_code == 404
    page = sign_in(mei).get(address).content.decode()
    assert "作廢這張稽催單" not in page
    assert "115稽催字第001號" in read(sign_in(mei).get("/115/letters/"))
    notice = mei.notices.get()
    told = read(client.get("/notices/"))
    assert "稽催單 115稽催字第001號 行政處：請您辦理，期限 115年11月30日" in told
    assert client.post(reverse("notice_open", args=[notice.pk])).url == address


@pytest.mark.one_engine
def test_queries_do_not_grow_with_letters_and_items(
    sign_in, coordinator, owed, make_action, information
):
    client = sign_in(coordinator)
    client.get("/115/letters/")
    with CaptureQueriesContext(connection) as few:
        client.get("/115/letters/")
    for _ in range(3):
        make_action([owed, information])
    # As those before: a closed quarter of which something is owed has a query of its own.
    Assignment.objects.update(handed_out_on=date(2026, 11, 16))
    for department in (owed, information):
        client.post(f"/115/letters/new/{department.pk}/", {"answer_until": "11/30"})
    # Reads the messages of the two letters, which are written into the session.
    client.get("/115/letters/")
    with CaptureQueriesContext(connection) as many:
        client.get("/115/letters/")
    assert len(many) == len(few)


@pytest.mark.one_engine
def test_a_department_that_does_not_exist_is_404(sign_in, coordinator, programme):
    assert sign_in(coordinator).get(f"/115/letters/new/{NO_KEY}/").status_code == 404
