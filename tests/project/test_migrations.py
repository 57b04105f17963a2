"""Migrations from every released state, on a filled database."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# Each of them takes the whole schema back and forth; only somebody who writes a migration breaks them.
pytestmark = pytest.mark.slow

AT = datetime(2026, 4, 28, 1, 0, tzinfo=UTC)
RELEASED = "0002_cells_as_long_as_a_spreadsheets"
"""The last migration of the version whose history was keyed by labels."""


def migrate(name=None):
    """The models as they are after the named migration, or after the newest."""
    executor = MigrationExecutor(connection)
    if name is None:
        [(_, name)] = executor.loader.graph.leaf_nodes("items")
    executor.migrate([("items", name)])
    return executor.loader.project_state([("items", name)]).apps


def a_year(apps, year, begins_in=2026):
    return apps.get_model("items", "Programme").objects.create(
        year=year, title="計畫", starts_on=date(begins_in, 1, 1), ends_on=date(begins_in, 12, 31)
    )


def a_plan(apps):
    programme = a_year(apps, year=115)
    strategy = apps.get_model("items", "Strategy").objects.create(
        programme=programme, number=1, title="策略"
    )
    method = apps.get_model("items", "Method").objects.create(
        strategy=strategy, position=1, title="方法"
    )
    plan = apps.get_model("items", "Plan").objects.create(method=method, position=1, title="計畫")
    action = apps.get_model("items", "Action").objects.create(
        plan=plan, position=1, code="115-01", title="作法" * 1000
    )
    department = apps.get_model("items", "Department").objects.create(name="行政處", position=1)
    apps.get_model("items", "Assignment").objects.create(
        action=action, department=department, deadline=date(2026, 12, 31), deadline_text="115年12月"
    )
    return programme, action


@pytest.mark.django_db(transaction=True)
def test_a_filled_database_of_the_first_release_keeps_everything():
    try:
        a_plan(migrate("0001_initial"))
    finally:
        apps = migrate()
    action = apps.get_model("items", "Action").objects.get(code="115-01")
    assert action.title == "作法" * 1000
    assert action.assignments.get().department.name == "行政處"
    action.title = "作" * 32_767
    action.save()


@pytest.mark.django_db(transaction=True)
def test_rows_that_are_there_get_their_words_folded():
    try:
        before = migrate("0018_copy_of_the_report_before")
        _, action = a_plan(before)
        before.get_model("items", "Action").objects.filter(pk=action.pk).update(title="ＡＢＣ臺階")
    finally:
        apps = migrate()
    for model, words in (
        ("Action", "115-01\nabc台階\n"),
        ("Strategy", "策略"),
        ("Department", "行政處"),
    ):
        assert list(apps.get_model("items", model).objects.values_list("folded", flat=True)) == [
            words
        ]


@pytest.fixture
def released(transactional_db):
    """The models of the released version on an empty database; afterwards the newest again."""
    try:
        yield migrate(RELEASED)
    finally:
        migrate()


@pytest.fixture
def write_entry(released):
    """write_entry(model, {label: [old, new]}, …) → the key of an entry as the released version wrote it."""
    user = released.get_model("items", "User").objects.create(username="yan", full_name="顏研考")

    def write(model, fields, **values):
        entry = {"at": AT, "by": user, "door": "page", "kind": "changed", "label": "x"}
        entry |= {"model": model, "object_id": 1, "fields": fields} | values
        return released.get_model("items", "Change").objects.create(**entry).pk

    write.user = user
    return write


OLD_AND_NEW = [
    (
        "action",
        {
            "具體推動作法": ["舊", "新"],
            "列管狀態": ["列管中", "解除列管"],
            "分辦各單位": [False, True],
        },
        {
            "title": ["舊", "新"],
            "control_status": ["under_control", "released"],
            "every_department": [False, True],
        },
    ),
    (
        "action",
        {
            "實施策略": ["1. 甲", "1. 乙"],
            "推動方法": ["甲", "乙"],
            "執行計畫": ["甲", "乙"],
            "完成期限": ["115年6月", "115年9月"],
            "主辦單位": ["行政處", "資訊室"],
            "協辦單位": ["", "港務處"],
            "行政處": ["主辦，115年6月（115年6月30日）", None],
            "港務處": [None, "協辦，115年9月（115年9月30日）"],
            "順序": [1, 2],
        },
        {
            "plan.method.strategy": ["1. 甲", "1. 乙"],
            "plan.method": ["甲", "乙"],
            "plan": ["甲", "乙"],
            "assignments.deadline": ["115年6月", "115年9月"],
            "assignments.lead": ["行政處", "資訊室"],
            "assignments.support": ["", "港務處"],
            "assignments/行政處": ["主辦，115年6月（115年6月30日）", None],
            "assignments/港務處": [None, "協辦，115年9月（115年9月30日）"],
            "position": [1, 2],
        },
    ),
    (
        "assignment",
        {"完成期限": ["2026-06-30", "2026-09-30"], "主協辦": ["主辦", "協辦"]},
        {"deadline": ["2026-06-30", "2026-09-30"], "kind": ["lead", "support"]},
    ),
    (
        "method",
        {"推動方法": [None, "乙"], "順序": [None, 2], "實施策略": [None, "1. 甲"]},
        {"title": [None, "乙"], "position": [None, 2], "strategy": [None, "1. 甲"]},
    ),
    (
        "user",
        {"密碼": [None, "由系統管理重新設定"], "全公司角色": ["單位同仁", "稽核"]},
        {"password": [None, "由系統管理重新設定"], "role": ["", "auditor"]},
    ),
    ("action", {"從前的欄位": [1, 2]}, {"從前的欄位": [1, 2]}),
    ("gadget", {"大小": [1, 2]}, {"大小": [1, 2]}),
]
"""(model, fields as the released version wrote them, the same by field names)."""


def test_entries_by_labels_become_entries_by_names_and_go_back(write_entry):
    pks = [write_entry(model, old) for model, old, _ in OLD_AND_NEW]
    fields = migrate().get_model("items", "Change").objects.in_bulk()
    assert [fields[pk].fields for pk in pks] == [new for _, _, new in OLD_AND_NEW]
    fields = migrate(RELEASED).get_model("items", "Change").objects.in_bulk()
    assert [fields[pk].fields for pk in pks] == [old for _, old, _ in OLD_AND_NEW]


def test_more_entries_than_are_read_at_once_are_all_renamed(released, write_entry):
    Change = released.get_model("items", "Change")
    first = Change.objects.get(pk=write_entry("plan", {"執行計畫": ["甲", "乙"]}))
    more = []
    for _ in range(1200):
        first.pk = None
        more.append(Change(**{f.attname: getattr(first, f.attname) for f in Change._meta.fields}))
    Change.objects.bulk_create(more)
    kept = migrate().get_model("items", "Change").objects.values_list("fields", flat=True)
    assert len(kept) == 1201
    assert all(fields == {"title": ["甲", "乙"]} for fields in kept)


def test_entries_of_an_import_get_its_batch_and_those_of_its_undoing_none(released, write_entry):
    programme, _ = a_plan(released)
    undone_at = AT + timedelta(hours=1)
    ImportBatch = released.get_model("items", "ImportBatch")
    file = {"file_name": "表.xlsx", "content": b"x", "sha256": "0" * 64}
    batch = ImportBatch.objects.create(
        programme=programme,
        by=write_entry.user,
        at=AT,
        door="import",
        undone_at=undone_at,
        undone_by=write_entry.user,
        **file,
    )
    of_import = write_entry("action", {}, programme=programme, door="import")
    of_undo = write_entry("action", {}, programme=programme, at=undone_at)
    of_page = write_entry("action", {}, programme=programme)
    entries = migrate().get_model("items", "Change").objects.in_bulk()
    batches = {pk: entries[pk].batch_id for pk in (of_import, of_undo, of_page)}
    assert batches == {of_import: batch.pk, of_undo: None, of_page: None}


def test_entries_of_planned_progress_come_home(released, write_entry):
    programme, action = a_plan(released)
    of_item = write_entry("plannedprogress", {}, label="115-01 行政處 115年第1季 20%")
    of_deleted = write_entry("plannedprogress", {}, label="115-07 行政處 115年第1季 20%")
    of_office = write_entry("department", {}, label="115-01 不是項次")
    entries = migrate().get_model("items", "Change").objects.in_bulk()
    homes = {pk: (entry.programme_id, entry.action_id) for pk, entry in entries.items()}
    assert homes == {
        of_item: (programme.pk, action.pk),
        of_deleted: (programme.pk, None),
        of_office: (None, None),
    }


def test_the_highest_code_counts_items_that_are_gone(released, write_entry):
    programme, _ = a_plan(released)
    other = a_year(released, year=114)
    for label in ("114-40 舊的作法", "114-7 x", "沒有編號"):
        write_entry("action", {}, label=label, kind="deleted", programme=other)
    # An entry about something else may begin like a code.
    write_entry("assignment", {}, label="115-99 行政處", kind="deleted", programme=programme)
    programmes = migrate().get_model("items", "Programme").objects
    assert dict(programmes.values_list("year", "last_code")) == {115: 1, 114: 40}


@dataclass(frozen=True)
class ReportThen:
    """A report as the released version kept it, and what it was held against when it was sent."""

    sent_on: datetime
    entered: int | None
    """The planned percent that somebody entered for the period."""
    planned: int


SENT_REPORTS = {
    # 326 of 365 days; it would be 100 at the end of the period.
    "行政處": ReportThen(datetime(2026, 11, 22, 2, tzinfo=UTC), entered=None, planned=89),
    # In Taipei it is already the next morning: 327 days.
    "資訊室": ReportThen(datetime(2026, 11, 22, 20, tzinfo=UTC), entered=None, planned=90),
    "港務處": ReportThen(datetime(2027, 1, 5, 2, tzinfo=UTC), entered=None, planned=100),
    "業務處": ReportThen(datetime(2026, 11, 22, 2, tzinfo=UTC), entered=40, planned=40),
}
"""{department: its report}."""


def test_submitted_reports_keep_what_they_were_held_against(released):
    programme, action = a_plan(released)
    user = released.get_model("items", "User").objects.create(username="mei", full_name="美")
    period = released.get_model("items", "Period").objects.create(
        programme=programme,
        number=4,
        name="第4季",
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 12, 31),
        due_on=date(2027, 1, 7),
    )
    for name, sent in SENT_REPORTS.items():
        department, _ = released.get_model("items", "Department").objects.get_or_create(
            name=name, defaults={"position": 2}
        )
        assignment, _ = released.get_model("items", "Assignment").objects.get_or_create(
            action=action,
            department=department,
            defaults={"deadline": date(2026, 12, 31), "deadline_text": "115年12月"},
        )
        if sent.entered is not None:
            released.get_model("items", "PlannedProgress").objects.create(
                assignment=assignment, period=period, percent=sent.entered
            )
        report = released.get_model("items", "ProgressReport").objects.create(
            assignment=assignment,
            period=period,
            text="完成。",
            percent=89,
            work_status="in_progress",
            state="accepted",
            written_by=user,
            updated_at=AT,
        )
        released.get_model("items", "ReportStep").objects.create(
            report=report,
            kind="submit",
            from_state="draft",
            to_state="with_coordinator",
            by=user,
            at=sent.sent_on,
            door="page",
        )
    reports = migrate().get_model("items", "ProgressReport").objects
    kept = dict(reports.values_list("assignment__department__name", "planned_percent"))
    assert kept == {name: sent.planned for name, sent in SENT_REPORTS.items()}


def test_an_assignment_carries_its_newest_submitted_report(released):
    programme, action = a_plan(released)
    user = released.get_model("items", "User").objects.create(username="mei", full_name="美")
    assignment = action.assignments.get()
    department = released.get_model("items", "Department").objects.create(name="資訊室", position=2)
    released.get_model("items", "Assignment").objects.create(
        action=action,
        department=department,
        deadline=date(2026, 12, 31),
        deadline_text="115年12月",
    )
    states = ["accepted", "with_head", "draft"]
    for number, (state, percent) in enumerate(zip(states, (80, 55, 90), strict=True), start=1):
        period = released.get_model("items", "Period").objects.create(
            programme=programme,
            number=number,
            name=f"第{number}季",
            starts_on=date(2026, number, 1),
            ends_on=date(2026, number, 28),
            due_on=date(2026, number, 28),
        )
        released.get_model("items", "ProgressReport").objects.create(
            assignment=assignment,
            period=period,
            text="完成。",
            percent=percent,
            work_status="in_progress",
            state=state,
            written_by=user,
            updated_at=AT,
        )
    after = migrate().get_model("items", "Assignment").objects.order_by("department__position")
    copies = list(after.values_list("newest_until", "newest_percent", "newest_status"))
    assert copies == [(date(2026, 2, 28), 55, "in_progress"), (None, None, "")]
    copies_before = list(after.values_list("previous_until", "previous_percent"))
    assert copies_before == [(date(2026, 1, 28), 80), (None, None)]
    keys = {}
    for period in released.get_model("items", "Period").objects.all():
        keys[period.number] = period.pk
    states = list(after.values_list("filing_states", flat=True))
    assert states == [f"{keys[1]}a{keys[2]}h{keys[3]}d", ""]


def test_the_history_says_when_an_assignment_was_handed_out(released, write_entry):
    programme, action = a_plan(released)
    departments = released.get_model("items", "Department").objects
    common = {"action": action, "deadline": date(2026, 12, 31), "deadline_text": "115年12月"}
    rows = {}
    for name in ("資訊室", "港務處", "業務處", "工程處"):
        department = departments.create(name=name, position=2)
        rows[name] = released.get_model("items", "Assignment").objects.create(
            department=department, **common
        )
    batch = released.get_model("items", "ImportBatch").objects.create(
        programme=programme,
        at=AT + timedelta(days=60),
        by=write_entry.user,
        door="import",
        file_name="表.xlsx",
        content=b"x",
        sha256="0" * 64,
    )
    at_import = {
        "programme": programme,
        "action": action,
        "object_id": action.pk,
        "at": batch.at,
        "door": "import",
    }
    write_entry("action", {"港務處": [None, "主辦，115年12月"]}, **at_import)
    write_entry("action", {"工程處": ["主辦，115年6月", "主辦，115年12月"]}, **at_import)
    write_entry(
        "assignment", {}, kind="created", object_id=rows["資訊室"].pk, at=AT + timedelta(days=200)
    )
    after = migrate().get_model("items", "Assignment").objects
    days = {row.department.name: row.handed_out_on for row in after.all()}
    assert days == {
        "行政處": None,
        "業務處": None,
        "工程處": None,
        "港務處": date(2026, 6, 27),
        "資訊室": date(2026, 11, 14),
    }


def test_the_history_says_when_a_period_was_closed_for_the_first_time(released, write_entry):
    programme, _ = a_plan(released)
    periods = []
    for number in (1, 2, 3):
        period = released.get_model("items", "Period").objects.create(
            programme=programme,
            number=number,
            name=f"第{number}季",
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 3, 31),
            due_on=date(2026, 4, 7),
        )
        periods.append(period)
    reopened, closed, never = periods
    for day in (10, 20):
        closing = {"關閉時間": [None, f"2026-04-{day}T17:00:00Z"]}
        write_entry("period", closing, object_id=reopened.pk, at=AT + timedelta(days=day))
    write_entry("period", {"關閉時間": ["2026-04-20T17:00:00Z", None]}, object_id=reopened.pk)
    user = write_entry.user
    released.get_model("items", "Period").objects.filter(pk=closed.pk).update(
        opened_at=AT, opened_by=user, closed_at=AT, closed_by=user
    )
    after = migrate().get_model("items", "Period").objects.in_bulk()
    # 17:00 in UTC is the next day in Taipei.
    assert after[reopened.pk].first_closed_on == date(2026, 4, 11)
    assert after[closed.pk].first_closed_on == date(2026, 4, 28)
    assert after[never.pk].first_closed_on is None


@dataclass(frozen=True)
class YearBefore:
    """A year as it was before years had a state, and the state that its periods speak of."""

    year: int
    opened: bool
    closed: bool
    state: str


YEARS_BEFORE = [
    YearBefore(2026, opened=True, closed=False, state="running"),
    YearBefore(2026, opened=False, closed=False, state="running"),
    YearBefore(2027, opened=False, closed=False, state="draft"),
    # Opened before its first day: somebody writes in it already.
    YearBefore(2027, opened=True, closed=False, state="running"),
    YearBefore(2024, opened=True, closed=True, state="closed"),
    YearBefore(2024, opened=True, closed=False, state="running"),
    YearBefore(2024, opened=False, closed=False, state="draft"),
]


def test_a_year_gets_the_state_that_its_periods_speak_of(released, settings):
    settings.DEMONSTRATION, settings.DEMONSTRATION_DATE = True, date(2026, 11, 22)
    user = released.get_model("items", "User").objects.create(username="yan", full_name="顏研考")
    # A year exists once; the state comes from its days, not from its number.
    for number, before in enumerate(YEARS_BEFORE, start=101):
        programme = a_year(released, year=number, begins_in=before.year)
        steps = {}
        if before.opened:
            steps |= {"opened_at": AT, "opened_by": user}
        if before.closed:
            steps |= {"closed_at": AT, "closed_by": user}
        released.get_model("items", "Period").objects.create(
            programme=programme,
            number=1,
            name="第1季",
            starts_on=date(before.year, 1, 1),
            ends_on=date(before.year, 3, 31),
            due_on=date(before.year, 4, 7),
            **steps,
        )
    programmes = migrate().get_model("items", "Programme").objects.order_by("year")
    states = list(programmes.values_list("state", flat=True))
    assert states == [before.state for before in YEARS_BEFORE]


def test_an_undoing_of_before_is_said_to_have_come_by_it(released):
    programme, _ = a_plan(released)
    user = released.get_model("items", "User").objects.create(username="yan", full_name="顏研考")
    later = AT + timedelta(days=1)
    released.get_model("items", "ImportBatch").objects.create(
        programme=programme, by=user, at=AT, door="page", undone_at=later, undone_by=user
    )
    stamps = {"undoing": later, "page": AT}
    for label, at in stamps.items():
        released.get_model("items", "Change").objects.create(
            programme=programme,
            by=user,
            at=at,
            door="page",
            kind="changed",
            model="action",
            object_id=1,
            label=label,
        )
    changes = migrate().get_model("items", "Change").objects
    assert dict(changes.values_list("label", "door")) == {"undoing": "undo", "page": "page"}
