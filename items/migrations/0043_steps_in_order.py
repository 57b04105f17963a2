"""Steps get a number of their own, so that no clock decides which of two came first."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

NUMBERED = (
    ("items_reportstep", "report_id", "items_progressreport"),
    ("items_controlstep", "request_id", "items_controlrequest"),
)
"""The table of the steps, their column of what they move, and its table."""


def number_steps(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Number the steps of before by time, then key: that was their order."""
    for steps, column, moved in NUMBERED:
        schema_editor.execute(f"""
            UPDATE {steps} SET number = (
                SELECT COUNT(*) FROM {steps} AS earlier
                WHERE earlier.{column} = {steps}.{column}
                AND (earlier.at, earlier.id) <= ({steps}.at, {steps}.id)
            )
        """)  # nosec B608
        # The next step takes the version that it makes: that is a higher number in any case.
        schema_editor.execute(f"""
            UPDATE {moved} SET version = (
                SELECT MAX(number) + 1 FROM {steps} WHERE {column} = {moved}.id
            )
            WHERE version <= (
                SELECT COALESCE(MAX(number), 0) FROM {steps} WHERE {column} = {moved}.id
            )
        """)  # nosec B608


class Migration(migrations.Migration):
    dependencies = [("items", "0042_questions")]

    operations = [
        migrations.AddField(
            model_name="reportstep",
            name="number",
            field=models.PositiveIntegerField("順序", default=0, editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="controlstep",
            name="number",
            field=models.PositiveIntegerField("順序", default=0, editable=False),
            preserve_default=False,
        ),
        migrations.RunPython(number_steps, migrations.RunPython.noop, elidable=False),
    ]
