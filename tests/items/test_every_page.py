"""Every page that links lead to, for each role, where an office is not as the demonstration is."""

import re
from itertools import product

import pytest
from django.urls import reverse

from items.models import Action, Assignment, Department, Membership, Programme, ProgrammeState
from tests.items.walking import walk
from tests.making import TODAY, make_user
from tests.planner import refresh_statistics

ROLES = ["mei", "head", "coordinator", "manager", "auditor", "admin", "nobody"]
OFFICES = [
    "without_a_year",
    "without_periods",
    "without_items",
    "all_released",
    "in_draft",
    "closed",
    "people_and_departments_apart",
]
ON_BOTH_ENGINES = {("closed", "head")}
"""With test_links.py and test_access.py they run every statement of all walks here (recorded)."""


@pytest.fixture(autouse=True)
def _on_the_day(settings):
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DATE = TODAY


@pytest.fixture
def nobody(db):
    """Somebody who belongs to no department and has no role."""
    return make_user("nobody", "無單位")


@pytest.fixture
def office(request, db):
    """An office that lacks something; a hard case for pages that were drawn for a full one."""
    if request.param == "without_a_year":
        return request.param
    programme = request.getfixturevalue("programme")
    administration = request.getfixturevalue("administration")
    if request.param in ("without_items", "all_released", "people_and_departments_apart"):
        request.getfixturevalue("quarters")
    if request.param != "without_items":
        make_action = request.getfixturevalue("make_action")
        make_action([administration, Department.objects.create(name="無人處", position=9)])
        make_action([], code="115-90")
    if request.param == "all_released":
        Action.objects.update(control_status="released")
    if request.param == "people_and_departments_apart":
        # After the people of the test were made, too: see `enter`.
        Department.objects.create(name="停用處", is_active=False)
    states = {"in_draft": ProgrammeState.DRAFT, "closed": ProgrammeState.CLOSED}
    if request.param in states:
        Programme.objects.filter(pk=programme.pk).update(state=states[request.param])
    return request.param


def each_office_and_role():
    walks = []
    for walked in product(OFFICES, ROLES):
        marks = []
        if walked not in ON_BOTH_ENGINES:
            marks.append(pytest.mark.one_engine)
        walks.append(pytest.param(*walked, marks=marks))
    return walks


@pytest.mark.slow
@pytest.mark.parametrize(("office", "role"), each_office_and_role(), indirect=["office"])
def test_every_link_and_button_answers_whatever_an_office_lacks(client, request, office, role):
    person = request.getfixturevalue(role)
    if office == "people_and_departments_apart":
        Membership.objects.all().delete()
    client.force_login(person)
    assert walk(client).wrong == []


def main_words(response):
    """What stands on a page below its bar."""
    main = re.search(r"<main[\s\S]*</main>", response.content.decode())[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


EMPTY = [
    ("mei", "dashboard", "核定的計畫表匯入之後，這裡會顯示各項的燈號與進度。"),
    ("mei", "plan", "計畫還沒有任何項目。"),
    ("mei", "todo", "第4季沒有要填的項目"),
    ("mei", "todo", "目前沒有分辦給您單位的項目需要填報。"),
    ("head", "inbox", "沒有等您核可的辦理情形"),
    ("head", "inbox", "30 天內沒有到期的項目。"),
    ("head", "contacts", "目前沒有您可以分工的項目"),
    ("coordinator", "review", "第4季：沒有應填的項目"),
    ("coordinator", "plan_outline", "還沒有任何實施策略。"),
    ("coordinator", "batches", "還沒有匯入過檔案。"),
    ("auditor", "record", "還沒有任何紀錄。"),
]


@pytest.mark.one_engine
@pytest.mark.parametrize(("role", "page", "words"), EMPTY)
def test_an_empty_plan_says_on_each_page_what_will_be_there(
    client, request, quarters, role, page, words
):
    client.force_login(request.getfixturevalue(role))
    assert words in main_words(client.get(reverse(page, args=[115])))


def test_sent_and_nothing_asked_are_not_the_same(
    client, mei, q4, make_action, make_report, administration
):
    assignment = make_action([administration]).assignments.get()
    client.force_login(mei)
    todo = reverse("todo", args=[115])
    assert "第4季待填 1 件" in main_words(client.get(todo))
    make_report(assignment, q4, mei, state="with_head")
    assert "第4季都已送出" in main_words(client.get(todo))


@pytest.fixture
def large_plan(quarters, make_action, administration, information):
    """2,000 items, each in one of two departments."""
    first = make_action([administration], code="115-0001")
    first_of_all = Action.objects.get(pk=first.pk)
    actions = []
    for number in range(2, 2001):
        action = Action(
            plan=first_of_all.plan,
            position=number,
            code=f"115-{number:04}",
            title=f"第{number}項作法",
            expected_benefit="便利。",
        )
        actions.append(action)
    assignments = []
    for number, action in enumerate(Action.objects.bulk_create(actions)):
        department = (administration, information)[number % 2]
        assignment = Assignment(
            action=action,
            department=department,
            deadline=quarters[3].ends_on,
            deadline_text="115年12月",
        )
        assignments.append(assignment)
    Assignment.objects.bulk_create(assignments)
    refresh_statistics()


PAGES = {
    "mei": ["dashboard", "plan", "todo"],
    "head": ["inbox", "todo", "contacts"],
    "coordinator": ["review", "dashboard", "plan", "manage", "departments", "periods", "contacts"],
    "admin": ["manage", "import_upload"],
}


@pytest.mark.one_engine
@pytest.mark.slow
def test_a_plan_of_2000_items_is_shown_on_every_page(client, request, large_plan):
    """For all roles in one plan: to make it takes longer than to open the pages."""
    for role, pages in PAGES.items():
        client.force_login(request.getfixturevalue(role))
        for page in pages:
            response = client.get(reverse(page, args=[115]))
            assert response.status_code == 200, (role, page)
            # No page is a wall of 2,000 rows that no browser scrolls.
            assert len(response.content) < 4_000_000, (role, page)
