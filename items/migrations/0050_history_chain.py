"""Entries and steps get their place in a chain of hashes, and those of before are put into it."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from items.models.history_blocks import OFFICE, BlockDigest, link_after

WINDOW = 1000
"""Rows of one block: so many are held at a time."""

ENTRY = ("at", "by_id", "door", "kind", "batch_id", "model", "object_id", "label", "fields")
STEP = ("number", "kind", "from_state", "to_state", "by_id", "for_whom_id", "at", "door", "words")
CHAINED = (
    ("Change", "programme", ENTRY),
    (
        "ReportStep",
        "report__period__programme",
        ("report_id", *STEP, "content", "planned_percent", "evidence"),
    ),
    (
        "ControlStep",
        "request__assignment__action__plan__method__strategy__programme",
        ("request_id", *STEP, "content"),
    ),
)
"""Model, the way to its year, and what the digest covers."""


def chain_what_is_there(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the rows of before into the chain of their year, table by table, in the order of keys."""
    years = apps.get_model("items", "Programme").objects.order_by("pk")
    for programme in [None, *years.values_list("pk", flat=True)]:
        chain = apps.get_model("items", "HistoryChain")(of=programme or OFFICE)
        for name, way, names in CHAINED:
            model = apps.get_model("items", name)
            of_year = model.objects.filter(**{way: programme}).order_by("pk")
            last = 0
            while rows := list(of_year.filter(pk__gt=last).values("pk", *names)[:WINDOW]):
                last = rows[-1]["pk"]
                add_block(apps, chain, name, names, rows)
        if chain.number:
            chain.save()


def add_block(apps: StateApps, chain: Any, name: str, names: tuple[str, ...], rows: Any) -> None:
    digest = BlockDigest(names)
    for values in rows:
        digest.add(values)
    block = apps.get_model("items", "HistoryBlock").objects.create(
        of=chain.of,
        table=name.lower(),
        number_of_rows=digest.number_of_rows,
        digest=digest.hexdigest(),
    )
    chain.number += 1
    chain.link = link_after(chain.link, chain.number, block)
    block.number, block.link = chain.number, chain.link
    block.save()
    keys = [values["pk"] for values in rows]
    apps.get_model("items", name).objects.filter(pk__in=keys).update(block=block)


class Migration(migrations.Migration):

    dependencies = [
        ("items", "0049_calendar_addresses"),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoryChain',
            fields=[
                ('of', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='年度的編號')),
                ('number', models.BigIntegerField(default=0, verbose_name='段數')),
                ('link', models.CharField(blank=True, max_length=64, verbose_name='末段指紋')),
            ],
            options={
                'verbose_name': '紀錄串',
                'verbose_name_plural': '紀錄串',
            },
        ),
        migrations.CreateModel(
            name='HistoryBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of', models.BigIntegerField(verbose_name='年度的編號')),
                ('table', models.CharField(max_length=30, verbose_name='資料表')),
                ('number_of_rows', models.PositiveIntegerField(default=0, verbose_name='筆數')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='內容指紋')),
                ('number', models.BigIntegerField(blank=True, null=True, verbose_name='第幾段')),
                ('link', models.CharField(blank=True, max_length=64, verbose_name='指紋')),
            ],
            options={
                'verbose_name': '紀錄段',
                'verbose_name_plural': '紀錄段',
                'ordering': ['of', 'number'],
                'constraints': [models.UniqueConstraint(fields=('of', 'number'), name='history_block_number_once')],
            },
        ),
        migrations.AddField(
            model_name='change',
            name='block',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='items.historyblock', verbose_name='紀錄段'),
        ),
        migrations.AddField(
            model_name='controlstep',
            name='block',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='items.historyblock', verbose_name='紀錄段'),
        ),
        migrations.AddField(
            model_name='reportstep',
            name='block',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='items.historyblock', verbose_name='紀錄段'),
        ),
        migrations.RunPython(chain_what_is_there, migrations.RunPython.noop),
    ]
