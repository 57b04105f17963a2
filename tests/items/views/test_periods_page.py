"""填報期: laid out, opened and closed."""

import pytest
from django.urls import reverse

from items.models import ReportState
from items.workflow import periods
from tests.items.views.answers import page, read, words
from tests.making import NOW


@pytest.mark.one_engine
def test_periods_are_laid_out_opened_and_closed(sign_in, coordinator, programme):
    client = sign_in(coordinator)
    client.post(reverse("period_layout", args=[115]))
    assert [period.name for period in programme.periods.all()] == [
        "第1季",
        "第2季",
        "第3季",
        "第4季",
    ]
    client.post(reverse("period_step", args=[115, 1, "open"]), {"1-due_on": "12/10"})
    first = programme.periods.get(number=1)
    assert first.is_open
    assert str(first.due_on) == "2026-12-10"
    client.post(reverse("period_step", args=[115, 1, "close"]))
    assert programme.periods.get(number=1).is_closed


@pytest.mark.one_engine
@pytest.mark.parametrize("due", ["", "明天", "114/1/1", "115/2/30", "每季", "115/11/21"])
def test_a_wrong_due_date_is_said_and_opens_nothing(sign_in, coordinator, programme, due):
    periods.lay_out(programme, by=coordinator, at=NOW)
    answer = sign_in(coordinator).post(
        reverse("period_step", args=[115, 1, "open"]), {"1-due_on": due}
    )
    assert answer.status_code == 200
    assert not programme.periods.get(number=1).is_open


def step(client, number, name, **data):
    address = reverse("period_step", args=[115, number, name])
    fields = {f"{number}-{field}": value for field, value in data.items()}
    return client.post(address, fields, follow=True)


@pytest.mark.one_engine
def test_a_quarter_is_opened_again_with_a_reason_and_a_day_to_come(
    sign_in, coordinator, mei, assignment, q3, q4
):
    client = sign_in(coordinator)
    # Two weeks ahead is a Sunday.
    assert 'value="115/12/07"' in words(page(client, "periods"))
    answer = step(client, 3, "reopen", due_on="12/4", because="更正 115-01 件數")
    assert "115年第3季已重新開放，填報期限 115年12月4日" in words(answer)
    q3.refresh_from_db()
    assert (str(q3.due_on), q3.is_reopened) == ("2026-12-04", True)
    assert "顏研考 115年11月22日" in words(answer)
    assert "重新開放：「更正 115-01 件數」" in words(answer)
    # Whoever has to write sees it, too.
    todo = words(page(sign_in(mei), "todo"))
    assert "第3季（重新開放）待填 1 件，剩 12 天" in todo
    assert "重新開放：「更正 115-01 件數」" in todo


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("due_on", "because", "sentence"),
    [
        ("12/4", " ", "請寫出重新開放的原因"),
        ("115/11/21", "更正", "填報期限 115年11月21日 已經過了，今天是115年11月22日"),
        ("1/7", "更正", "早於第3季的起日 115年7月1日；如果是下一年，請寫「116/1/7」"),
        ("13/4", "更正", "沒有 13 月"),
        ("12/4", "長" * 501, "最多 500 個字"),
    ],
)
def test_what_is_wrong_with_opening_again_is_said_in_the_form_that_stays_open(
    sign_in, coordinator, q3, due_on, because, sentence
):
    answer = words(step(sign_in(coordinator), 3, "reopen", due_on=due_on, because=because))
    assert sentence in answer
    assert '<details class="confirm" open>' in answer
    assert f'value="{due_on}"' in answer
    q3.refresh_from_db()
    assert q3.is_closed


@pytest.mark.one_engine
def test_the_question_before_closing_names_the_groups_each_with_its_list(
    sign_in, coordinator, mei, make_action, administration, make_report, q4
):
    for state in ReportState.values:
        assignment = make_action([administration]).assignments.get()
        make_report(assignment, q4, mei, state=state)
    make_action([administration])
    answer = page(sign_in(coordinator), "periods")
    assert "還有 5 件沒有備查" in read(answer)
    for state in ["missing", "draft", "with_head", "with_coordinator", "returned"]:
        address = reverse("review", args=[115])
        assert f'href="{address}?period=4&amp;state={state}#list"' in words(answer)
    assert "未填 1 件" in words(answer)
