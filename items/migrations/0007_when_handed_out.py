"""When each 分辦 was handed out, and when each 填報期 was closed for the first time.

Both are read from the history. An assignment whose beginning is in no entry came with the plan.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import migrations, models

BATCH = 500
TAIPEI = ZoneInfo("Asia/Taipei")


def day_of(moment):
    return moment.astimezone(TAIPEI).date()


def note_first_closings(apps, schema_editor):
    """A period that was opened again has lost its time; the history has every closing."""
    Change = apps.get_model("items", "Change")
    Period = apps.get_model("items", "Period")
    closings = {}
    entries = Change.objects.filter(model="period").order_by("at", "id")
    for pk, fields in entries.values_list("object_id", "fields"):
        _, closed_at = fields.get("closed_at", (None, None))
        if closed_at:
            closings.setdefault(pk, datetime.fromisoformat(closed_at))
    for period in Period.objects.all():
        moments = [moment for moment in (closings.get(period.pk), period.closed_at) if moment]
        if moments:
            period.first_closed_on = day_of(min(moments))
            period.save(update_fields=["first_closed_on"])


class Beginnings:
    """What the history says about the beginnings of assignments."""

    def __init__(self, apps):
        Change = apps.get_model("items", "Change")
        created = Change.objects.filter(model="assignment", kind="created")
        # {key of an assignment: when it was made one by one}; undoing may have brought it back.
        self.of_row = {}
        for pk, at in created.order_by("-at", "-id").values_list("object_id", "at"):
            self.of_row[pk] = at
        # {(key of an action, department): when an import handed it out, the newest time}
        self.of_department = {}
        # {key of an action: when an import made it}
        self.of_action = {}
        imported = Change.objects.filter(model="action").exclude(batch=None).order_by("at", "id")
        rows = imported.values_list("object_id", "kind", "at", "fields")
        for action, kind, at, fields in rows.iterator(chunk_size=BATCH):
            if kind == "created":
                self.of_action[action] = at
            for name, values in fields.items():
                kept, _, department = name.partition("assignments/")
                if department and not kept and values[0] is None:
                    self.of_department[action, department] = at

    def of(self, assignment):
        """The moment of the beginning, None where the history does not know it."""
        by_row = self.of_row.get(assignment.pk)
        by_import = self.of_department.get((assignment.action_id, assignment.department.name))
        moments = [moment for moment in (by_row, by_import) if moment]
        if moments:
            return min(moments)
        return self.of_action.get(assignment.action_id)


def note_beginnings(apps, schema_editor):
    Assignment = apps.get_model("items", "Assignment")
    beginnings = Beginnings(apps)
    last = 0
    while True:
        rows = Assignment.objects.filter(pk__gt=last).select_related("department").order_by("pk")
        batch = list(rows[:BATCH])
        if not batch:
            return
        last = batch[-1].pk
        known = []
        for assignment in batch:
            moment = beginnings.of(assignment)
            if moment is not None:
                assignment.handed_out_on = day_of(moment)
                known.append(assignment)
        Assignment.objects.bulk_update(known, ["handed_out_on"])


def forget(apps, schema_editor):
    """Nothing to take back: the columns go."""


class Migration(migrations.Migration):
    dependencies = [("items", "0006_code_in_half_width")]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="handed_out_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="分辦日"),
        ),
        migrations.AddField(
            model_name="period",
            name="first_closed_on",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="首次關閉日"
            ),
        ),
        migrations.RunPython(note_first_closings, forget),
        migrations.RunPython(note_beginnings, forget),
    ]
