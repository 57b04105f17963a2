"""Entries of the history as the released version wrote them."""

from dataclasses import dataclass
from datetime import timedelta

from tests.project.migrations.early_office import AT, a_plan, a_year

OLD_AND_NEW = [
    (
        "action",
        {
            "具體推動作法": ["舊", "新"],
            "列管狀態": ["列管中", "解除列管"],
            "分辦各單位": [False, True],
        },
        {
            "title": ["舊", "新"],
            "control_status": ["under_control", "released"],
            "every_department": [False, True],
        },
    ),
    (
        "action",
        {
            "實施策略": ["1. 甲", "1. 乙"],
            "推動方法": ["甲", "乙"],
            "執行計畫": ["甲", "乙"],
            "完成期限": ["115年6月", "115年9月"],
            "主辦單位": ["行政處", "資訊室"],
            "協辦單位": ["", "港務處"],
            "行政處": ["主辦，115年6月（115年6月30日）", None],
            "港務處": [None, "協辦，115年9月（115年9月30日）"],
            "順序": [1, 2],
        },
        {
            "plan.method.strategy": ["1. 甲", "1. 乙"],
            "plan.method": ["甲", "乙"],
            "plan": ["甲", "乙"],
            "assignments.deadline": ["115年6月", "115年9月"],
            "assignments.lead": ["行政處", "資訊室"],
            "assignments.support": ["", "港務處"],
            "assignments/行政處": ["主辦，115年6月（115年6月30日）", None],
            "assignments/港務處": [None, "協辦，115年9月（115年9月30日）"],
            "position": [1, 2],
        },
    ),
    (
        "assignment",
        {"完成期限": ["2026-06-30", "2026-09-30"], "主協辦": ["主辦", "協辦"]},
        {"deadline": ["2026-06-30", "2026-09-30"], "kind": ["lead", "support"]},
    ),
    (
        "method",
        {"推動方法": [None, "乙"], "順序": [None, 2], "實施策略": [None, "1. 甲"]},
        {"title": [None, "乙"], "position": [None, 2], "strategy": [None, "1. 甲"]},
    ),
    (
        "user",
        {"密碼": [None, "由系統管理重新設定"], "全公司角色": ["單位同仁", "稽核"]},
        {"password": [None, "由系統管理重新設定"], "role": ["", "auditor"]},
    ),
    ("action", {"從前的欄位": [1, 2]}, {"從前的欄位": [1, 2]}),
    ("gadget", {"大小": [1, 2]}, {"大小": [1, 2]}),
]
"""(model, fields as the released version wrote them, the same by field names)."""

MANY = "多"
"""The label of entries of which there are more than a migration reads at once."""


@dataclass(frozen=True)
class HistoryKeys:
    """The keys of the rows that `write` made."""

    renamed: list
    """In the order of OLD_AND_NEW."""
    of_import: int
    of_undo: int
    of_page: int
    batch: int
    programme: int
    """115, to which the entries of planned progress belong."""
    action: int
    planned_of_item: int
    planned_of_deleted: int
    planned_of_office: int


def write(office):
    renamed = []
    for model, old, _ in OLD_AND_NEW:
        renamed.append(office.entry(model, old))
    write_many(office)
    write_codes_of_deleted_items(office)
    write_undoing(office)

    imported, _ = a_plan(office.apps, 103)
    undone_at = AT + timedelta(hours=1)
    batch = office.batch(imported, undone_at=undone_at, undone_by=office.user)

    programme, action = a_plan(office.apps, 115)
    return HistoryKeys(
        renamed=renamed,
        of_import=office.entry("action", {}, programme=imported, door="import"),
        of_undo=office.entry("action", {}, programme=imported, at=undone_at),
        of_page=office.entry("action", {}, programme=imported),
        batch=batch.pk,
        programme=programme.pk,
        action=action.pk,
        planned_of_item=planned_entry(office, "115-01 行政處 115年第1季 20%"),
        planned_of_deleted=planned_entry(office, "115-07 行政處 115年第1季 20%"),
        planned_of_office=office.entry("department", {}, label="115-01 不是項次"),
    )


def planned_entry(office, label):
    return office.entry("plannedprogress", {}, label=label)


def write_many(office):
    first = office.rows("Change").get(pk=office.entry("plan", {"執行計畫": ["甲", "乙"]}, label=MANY))
    Change = type(first)
    more = []
    for _ in range(1200):
        first.pk = None
        more.append(Change(**{f.attname: getattr(first, f.attname) for f in Change._meta.fields}))
    Change.objects.bulk_create(more)


def write_codes_of_deleted_items(office):
    programme, _ = a_plan(office.apps, 113)
    other = a_year(office.apps, 112)
    for label in ("112-40 舊的作法", "112-7 x", "沒有編號"):
        office.entry("action", {}, label=label, kind="deleted", programme=other)
    # An entry about something else may begin like a code.
    office.entry("assignment", {}, label="113-99 行政處", kind="deleted", programme=programme)


def write_undoing(office):
    programme, _ = a_plan(office.apps, 108)
    later = AT + timedelta(days=1)
    office.batch(programme, door="page", undone_at=later, undone_by=office.user)
    for label, at in {"undoing": later, "page": AT}.items():
        office.entry("action", {}, programme=programme, at=at, label=label)
