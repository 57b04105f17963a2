"""Every assignment carries the states of its reports in one text, so that a year can be counted."""

from itertools import groupby

from django.db import migrations, models

LETTERS = {
    "draft": "d",
    "with_head": "h",
    "with_coordinator": "c",
    "returned": "r",
    "accepted": "a",
}
SUBMITTED = ("with_head", "with_coordinator", "accepted")
BATCH = 500
"""Keys in one statement: an engine takes no more than a thousand parameters for certain."""


def write_states(apps, schema_editor):
    """Few texts stand for many rows: each is written to all rows that need it."""
    Assignment = apps.get_model("items", "Assignment")
    ProgressReport = apps.get_model("items", "ProgressReport")
    reports = ProgressReport.objects.order_by("assignment_id", "period_id")
    rows = reports.values_list("assignment_id", "period_id", "state", "percent", named=True)
    keys_of = {}
    for assignment, of_assignment in groupby(rows.iterator(), key=lambda row: row.assignment_id):
        text = "".join(state_of(row) for row in of_assignment)
        keys_of.setdefault(text, []).append(assignment)
    for text, keys in keys_of.items():
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            Assignment.objects.filter(pk__in=batch).update(filing_states=text)


def state_of(row):
    """「12a」, in capitals where a submitted report says 100 %."""
    letter = LETTERS[row.state]
    if row.state in SUBMITTED and row.percent is not None and row.percent >= 100:
        letter = letter.upper()
    return f"{row.period_id}{letter}"


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0020_progress_kept_at_closing"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="filing_states",
            field=models.TextField(
                blank=True, default="", editable=False, verbose_name="各期填報狀態"
            ),
        ),
        migrations.RunPython(write_states, migrations.RunPython.noop),
    ]
