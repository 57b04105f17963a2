"""Every report that is submitted keeps the 預定進度 that it was held against when it was sent.

So far the figure was worked out at every reading, and went on growing until the period's last day.
"""

from zoneinfo import ZoneInfo

from django.db import migrations, models

BATCH = 500
TAIPEI = ZoneInfo("Asia/Taipei")
SUBMITTED = ("with_head", "with_coordinator", "accepted")


def linear_percent(starts_on, deadline, day):
    """As `light_rules.linear_percent` has worked it out in the database."""
    days_in_all = max((deadline - starts_on).days + 1, 1)
    days_passed = max((day - starts_on).days + 1, 0)
    return min((days_passed * 200 + days_in_all) // (days_in_all * 2), 100)


def entered_percents(apps):
    """{key of an assignment: [(last day of the period, percent)], the newest period first}"""
    PlannedProgress = apps.get_model("items", "PlannedProgress")
    rows = PlannedProgress.objects.order_by("-period__ends_on")
    entered = {}
    for assignment, ends_on, percent in rows.values_list(
        "assignment_id", "period__ends_on", "percent"
    ):
        entered.setdefault(assignment, []).append((ends_on, percent))
    return entered


def last_sent_at(apps, reports):
    """{key of a report: when it was last sent}, of those that were sent step by step."""
    ReportStep = apps.get_model("items", "ReportStep")
    steps = ReportStep.objects.filter(kind="submit", report__in=[report.pk for report in reports])
    return dict(steps.order_by("at", "id").values_list("report_id", "at"))


def planned_percent(report, sent_at, entered):
    """What the rule until now gave on the day on which the report was sent."""
    period = report.period
    for ends_on, percent in entered.get(report.assignment_id, []):
        if ends_on <= period.ends_on:
            return percent
    assignment = report.assignment
    programme = assignment.action.plan.method.strategy.programme
    day = min(sent_at.astimezone(TAIPEI).date(), period.ends_on)
    return linear_percent(programme.starts_on, assignment.deadline, day)


def keep_figures(apps, schema_editor):
    ProgressReport = apps.get_model("items", "ProgressReport")
    entered = entered_percents(apps)
    submitted = ProgressReport.objects.filter(state__in=SUBMITTED, planned_percent=None)
    with_path = submitted.select_related(
        "period", "assignment__action__plan__method__strategy__programme"
    )
    last = 0
    while True:
        reports = list(with_path.filter(pk__gt=last).order_by("pk")[:BATCH])
        if not reports:
            return
        last = reports[-1].pk
        sent_at = last_sent_at(apps, reports)
        for report in reports:
            # A report that came here without steps was sent when it was last written.
            at = sent_at.get(report.pk, report.updated_at)
            report.planned_percent = planned_percent(report, at, entered)
        ProgressReport.objects.bulk_update(reports, ["planned_percent"])


def forget(apps, schema_editor):
    """Nothing to take back: the column goes."""


class Migration(migrations.Migration):
    dependencies = [("items", "0004_history_by_field_names")]

    operations = [
        migrations.AddField(
            model_name="progressreport",
            name="planned_percent",
            field=models.PositiveSmallIntegerField(
                blank=True, editable=False, null=True, verbose_name="預定進度（%）"
            ),
        ),
        migrations.RunPython(keep_figures, forget),
    ]
