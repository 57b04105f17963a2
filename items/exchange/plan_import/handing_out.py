"""The departments and deadlines of one row: who shall have the item, and until when."""

from datetime import date
from itertools import zip_longest
from typing import NamedTuple

from items.exchange.columns import (
    DEADLINE,
    LEAD,
    SUPPORT,
    LeadCells,
    PrintedLead,
    lead_cells,
)
from items.models import EVERY_DEPARTMENT


class Target(NamedTuple):
    """One department that shall have the item."""

    department: int
    name: str
    deadline: date
    text: str


class Targets(NamedTuple):
    """`supports` is None where the file has no such column: what is there stays as it is then."""

    every: bool
    separate: bool
    leads: tuple
    supports: tuple | None

    @property
    def cells(self):
        return lead_cells(
            self.every,
            self.separate,
            tuple(PrintedLead(target.name, target.text) for target in self.leads),
        )


NOTHING = Targets(False, False, (), None)


def targets_of(line, stored, departments, say):
    """Resolve a line's departments against the known ones; what cannot be resolved fails the line."""
    row = line.row
    written = (row.departments, tuple(when.text for when in row.deadlines))
    leads = departments.resolved.get(written) if row.supporting is None else None
    if leads:
        return Targets(_is_still_every(line, leads, stored), len(row.deadlines) > 1, leads, None)
    held = _held(line, stored)
    if departments.is_every(row.departments):
        if len(row.departments) > 1:
            say.fail(
                line, LEAD, f"「{EVERY_DEPARTMENT}」已經包含每一個單位，請不要同時再寫其他單位。"
            )
        if not row.deadlines:
            return NOTHING
        when = row.deadlines[0]
        everyone = _everyone(line, departments)
        leads = tuple(Target(each.pk, each.name, when.date, when.text) for each in everyone)
        return Targets(True, False, leads, _supports(line, leads, held, departments, say))
    found = _known(line, LEAD, row.departments, held, departments, say, row.department_places)
    if not row.deadlines:
        return NOTHING
    separate = len(row.deadlines) > 1
    if separate and len(row.deadlines) != len(found):
        say.fail(
            line,
            DEADLINE,
            f"完成期限有 {len(row.deadlines)} 個、主辦單位有 {len(found)} 個，無法一一對應。",
        )
        return NOTHING
    pairs = zip(found, row.deadlines if separate else row.deadlines * len(found), strict=True)
    whole = [Target(each.pk, each.name, when.date, when.text) for each, when in pairs if each]
    leads = _once(line, LEAD, whole, say)
    if len(leads) == len(found) and all(each.is_active for each in found):
        departments.resolved[written] = leads
    every = _is_still_every(line, leads, stored)
    return Targets(every, separate, leads, _supports(line, leads, held, departments, say))


def _held(line, stored):
    action = line.action
    return {each.department for each in (*action.leads, *action.supports)} if action else set()


def _everyone(line, departments):
    """各單位 are those at work; one that is no longer keeps what it was given, for the cell says nothing of its going."""
    action = line.action
    had = {each.department for each in action.leads} if action and action.every else ()
    return [each for each in departments.all if each.is_active or each.pk in had]


def _is_still_every(line, leads, stored):
    """各單位 whose deadlines differ are printed by name; read again, they are still 各單位, as long as they differ."""
    if not line.action or not line.action.every or len({target.text for target in leads}) < 2:
        return False
    return stored_cells(line.action, stored).names == tuple(target.name for target in leads)


def stored_cells(action, stored):
    leads = tuple(
        PrintedLead(stored.departments[each.department].name, each.text) for each in action.leads
    )
    return lead_cells(action.every, action.separate, leads) if leads else LeadCells((), ())


def _known(line, heading, names, held, departments, say, places=()):
    """The department of each name, None where there is none that may be used; `places` are those of the names."""
    found = []
    for name, place in zip_longest(names, places):
        department, problem = departments.find(name)
        if department is None:
            say.fail(line, heading, problem.replace("主辦單位", heading, 1), place)
        elif not department.is_active and department.pk not in held:
            say.fail(
                line,
                heading,
                f"單位「{department.name}」已經停用，不能再分辦新的項目；請改成接手的單位。",
                place,
            )
        found.append(department)
    return found


def _once(line, heading, wanted, say):
    """A department named twice is taken once and said; with two different deadlines nobody can tell which holds."""
    targets = {}
    for target in wanted:
        earlier = targets.setdefault(target.department, target)
        if earlier is target:
            continue
        if earlier.text == target.text:
            say.warn(line, heading, f"「{target.name}」寫了兩次，只算一次。")
        else:
            words = f"「{target.name}」寫了兩次，期限卻不同（{earlier.text}、{target.text}），請只留一個。"
            say.fail(line, heading, words)
    return tuple(targets.values())


def _supports(line, leads, held, departments, say):
    """協辦單位 have no deadline of their own in the table: they get the last one of the row."""
    names = line.row.supporting
    if names is None or not leads:
        return None if names is None else ()
    last = max(leads, key=lambda target: target.deadline)
    known = _known(line, SUPPORT, names, held, departments, say)
    found = _once(
        line,
        SUPPORT,
        [Target(each.pk, each.name, last.deadline, last.text) for each in known if each],
        say,
    )
    leading = {target.department for target in leads}
    for target in found:
        if target.department in leading:
            say.fail(line, SUPPORT, f"「{target.name}」已經是主辦單位，不能同時是協辦單位。")
    return found
