"""The demonstration shows every light and every state, and stays inside the demonstration."""

import json
import re
from datetime import datetime
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils.timezone import make_aware

from items.demonstration import accounts, invented, story
from items.lights import LIGHT_OF_SEVERITY, Light
from items.models import (
    Action,
    Assignment,
    AssignmentKind,
    Change,
    ControlRequest,
    ControlStep,
    Department,
    Deputy,
    Evidence,
    Handover,
    Membership,
    OfficialText,
    PlannedProgress,
    Programme,
    ProgressReport,
    ReportState,
    ReportStep,
    Role,
    StepKind,
    User,
    WorkStatus,
)
from items.models.action_lights import with_worst_light
from items.models.light_basis import LightBasis
from items.models.quality_flags import read_flags
from items.workflow import newest_figures
from items.worklists.account_review import unused_accounts
from items.worklists.official_text import official_text_page
from items.worklists.people import left_behind
from plan_tracker.row_memo import memo
from tests.making import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The demonstration, loaded once for all tests of this file, which only read it."""
    with django_db_blocker.unblock(), transaction.atomic():
        story.load()
        yield Programme.objects.get(year=115)
        transaction.set_rollback(True)


@pytest.fixture
def lit(loaded):
    return list(
        Assignment.objects.for_programme(loaded)
        .with_light(LightBasis.of(loaded, TODAY))
        .with_path()
    )


def states(department, period):
    found = ProgressReport.objects.filter(assignment__department__name=department, period=period)
    return set(found.values_list("state", flat=True))


def run(command, *arguments):
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


# What can be seen in it.


def lights_of_actions(programme):
    basis = LightBasis.of(programme, TODAY)
    worst = with_worst_light(Action.objects.for_programme(programme), basis)
    return [LIGHT_OF_SEVERITY[severity] for severity in worst.values_list("severity", flat=True)]


def test_every_light_is_lit_among_assignments_and_among_actions(loaded, lit):
    all_but_one = set(Light) - {Light.NOT_YET}
    assert {assignment.light for assignment in lit} == all_but_one
    assert set(lights_of_actions(loaded)) == all_but_one


@pytest.mark.one_engine
def test_every_assignment_carries_its_newest_report(loaded):
    assert newest_figures.stale_assignments() == []


@pytest.mark.one_engine
def test_most_of_the_plan_is_fine_and_two_items_are_overdue(loaded):
    lights = lights_of_actions(loaded)
    assert len(lights) == 33
    assert sum(light in (Light.OK, Light.DONE, Light.FREE) for light in lights) == 22
    assert lights.count(Light.OVER) == 2


def test_the_open_quarter_has_every_state_and_the_closed_ones_are_locked(loaded):
    *closed, running = loaded.periods.all()
    assert all(period.is_closed for period in closed)
    assert running.is_open
    assert set(running.reports.values_list("state", flat=True)) == set(ReportState.values)
    assert Assignment.objects.expected_in(running).exclude(reports__period=running).exists()
    assert {
        report.state_words for report in closed[2].reports.accepted().select_related("period")
    } == {"鎖定"}


def test_two_items_have_one_text_of_all_their_departments(loaded):
    closed, running = loaded.periods.get(number=3), loaded.periods.get(number=4)
    composed = {one.action.code: one for one in OfficialText.objects.select_related("action")}
    assert set(composed) == {"115-02", "115-05"}
    kept = closed.closings.get().lines.filter(content__contains='"code":"115-02"')
    assert {line.line.official_text for line in kept} == {composed["115-02"].text}
    page = official_text_page(composed["115-05"].composed_by, composed["115-05"].action, running)
    # Composed of what all of them have sent, and of nothing older.
    assert (page.missing_words, page.newer_words) == ("", "")


def test_every_work_status_is_what_some_department_says_now(loaded):
    newest = [
        ProgressReport.objects.newest_submitted(TODAY).filter(assignment=assignment).first()
        for assignment in Assignment.objects.for_programme(loaded)
    ]
    assert {report.work_status for report in newest} == set(WorkStatus.values)


def test_both_kinds_of_release_and_a_supporting_department_are_there(loaded):
    actions = Action.objects.for_programme(loaded)
    assert set(actions.values_list("control_status", flat=True)) >= {
        "released",
        "withdrawn",
        "under_control",
    }
    assert Assignment.objects.filter(kind=AssignmentKind.SUPPORT).count() == 2
    assert PlannedProgress.objects.exists()


def test_one_department_is_done_and_one_has_hardly_begun(loaded):
    running = loaded.periods.get(number=4)
    assert states("工程處", running) == {ReportState.ACCEPTED}
    assert (
        ProgressReport.objects.filter(assignment__department__name="政風室", period=running).count()
        == 1
    )


def test_the_plan_office_meets_each_quality_flag(loaded):
    found = set()
    for report in loaded.periods.get(number=4).reports.filter(state=ReportState.WITH_COORDINATOR):
        found |= {flag.words.split("（")[0] for flag in read_flags(report.flags)}
    assert found >= {"與上期文字相同", "內容過短", "進度倒退"}


def test_one_item_is_behind_with_a_reason_and_one_from_before_the_rule_without(lit):
    behind = [assignment for assignment in lit if assignment.light == Light.BEHIND]
    newest = [
        ProgressReport.objects.newest_submitted(TODAY).get(
            assignment=one, period__ends_on=one.reported_until
        )
        for one in behind
    ]
    assert {bool(report.delay_reason) for report in newest} == {True, False}


def test_mei_and_her_head_have_work_waiting(loaded):
    running = loaded.periods.get(number=4)
    own = ProgressReport.objects.filter(assignment__department__name="行政處", period=running)
    assert own.filter(state=ReportState.RETURNED).count() == 2
    assert own.filter(state=ReportState.WITH_HEAD).count() == 3
    assert own.filter(state=ReportState.DRAFT).count() == 1
    assert Assignment.objects.owing(running).filter(department__name="行政處").count() == 6


def test_people_of_every_role_someone_in_two_departments_and_someone_who_has_left(loaded):
    assert set(User.objects.values_list("role", flat=True)) == set(Role.values)
    assert User.objects.get(username="wen").departments.count() == 2
    assert not User.objects.get(username="ken").is_active
    assert not Department.objects.get(name="政風室").memberships.filter(role="head").exists()


# Whether it is true to the rules.


def test_every_row_passes_the_rules_of_its_model(loaded):
    rows = [
        *User.objects.all(),
        *Assignment.objects.all(),
        *loaded.periods.all(),
        *ProgressReport.objects.all(),
    ]
    wrong = {}
    for row in [*rows, *PlannedProgress.objects.all(), *ReportStep.objects.all()]:
        blank = {"version", "content", "evidence"} if isinstance(row, ReportStep) else set()
        try:
            # The constraints were held by the database when the row was written.
            row.full_clean(exclude=blank, validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            wrong[str(row)] = error.messages
    assert wrong == {}


def test_every_submitted_report_has_the_steps_that_lead_to_its_state(loaded):
    for report in ProgressReport.objects.submitted().prefetch_related("steps"):
        way = list(report.steps.all())
        assert way[-1].to_state == report.state
        assert [step.from_state for step in way[1:]] == [step.to_state for step in way[:-1]]
        assert way[-1].content == report.content()


def test_no_step_and_no_change_lies_after_the_demonstrations_day(loaded):
    assert ReportStep.objects.order_by("at").last().at < NOW
    assert Change.objects.order_by("at").last().at < NOW


def test_nobody_endorses_what_they_wrote_themselves(loaded):
    for step in ReportStep.objects.filter(kind=StepKind.ENDORSE).select_related("report"):
        assert step.by_id != step.report.written_by_id


def test_an_extended_deadline_left_its_history(loaded):
    changes = Change.objects.filter(action__code="115-04", model="assignment").order_by("id")
    extended = [change for change in changes if "deadline_text" in change.fields]
    assert [change.fields["deadline_text"] for change in extended] == [
        ["115年12月", "115年6月30日"],
        ["115年6月30日", "115年10月31日"],
    ]


def test_applications_are_approved_open_and_returned(loaded):
    requests = ControlRequest.objects.order_by("submitted_at")
    told = [(one.assignment.action.code, one.kind, one.state) for one in requests]
    assert told == [
        ("115-04", "extend", "approved"),
        ("115-32", "adjust", "returned"),
        ("115-22", "extend", "with_coordinator"),
        ("115-10", "release", "with_head"),
    ]
    assert [one.is_late for one in requests] == [False, False, True, True]
    assert requests[0].old_deadline_text == "115年6月30日"
    assert ControlStep.objects.order_by("at").last().at < NOW


def test_two_departments_have_divided_their_work_and_one_item_was_handed_over(loaded):
    named = Assignment.objects.exclude(contact=None)
    departments = set(named.values_list("department__name", flat=True))
    assert departments == {"行政處", "業務處"}
    deputy = Deputy.objects.get()
    assert str(deputy) == "陳志明由蔡淑芬代理（115年11月25日至115年11月27日）"
    handover = Handover.objects.get()
    assert handover.summary == "趙建國移交 1 項給王美玲：115-13"
    contact = named.get(action__code="115-13", department__name="行政處").contact
    assert contact == handover.receiver
    # Who left has left nothing behind.
    assert left_behind() == []


@pytest.mark.one_engine
def test_every_file_says_that_it_is_invented():
    paths = sorted(invented.INVENTED.glob("*.json"))
    assert len(paths) == 11
    for path in paths:
        assert "全部虛構" in json.loads(path.read_text("utf-8"))["note"]


def test_the_accounts_are_printed_and_each_opens_the_door(loaded, client):
    printed = run("load_demonstration", "--accounts")
    listed = accounts.demonstration_accounts()
    for account in listed:
        for words in (account.role, account.username, account.password, account.person):
            assert words in printed
        data = {"username": account.username, "password": account.password}
        assert client.post("/login/", data).status_code == 302
        client.logout()
    assert len({account.role for account in listed}) == 6


def test_whoever_did_something_had_signed_in_and_somebody_is_unused(loaded):
    for step in ReportStep.objects.select_related("by"):
        assert step.by.last_login >= step.at
    at = make_aware(datetime(2026, 11, 22, 10))
    unused = set(unused_accounts(at, 90).values_list("username", flat=True))
    assert unused
    assert len(unused) <= 5


def test_the_accounts_have_a_history_without_secrets(loaded):
    entries = Change.objects.filter(model="user", kind="created")
    assert entries.count() == User.objects.count()
    first = entries.order_by("id").first()
    assert (first.by.username, first.door) == ("admin", "command")
    assert {str(entry.by) for entry in entries} == {str(first.by)}
    joined = Change.objects.filter(model="membership", kind="created")
    assert joined.count() == Membership.objects.count()
    words = json.dumps(list(entries.values_list("fields", flat=True)))
    assert "md5$" not in words
    assert "created_at" not in words


def test_some_reports_are_proved_by_files_and_links(loaded):
    attached = Evidence.objects.attached().order_by("report__period__number", "id")
    assert [(row.name, row.was_sent) for row in attached] == [
        ("1150911開標紀錄.txt", True),
        ("第4季網路銀行繳費統計.csv", True),
        ("轉帳步驟說明.txt", True),
        ("https://example.org/notice/1151005", True),
    ]


TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
PLAN = ("/115/plan/", "/115/plan/?benefit=1&sort=severity")
REVIEW = ("/115/review/", "/115/review/?state=expected")
READERS = {
    "mei": ("/115/todo/", "/115/", *PLAN),
    "chen": ("/115/inbox/", "/115/", *PLAN),
    "yan": (*REVIEW, "/115/", *PLAN),
    "ji": ("/115/", *PLAN),
}
"""One of each right, and the pages whose rows are kept."""


@pytest.mark.one_engine
def test_a_page_of_rows_that_others_have_read_is_the_page_as_drawn_anew(loaded, settings):
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_DATE = TODAY
    drawn_anew = {}
    # First each without anything kept, then with everybody's rows beside everybody else's.
    for is_drawn_anew in (True, False):
        for name, addresses in READERS.items():
            client = Client()
            client.force_login(User.objects.get(username=name))
            for address in addresses:
                if is_drawn_anew:
                    memo.clear()
                response = client.get(address)
                assert response.status_code == 200
                page = TOKEN.sub(b"", response.content)
                assert drawn_anew.setdefault((name, address), page) == page, (name, address)
