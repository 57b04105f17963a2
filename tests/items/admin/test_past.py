"""What has a past cannot be moved from under it, and an inactive department gets nothing new."""

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from items.models import (
    Assignment,
    Change,
    Department,
    PlannedProgress,
    Programme,
    ReportState,
    Strategy,
)
from items.workflow import history
from items.workflow.handing_out import hand_out_to_new_department
from tests.making import NOW, TODAY

KEPT = "「行政處」已經有 115-01 的填報、預定進度或管制異動"


@pytest.fixture
def action(make_action, administration):
    return make_action([administration])


@pytest.fixture
def assignment(action):
    return action.assignments.get()


@pytest.fixture
def next_year(db):
    """116年度 with one path and no items."""
    programme = Programme.objects.create(
        year=116, title="116年度計畫", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    strategy = Strategy.objects.create(programme=programme, number=1, title="明年策略")
    strategy.methods.create(position=1, title="明年方法").plans.create(position=1, title="明年計畫")
    return programme


@pytest.fixture(params=["report", "draft", "planned"])
def past(request, assignment, quarters, mei, make_report):
    """A report of the assignment, which may be a draft still, or a planned percent."""
    if request.param == "report":
        return make_report(assignment, quarters[2], mei)
    if request.param == "draft":
        return make_report(assignment, quarters[3], mei, state=ReportState.DRAFT)
    return PlannedProgress.objects.create(assignment=assignment, period=quarters[2], percent=70)


def page_of(obj):
    return reverse(f"admin:items_{obj._meta.model_name}_change", args=[obj.pk])


def words_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def assignment_data(assignment, **fields):
    data = {
        "action": assignment.action_id,
        "department": assignment.department_id,
        "kind": "lead",
        "position": 0,
        "deadline_text": "115年12月",
        "deadline": "115/12/31",
    }
    return data | fields


# An assignment with a past keeps its action and department.


@pytest.mark.one_engine
@pytest.mark.parametrize("field", ["action", "department"])
def test_whatever_the_door_an_assignment_with_a_past_stays(
    past, assignment, admin, make_action, information, field
):
    setattr(assignment, field, {"action": make_action(), "department": information}[field])
    with pytest.raises(ValidationError, match=KEPT):
        history.save(assignment, by=admin, at=NOW)
    assert not Change.objects.filter(model="assignment").exists()


def test_the_form_of_an_assignment_with_a_past_has_both_locked(
    office, past, assignment, make_action, information
):
    moved = assignment_data(assignment, action=make_action().pk, department=information.pk)
    assert "所以不能改" in words_of(office.get(page_of(assignment)))
    assert office.post(page_of(assignment), moved | {"position": 4}).status_code == 302
    before = (assignment.action, assignment.department)
    assignment.refresh_from_db()
    assert (assignment.action, assignment.department) == before
    assert assignment.position == 4


def test_a_row_on_the_page_of_an_action_is_locked_too(
    office, past, action, assignment, information
):
    row = {f"assignments-0-{name}": value for name, value in assignment_data(assignment).items()}
    data = {
        "plan": action.plan_id,
        "position": action.position,
        "title": action.title,
        "assignments-TOTAL_FORMS": 1,
        "assignments-INITIAL_FORMS": 1,
        "assignments-0-id": assignment.pk,
        **row,
        "assignments-0-department": information.pk,
        "assignments-0-position": 4,
    }
    assert office.post(page_of(action), data).status_code == 302
    department = assignment.department
    assignment.refresh_from_db()
    assert (assignment.department, assignment.position) == (department, 4)


@pytest.mark.one_engine
def test_an_assignment_without_a_past_may_get_another_department(office, assignment, information):
    data = assignment_data(assignment, department=information.pk)
    assert office.post(page_of(assignment), data).status_code == 302
    assignment.refresh_from_db()
    assert assignment.department == information


# The parts of a plan keep their year.


@pytest.mark.one_engine
def test_whatever_the_door_a_part_of_the_plan_stays_in_its_year(action, admin, next_year):
    plan = action.plan
    other_strategy = next_year.strategies.get()
    other_method = other_strategy.methods.get()
    moves = [
        (plan.method.strategy, "programme", next_year, "實施策略"),
        (plan.method, "strategy", other_strategy, "推動方法"),
        (plan, "method", other_method, "執行計畫"),
        (action, "plan", other_method.plans.get(), "具體推動作法"),
    ]
    for part, field, parent, name in moves:
        setattr(part, field, parent)
        with pytest.raises(ValidationError, match=f"這個{name}屬於115年度，不能移到116年度"):
            history.save(part, by=admin, at=NOW)
        part.refresh_from_db()
    assert not Change.objects.exists()


@pytest.mark.one_engine
def test_a_part_of_the_plan_may_be_moved_within_its_year(action, admin, programme):
    other = Strategy.objects.create(programme=programme, number=2, title="策略")
    method = action.plan.method
    method.strategy = other
    history.save(method, by=admin, at=NOW)
    assert Change.objects.get().kind == "changed"


def test_the_forms_keep_the_parts_in_their_year(office, action, next_year):
    plan = action.plan
    strategy = plan.method.strategy
    data = {"programme": next_year.pk, "number": 7, "title": "策略"}
    assert office.post(page_of(strategy), data).status_code == 302
    strategy.refresh_from_db()
    assert (strategy.programme.year, strategy.number) == (115, 7)

    other_strategy = next_year.strategies.get()
    data = {"strategy": other_strategy.pk, "position": 1, "title": "方法"}
    response = office.post(page_of(plan.method), data)
    assert "推動方法不能移到別的年度，請選115年度的實施策略。" in words_of(response)

    data = {"method": other_strategy.methods.get().pk, "position": 1, "title": "計畫"}
    response = office.post(page_of(plan), data)
    assert "執行計畫不能移到別的年度，請選115年度的推動方法。" in words_of(response)

    plan.refresh_from_db()
    assert plan.method.strategy.programme.year == 115


@pytest.mark.one_engine
def test_planned_progress_is_of_the_year_of_its_assignment(office, assignment, next_year):
    period = next_year.periods.create(
        number=1,
        name="第1季",
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 3, 31),
        due_on=date(2027, 4, 10),
    )
    data = {"assignment": assignment.pk, "period": period.pk, "percent": 30}
    response = office.post(reverse("admin:items_plannedprogress_add"), data)
    assert "這個分辦屬於115年度，請選115年度的填報期。" in words_of(response)
    assert not PlannedProgress.objects.exists()


# An inactive department gets nothing new.


@pytest.fixture
def closed_down(db):
    return Department.objects.create(name="裁撤科", position=9, is_active=False)


OUT_OF_USE = "單位「裁撤科」已經停用，不能再分辦新的項目；請改成接手的單位。"


@pytest.mark.one_engine
def test_the_forms_hand_nothing_to_an_inactive_department(office, action, assignment, closed_down):
    data = assignment_data(assignment, department=closed_down.pk)
    response = office.post(reverse("admin:items_assignment_add"), data)
    assert OUT_OF_USE in words_of(response)
    assert OUT_OF_USE in words_of(office.post(page_of(assignment), data))
    assert not closed_down.assignments.exists()


@pytest.mark.one_engine
def test_the_workflow_hands_nothing_to_an_inactive_department(admin, make_action, closed_down):
    action = make_action([closed_down], every_department=True)
    other = Department.objects.create(name="裁撤二科", position=10, is_active=False)
    with pytest.raises(ValidationError, match="「裁撤二科」已經停用"):
        hand_out_to_new_department(other, by=admin, at=NOW, today=TODAY)
    assert action.assignments.count() == 1


@pytest.mark.one_engine
def test_what_an_inactive_department_has_may_be_edited(office, make_action, closed_down):
    assignment = make_action([closed_down]).assignments.get()
    data = assignment_data(assignment, position=3)
    assert office.post(page_of(assignment), data).status_code == 302
    assert Assignment.objects.get(pk=assignment.pk).position == 3


# The day and the words of a deadline.


@pytest.fixture
def change_deadline(sign_in, admin, make_action, administration):
    """Post the page of an assignment with these words and this day."""
    assignment = make_action([administration]).assignments.get()
    client = sign_in(admin)
    address = reverse("admin:items_assignment_change", args=[assignment.pk])

    def post(words, day):
        data = assignment_data(assignment, deadline_text=words, deadline=day)
        response = client.post(address, data)
        assignment.refresh_from_db()
        return response, assignment

    return post


@pytest.mark.one_engine
def test_day_and_words_of_a_deadline_that_disagree_are_asked_about(change_deadline):
    response, assignment = change_deadline("115年9月", "115/11/30")
    assert "期限寫法「115年9月」是 115年9月30日，完成期限卻是 115年11月30日" in words_of(response)
    assert assignment.deadline_text == "115年12月"


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("words", "day", "stored"),
    [
        ("115年9月", "115/9/30", date(2026, 9, 30)),
        ("115年9月", "", date(2026, 9, 30)),
        ("持續辦理", "", date(2026, 12, 31)),
        ("驗收完成後", "115/9/30", date(2026, 9, 30)),
    ],
)
def test_day_and_words_of_a_deadline_that_agree_are_saved(change_deadline, words, day, stored):
    response, assignment = change_deadline(words, day)
    assert response.status_code == 302
    assert (assignment.deadline_text, assignment.deadline) == (words, stored)


def test_open_words_mean_the_last_day_of_the_programme(change_deadline, programme):
    programme.ends_on = date(2026, 11, 30)
    programme.save()
    _, assignment = change_deadline("持續辦理", "")
    assert assignment.deadline == date(2026, 11, 30)


# A choice on the page of a part offers its own year alone.


@pytest.mark.parametrize(
    ("model", "field"), [("action", "plan"), ("plan", "method"), ("method", "strategy")]
)
def test_the_choice_above_a_part_offers_its_own_year(office, action, next_year, model, field):
    part = {"action": action, "plan": action.plan, "method": action.plan.method}[model]
    page = office.get(page_of(part)).content.decode()
    address = reverse("admin:autocomplete") + "?year=115"
    assert address in page
    query = f"{address}&app_label=items&model_name={model}&field_name={field}&term="
    offered = [row["id"] for row in office.get(query).json()["results"]]
    assert offered == [str(getattr(part, f"{field}_id"))]


def test_a_choice_for_a_new_part_names_the_year(office, action, next_year):
    address = reverse("admin:autocomplete")
    query = f"{address}?app_label=items&model_name=action&field_name=plan&term="
    offered = {row["text"] for row in office.get(query).json()["results"]}
    assert offered == {"115年度　滾動檢討作業流程", "116年度　明年計畫"}
