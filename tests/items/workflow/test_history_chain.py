"""Whatever somebody does to 異動紀錄 and steps past the application, the chain finds it."""

import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from items.models import Change, ReportStep
from items.models.history_blocks import HistoryBlock, HistoryChain, link_pending
from items.workflow import history, report_writing, reporting
from items.workflow.bulk_insert import insert
from items.workflow.history_chain import chain_ends, faults_of_history, insert_entries
from tests.making import NOW, TODAY

CONTENT = {"text": "11月20日完成地坪施工。", "percent": 88, "work_status": "in_progress"}
CONTENT |= {"delay_reason": "", "remedy": ""}


def words():
    chain_ends()
    return [fault.words for fault in faults_of_history()]


@pytest.fixture
def rows(make_action, administration, coordinator, mei, q4):
    """Entries of an item and two steps of 115 (and one of its period), and one entry of the office."""
    action = make_action([administration])
    for title in ("第一次𠮷", "第二次", "第三次"):
        action.title = title
        history.save(action, by=coordinator, at=NOW)
    administration.name = "行政室"
    history.save(administration, by=coordinator, at=NOW)
    assignment = action.assignments.get()
    report = report_writing.write(assignment, q4, CONTENT, version=0, by=mei, at=NOW)
    report = reporting.submit(report, by=mei, at=NOW, today=TODAY)
    reporting.accept(report, by=coordinator, at=NOW)
    return action


def past_the_application(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def key_of(place):
    return Change.objects.filter(model="action").order_by("pk")[place].pk


def test_what_the_application_wrote_is_found_whole(rows, capsys):
    call_command("check_history")
    told = capsys.readouterr().out
    assert "115 年度：6 段，末段指紋 " in told
    assert "帳號、權限與單位：1 段" in told
    assert "7 筆異動紀錄與歷程都與寫入時相同。" in told


def test_an_altered_entry_is_found_with_its_place(rows, capsys):
    past_the_application("UPDATE items_change SET label = %s WHERE id = %s", "無事", key_of(1))
    with pytest.raises(CommandError, match="不符"):
        call_command("check_history")
    assert "115 年度第 3 段（115年11月22日 10:00）：內容或順序被改過。" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE items_change SET fields = '{}' WHERE id = %(second)s", "內容或順序被改過"),
        ("UPDATE items_change SET programme_id = NULL WHERE id = %(second)s", "移到別的年度"),
        ("DELETE FROM items_change WHERE id = %(second)s", "應有 1 筆，現在有 0 筆"),
        ("UPDATE items_reportstep SET words = 'x'", "內容或順序被改過"),
        ("UPDATE items_change SET block_id = NULL WHERE id = %(second)s", "不在紀錄串裡"),
        ("UPDATE items_historyblock SET digest = ''", "接不上前一段"),
        ("DELETE FROM items_historyblock WHERE number = 2", "第 2 段不見了"),
        ("DELETE FROM items_historyblock WHERE number = 6", "最後一段不是原來的最後一段"),
        ("DELETE FROM items_historyblock", "紀錄都不見了"),
    ],
)
def test_what_was_altered_removed_or_moved_is_found(rows, statement, expected):
    assert words() == []
    with connection.cursor() as cursor:
        cursor.execute(statement % {"second": key_of(1)})
    assert expected in "".join(words())


def test_an_entry_that_was_slipped_in_is_found(rows):
    chain_ends()
    columns = "at, by_id, door, kind, programme_id, model, object_id, label, fields, block_id"
    past_the_application(
        f"INSERT INTO items_change ({columns}) SELECT {columns} FROM items_change WHERE id = %s",
        key_of(0),
    )
    assert "應有 1 筆，現在有 2 筆" in "".join(words())


def test_two_entries_that_changed_places_are_found(rows):
    chain_ends()
    first, second = Change.objects.filter(model="action").order_by("pk")[:2]
    for pk, block in ((first.pk, second.block_id), (second.pk, first.block_id)):
        past_the_application("UPDATE items_change SET block_id = %s WHERE id = %s", block, pk)
    assert len(words()) == 2


def test_rows_of_an_import_are_one_block_and_their_order_counts(rows, programme, coordinator):
    home = rows.history_home()
    entries = []
    for number in range(3):
        fields = {"title": [None, f"{number}"], "deadline": [None, TODAY]}
        entries.append(
            history.entry_row(
                rows, "changed", fields, by=coordinator, at=NOW, door="import", home=home
            )
        )
    before = HistoryBlock.objects.count()
    insert_entries(history.ENTRY_COLUMNS, entries, of=programme.pk)
    assert HistoryBlock.objects.count() == before + 1
    assert words() == []
    # The contents of two rows of one block change places.
    first, second, _ = (
        Change.objects.filter(door="import").order_by("pk").values_list("pk", flat=True)
    )
    past_the_application("UPDATE items_change SET id = -1 WHERE id = %s", first)
    past_the_application("UPDATE items_change SET id = %s WHERE id = %s", first, second)
    past_the_application("UPDATE items_change SET id = %s WHERE id = -1", second)
    assert "內容或順序被改過" in "".join(words())


def test_entries_past_the_verbs_are_not_in_the_chain(rows, programme, coordinator):
    home = rows.history_home()
    entry = history.entry_row(rows, "changed", {}, by=coordinator, at=NOW, door="page", home=home)
    insert(Change, history.ENTRY_COLUMNS, [entry])
    assert "1 筆不在紀錄串裡" in "".join(words())


def test_steps_can_be_neither_changed_nor_deleted(rows):
    step = ReportStep.objects.first()
    for attempt in (
        step.save,
        step.delete,
        ReportStep.objects.all().delete,
        lambda: ReportStep.objects.update(words=""),
    ):
        with pytest.raises(TypeError, match="只能新增"):
            attempt()


def test_an_item_that_is_deleted_leaves_its_entries_whole(
    rows, make_action, information, coordinator
):
    other = make_action([information], code="115-77")
    other.title = "改過"
    history.save(other, by=coordinator, at=NOW + timedelta(minutes=1))
    other.assignments.all().delete()
    history.delete(other, by=coordinator, at=NOW + timedelta(minutes=2))
    assert words() == []


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_moment_lose_no_link(programme, coordinator):
    """Each writes in a thread and a connection of its own; nobody waits for another's transaction."""
    keys = []
    together = threading.Barrier(4)

    def write():
        try:
            together.wait()
            for _ in range(5):
                with transaction.atomic():
                    entry = history.entry(
                        programme,
                        "changed",
                        {"title": ["a", "b"]},
                        by=coordinator,
                        at=NOW,
                        door="page",
                    )
                    entry.save()
                keys.append(entry.pk)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(keys) == 20
    link_pending(programme.pk)
    assert HistoryChain.objects.get(of=programme.pk).number == 20
    assert words() == []
