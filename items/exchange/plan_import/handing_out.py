"""The departments and deadlines of one row: who shall have the item, and until when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from items.exchange.columns import (
    DEADLINE,
    LEAD,
    SUPPORT,
    LeadCells,
    PrintedLead,
    lead_cells,
)
from items.exchange.plan_import.department_lookup import DepartmentLookup
from items.exchange.plan_import.findings import Finding, error, warning
from items.exchange.plan_import.plan_now import PlanNow
from items.exchange.plan_import.preview import UnknownDepartment
from items.exchange.plan_import.stored_rows import StoredAction
from items.exchange.plan_import.wanted_assignments import HandingOut, WantedAssignment, wanted_of
from items.exchange.plan_table.rows import PlanRow
from items.models import EVERY_DEPARTMENT
from items.models.department_names import NOT_HANDED_OUT


@dataclass(frozen=True, slots=True)
class HandingOuts:
    """By the number of the row; a row is missing where its cells do not say who has the item.

    `unknown` are the names of departments that the system does not have.
    """

    by_row: dict[int, HandingOut]
    findings: list[Finding]
    unknown: list[UnknownDepartment]


def resolve(
    rows: Iterable[PlanRow], items: Mapping[int, StoredAction], plan_now: PlanNow
) -> HandingOuts:
    """Find the known department of each name; a name that is not known is an error of its row."""
    resolver = _Resolver(plan_now)
    by_row = {}
    findings: list[Finding] = []
    for row in rows:
        resolved = resolver.resolve(row, items.get(row.number))
        findings.extend(resolved.findings)
        if resolved.handing_out is not None:
            by_row[row.number] = resolved.handing_out
    return HandingOuts(by_row, findings, resolver.departments.unknown_departments())


def stored_cells(action: StoredAction, plan_now: PlanNow) -> LeadCells:
    """完成期限 and 主辦單位 of an item as the plan has them now."""
    leads = tuple(
        PrintedLead(plan_now.departments[lead.department_id].name, lead.deadline_text)
        for lead in action.leads
    )
    return lead_cells(action.every_department, action.separate_deadlines, leads)


class _Resolved(NamedTuple):
    """What one row says; None where its cells do not say who has the item."""

    handing_out: HandingOut | None
    findings: list[Finding]


class _Assignments(NamedTuple):
    """Departments with their deadlines; None where these cannot be paired."""

    wanted: tuple[WantedAssignment, ...] | None
    findings: list[Finding]


class _Resolver:
    """Resolves one row after the other against the same departments.

    Most of 10,000 rows repeat the departments and deadlines of another row. `usual` keeps what was
    resolved without a complaint, which saves a third of the time of the whole comparison.
    """

    def __init__(self, plan_now: PlanNow) -> None:
        self.plan_now = plan_now
        self.departments = DepartmentLookup(plan_now.departments.values())
        self.usual: dict[tuple, tuple[WantedAssignment, ...]] = {}

    def resolve(self, row: PlanRow, action: StoredAction | None) -> _Resolved:
        """Whom the cells of the row hand the item out to, or what is wrong with them."""
        if not row.is_handed_out:
            return self._resolve_nobody(row, action)
        deadline_texts = tuple(deadline.text for deadline in row.deadlines)
        as_written = (row.departments, deadline_texts)
        usual = self.usual.get(as_written)
        if usual is not None and row.supporting is None:
            handing_out = self._handing_out(row, action, usual, supports=None)
            return _Resolved(handing_out, [])

        if self.departments.is_every(row.departments):
            return self._resolve_every(row, action)
        named = self._named_leads(row, action)
        if named.wanted is None:
            return _Resolved(None, named.findings)
        # Only what is right for every row is kept. A complaint has to be repeated for each row, and
        # a department that is closed is right only for items which it has already.
        is_usual = not named.findings and self._are_active(named.wanted)
        if named.wanted and is_usual:
            self.usual[as_written] = named.wanted

        supports = self._supports(row, action, named.wanted)
        handing_out = self._handing_out(row, action, named.wanted, supports=supports.wanted)
        return _Resolved(handing_out, named.findings + supports.findings)

    def _resolve_nobody(self, row: PlanRow, action: StoredAction | None) -> _Resolved:
        """Nobody leads; a department that supports the item already keeps it and its deadline."""
        if row.supporting is None:
            return _Resolved(self._handing_out(row, action, (), supports=None), [])
        known = self.departments.look_up(row, SUPPORT, row.supporting, action=action)
        findings = known.findings
        stored_by_department = {}
        if action is not None:
            for stored in action.assignments:
                stored_by_department[stored.department_id] = stored
        supports = []
        for department in known.departments:
            if department is None:
                continue
            # 協辦 takes its deadline from 主辦, and here nobody is 主辦.
            if department.pk not in stored_by_department:
                words = (
                    f"主辦單位是「{NOT_HANDED_OUT}」，新的協辦單位「{department.name}」沒有期限可用；"
                    "請先填主辦單位與完成期限。"
                )
                findings.append(error(row, SUPPORT, words))
                continue
            stored = stored_by_department[department.pk]
            supports.append(wanted_of(department, stored.deadline, stored.deadline_text))
        once = _once(row, SUPPORT, supports)
        handing_out = self._handing_out(row, action, (), supports=once.wanted)
        return _Resolved(handing_out, findings + once.findings)

    def _resolve_every(self, row: PlanRow, action: StoredAction | None) -> _Resolved:
        """各單位: one deadline for everybody."""
        findings = []
        if len(row.departments) > 1:
            words = f"「{EVERY_DEPARTMENT}」已經包含每一個單位，請不要同時再寫其他單位。"
            findings.append(error(row, LEAD, words))
        if not row.deadlines:
            return _Resolved(None, findings)
        # The table has one deadline for 各單位: nothing could say which department a second one is for.
        deadline = row.deadlines[0]
        wanted = []
        for department in self.departments.everybody(action):
            wanted.append(wanted_of(department, deadline.date, deadline.text))
        leads = tuple(wanted)
        supports = self._supports(row, action, leads)
        handing_out = HandingOut(
            every_department=True,
            separate_deadlines=False,
            leads=leads,
            supports=supports.wanted,
        )
        return _Resolved(handing_out, findings + supports.findings)

    def _handing_out(
        self,
        row: PlanRow,
        action: StoredAction | None,
        leads: tuple[WantedAssignment, ...],
        supports: tuple[WantedAssignment, ...] | None,
    ) -> HandingOut:
        return HandingOut(
            every_department=self._is_still_every(action, leads),
            separate_deadlines=len(row.deadlines) > 1,
            leads=leads,
            supports=supports,
        )

    def _is_still_every(
        self, action: StoredAction | None, leads: tuple[WantedAssignment, ...]
    ) -> bool:
        """Whether names that are written one by one are still 各單位.

        各單位 whose deadlines differ are printed by name. Read again, they are 各單位 as long as
        the deadlines differ.
        """
        if action is None or not action.every_department:
            return False
        has_one_deadline = len({lead.deadline_text for lead in leads}) < 2
        # With one deadline the export prints 「各單位」: who writes the names instead means just these.
        if has_one_deadline:
            return False
        names = tuple(lead.name for lead in leads)
        return stored_cells(action, self.plan_now).names == names

    def _are_active(self, wanted: Iterable[WantedAssignment]) -> bool:
        departments = self.plan_now.departments
        return all(departments[assignment.department_id].is_active for assignment in wanted)

    def _named_leads(self, row: PlanRow, action: StoredAction | None) -> _Assignments:
        known = self.departments.look_up(
            row, LEAD, row.departments, action=action, places=row.department_places
        )
        if not row.deadlines:
            return _Assignments(None, known.findings)
        deadlines = list(row.deadlines)
        # One deadline stands for all departments of the row; several belong to them one by one.
        if len(deadlines) == 1:
            deadlines *= len(known.departments)
        elif len(deadlines) != len(known.departments):
            words = (
                f"完成期限有 {len(deadlines)} 個、主辦單位有 {len(known.departments)} 個，"
                "無法一一對應。"
            )
            return _Assignments(None, [*known.findings, error(row, DEADLINE, words)])
        wanted = []
        for department, deadline in zip(known.departments, deadlines, strict=True):
            if department is not None:
                wanted.append(wanted_of(department, deadline.date, deadline.text))
        # Names that are not known have their errors; the others are checked all the same, so that
        # all errors of a row are named at once.
        once = _once(row, LEAD, wanted)
        return _Assignments(once.wanted, known.findings + once.findings)

    def _supports(
        self,
        row: PlanRow,
        action: StoredAction | None,
        leads: tuple[WantedAssignment, ...],
    ) -> _Assignments:
        """協辦單位 have no deadline of their own in the table: they get the last one of the row."""
        if row.supporting is None:
            return _Assignments(None, [])
        if not leads:
            return _Assignments((), [])
        # Who helps has to do so until the last of those who lead has finished.
        last = max(leads, key=lambda lead: lead.deadline)
        known = self.departments.look_up(row, SUPPORT, row.supporting, action=action)
        wanted = []
        for department in known.departments:
            if department is not None:
                wanted.append(wanted_of(department, last.deadline, last.deadline_text))
        once = _once(row, SUPPORT, wanted)
        findings = known.findings + once.findings
        leading = {lead.department_id for lead in leads}
        for support in once.wanted or ():
            if support.department_id in leading:
                words = f"「{support.name}」已經是主辦單位，不能同時是協辦單位。"
                findings.append(error(row, SUPPORT, words))
        return _Assignments(once.wanted, findings)


def _once(row: PlanRow, heading: str, wanted: Iterable[WantedAssignment]) -> _Assignments:
    """A department that is named twice counts once; with two different deadlines it is an error."""
    by_department: dict[int, WantedAssignment] = {}
    findings = []
    for assignment in wanted:
        earlier = by_department.setdefault(assignment.department_id, assignment)
        if earlier is assignment:
            continue
        if earlier.deadline_text == assignment.deadline_text:
            findings.append(warning(row, heading, f"「{assignment.name}」寫了兩次，只算一次。"))
        else:
            words = (
                f"「{assignment.name}」寫了兩次，期限卻不同"
                f"（{earlier.deadline_text}、{assignment.deadline_text}），請只留一個。"
            )
            findings.append(error(row, heading, words))
    return _Assignments(tuple(by_department.values()), findings)
