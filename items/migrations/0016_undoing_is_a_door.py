"""What undoing an import wrote is said to have come by 復原匯入, that of before as well."""

from django.db import migrations, models
from django.db.models import Q

DOORS = [
    ("page", "網頁"),
    ("import", "匯入"),
    ("admin", "後台"),
    ("command", "指令"),
    ("undo", "復原匯入"),
]


def name_the_door(apps, schema_editor):
    """Entries of an undoing have its time, its person and its year, and no batch."""
    Change = apps.get_model("items", "Change")
    ImportBatch = apps.get_model("items", "ImportBatch")
    undone = ImportBatch.objects.filter(undone_at__isnull=False)
    for batch in undone.values("programme_id", "undone_at", "undone_by_id"):
        Change.objects.filter(
            programme_id=batch["programme_id"],
            at=batch["undone_at"],
            by_id=batch["undone_by_id"],
            batch=None,
            door="page",
        ).update(door="undo")


def call_it_a_page_again(apps, schema_editor):
    apps.get_model("items", "Change").objects.filter(door="undo").update(door="page")


class Migration(migrations.Migration):
    dependencies = [("items", "0015_record_by_time")]

    operations = [
        migrations.RemoveConstraint("change", "change_door_known"),
        migrations.AlterField(
            "change", "door", models.CharField("經由", max_length=10, choices=DOORS)
        ),
        migrations.AlterField(
            "reportstep",
            "door",
            models.CharField("經由", max_length=10, choices=DOORS, default="page"),
        ),
        migrations.AddConstraint(
            "change",
            models.CheckConstraint(
                condition=Q(door__in=[value for value, _ in DOORS]), name="change_door_known"
            ),
        ),
        # Last: PostgreSQL alters no table on which rows were changed in the same transaction.
        migrations.RunPython(name_the_door, call_it_a_page_again),
    ]
