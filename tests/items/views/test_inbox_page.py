"""待我核可: what a head endorses and returns."""

from time import process_time

import pytest
from django.urls import reverse

from items.models import ProgressReport, ReportState
from tests.items.views.answers import page, words


@pytest.mark.one_engine
def test_the_head_sees_what_changed(sign_in, head, waiting):
    answer = words(page(sign_in(head), "inbox"))
    assert "待您核可 1 件" in answer
    assert "完成規劃設計。<ins>開始施工。</ins>" in answer


@pytest.mark.one_engine
def test_the_head_endorses_everything_in_one_step(
    sign_in, head, waiting, make_action, administration, q4, mei, make_report
):
    another = make_report(
        make_action([administration]).assignments.get(), q4, mei, state=ReportState.WITH_HEAD
    )
    ticked = [f"{report.pk}:{report.version}" for report in (waiting, another)]
    answer = sign_in(head).post(
        reverse("inbox", args=[115]), {"intent": "endorse", "report": ticked}, follow=True
    )
    assert "已同意 2 件" in words(answer)
    assert set(ProgressReport.objects.filter(period=q4).values_list("state", flat=True)) == {
        "with_coordinator"
    }


@pytest.mark.one_engine
def test_a_return_without_a_reason_returns_nothing(sign_in, head, waiting):
    ticked = [f"{waiting.pk}:{waiting.version}"]
    answer = sign_in(head).post(
        reverse("inbox", args=[115]), {"intent": "return", "report": ticked}, follow=True
    )
    assert "請寫退回原因" in words(answer)
    waiting.refresh_from_db()
    assert waiting.state == ReportState.WITH_HEAD


@pytest.mark.one_engine
@pytest.mark.parametrize("reason", ["請補\0件數", "長" * 1001])
def test_a_reason_that_cannot_be_kept_returns_nothing(sign_in, head, waiting, reason):
    ticked = {"intent": "return", "words": reason, "report": [f"{waiting.pk}:{waiting.version}"]}
    answer = sign_in(head).post(reverse("inbox", args=[115]), ticked, follow=True)
    assert 'class="message error"' in words(answer)
    waiting.refresh_from_db()
    assert waiting.state == ReportState.WITH_HEAD


def test_long_texts_of_repeated_clauses_are_compared_at_once(
    sign_in, mei, assignment, q3, q4, make_report
):
    make_report(assignment, q3, mei, text="甲，" * 2500)
    report = make_report(assignment, q4, mei, text="乙，甲，" * 1250)
    start = process_time()
    assert "<ins>乙，</ins>甲，" in words(page(sign_in(mei), "report", report.pk))
    assert process_time() - start < 5


def test_a_stale_tick_is_told_and_changes_nothing(sign_in, head, waiting):
    answer = sign_in(head).post(
        reverse("inbox", args=[115]),
        {"intent": "endorse", "report": f"{waiting.pk}:9"},
        follow=True,
    )
    assert "剛才已由王美玲更新" in words(answer)


@pytest.mark.one_engine
@pytest.mark.parametrize("ticked", ["", "x", "9" * 30 + ":1", "1:x", "٣:1"])
def test_nonsense_ticks_are_refused_in_words(sign_in, head, waiting, ticked):
    answer = sign_in(head).post(
        reverse("inbox", args=[115]), {"intent": "endorse", "report": ticked}, follow=True
    )
    assert answer.status_code == 200
    waiting.refresh_from_db()
    assert waiting.state == ReportState.WITH_HEAD


@pytest.mark.one_engine
def test_the_head_without_anything_waiting_is_told_so(sign_in, head, q4):
    assert "沒有等您核可的辦理情形" in words(page(sign_in(head), "inbox"))
