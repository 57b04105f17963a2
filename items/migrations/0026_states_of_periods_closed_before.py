"""Every period that is closed already gets a first state: what the plan says now, marked as made afterwards.

The rules of `workflow/period_lines.py` and of the lights stand here once more, as they were when
this was written: a migration must not depend on code that goes on changing. A test holds both
against each other.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import migrations
from django.utils import timezone

SUBMITTED = ("with_head", "with_coordinator", "accepted")
# The last three came later: the test of this migration runs it on the models of today.
NOT_REPORTED = (
    "id",
    "assignment",
    "period",
    "folded",
    "version",
    "flags",
    "since",
    "unlocked_until",
)
CONTROL_WORDS = {
    "under_control": "列管中",
    "released": "解除列管",
    "withdrawn": "撤銷管制",
    "carried_over": "轉次年",
}
BATCH = 1000
ORDER = (
    "action__plan__method__strategy__number",
    "action__plan__method__position",
    "action__plan__method_id",
    "action__plan__position",
    "action__plan_id",
    "action__position",
    "action_id",
    "kind",
    "position",
    "id",
)
IN_DIGEST = (
    "period_id",
    "number",
    "closed_at",
    "closed_by_id",
    "made_afterwards_at",
    "title",
    "period_name",
    "starts_on",
    "ends_on",
    "due_on",
    "light_day",
    "planned",
    "actual",
    "reopened_because",
    "reopened_for",
    "number_of_lines",
    "counts",
)
ENCODER = DjangoJSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def keep_states(apps, schema_editor):
    Period = apps.get_model("items", "Period")
    User = apps.get_model("items", "User")
    closed = Period.objects.filter(closed_at__isnull=False).order_by("programme_id", "number")
    if not closed.exists():
        return
    names = {user.pk: user.full_name or user.username for user in User.objects.all()}
    now = timezone.now()
    year = None
    for period in closed.select_related("programme"):
        # What the periods of a year have in common is read once: of 100,000 assignments it is
        # nearly everything, and a year by the month has eleven closed periods.
        if year is None or year.programme.pk != period.programme_id:
            year = YearRows(apps, period.programme)
        keep_state(apps, period, year, names, now)


class YearRows:
    """The plan, all reports in figures and the entered 預定進度 of one year."""

    def __init__(self, apps, programme):
        PlannedProgress = apps.get_model("items", "PlannedProgress")
        self.programme = programme
        self.periods = list(programme.periods.order_by("number").select_related("programme"))
        self.by_key = {one.pk: one for one in self.periods}
        self.assignments = assignments_of(apps, programme)
        self.reports = figures_of_reports(apps, self.periods)
        self.entered = {}
        entries = PlannedProgress.objects.filter(period__programme=programme)
        for entry in entries.select_related("period").order_by(
            "-period__ends_on", "-period__number"
        ):
            self.entered.setdefault(entry.assignment_id, []).append(entry)


def assignments_of(apps, programme):
    """The assignments in the order of the plan, each with its action and department at hand.

    A row of the plan is one object for all its assignments: joined to each of them, it would be
    made anew for each.
    """
    Department = apps.get_model("items", "Department")
    Strategy = apps.get_model("items", "Strategy")
    Method = apps.get_model("items", "Method")
    Plan = apps.get_model("items", "Plan")
    Action = apps.get_model("items", "Action")
    Assignment = apps.get_model("items", "Assignment")
    departments = {one.pk: one for one in Department.objects.all()}
    strategies = {one.pk: one for one in Strategy.objects.filter(programme=programme)}
    methods = {}
    for method in Method.objects.filter(strategy__programme=programme):
        method.strategy = strategies[method.strategy_id]
        methods[method.pk] = method
    plans = {}
    for plan in Plan.objects.filter(method__strategy__programme=programme):
        plan.method = methods[plan.method_id]
        plans[plan.pk] = plan
    actions = {}
    for action in Action.objects.filter(plan__method__strategy__programme=programme):
        action.plan = plans[action.plan_id]
        actions[action.pk] = action
    of_year = Assignment.objects.filter(action__plan__method__strategy__programme=programme)
    assignments = []
    for assignment in of_year.order_by(*ORDER):
        assignment.action = actions[assignment.action_id]
        assignment.department = departments[assignment.department_id]
        assignments.append(assignment)
    return assignments


class ReportFigures(NamedTuple):
    """What the lights want to know of a submitted report."""

    period_id: int
    percent: int
    planned_percent: int


def figures_of_reports(apps, periods):
    """{key of an assignment: its submitted reports, that of the newest period first}"""
    ProgressReport = apps.get_model("items", "ProgressReport")
    reports = {}
    # Period by period: the database need not sort a million rows.
    newest_first = sorted(periods, key=lambda one: (one.ends_on, one.number), reverse=True)
    for period in newest_first:
        of_period = ProgressReport.objects.filter(period=period, state__in=SUBMITTED)
        rows = of_period.order_by().values_list("assignment_id", "percent", "planned_percent")
        for assignment, percent, planned in rows.iterator():
            reports.setdefault(assignment, []).append(ReportFigures(period.pk, percent, planned))
    return reports


def keep_state(apps, period, year, names, now):
    PeriodClosing = apps.get_model("items", "PeriodClosing")
    KeptLine = apps.get_model("items", "KeptLine")
    day = timezone.localtime(period.closed_at).date()
    closing = PeriodClosing.objects.create(
        period_id=period.pk,
        number=1,
        closed_at=period.closed_at,
        closed_by_id=period.closed_by_id,
        made_afterwards_at=now,
        title=period.programme.title,
        period_name=name_of(period),
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        due_on=period.due_on,
        light_day=min(day, period.ends_on),
        planned=period.closed_planned,
        actual=period.closed_actual,
        number_of_lines=0,
    )
    digest = hashlib.sha256(b"")
    counts = {"departments": [], "lights": {}, "sent": 0}
    departments = {}
    number = 0
    lines = lines_of(apps, period, day, names, year)
    while window := list(islice(lines, BATCH)):
        rows = []
        for line in window:
            content = ENCODER.encode(line)
            add(digest, content)
            count(line, counts, departments)
            rows.append(
                KeptLine(
                    closing=closing,
                    place=number,
                    assignment_key=line["assignment_key"],
                    department_key=line["department_key"],
                    state=line["state"],
                    content=content,
                )
            )
            number += 1
        KeptLine.objects.bulk_create(rows)
    counts["departments"] = [departments[key] for key in sorted(departments)]
    closing.number_of_lines = number
    closing.counts = ENCODER.encode(counts)
    add(digest, header(closing))
    PeriodClosing._base_manager.filter(pk=closing.pk).update(
        number_of_lines=number, counts=closing.counts, digest=digest.hexdigest()
    )


def count(line, counts, departments):
    if line["report"] is not None:
        counts["sent"] += 1
    counts["lights"][line["light"]] = counts["lights"].get(line["light"], 0) + 1
    if line["is_expected"]:
        key = line["department_key"]
        if key not in departments:
            departments[key] = {"key": key, "name": line["department"], "states": {}}
        states = departments[key]["states"]
        states[line["state"]] = states.get(line["state"], 0) + 1


def add(digest, text):
    encoded = text.encode()
    digest.update(f"{len(encoded)}:".encode())
    digest.update(encoded)


def header(closing):
    values = {}
    for name in IN_DIGEST:
        value = getattr(closing, name)
        if isinstance(value, datetime):
            value = value.astimezone(UTC).isoformat()
        values[name] = str(value)
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def name_of(period):
    return f"{period.programme.year}年{period.name}"


def lines_of(apps, period, day, names, year=None):
    """The lines of `workflow/period_lines.py`, as plain mappings."""
    ProgressReport = apps.get_model("items", "ProgressReport")
    if year is None:
        year = YearRows(apps, period.programme)
    programme = year.programme
    light_day = min(day, period.ends_on)
    by_key = year.by_key
    fields = [
        field for field in ProgressReport._meta.concrete_fields if field.name not in NOT_REPORTED
    ]
    of_period = {}
    for report in ProgressReport.objects.filter(period=period).iterator():
        of_period[report.assignment_id] = report
    due_periods = due_periods_on(light_day, year.periods)
    for assignment in year.assignments:
        written = of_period.get(assignment.pk)
        is_there = there_in_time(assignment, period)
        if not is_there and written is None:
            continue
        submitted = year.reports.get(assignment.pk, [])
        own_entries = year.entered.get(assignment.pk, [])
        newest = None
        percent_before = 0
        has_before = False
        for report in submitted:
            its_period = by_key[report.period_id]
            if newest is None and its_period.starts_on <= light_day:
                newest = report
            if not has_before and its_period.ends_on < period.ends_on:
                has_before = True
                percent_before = report.percent or 0
        light, reason = light_of(
            assignment,
            newest,
            light_day=light_day,
            programme=programme,
            due_periods=due_periods,
            by_key=by_key,
            entered=own_entries,
        )
        planned = planned_of(
            assignment,
            period.ends_on,
            last_day=min(day, period.due_on),
            programme=programme,
            entered=own_entries,
        )
        state = "missing"
        content = None
        if written is not None:
            state = written.state
            if state in SUBMITTED:
                content = {}
                for field in fields:
                    value = getattr(written, field.attname)
                    if field.is_relation:
                        value = names.get(value, "")
                    content[field.name] = value
                if written.planned_percent is not None:
                    planned = written.planned_percent
        action = assignment.action
        plan = action.plan
        method = plan.method
        strategy = method.strategy
        is_controlled = action.control_status == "under_control"
        is_owing = is_there and percent_before < 100
        yield {
            "assignment_key": assignment.pk,
            "action_key": action.pk,
            "department_key": assignment.department_id,
            "report_key": written.pk if written is not None else None,
            "strategy_key": strategy.pk,
            "method_key": method.pk,
            "plan_key": plan.pk,
            "code": action.code,
            "strategy_number": strategy.number,
            "strategy": strategy.title,
            "method": method.title,
            "plan": plan.title,
            "action": action.title,
            "expected_benefit": action.expected_benefit,
            "separate_deadlines": action.separate_deadlines,
            "control_status": action.control_status,
            "department": assignment.department.name,
            "kind": assignment.kind,
            "deadline": assignment.deadline.isoformat(),
            "deadline_text": assignment.deadline_text,
            "contact": names.get(assignment.contact_id, ""),
            "is_expected": is_controlled and (is_owing or written is not None),
            "state": state,
            "planned": planned,
            "light": light,
            "light_reason": reason,
            "report": content,
            # Nothing could be attached before.
            "evidence": [],
            "official_text": "",
        }


def there_in_time(assignment, period):
    closed_on = period.first_closed_on
    handed_out_on = assignment.handed_out_on
    return closed_on is None or handed_out_on is None or handed_out_on < closed_on


def planned_of(assignment, until, *, last_day, programme, entered):
    for entry in entered:
        if entry.period.ends_on <= until:
            return entry.percent
    last = min(until, last_day)
    days_in_all = max((assignment.deadline - programme.starts_on).days + 1, 1)
    days_passed = max((last - programme.starts_on).days + 1, 0)
    return min((days_passed * 200 + days_in_all) // (days_in_all * 2), 100)


def due_periods_on(light_day, periods):
    """Those that were opened and due by then, the newest first."""
    opened = [one for one in periods if one.opened_at is not None and one.due_on < light_day]
    opened.sort(key=lambda one: one.ends_on, reverse=True)
    return opened


def due_period_of(assignment, due_periods):
    for one in due_periods:
        if there_in_time(assignment, one):
            return one
    return None


def light_of(assignment, newest, *, light_day, programme, due_periods, by_key, entered):
    """(light, reason in words) on a day, by the first rule that holds."""
    actual = 0
    reported_until = None
    planned = None
    if newest is not None:
        actual = newest.percent or 0
        reported_until = by_key[newest.period_id].ends_on
        planned = newest.planned_percent
    if planned is None:
        until = reported_until or light_day
        planned = planned_of(
            assignment, until, last_day=light_day, programme=programme, entered=entered
        )
    due = due_period_of(assignment, due_periods)
    days = (assignment.deadline - light_day).days
    status = assignment.action.control_status
    if status != "under_control":
        return "free", CONTROL_WORDS[status]
    if actual >= 100:
        return "done", ""
    if days < 0:
        return "over", f"逾期 {-days} 天"
    is_newer_due = due is not None and (reported_until is None or due.ends_on > reported_until)
    if is_newer_due:
        return "unreported", f"{name_of(due)}未填報"
    if newest is not None and planned - actual >= programme.behind_threshold:
        return "behind", f"落後 {planned - actual} 個百分點"
    if assignment.deadline <= light_day + timedelta(days=programme.soon_days):
        if days == 0:
            return "soon", "今天到期"
        return "soon", f"剩 {days} 天"
    if newest is None:
        return "not_yet", ""
    return "ok", ""


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0025_what_is_kept_at_closing"),
    ]

    operations = [
        migrations.RunPython(keep_states, migrations.RunPython.noop),
    ]
