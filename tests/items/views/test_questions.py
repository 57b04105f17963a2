"""留言 on its pages: the item, the question, and the lists of those who have to answer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from items.exchange.plan_export.official import official_table
from items.models import Programme, Question
from items.workflow import questions
from tests.making import NOW, TODAY

ITEM = "/115/actions/115-01/"
ASK = "/115/actions/115-01/ask/"


@pytest.fixture(autouse=True)
def _on_the_day(settings):
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DATE = TODAY


@pytest.fixture
def action(make_action, administration, information):
    return make_action([administration])


@pytest.fixture
def asked(action, administration, mei, head, coordinator):
    return questions.ask(action, "何時驗收？", to=administration, by=coordinator, at=NOW)


def text_of(answer):
    return answer.content.decode()


def step(client, question, kind, text=""):
    address = reverse("question_step", args=[115, question.pk, kind])
    return client.post(address, {"text": text}, follow=True)


def test_a_department_asks_the_plan_office_which_answers_from_its_list(
    sign_in, action, mei, hao, coordinator, quarters
):
    client = sign_in(mei)
    assert "有事要問" in text_of(client.get(ITEM))
    form = text_of(client.get(ASK))
    # The plan office is proposed, oneself is not to be chosen.
    assert f'value="p{coordinator.pk}" selected' in form
    assert f'value="p{mei.pk}"' not in form
    answer = client.post(ASK, {"to": f"p{coordinator.pk}", "text": "可以改季嗎？"}, follow=True)
    assert "已留言給顏研考，答覆時會通知您。" in text_of(answer)
    assert "可以改季嗎？" in text_of(answer)
    question = Question.objects.get()
    client = sign_in(coordinator)
    review = text_of(client.get("/115/review/"))
    assert "留言 1 則等您答覆" in review
    assert reverse("question", args=[115, question.pk]) in review
    assert "已答覆" in text_of(step(client, question, "answer", "可以。"))
    assert "等您答覆" not in text_of(client.get("/115/review/"))
    client = sign_in(mei)
    assert "可以。" in text_of(client.get(ITEM))
    assert "已解決" in text_of(step(client, question, "settle"))


@pytest.mark.one_engine
def test_it_is_counted_where_somebody_has_to_answer_and_nowhere_else(
    sign_in, asked, mei, hao, head, quarters
):
    assert "留言 1 則等您答覆" in text_of(sign_in(mei).get("/115/todo/"))
    assert "留言 1 則等您答覆" in text_of(sign_in(head).get("/115/inbox/"))
    assert "留言" not in text_of(sign_in(hao).get("/115/todo/"))


@pytest.mark.one_engine
def test_nothing_is_lost_where_the_words_are_refused(sign_in, asked, action, mei, administration):
    client = sign_in(mei)
    page = text_of(client.post(ASK, {"to": "", "text": "要問的話"}))
    assert "請選要給哪個單位或哪個人。" in page
    assert "要問的話" in page
    page = text_of(client.post(ASK, {"to": "p999999", "text": ""}))
    assert "沒有這個單位或這個人" in page
    assert "請寫留言的內容。" in page
    page = text_of(step(client, asked, "answer", "字" * 2001))
    assert "有 2,001 個字，最多 2,000 個字" in page
    assert "字" * 2001 in page
    assert "請寫答覆的內容。" in text_of(step(client, asked, "answer"))


def test_an_old_page_is_told_what_happened_meanwhile(sign_in, asked, mei, coordinator):
    questions.settle(asked, by=coordinator, at=NOW)
    page = text_of(step(sign_in(mei), asked, "answer", "寫了很久的答覆"))
    assert "已經解決，答覆沒有送出" in page
    assert "寫了很久的答覆" in page


@pytest.mark.one_engine
def test_those_who_only_read_read(sign_in, asked, hao, manager, auditor):
    for person in (manager, auditor):
        client = sign_in(person)
        page = text_of(client.get(ITEM))
        assert "何時驗收？" in page
        assert "留言提問" not in page
        assert client.get(ASK).status_code == 403
        assert step(client, asked, "settle").status_code == 403
    # Another department reads and asks, and neither answers nor settles.
    client = sign_in(hao)
    assert "何時驗收？" in text_of(client.get(ITEM))
    for kind in ("answer", "settle", "reopen"):
        assert step(client, asked, kind, "x").status_code == 403


@pytest.mark.one_engine
def test_a_question_of_another_year_is_not_found_under_this_one(sign_in, asked, mei):
    Programme.objects.create(
        year=114, title="114", starts_on=TODAY.replace(year=2025), ends_on=TODAY
    )
    assert sign_in(mei).get(f"/114/questions/{asked.pk}/").status_code == 404


@pytest.mark.one_engine
def test_a_closed_year_shows_them_and_asks_nothing(sign_in, asked, mei):
    Programme.objects.update(state="closed")
    client = sign_in(mei)
    page = text_of(client.get(ITEM))
    assert "何時驗收？" in page
    assert "留言提問" not in page
    assert "已經結案，留言只能查閱" in text_of(client.get(ASK, follow=True))
    assert "已經結案" in text_of(step(client, asked, "answer", "好"))


@pytest.mark.one_engine
def test_it_is_never_part_of_what_is_reported(sign_in, asked, action, coordinator, q4, programme):
    client = sign_in(coordinator)
    for address in ("/115/export.csv", "/115/plan/export.csv", "/115/periods/4/export.csv"):
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200
        assert "何時驗收" not in content.decode("utf-8-sig")
        assert "設置民眾休憩區" in content.decode("utf-8-sig")
    assert "何時驗收" not in str(official_table(programme))


@pytest.mark.one_engine
def test_queries_do_not_grow(sign_in, action, administration, mei, coordinator):
    client = sign_in(mei)

    def number_of_queries(address):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    questions.ask(action, "一", to=administration, by=coordinator, at=NOW)
    client.get(ITEM)
    before = [number_of_queries(address) for address in (ITEM, "/115/todo/")]
    for number in range(30):
        asked = questions.ask(action, f"第{number}題", to=administration, by=coordinator, at=NOW)
        if number % 2:
            questions.answer(asked, "好。", by=mei, at=NOW)
    assert [number_of_queries(address) for address in (ITEM, "/115/todo/")] == before
    assert "還有 11 則較早的留言" in client.get(ITEM).content.decode()
    assert "還有" not in client.get(f"{ITEM}?questions=all").content.decode().split("填報內容")[0]
