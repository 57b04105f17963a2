"""A year is 研擬中, 執行中 or 已結案; what is in the database says which, as far as it can."""

from datetime import timedelta

from django.db import migrations, models

from plan_tracker import clock

DAYS_UNTIL_CLOSED = 90
"""So long after its last day, a year whose opened periods are all closed counts as 已結案."""


def state_of(programme, today):
    opened = programme.periods.filter(opened_at__isnull=False)
    if not opened.exists():
        if programme.starts_on <= today <= programme.ends_on:
            return "running"
        return "draft"
    is_long_past = programme.ends_on + timedelta(days=DAYS_UNTIL_CLOSED) < today
    if is_long_past and not opened.filter(closed_at__isnull=True).exists():
        return "closed"
    return "running"


def give_states(apps, schema_editor):
    Programme = apps.get_model("items", "Programme")
    today = clock.today()
    for programme in Programme.objects.all():
        programme.state = state_of(programme, today)
        programme.save(update_fields=["state"])


class Migration(migrations.Migration):
    dependencies = [("items", "0008_upload_takes_other_codes_as_new")]

    operations = [
        migrations.AddField(
            model_name="programme",
            name="reopened_because",
            field=models.CharField(
                blank=True, editable=False, max_length=500, verbose_name="恢復執行的原因"
            ),
        ),
        migrations.AddField(
            model_name="programme",
            name="state",
            field=models.CharField(
                choices=[("draft", "研擬中"), ("running", "執行中"), ("closed", "已結案")],
                default="draft",
                editable=False,
                max_length=10,
                verbose_name="年度狀態",
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "running", "closed"])),
                name="programme_state_known",
            ),
        ),
        migrations.RunPython(give_states, migrations.RunPython.noop),
    ]
