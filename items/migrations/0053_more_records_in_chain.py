"""More records get their place in the chain of hashes, and those of before are put into it."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from items.models.history_blocks import OFFICE, BlockDigest, link_after

WINDOW = 1000
"""Rows of one block: so many are held at a time."""

YEAR_OF_ITEM = "action__plan__method__strategy__programme"
CHAINED = (
    (
        "Question",
        YEAR_OF_ITEM,
        ("action_id", "to_department_id", "to_person_id", "text", "asked_by_id", "asked_for_id", "asked_at"),
    ),
    (
        "QuestionStep",
        f"question__{YEAR_OF_ITEM}",
        ("question_id", "kind", "text", "by_id", "for_whom_id", "at"),
    ),
    (
        "ReminderLetter",
        "programme",
        (
            "programme_id", "number", "department_id", "department_name", "dated_on",
            "answer_until", "note", "content", "issued_at", "issued_by_id",
        ),
    ),
    (
        "ImportBatch",
        "programme",
        ("programme_id", "by_id", "at", "door", "file_name", "sha256", "sheet", "counts"),
    ),
    (
        "YearEndDecision",
        "programme",
        ("programme_id", "status", "number", "words", "decided_at", "decided_by_id"),
    ),
    ("YearEndItem", "decision__programme", ("decision_id", "action_id", "because")),
)
"""Model, the way to its year, and what the digest covers."""
CHAINED_OF_OFFICE = (
    ("Handover", ("at", "by_id", "giver_id", "receiver_id", "summary", "content")),
)


def chain_what_is_there(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the rows of before into the chain of their year, table by table, in the order of keys."""
    # Most of them are of before the chain; of the others, the time says the order as it did.
    apps.get_model("items", "HistoryBlock").objects.update(made_afterwards=True)
    for name, names in CHAINED_OF_OFFICE:
        add_blocks(apps, OFFICE, name, names, apps.get_model("items", name).objects.all())
    for programme in apps.get_model("items", "Programme").objects.values_list("pk", flat=True):
        for name, way, names in CHAINED:
            of_year = apps.get_model("items", name).objects.filter(**{way: programme})
            add_blocks(apps, programme, name, names, of_year)


def note_newest_steps(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Of texts that were composed before, by the time: nobody knows more of them."""
    schema_editor.execute("""
        UPDATE items_officialtext SET newest_step = COALESCE((
            SELECT MAX(step.id) FROM items_reportstep step
            JOIN items_progressreport report ON report.id = step.report_id
            JOIN items_assignment assignment ON assignment.id = report.assignment_id
            WHERE report.period_id = items_officialtext.period_id
            AND assignment.action_id = items_officialtext.action_id
            AND step.at <= items_officialtext.composed_at
        ), 0)
    """)


def add_blocks(apps: StateApps, of: int, name: str, names: tuple[str, ...], rows: Any) -> None:
    """One block after another of these rows, each linked to the one before."""
    last = 0
    while values := list(rows.order_by("pk").filter(pk__gt=last).values("pk", *names)[:WINDOW]):
        last = values[-1]["pk"]
        digest = BlockDigest(names)
        for row in values:
            digest.add(row)
        block = apps.get_model("items", "HistoryBlock").objects.create(
            of=of,
            table=name.lower(),
            number_of_rows=digest.number_of_rows,
            digest=digest.hexdigest(),
            made_afterwards=True,
        )
        keys = [row["pk"] for row in values]
        apps.get_model("items", name).objects.filter(pk__in=keys).update(block=block)
    link_all(apps, of)


def link_all(apps: StateApps, of: int) -> None:
    """Also what a crash has left without a link, which comes first by its key."""
    blocks = apps.get_model("items", "HistoryBlock").objects
    pending = list(blocks.filter(of=of, number=None).order_by("pk"))
    if not pending:
        return
    chain, _ = apps.get_model("items", "HistoryChain").objects.get_or_create(of=of)
    for block in pending:
        chain.number += 1
        chain.link = link_after(chain.link, chain.number, block)
        block.number, block.link = chain.number, chain.link
        block.save()
    chain.save()


class Migration(migrations.Migration):

    dependencies = [
        ('items', '0052_merging_and_splitting'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='controlfile',
            options={'ordering': ['id'], 'verbose_name': '申請附件', 'verbose_name_plural': '申請附件'},
        ),
        migrations.AlterModelOptions(
            name='question',
            options={'ordering': ['-id'], 'verbose_name': '留言', 'verbose_name_plural': '留言'},
        ),
        migrations.AlterModelOptions(
            name='questionstep',
            options={'ordering': ['id'], 'verbose_name': '留言往來', 'verbose_name_plural': '留言往來'},
        ),
        migrations.AlterModelOptions(
            name='yearenddecision',
            options={'ordering': ['-id'], 'verbose_name': '年終決定', 'verbose_name_plural': '年終決定'},
        ),
        migrations.AddField(
            model_name='handover',
            name='block',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='items.historyblock', verbose_name='紀錄段'),
        ),
        migrations.AddField(
            model_name='historyblock',
            name='made_afterwards',
            field=models.BooleanField(default=False, verbose_name='補建'),
        ),
        migrations.AddField(
            model_name='importbatch',
            name='block',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='items.historyblock', verbose_name='紀錄段'),
        ),
        migrations.AddField(
            model_name='question',
            name='block',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='items.historyblock', verbose_name='紀錄段'),
        ),
        migrations.AddField(
            model_name='questionstep',
            name='block',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='items.historyblock', verbose_name='紀錄段'),
        ),
        migrations.AddField(
            model_name='reminderletter',
            name='block',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='items.historyblock', verbose_name='紀錄段'),
        ),
        migrations.AddField(
            model_name='yearenddecision',
            name='block',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='items.historyblock', verbose_name='紀錄段'),
        ),
        migrations.AddField(
            model_name='yearenditem',
            name='block',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='items.historyblock', verbose_name='紀錄段'),
        ),
        migrations.AddField(
            model_name='officialtext',
            name='newest_step',
            field=models.BigIntegerField(default=0, editable=False, verbose_name='彙整時最新的步驟'),
        ),
        migrations.RunPython(note_newest_steps, migrations.RunPython.noop),
        migrations.RunPython(chain_what_is_there, migrations.RunPython.noop),
    ]
