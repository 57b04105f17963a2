"""Rows carry their words folded, so that searching compares plain texts instead of patterns."""

import items.models.folded
from django.db import migrations

SEARCHED = ("department", "user", "strategy", "method", "plan", "action", "progressreport")
BATCH = 1000


def fold_words(apps, schema_editor):
    """Fill the new column of every row from the texts that it has."""
    connection = schema_editor.connection
    quoted = connection.ops.quote_name
    for name in SEARCHED:
        model = apps.get_model("items", name)
        field = model._meta.get_field("folded")
        table = quoted(model._meta.db_table)
        statement = f"UPDATE {table} SET {quoted(field.column)} = %s WHERE id = %s"  # nosec B608
        # The keys first: SQLite would go on reading what has just been changed.
        keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), BATCH):
            batch = model._base_manager.filter(pk__in=keys[start : start + BATCH])
            written = []
            for row in batch.values("pk", *field.sources):
                written.append((field.of(row), row["pk"]))
            with connection.cursor() as cursor:
                cursor.executemany(statement, written)


class Migration(migrations.Migration):

    dependencies = [
        ('items', '0018_copy_of_the_report_before'),
    ]

    operations = [
        migrations.AddField(
            model_name='action',
            name='folded',
            field=items.models.folded.FoldedField(sources=('code', 'title', 'expected_benefit')),
        ),
        migrations.AddField(
            model_name='department',
            name='folded',
            field=items.models.folded.FoldedField(sources=('name',)),
        ),
        migrations.AddField(
            model_name='method',
            name='folded',
            field=items.models.folded.FoldedField(sources=('title',)),
        ),
        migrations.AddField(
            model_name='plan',
            name='folded',
            field=items.models.folded.FoldedField(sources=('title',)),
        ),
        migrations.AddField(
            model_name='progressreport',
            name='folded',
            field=items.models.folded.FoldedField(sources=('text', 'delay_reason', 'remedy')),
        ),
        migrations.AddField(
            model_name='strategy',
            name='folded',
            field=items.models.folded.FoldedField(sources=('title',)),
        ),
        migrations.AddField(
            model_name='user',
            name='folded',
            field=items.models.folded.FoldedField(sources=('full_name',)),
        ),
        migrations.RunPython(fold_words, migrations.RunPython.noop, elidable=True),
    ]
