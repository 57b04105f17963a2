"""Every assignment carries a copy of its newest submitted report, so that lists ask no report."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

SUBMITTED = ("with_head", "with_coordinator", "accepted")


def copy_newest_reports(apps, schema_editor):
    """One statement: each row asks for the report of its newest period."""
    Assignment = apps.get_model("items", "Assignment")
    ProgressReport = apps.get_model("items", "ProgressReport")
    submitted = ProgressReport.objects.filter(assignment=OuterRef("pk"), state__in=SUBMITTED)
    newest = submitted.order_by("-period__ends_on")
    Assignment.objects.update(
        newest_until=Subquery(newest.values("period__ends_on")[:1]),
        newest_percent=Subquery(newest.values("percent")[:1]),
        newest_planned=Subquery(newest.values("planned_percent")[:1]),
        newest_status=Coalesce(Subquery(newest.values("work_status")[:1]), Value("")),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0011_contact_of_an_assignment"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="newest_percent",
            field=models.PositiveSmallIntegerField(
                blank=True, editable=False, null=True, verbose_name="最近實際進度（%）"
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="newest_planned",
            field=models.PositiveSmallIntegerField(
                blank=True, editable=False, null=True, verbose_name="最近預定進度（%）"
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="newest_status",
            field=models.CharField(
                blank=True,
                choices=[
                    ("not_started", "未開始"),
                    ("in_progress", "辦理中"),
                    ("finished", "已完成"),
                    ("continuous", "持續辦理"),
                ],
                editable=False,
                max_length=20,
                verbose_name="最近辦理狀態",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="newest_until",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="最近填報期迄日"
            ),
        ),
        migrations.RunPython(copy_newest_reports, migrations.RunPython.noop),
    ]
