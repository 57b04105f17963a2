"""No page of the product leads somebody to a page or a button that is not theirs."""

from datetime import date

import pytest

from items.exchange.plan_import.confirm import Source, confirm
from items.exchange.plan_import.source import table_of
from items.models import Department, Programme, ProgrammeState, ReportState
from items.workflow import reporting
from tests.items.walking import walk
from tests.making import NOW, TODAY, make_user

pytestmark = pytest.mark.slow

TABLE_FILE = (
    "實施策略,推動方法,執行計畫,具體推動作法,完成期限,主辦單位,預期效益\n"
    "1. 完備基礎服務項目,建立標準作業流程,滾動檢討作業流程,設置飲水機,115年12月,行政處,便利民眾\n"
).encode()


@pytest.fixture(autouse=True)
def _on_the_day(settings):
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DATE = TODAY


@pytest.fixture
def office_at_work(
    programme, q3, q4, mei, hao, head, coordinator, manager, auditor, admin,
    make_action, make_report, administration, information,
):  # fmt: skip
    """Three years, reports in every state, an import, and a department out of use."""
    states = [
        ReportState.DRAFT,
        ReportState.WITH_HEAD,
        ReportState.WITH_COORDINATOR,
        ReportState.ACCEPTED,
    ]
    for state in states:
        assignment = make_action([administration]).assignments.get()
        make_report(assignment, q3, mei, percent=70)
        make_report(assignment, q4, mei, percent=88, state=state)
    returned = make_action([administration]).assignments.get()
    report = make_report(returned, q4, mei, state=ReportState.WITH_COORDINATOR)
    reporting.send_back(report, by=coordinator, at=NOW, words="請補件數。")
    make_action([administration, information])
    table, _ = table_of(TABLE_FILE, "表.csv", programme)
    confirm(table, programme, Source("表.csv", TABLE_FILE), by=coordinator, at=NOW)
    Department.objects.create(name="裁撤科", position=9, is_active=False)
    for year, state in [(114, ProgrammeState.CLOSED), (116, ProgrammeState.DRAFT)]:
        Programme.objects.create(
            year=year,
            title=f"{year}年度計畫",
            starts_on=date(year + 1911, 1, 1),
            ends_on=date(year + 1911, 12, 31),
            state=state,
        )


ONE_ENGINE = pytest.mark.one_engine
"""For those whose walk runs no statement on PostgreSQL that no other walk runs (recorded there)."""


@pytest.mark.parametrize(
    "person",
    [
        "mei",
        pytest.param("hao", marks=ONE_ENGINE),
        pytest.param("head", marks=ONE_ENGINE),
        "coordinator",
        "manager",
        pytest.param("auditor", marks=ONE_ENGINE),
        "admin",
    ],
)
def test_every_link_and_button_is_one_that_the_role_may_use(
    request, sign_in, office_at_work, person
):
    done = walk(sign_in(request.getfixturevalue(person)))
    assert done.wrong == []
    assert len(done.opened) > 15


@pytest.mark.parametrize("person", ["mei", "coordinator", "manager", "admin"])
def test_an_empty_office_leads_nobody_astray(request, sign_in, person):
    done = walk(sign_in(request.getfixturevalue(person)))
    assert done.wrong == []


@ONE_ENGINE
def test_somebody_without_a_department_is_led_nowhere_wrong(sign_in, office_at_work):
    done = walk(sign_in(make_user("new", "新人")))
    assert done.wrong == []


def test_the_walk_tells_of_a_page_that_is_refused_and_of_one_that_is_not_there(
    sign_in, mei, programme
):
    client = sign_in(mei)
    assert walk(client, "/115/review/").wrong == [("(start)", "/115/review/", 403)]
    assert walk(client, "/115/nowhere/").wrong == [("(start)", "/115/nowhere/", "no such page")]
    assert walk(client, "/199/plan/").wrong == [("(start)", "/199/plan/", 404)]
