"""Everything that the product exports as a plan, it takes back unchanged."""

import pytest
from django.http import QueryDict

from items.exchange.plan_export.filtered import action_table
from items.exchange.plan_import.preview import Status
from items.exchange.spreadsheets.write import write
from items.filters import PlanFilter
from items.models import Action, Assignment, AssignmentKind, Department
from tests.items.exchange.official_rows import bring_in, exported, look, row, rows_of
from tests.making import NOW, TODAY

pytestmark = pytest.mark.django_db

FORMATS = pytest.mark.parametrize("format", ["xlsx", "ods", "csv"])
OLD_NAMES = [
    "人事、政風室",
    "Port Office",
    "工務／機電課",
    "法務; 契約科",
    "人事室(兼政風)",
    "台北 辦事處",
]
"""Names that offices gave before the rule in `department_names`."""


def without_departments(code):
    action = Action.objects.get(code=code)
    action.assignments.all().delete()
    return action


@pytest.fixture
def listed(plan, coordinator):
    """listed("q=甲", "csv") → the list on screen behind this query string, as a file."""

    def file(query, format):
        filters = PlanFilter(QueryDict(query), user=coordinator, programme=plan, today=TODAY)
        return write(action_table(filters, TODAY), format)

    return file


def assert_unchanged(preview, count=33):
    assert preview.errors == ()
    assert preview.counts["unchanged"] == count, [
        row.changes for row in preview.rows if row.changes
    ]
    assert not preview.does_something


@pytest.mark.one_engine
@FORMATS
def test_items_without_departments_come_back_unchanged_among_others(plan, format):
    for code in ("115-02", "115-03", "115-33"):
        without_departments(code)
    assert_unchanged(look(exported(plan, format), plan))


@pytest.mark.one_engine
@FORMATS
def test_a_list_of_them_alone_comes_back_unchanged(plan, listed, format):
    action = without_departments("115-02")
    content = listed(f"q={action.title[:12]}", format)
    assert_unchanged(look(content, plan), count=1)


@pytest.mark.one_engine
@FORMATS
def test_the_list_on_screen_comes_back_unchanged(plan, listed, format):
    without_departments("115-02")
    assert_unchanged(look(listed("", format), plan))


@pytest.mark.one_engine
@FORMATS
def test_one_that_is_only_supported_keeps_its_support_and_the_deadline_of_that(plan, format):
    action = without_departments("115-02")
    information = Department.objects.get(name="資訊室")
    Assignment.objects.create(
        action=action,
        department=information,
        kind=AssignmentKind.SUPPORT,
        deadline=TODAY,
        deadline_text="115年11月22日",
    )
    assert_unchanged(look(exported(plan, format), plan))


def test_each_department_without_any_is_nobody_too(plan):
    """各單位 in an office whose departments have all gone."""
    action = Action.objects.get(every_department=True)
    action.assignments.all().delete()
    assert_unchanged(look(exported(plan, "csv"), plan))


@pytest.mark.one_engine
def test_a_file_can_hand_an_item_out_and_take_it_back(plan, coordinator):
    rows = rows_of(plan)
    cells = next(cells for cells in rows if cells[0] == "115-02")
    cells[5], cells[6] = "", "未分辦"
    bring_in(rows, plan, coordinator, NOW)
    action = Action.objects.get(code="115-02")
    assert not action.assignments.exists()

    cells[5], cells[6] = "115年12月", "行政處"
    (changed,) = look(rows, plan).with_status(Status.CHANGED)
    assert [(change.heading, change.old, change.new) for change in changed.changes] == [
        ("完成期限", "", "115年12月"),
        ("主辦單位", "（未分辦）", "行政處"),
    ]
    bring_in(rows, plan, coordinator, NOW)
    assert action.assignments.get().department.name == "行政處"


def test_a_new_item_may_wait_for_its_departments(plan, coordinator):
    headings = rows_of(plan)[0][1:]
    new = row("全新的作法", 完成期限="", 主辦單位="（未分辦）")
    bring_in([headings, new], plan, coordinator, NOW)
    assert not Action.objects.get(title="全新的作法").assignments.exists()


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"主辦單位": "（未分辦）"}, "「主辦單位」寫的是「（未分辦）」，「完成期限」請留白"),
        ({"主辦單位": "行政處、未分辦"}, "只能單獨寫在主辦單位"),
    ],
)
def test_what_would_be_lost_is_refused(plan, cells, words):
    headings = rows_of(plan)[0][1:]
    (problem,) = look([headings, row("全新的作法", **cells)], plan).errors
    assert words in problem.message


@pytest.mark.one_engine
def test_nobody_is_no_name_for_a_department():
    from items.models.department_names import name_problem

    assert "不能當作單位名稱" in name_problem("未分辦", [])


@pytest.mark.one_engine
@FORMATS
@pytest.mark.parametrize("name", OLD_NAMES)
def test_departments_with_old_names_come_back_unchanged(plan, format, name):
    Department.objects.filter(name="行政處").update(name=name)
    assert_unchanged(look(exported(plan, format), plan))


@pytest.mark.one_engine
@FORMATS
def test_an_old_name_beside_those_that_it_seems_to_list(plan, format):
    Department.objects.filter(name="行政處").update(name="業務處、港務處")
    assert_unchanged(look(exported(plan, format), plan))


@FORMATS
def test_two_departments_that_fold_to_one_name_are_told_apart(plan, format):
    Department.objects.filter(name="行政處").update(name="臺北辦事處")
    Department.objects.filter(name="資訊室").update(name="台北辦事處")
    assert_unchanged(look(exported(plan, format), plan))
