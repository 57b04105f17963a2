"""Entries of the history: kept by field names, shown in words."""

from datetime import UTC, date, datetime

import pytest

from items.models import Action, Assignment, Change, Department, Period, Programme, User
from items.models.history_words import label_of, value_in_words
from items.workflow import history
from tests.making import NOW


def told(change):
    return [(one.label, one.old, one.new) for one in change.differences()]


def entry(model, fields, kind="changed"):
    return Change(model=model, kind=kind, fields=fields)


@pytest.mark.parametrize(
    ("model", "name", "value", "words"),
    [
        (Action, "title", None, "（空白）"),
        (Action, "expected_benefit", "", "（空白）"),
        (Action, "control_status", "released", "解除列管"),
        (Action, "control_status", "列管中", "列管中"),
        (User, "role", "", "單位同仁"),
        (Action, "every_department", True, "是"),
        (Action, "every_department", False, "否"),
        (Action, "position", 0, "0"),
        (Assignment, "deadline", "2026-10-31", "115年10月31日"),
        (Assignment, "deadline", date(2026, 10, 31), "115年10月31日"),
        (Assignment, "deadline_text", "2026-10-31", "2026-10-31"),
        (Period, "opened_at", "2026-11-22T02:00:00Z", "115年11月22日 10:00"),
        (Period, "opened_at", datetime(2026, 11, 22, 2, tzinfo=UTC), "115年11月22日 10:00"),
        # As an older version wrote it: str() of the moment.
        (Period, "opened_at", "2026-11-22 02:00:00+00:00", "115年11月22日 10:00"),
        (Action, "a field of the past", "2026-10-31", "115年10月31日"),
        (Action, "a field of the past", "2026-02-31", "2026-02-31"),
        (None, "title", "115年12月", "115年12月"),
    ],
)
def test_values_of_the_history_are_words(model, name, value, words):
    assert value_in_words(model, name, value) == words


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("title", "具體推動作法"),
        ("plan", "執行計畫"),
        ("plan.method", "推動方法"),
        ("plan.method.strategy", "實施策略"),
        ("assignments.deadline", "完成期限"),
        ("assignments.lead", "主辦單位"),
        ("assignments.support", "協辦單位"),
        ("assignments/行政處", "行政處"),
        ("assignments", "assignments"),
        ("a field of the past", "a field of the past"),
        ("期限.寫法", "期限.寫法"),
    ],
)
def test_every_name_in_an_entry_has_a_label(name, label):
    assert label_of(Action, name) == label


def test_a_new_row_says_what_it_holds_and_nothing_of_what_it_leaves_empty():
    made = entry("action", {"title": [None, "新的作法"], "expected_benefit": [None, ""]}, "created")
    assert told(made) == [("具體推動作法", None, "新的作法")]


def test_a_row_that_is_gone_says_what_it_held():
    gone = entry("department", {"name": ["行政處", None], "is_active": [True, None]}, "deleted")
    assert told(gone) == [("單位名稱", "行政處", None), ("使用中", "是", None)]


def test_a_field_that_gets_its_first_value_was_empty_before():
    change = entry("action", {"expected_benefit": ["", "增進便利性。"]})
    assert told(change) == [("預期效益", "（空白）", "增進便利性。")]


def test_a_department_that_an_import_adds_was_not_there_before():
    change = entry("action", {"assignments/工程處": [None, "主辦，每季（115年12月31日）"]})
    assert told(change) == [("工程處", None, "主辦，每季（115年12月31日）")]


def test_an_entry_of_a_model_that_is_gone_is_shown_by_the_names_of_its_fields():
    assert told(entry("gadget", {"size": [1, 2]})) == [("size", "1", "2")]


def test_entries_are_kept_by_field_names_with_the_values_of_the_database(
    coordinator, make_action, administration
):
    assignment = make_action([administration]).assignments.get()
    assignment.kind, assignment.deadline = "support", date(2026, 10, 31)
    history.save(assignment, by=coordinator, at=NOW)
    change = Change.objects.get()
    assert change.fields == {
        "kind": ["lead", "support"],
        "deadline": ["2026-12-31", "2026-10-31"],
    }
    assert told(change) == [
        ("主協辦", "主辦", "協辦"),
        ("完成期限", "115年12月31日", "115年10月31日"),
    ]


def test_the_fields_are_read_in_the_order_of_the_model_whatever_the_database_made_of_it():
    """PostgreSQL orders the keys of JSON by their length."""
    fields = {
        "code": [None, "115-34"],
        "plan": [None, "新的計畫"],
        "title": [None, "新的作法"],
        "assignments/工程處": [None, "主辦，每季"],
        "plan.method.strategy": [None, "新的策略"],
        "assignments.deadline": [None, "每季"],
    }
    labels = [label for label, _, _ in told(entry("action", fields, "created"))]
    assert labels == ["實施策略", "執行計畫", "項次編號", "具體推動作法", "完成期限", "工程處"]


def test_of_another_row_an_entry_keeps_the_words(coordinator, programme):
    history.delete(Department.objects.create(name="打錯字處"), by=coordinator, at=NOW)
    action_path = programme.strategies.create(number=1, title="策略")
    history.delete(action_path, by=coordinator, at=NOW)
    change = Change.objects.get(model="strategy")
    assert change.fields["programme"] == [str(programme), None]


def test_the_highest_running_number_is_no_news(coordinator, programme):
    programme.last_code = 40
    programme.title = "改過的名稱"
    history.save(programme, by=coordinator, at=NOW)
    assert list(Change.objects.get().fields) == ["title"]
    assert "last_code" not in history.values_of(Programme())
