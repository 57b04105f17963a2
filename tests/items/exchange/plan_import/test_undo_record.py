"""What a batch keeps of itself can be undone later: by other versions, after the models have changed."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core import serializers

from items.exchange.plan_import.undo import NotUndone, undo
from items.models import Action, Assignment, Change, ImportBatch, Programme, User
from tests.items.exchange.official_rows import HEADINGS, bring_in, row, rows_of
from tests.making import NOW, make_user

pytestmark = pytest.mark.django_db
VERSION_1 = Path(__file__).with_name("version_1_batch.json")
"""A small plan and an import of every kind of change, written by the code of before version 2."""


@pytest.fixture
def old_batch():
    """(batch, the rows of the plan before it), in a database that holds the plan after it."""
    kept = json.loads(VERSION_1.read_text("utf-8"))
    for each in serializers.deserialize("python", kept["database"]):
        each.save()
    assert rows_of(Programme.objects.get()) == kept["rows_after"]
    return ImportBatch.objects.get(), kept["rows_before"]


def test_a_batch_of_version_1_is_taken_back_whole(old_batch):
    batch, rows_before = old_batch
    assert "version" not in batch.changes
    undo(batch, by=User.objects.get(), at=NOW)
    assert rows_of(Programme.objects.get()) == rows_before
    kinds = Change.objects.filter(model="action").values_list("kind", "label").order_by("label")
    assert [tuple(kind) for kind in kinds] == [
        ("changed", "114-01 作法甲"),
        ("changed", "114-02 作法乙"),
        ("changed", "114-03 作法丙"),
        ("deleted", "114-05 新作法"),
    ]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("114-05", "具體推動作法「114-05 後來改過」的「具體推動作法」在匯入之後改過。"),
        ("114-02", "具體推動作法「114-02 後來改過」的「具體推動作法」在匯入之後改過。"),
    ],
)
def test_what_was_changed_since_stands_in_the_way_of_a_batch_of_version_1(old_batch, code, words):
    batch, _ = old_batch
    Action.objects.filter(code=code).update(title="後來改過")
    with pytest.raises(NotUndone) as refusal:
        undo(batch, by=User.objects.get(), at=NOW)
    assert refusal.value.obstacles == [words]


def test_a_batch_says_its_version_and_the_fields_of_its_rows(plan, coordinator):
    batch = bring_in([HEADINGS, row()], plan, coordinator, NOW)
    batch.refresh_from_db()
    assert batch.changes["version"] == 2
    created = batch.changes["made"]["action"]
    (values,) = created["rows"]
    assert values[created["fields"].index("code")] == "115-34"


def leave_out(created, *names):
    """As if the batch had been written before the model had these fields."""
    for name in names:
        place = created["fields"].index(name)
        for values in [created["fields"], *created["rows"]]:
            del values[place]


def test_a_field_that_a_model_gets_later_does_not_stand_in_the_way_of_undoing(plan, coordinator):
    """As if 期限逐一列出 and 順序 had come after the batch, and had been edited since."""
    rows = rows_of(plan)
    before = [list(cells) for cells in rows]
    rows[1][4] = "改寫的作法"
    rows.append(["", *rows[1][1:4], "新的作法", "115年12月", "業務處", ""])
    batch = bring_in(rows, plan, coordinator, NOW)
    leave_out(batch.changes["made"]["action"], "separate_deadlines", "position")
    batch.save(update_fields=["changes"])
    Action.objects.filter(code="115-34").update(separate_deadlines=True, position=77)
    undo(batch, by=coordinator, at=NOW)
    assert rows_of(plan) == before


def test_undoing_brings_an_assignment_back_with_the_day_on_which_it_was_handed_out(
    plan, coordinator
):
    old = Assignment.objects.filter(action__code="115-02", department__name="業務處")
    old.update(handed_out_on=date(2026, 4, 28))
    rows = rows_of(plan)
    rows[2][6] = "政風室"
    batch = bring_in(rows, plan, coordinator, NOW)
    new = Assignment.objects.get(action__code="115-02", department__name="政風室")
    assert new.handed_out_on == date(2026, 11, 22)
    undo(batch, by=coordinator, at=NOW)
    assert old.get().handed_out_on == date(2026, 4, 28)


def test_undoing_brings_an_assignment_back_with_its_contact(plan, coordinator):
    old = Assignment.objects.filter(action__code="115-02", department__name="業務處")
    contact = make_user("ting", "林雅婷", reporter=old.get().department)
    old.update(contact=contact)
    rows = rows_of(plan)
    rows[2][6] = "政風室"
    batch = bring_in(rows, plan, coordinator, NOW)
    assert not old.exists()
    undo(batch, by=coordinator, at=NOW)
    assert old.get().contact == contact


def test_a_file_changes_no_contact(plan, coordinator):
    assignment = Assignment.objects.filter(action__code="115-02").first()
    contact = make_user("ting", "林雅婷", reporter=assignment.department)
    Assignment.objects.filter(pk=assignment.pk).update(contact=contact)
    rows = rows_of(plan)
    rows[2][5] = "115年11月"
    bring_in(rows, plan, coordinator, NOW)
    assignment.refresh_from_db()
    assert assignment.deadline_text == "115年11月"
    assert assignment.contact == contact
