"""預定進度: entered for all departments and periods of an item at once, never falling."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from items.models import Change, Department, PlannedProgress
from items.workflow import history
from tests.filled_form import filled_form
from tests.making import NOW

URL = "/115/actions/115-01/planned/"


@pytest.fixture
def assignment(make_action, administration):
    return make_action([administration]).assignments.get()


@pytest.fixture
def name_of(assignment, quarters):
    """name_of(2) → the name of the field of the second quarter."""
    return lambda number: f"p{assignment.pk}-{quarters[number - 1].pk}"


def words(response):
    return response.content.decode()


def sent(office, **changes):
    data = filled_form(office.get(URL), "planned") | changes
    return office.post(URL, data, follow=True)


def entered():
    """{number of the quarter: percent}"""
    return dict(PlannedProgress.objects.values_list("period__number", "percent"))


@pytest.mark.one_engine
def test_a_blank_page_shows_the_linear_plan_beside_each_field(office, assignment, quarters):
    page = words(office.get(URL))
    # Days passed of 365 by the end of each quarter.
    for blank in ("留白：25%", "留白：50%", "留白：75%", "留白：100%"):
        assert blank in page
    assert "行政處" in page


def test_figures_are_saved_together_and_told(office, assignment, name_of, coordinator):
    page = sent(office, **{name_of(2): "30", name_of(4): "100"})
    assert entered() == {2: 30, 4: 100}
    assert "115-01 的預定進度 已修改 2 處：行政處第2季「留白」→「30%」" in words(page)
    change = Change.objects.filter(model="plannedprogress").first()
    assert (change.by, change.door, change.action) == (coordinator, "page", assignment.action)
    # What was entered holds until another figure: the plan is linear no more.
    assert "留白：沿用第2季 30%" in words(office.get(URL))


def test_a_figure_is_cleared_changed_and_raised_in_any_order(office, name_of):
    sent(office, **{name_of(1): "10", name_of(2): "20", name_of(3): "30"})
    sent(office, **{name_of(1): "25", name_of(2): "60", name_of(3): "90"})
    assert entered() == {1: 25, 2: 60, 3: 90}
    sent(office, **{name_of(1): "", name_of(2): "5", name_of(3): "6"})
    assert entered() == {2: 5, 3: 6}
    sent(office, **{name_of(2): "", name_of(3): ""})
    assert entered() == {}


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        ({1: "50", 3: "40"}, "不能比第1季的 50% 少；請填 50 以上，或留白"),
        ({1: "101"}, "預定進度請填 0 到 100 的整數，或留白"),
        ({1: "-1"}, "預定進度請填 0 到 100 的整數，或留白"),
        ({1: "三成"}, "預定進度請填 0 到 100 的整數，或留白"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(office, name_of, figures, sentence):
    page = sent(office, **{name_of(number): text for number, text in figures.items()})
    assert sentence in words(page)
    assert "還沒有儲存" in words(page)
    for text in figures.values():
        assert f'value="{text}"' in words(page)
    assert entered() == {}


def test_the_same_rule_holds_at_every_door(sign_in, admin, assignment, quarters):
    PlannedProgress.objects.create(assignment=assignment, period=quarters[1], percent=50)
    for number, percent, sentence in ((3, 40, "請填 50 以上"), (1, 60, "請填 50 以下")):
        entry = PlannedProgress(assignment=assignment, period=quarters[number - 1], percent=percent)
        with pytest.raises(ValidationError, match=sentence):
            history.save(entry, by=admin, at=NOW)
        data = {"assignment": assignment.pk, "period": entry.period_id, "percent": percent}
        page = sign_in(admin).post(reverse("admin:items_plannedprogress_add"), data)
        assert sentence in words(page)
    assert entered() == {2: 50}


def test_the_second_of_two_is_told_and_both_figures_are_saved(
    office, name_of, assignment, quarters, admin
):
    data = filled_form(office.get(URL), "planned")
    for quarter, percent in ((quarters[0], 10), (quarters[1], 20)):
        entry = PlannedProgress(assignment=assignment, period=quarter, percent=percent)
        history.save(entry, by=admin, at=NOW)
    page = office.post(URL, data | {name_of(2): "25", name_of(4): "90"})
    assert "系統管理員在" in words(page)
    assert "行政處第1季：已經改成「10%」" in words(page)
    assert "行政處第2季：現在是「20%」，您要改成「25%」" in words(page)
    assert entered() == {1: 10, 2: 20}
    office.post(URL, filled_form(page, "planned"))
    assert entered() == {1: 10, 2: 25, 4: 90}


def test_the_same_sent_twice_is_saved_once(office, name_of):
    data = filled_form(office.get(URL), "planned") | {name_of(2): "25"}
    office.post(URL, data)
    assert office.post(URL, data).status_code == 302
    assert Change.objects.filter(model="plannedprogress").count() == 1


@pytest.mark.one_engine
def test_without_periods_or_departments_the_page_says_what_to_do(office, make_action, programme):
    make_action()
    assert "建立填報期" in words(office.get(URL))


@pytest.mark.one_engine
def test_without_departments_it_leads_to_handing_out(office, make_action, quarters):
    make_action()
    assert "/115/actions/115-01/edit/#shares" in words(office.get(URL))


@pytest.mark.one_engine
def test_a_broken_request_is_answered(office, assignment, name_of):
    for seen in ("{", "[]", '"x"', '{"p1-1": "x"}'):
        assert office.post(URL, {"seen": seen, name_of(1): "5"}).status_code in (200, 302)


@pytest.mark.one_engine
def test_the_plan_office_alone_enters_it(sign_in, request, assignment, quarters):
    for person in ("mei", "head", "manager", "auditor", "admin"):
        client = sign_in(request.getfixturevalue(person))
        assert client.get(URL).status_code == 403
        assert client.post(URL, {}).status_code == 403
        assert URL not in words(client.get("/115/actions/115-01/"))
    client = sign_in(request.getfixturevalue("coordinator"))
    assert URL in words(client.get("/115/actions/115-01/"))


@pytest.mark.one_engine
def test_queries_do_not_grow_with_departments(office, make_action, administration, quarters):
    make_action([administration])
    departments = [
        Department.objects.create(name=f"{number}號課", position=number) for number in range(9)
    ]
    make_action(departments)
    office.get(URL)
    with CaptureQueriesContext(connection) as few:
        office.get(URL)
    with CaptureQueriesContext(connection) as many:
        office.get("/115/actions/115-02/planned/")
    assert len(many) == len(few)
