"""What migrations make of the entries of the history."""

from tests.project.migrations.history_cases import MANY, OLD_AND_NEW


def test_entries_by_labels_become_entries_by_names_and_go_back(migrated):
    keys = migrated.history.renamed
    assert [migrated.fields_forward[pk] for pk in keys] == [new for _, _, new in OLD_AND_NEW]
    assert [migrated.fields_back[pk] for pk in keys] == [old for _, old, _ in OLD_AND_NEW]


def test_more_entries_than_are_read_at_once_are_all_renamed(migrated):
    kept = migrated.rows("Change").filter(label=MANY).values_list("fields", flat=True)
    assert len(kept) == 1201
    assert all(fields == {"title": ["甲", "乙"]} for fields in kept)


def test_entries_of_an_import_get_its_batch_and_those_of_its_undoing_none(migrated):
    keys = migrated.history
    entries = migrated.rows("Change").in_bulk()
    assert entries[keys.of_import].batch_id == keys.batch
    assert entries[keys.of_undo].batch_id is None
    assert entries[keys.of_page].batch_id is None


def test_entries_of_planned_progress_come_home(migrated):
    keys = migrated.history
    written = [keys.planned_of_item, keys.planned_of_deleted, keys.planned_of_office]
    entries = migrated.rows("Change").in_bulk(written)
    homes = {pk: (entry.programme_id, entry.action_id) for pk, entry in entries.items()}
    assert homes == {
        keys.planned_of_item: (keys.programme, keys.action),
        keys.planned_of_deleted: (keys.programme, None),
        keys.planned_of_office: (None, None),
    }


def test_the_highest_code_counts_items_that_are_gone(migrated):
    programmes = migrated.rows("Programme").filter(year__in=[112, 113])
    assert dict(programmes.values_list("year", "last_code")) == {113: 1, 112: 40}


def test_an_undoing_of_before_is_said_to_have_come_by_it(migrated):
    changes = migrated.rows("Change").filter(programme__year=108)
    assert dict(changes.values_list("label", "door")) == {"undoing": "undo", "page": "page"}


def test_entries_and_steps_of_before_are_chained(migrated):
    """By the check itself, on the rows as the newest models have them."""
    from items.workflow.history_chain import chain_ends, faults_of_history

    assert sum(end.number for end in chain_ends()) > 5
    assert list(faults_of_history()) == []
