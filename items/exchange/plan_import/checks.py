"""What is wrong or odd about rows beside their path, their code and their departments."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeVar

from items.exchange.columns import (
    ACTION,
    BENEFIT,
    CODE,
    LEAD,
    METHOD,
    PLAN,
    REPORTED,
    STRATEGY,
    SUPPORT,
)
from items.exchange.plan_import.cell_changes import Changes, concerns_departments
from items.exchange.plan_import.findings import Finding, error, warning
from items.exchange.plan_import.known_nodes import KnownNodes
from items.exchange.plan_import.path_tree import PathTree
from items.exchange.plan_import.plan_now import PlanNow
from items.exchange.plan_import.stored_rows import StoredAction, StoredAssignment
from items.exchange.plan_import.wanted_assignments import HandingOut
from items.exchange.plan_table.rows import PlanRow, PlanTable
from items.models import AssignmentKind, ControlStatus
from items.models.lengths import STRATEGY_LENGTH, TITLE_LENGTH


def too_long(rows: Iterable[PlanRow]) -> list[Finding]:
    """Texts beyond the limits of form and database, which would stop the import in the middle."""
    findings = []
    for row in rows:
        limited_texts = (
            (STRATEGY, row.strategy_title, STRATEGY_LENGTH),
            (METHOD, row.method, TITLE_LENGTH),
            (PLAN, row.plan, TITLE_LENGTH),
            (ACTION, row.action, TITLE_LENGTH),
            (BENEFIT, row.benefit, TITLE_LENGTH),
        )
        for heading, text, length in limited_texts:
            if len(text) > length:
                words = f"「{heading}」有 {len(text):,} 個字，最多 {length:,} 個字，請縮短。"
                findings.append(error(row, heading, words))
    return findings


def in_use(
    rows: Iterable[PlanRow],
    items: Mapping[int, StoredAction],
    handing_outs: Mapping[int, HandingOut],
    changes: Mapping[int, Changes],
    cells_in_error: Mapping[int, AbstractSet[str]],
    plan_now: PlanNow,
) -> list[Finding]:
    """A department that has reported keeps its item: its reports would belong to nothing."""
    findings = []
    for row in rows:
        changes_of_row = changes.get(row.number)
        # Asked first, here and below: in a file that comes a second time no row has any.
        if not changes_of_row:
            continue
        handing_out = handing_outs.get(row.number)
        if handing_out is None or not concerns_departments(changes_of_row):
            continue
        action = items[row.number]
        unreadable = cells_in_error.get(row.number, frozenset())
        for assignment in _left_out(action, handing_out):
            if assignment.pk not in plan_now.in_use:
                continue
            heading = SUPPORT
            if assignment.kind == AssignmentKind.LEAD:
                heading = LEAD
            # A cell that could not be read has its own error; whom it leaves out is not known.
            if heading in unreadable:
                continue
            name = plan_now.departments[assignment.department_id].name
            words = (
                f"「{name}」已經有 {action.code} 的填報、預定進度或管制異動，不能從{heading}移除；"
                "請在檔案裡保留這個單位。"
            )
            findings.append(error(row, heading, words))
    return findings


def _left_out(action: StoredAction, handing_out: HandingOut) -> Iterator[StoredAssignment]:
    """The assignments of departments that the row of the item does not name any more."""
    named = handing_out.department_ids
    # A file without the column says nothing about 協辦單位: they keep the item.
    concerned = action.leads
    if handing_out.supports is not None:
        concerned = action.assignments
    for assignment in concerned:
        if assignment.department_id not in named:
            yield assignment


def taken_over(
    rows: Iterable[PlanRow], items: Mapping[int, StoredAction], changes: Mapping[int, Changes]
) -> list[Finding]:
    """Changed items that have gone into others: only their text changes, which may surprise."""
    findings = []
    for row in rows:
        if not changes.get(row.number):
            continue
        action = items.get(row.number)
        if action is None or not action.has_gone_into_others:
            continue
        status = ControlStatus(action.control_status).label
        words = (
            f"{action.code} 已經「{status}」，由別的項目承接；匯入只改這一列的文字，不會恢復列管。"
            "如果要改的是承接的項目，請改那一列。"
        )
        findings.append(warning(row, CODE, words))
    return findings


def likely_edits(
    new_rows: Sequence[PlanRow],
    missing: Sequence[StoredAction],
    tree: PathTree,
    known: KnownNodes,
) -> list[Finding]:
    """A new text where the only old one is missing may be the same item: a person has to say."""

    def plan_of_missing(action: StoredAction) -> int:
        return action.plan_id

    def plan_of_new(row: PlanRow) -> int:
        return known.plans[tree.plan_of[row.number]].pk

    findings = []
    # With two new texts and one missing, or the other way round, nothing says which belong together.
    missing_in_plan = _only_ones(missing, plan_of_missing)
    in_known_plan = [row for row in new_rows if tree.plan_of[row.number] in known.plans]
    new_in_plan = _only_ones(in_known_plan, plan_of_new)
    for plan_id, row in new_in_plan.items():
        if plan_id not in missing_in_plan:
            continue
        code = missing_in_plan[plan_id].code
        words = (
            f"這是新的項目；同一個執行計畫的 {code} 不在檔案裡。"
            f"如果是改寫 {code} 的文字，請加上「{CODE}」欄並填 {code}。"
        )
        findings.append(warning(row, ACTION, words))
    return findings


Thing = TypeVar("Thing")
Group = TypeVar("Group", bound=Hashable)


def _only_ones(things: Iterable[Thing], group_of: Callable[[Thing], Group]) -> dict[Group, Thing]:
    """The things that are alone in their group, by the group."""
    groups: dict[Group, list[Thing]] = defaultdict(list)
    for thing in things:
        groups[group_of(thing)].append(thing)
    only_ones = {}
    for group, members in groups.items():
        if len(members) == 1:
            only_ones[group] = members[0]
    return only_ones


def notes_on_table(table: PlanTable) -> Iterator[str]:
    """What a person should know about the table as a whole."""
    yield from table.notes
    # People send the table with progress back and believe that its progress is read as well.
    reported = [column for column in table.ignored_columns if column.startswith(REPORTED)]
    if reported:
        yield (
            f"{'、'.join(reported[:10])}是進度，匯入計畫表時不會讀取；"
            "進度請由單位在「我的填報」填寫，或用「離線填報表」上傳。"
        )
