"""Beside its newest report every assignment carries the one before, so that pages can compare."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

SUBMITTED = ("with_head", "with_coordinator", "accepted")


def copy_reports_before(apps, schema_editor):
    """One statement: each row asks for the report of its newest period but one."""
    Assignment = apps.get_model("items", "Assignment")
    ProgressReport = apps.get_model("items", "ProgressReport")
    submitted = ProgressReport.objects.filter(assignment=OuterRef("pk"), state__in=SUBMITTED)
    newest_first = submitted.order_by("-period__ends_on")
    Assignment.objects.filter(newest_until__isnull=False).update(
        previous_until=Subquery(newest_first.values("period__ends_on")[1:2]),
        previous_percent=Subquery(newest_first.values("percent")[1:2]),
        previous_planned=Subquery(newest_first.values("planned_percent")[1:2]),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0017_no_index_twice"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="previous_percent",
            field=models.PositiveSmallIntegerField(
                blank=True, editable=False, null=True, verbose_name="前次實際進度（%）"
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="previous_planned",
            field=models.PositiveSmallIntegerField(
                blank=True, editable=False, null=True, verbose_name="前次預定進度（%）"
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="previous_until",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="前次填報期迄日"
            ),
        ),
        migrations.RunPython(copy_reports_before, migrations.RunPython.noop),
    ]
