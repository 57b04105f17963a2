"""歷程: what was reported on a day, and what was changed."""

import pytest
from django.urls import reverse

from items.workflow import history, reporting
from tests.items.views.answers import FORM, page, words
from tests.making import NOW, TODAY


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
