"""年終: finished items are released and the others carried over, several by one decision."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from items.models import (
    Action,
    Assignment,
    Change,
    ControlStatus,
    Evidence,
    Programme,
    ProgrammeState,
    YearEndDecision,
)
from items.workflow import WorkflowError, newest_figures, removing
from items.workflow.control_requests import submit_request
from items.workflow.control_writing import begin
from items.workflow.year_end import decide_year_end, undo_year_end
from items.worklists.year_end import year_end_lists
from reports.documents.release import release_paper
from tests.making import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(make_action, administration, q3, mei, make_report):
    """One that is finished and proved, one without proof, and one on which nobody has reported."""
    actions = [make_action([administration]) for _ in range(3)]
    for action in actions[:2]:
        share = action.assignments.get()
        report = make_report(share, q3, mei, percent=100, work_status="finished")
        if action == actions[0]:
            Evidence.objects.create(
                report=report, kind="link", address="https://a.tw", added_by=mei, added_at=NOW
            )
    newest_figures.rebuild()
    return actions


def codes(rows):
    return [row.action.code for row in rows]


def statuses():
    return list(Action.objects.order_by("code").values_list("control_status", flat=True))


def test_what_is_finished_and_proved_is_proposed_for_release(three, programme):
    lists = year_end_lists(programme)
    assert codes(lists.to_release) == ["115-01"]
    assert codes(lists.to_carry_over) == ["115-02", "115-03"]
    reasons = [row.because for row in lists.to_carry_over]
    assert reasons == ["沒有佐證資料", "行政處 還沒有填報；沒有佐證資料"]
    assert lists.to_release[0].because == "各單位都已完成，佐證資料 1 個"


def test_what_is_open_keeps_an_item_from_release(three, programme, q4, mei, make_report):
    make_report(three[0].assignments.get(), q4, mei, percent=100, state="with_coordinator")
    lists = year_end_lists(programme)
    assert lists.to_release == []
    assert lists.to_carry_over[0].open_points == ["1 份辦理情形還沒有備查"]


def test_an_application_is_decided_first(three, programme, mei, coordinator):
    content = {"kind": "release", "ground": "其他", "reason": "做完", "late_reason": "晚了"}
    share = three[0].assignments.get()
    submit_request(begin(share, content, by=mei, at=NOW), by=mei, at=NOW)
    assert codes(year_end_lists(programme).to_decide_first) == ["115-01"]
    items = {three[0].pk: "", three[2].pk: ""}
    with pytest.raises(WorkflowError, match="115-01 行政處 解除列管申請還沒有決定"):
        decide_year_end(programme, items, ControlStatus.RELEASED, by=coordinator, at=NOW)
    assert set(statuses()) == {"under_control"}


def test_one_decision_with_its_history_and_the_way_back(three, programme, coordinator):
    items = {three[1].pk: "沒有佐證資料", three[2].pk: "還沒有填報"}
    decision = decide_year_end(
        programme,
        items,
        ControlStatus.CARRIED_OVER,
        number="花港企字第8號",
        by=coordinator,
        at=NOW,
    )
    assert statuses() == ["under_control", "carried_over", "carried_over"]
    entries = Change.objects.filter(model="action", fields__has_key="control_status")
    assert {entry.action.code for entry in entries} == {"115-02", "115-03"}
    paper = release_paper(decision, TODAY)
    assert paper.title == "轉次年清單"
    assert [row[0] for row in paper.grids[0].rows] == ["115-02", "115-03"]
    assert paper.grids[0].rows[0][3] == "沒有佐證資料"
    with pytest.raises(WorkflowError, match="請寫復原的原因"):
        undo_year_end(decision, because=" ", by=coordinator, at=NOW)
    with pytest.raises(WorkflowError, match="復原的原因太長"):
        undo_year_end(decision, because="長" * 501, by=coordinator, at=NOW)
    undo_year_end(decision, because="首長退回。", by=coordinator, at=NOW)
    assert set(statuses()) == {"under_control"}
    with pytest.raises(WorkflowError, match="剛才已由顏研考復原了"):
        undo_year_end(decision, because="再一次", by=coordinator, at=NOW)


def test_what_was_changed_since_is_not_taken_back(three, programme, coordinator):
    items = {three[1].pk: "", three[2].pk: ""}
    decision = decide_year_end(programme, items, ControlStatus.RELEASED, by=coordinator, at=NOW)
    Action.objects.filter(code="115-02").update(control_status="withdrawn")
    with pytest.raises(WorkflowError, match="沒有復原：115-02"):
        undo_year_end(decision, because="錯了", by=coordinator, at=NOW)
    assert statuses() == ["under_control", "withdrawn", "released"]


def test_a_double_press_decides_once(three, programme, coordinator):
    items = {three[0].pk: ""}
    decide_year_end(programme, items, ControlStatus.RELEASED, by=coordinator, at=NOW)
    with pytest.raises(WorkflowError, match="115-01 已經是「解除列管」"):
        decide_year_end(programme, items, ControlStatus.RELEASED, by=coordinator, at=NOW)
    assert YearEndDecision.objects.count() == 1


def test_a_closed_year_is_not_decided_and_an_item_of_a_decision_stays(
    three, programme, coordinator, q3
):
    items = {three[2].pk: ""}
    decision = decide_year_end(programme, items, ControlStatus.RELEASED, by=coordinator, at=NOW)
    assert "年終決定" in removing.obstacle_to_removal(Action.objects.get(code="115-03"))
    Programme.objects.update(state=ProgrammeState.CLOSED)
    with pytest.raises(WorkflowError, match="「已結案」"):
        undo_year_end(decision, because="錯了", by=coordinator, at=NOW)


def read(answer):
    return " ".join(strip_tags(answer.content.decode()).split())


def test_the_page_decides_what_is_ticked_and_takes_it_back(three, coordinator, sign_in):
    client = sign_in(coordinator)
    address = reverse("year_end", args=[115])
    page = client.get(address).content.decode()
    assert page.count(" checked>") == 1
    assert "請先勾選項目" in read(client.post(address, {"status": "released"}))
    assert "請按「解除列管」或「轉次年」" in read(client.post(address, {}))
    data = {"status": "released", "item": [str(three[0].pk)], "number": "第8號"}
    done = read(client.post(address, data, follow=True))
    assert "1 項已經解除列管" in done
    assert "顏研考・第8號" in done
    assert "還有 2 項列管中" in done
    decision = YearEndDecision.objects.get()
    assert decision.items.get().because == "各單位都已完成，佐證資料 1 個"
    undo = reverse("year_end_undo", args=[115, decision.pk])
    assert "請寫復原的原因" in read(client.post(undo, {"because": ""}))
    undone = read(client.post(undo, {"because": "錯了"}, follow=True))
    assert "1 項恢復列管" in undone
    assert "顏研考復原：錯了" in undone
    pdf = client.get(reverse("year_end_form", args=[115, decision.pk, "pdf"]))
    assert pdf.content.startswith(b"%PDF-")
    years_page = read(client.get(reverse("years")))
    assert "還有 3 項列管中" in years_page


def test_what_is_under_way_is_proposed_for_the_next_year_once_all_periods_are_closed(
    three, programme, coordinator, sign_in
):
    programme.periods.update(opened_at=NOW, due_on=TODAY, closed_at=NOW, closed_by=coordinator)
    page = sign_in(coordinator).get(reverse("year_end", args=[115])).content.decode()
    assert page.count(" checked>") == 3


def test_an_empty_year_has_nothing_to_decide(programme, coordinator, sign_in):
    page = read(sign_in(coordinator).get(reverse("year_end", args=[115])))
    assert "還有 0 項列管中" in page
    assert "還沒有年終決定" in page


@pytest.mark.one_engine
def test_queries_do_not_grow(
    three, make_action, administration, information, coordinator, sign_in, programme
):
    client = sign_in(coordinator)
    address = reverse("year_end", args=[115])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(4):
        make_action([administration, information])
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
    assert Assignment.objects.count() == 11
