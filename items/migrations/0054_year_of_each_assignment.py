"""Each 分辦 carries the key of its year: counts of a year then need no way through four tables."""

import items.models.year_of_action
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def copy_the_year(apps, schema_editor):
    actions = apps.get_model("items", "Action").objects.filter(pk=OuterRef("action_id"))
    year = actions.values("plan__method__strategy__programme_id")[:1]
    apps.get_model("items", "Assignment").objects.update(of_year=Subquery(year))
    if schema_editor.connection.vendor == "postgresql":
        # What is checked at the end of a transaction would keep the table from being changed.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0053_more_records_in_chain"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="of_year",
            field=models.ForeignKey(
                "items.programme",
                db_index=False,
                editable=False,
                null=True,
                on_delete=models.CASCADE,
                related_name="+",
                verbose_name="年度計畫",
            ),
        ),
        migrations.RunPython(copy_the_year, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="assignment",
            name="of_year",
            field=items.models.year_of_action.YearOfAction(
                db_index=False,
                editable=False,
                on_delete=models.CASCADE,
                related_name="+",
                to="items.programme",
                verbose_name="年度計畫",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                fields=[
                    "of_year",
                    "department",
                    "filing_states",
                    "handed_out_on",
                    "contact",
                    "action",
                ],
                name="assignment_of_year",
            ),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(
                condition=models.Q(("control_status", "under_control"), _negated=True),
                fields=["id"],
                name="action_not_controlled",
            ),
        ),
    ]
