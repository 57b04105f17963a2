"""The departments and deadlines of one row: who shall have the item, and until when."""

from datetime import date
from typing import NamedTuple

from items.exchange.columns import DEADLINE, LEAD, SUPPORT, LeadCells, lead_cells
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
        return lead_cells(self.every, self.separate, [(target.name, target.text) for target in self.leads])


NOTHING = Targets(False, False, (), None)


def targets_of(line, stored, departments, say):
    """Resolve a line's departments against the known ones; what cannot be resolved fails the line."""
    row = line.row
    if not row.departments or not row.deadlines:
        return NOTHING
    held = _held(line, stored)
    if departments.is_every(row.departments):
        leads = _every(line, departments, say)
        return Targets(True, False, leads, _supports(line, leads, held, departments, say))
    deadlines = row.deadlines
    if len(deadlines) not in (1, len(row.departments)):
        words = f"有 {len(deadlines)} 個完成期限、{len(row.departments)} 個主辦單位；請寫一個共同的期限，或每個單位各寫一個。"
        say.fail(line, DEADLINE, words)
        return NOTHING
    found = _known(line, LEAD, row.departments, held, departments, say)
    pairs = zip(found, deadlines if len(deadlines) > 1 else deadlines * len(found), strict=True)
    leads = _once(line, LEAD, [(department, when) for department, when in pairs if department], say)
    every = _is_still_every(line, leads, stored)
    return Targets(every, len(deadlines) > 1, leads, _supports(line, leads, held, departments, say))


def _held(line, stored):
    action = line.action
    return {each.department for each in (*action.leads, *action.supports)} if action else set()


def _every(line, departments, say):
    row = line.row
    if len(row.departments) > 1:
        say.fail(line, LEAD, f"「{EVERY_DEPARTMENT}」已經包含每一個單位，請不要同時再寫其他單位。")
    if len(row.deadlines) > 1:
        say.fail(line, DEADLINE, f"主辦單位是「{EVERY_DEPARTMENT}」時只能寫一個完成期限；期限不同時請逐一寫出單位。")
    when = row.deadlines[0]
    return tuple(Target(each.pk, each.name, when.day, when.text) for each in departments.active)


def _is_still_every(line, leads, stored):
    """各單位 whose deadlines differ are printed by name; read again, they are still 各單位."""
    if not line.action or not line.action.every:
        return False
    old = stored_cells(line.action, stored)
    return old.names != (EVERY_DEPARTMENT,) and old.names == tuple(target.name for target in leads)


def stored_cells(action, stored):
    leads = [(stored.departments[each.department].name, each.text) for each in action.leads]
    return lead_cells(action.every, action.separate, leads) if leads else LeadCells((), ())


def _known(line, heading, names, held, departments, say):
    """The department of each name, None where there is none that may be used."""
    found = []
    for name in names:
        department, problem = departments.find(name)
        if department is None:
            say.fail(line, heading, problem.replace("主辦單位", heading, 1))
        elif not department.is_active and department.pk not in held:
            say.fail(line, heading, f"單位「{department.name}」已經停用，不能再分辦新的項目；請改成接手的單位。")
        found.append(department)
    return found


def _once(line, heading, pairs, say):
    """A department named twice is taken once and said; with two different deadlines nobody can tell which holds."""
    targets = {}
    for department, when in pairs:
        target = Target(department.pk, department.name, when.day, when.text)
        earlier = targets.setdefault(department.pk, target)
        if earlier is target:
            continue
        if earlier.text == target.text:
            say.warn(line, heading, f"「{department.name}」寫了兩次，只算一次。")
        else:
            words = f"「{department.name}」寫了兩次，期限卻不同（{earlier.text}、{target.text}），請只留一個。"
            say.fail(line, heading, words)
    return tuple(targets.values())


def _supports(line, leads, held, departments, say):
    """協辦單位 have no deadline of their own in the table: they get the last one of the row."""
    names = line.row.supporting
    if names is None or not leads:
        return None if names is None else ()
    last = max(leads, key=lambda target: target.deadline)
    known = _known(line, SUPPORT, names, held, departments, say)
    found = _once(line, SUPPORT, [(department, last) for department in known if department], say)
    leading = {target.department for target in leads}
    for target in found:
        if target.department in leading:
            say.fail(line, SUPPORT, f"「{target.name}」已經是主辦單位，不能同時是協辦單位。")
    return found
