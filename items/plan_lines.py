"""The official table: one line for each action; cells span the lines they share, as on paper."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple, Protocol

from items import access
from items.access.prepared import PreparedForPersonAndKeys
from items.lights import ATTENTION, Light
from items.models import (
    EVERY_DEPARTMENT,
    Action,
    Assignment,
    Method,
    Plan,
    Strategy,
    User,
)
from items.models.earlier_deadlines import EarlierDeadline
from items.models.light_basis import LightBasis
from items.models.prefetched import keep_assignments
from items.models.row_light import light_up
from items.percents import mean_percent

NAMES_SHOWN = 3
"""How many departments a cell names before it counts them: a fourth would make the line higher."""


class LeadName(NamedTuple):
    """One name under 主辦單位; `light` only where it is shown beside the name."""

    name: str
    light: Light | None


class DeadlineWords(NamedTuple):
    """完成期限 as written, and whose it is; `departments` is empty where all have the same."""

    departments: str
    words: str
    earlier: tuple[EarlierDeadline, ...] = ()
    """What an extension has replaced."""


class LineSubject(Protocol):
    """An assignment that light and progress of a line are about: an instance, or plain values."""

    @property
    def severity(self) -> int: ...

    @property
    def actual(self) -> int: ...

    @property
    def planned(self) -> int: ...

    @property
    def light(self) -> Light: ...

    @property
    def counts_in_means(self) -> bool: ...

    @property
    def department_name(self) -> str: ...

    @property
    def reason_for_all(self) -> str: ...

    @property
    def advice_to_own(self) -> str: ...


class LineFigures:
    """Light and progress of a line, by its `subjects`."""

    subjects: Sequence[LineSubject]

    @cached_property
    def light(self) -> str | None:
        """The worst of the subjects' lights; None where nothing is handed out."""
        if not self.subjects:
            return None
        # Severity is annotated by the database, so that sorted lists and this page agree.
        worst = max(self.subjects, key=lambda subject: subject.severity)
        return worst.light

    @property
    def light_reason(self) -> str:
        """Why, in words; with the departments' names where not all of several share the reason."""
        if self.light is None:
            return ""
        return "；".join(reasons(self.subjects, self.light))

    @cached_property
    def counted(self) -> list[LineSubject]:
        """The subjects that the means are made of: those that owe a report, or have sent one."""
        return [subject for subject in self.subjects if subject.counts_in_means]

    @cached_property
    def actual(self) -> int | None:
        """None where nothing was to be reported yet, as `planned`."""
        return mean_percent([subject.actual for subject in self.counted])

    @cached_property
    def planned(self) -> int | None:
        return mean_percent([subject.planned for subject in self.counted])

    @property
    def progress_words(self) -> str:
        """「實際 60%／預定 89%，主辦單位平均」; empty where there is no progress yet."""
        if not self.counted:
            return ""
        words = f"實際 {self.actual}%／預定 {self.planned}%"
        if len(self.counted) > 1:
            words += "，主辦單位平均"
        return words


@dataclass(frozen=True)
class PlanLine(LineFigures):
    """One action as a line of a table.

    `subjects` are the assignments that light and progress are about, annotated by `with_light`.
    """

    action: Action
    subjects: list[Assignment]

    @property
    def plan(self) -> Plan:
        return self.action.plan

    @property
    def method(self) -> Method:
        return self.action.plan.method

    @property
    def strategy(self) -> Strategy:
        return self.action.plan.method.strategy

    @cached_property
    def action_leads(self) -> list[Assignment]:
        """The assignments under 主辦單位, also where the light of the line is about others."""
        return self.action.leads()

    @cached_property
    def leads(self) -> list[LeadName]:
        """主辦單位; below 各單位 stand those that ask for attention."""
        leads = self.action_leads
        if self.action.every_department:
            names = [LeadName(EVERY_DEPARTMENT, None)]
            for lead in leads:
                if lead.light in ATTENTION:
                    names.append(LeadName(lead.department.name, lead.light))
            return names
        if len(leads) == 1:
            # A single lead's light is the line's, which stands in a column of its own.
            return [LeadName(leads[0].department.name, None)]
        return [LeadName(lead.department.name, lead.light) for lead in leads]

    @property
    def deadlines(self) -> list[DeadlineWords]:
        """One deadline, or one for each department (or several together) where they differ."""
        # The document's own list is not shown where all its deadlines are the same.
        texts = self.action.deadline_lines_of(self.action_leads)
        earlier = self._earlier_by_text()
        if len(set(texts)) < 2:
            return [DeadlineWords("", text, earlier.get(text, ())) for text in texts[:1]]
        names_by_text: dict[str, list[str]] = {}
        for lead in self.action_leads:
            names_by_text.setdefault(lead.deadline_text, []).append(lead.department.name)
        few = []
        many = []
        for text, names in names_by_text.items():
            before = earlier.get(text, ())
            if len(names) <= NAMES_SHOWN:
                few.append(DeadlineWords("、".join(names), text, before))
            else:
                many.append(DeadlineWords(f"其餘 {len(names)} 個單位", text, before))
        # 其餘 means the ones that were not named before it.
        return few + many

    def _earlier_by_text(self) -> dict[str, tuple[EarlierDeadline, ...]]:
        """{deadline as written: those before it}, each wording once."""
        earlier: dict[str, tuple[EarlierDeadline, ...]] = {}
        for lead in self.action_leads:
            if lead.earlier is None:
                continue
            of_text = earlier.get(lead.deadline_text, ())
            wordings = [deadline.words for deadline in of_text]
            # Departments that were extended together had the same deadline before.
            if lead.earlier.words not in wordings:
                earlier[lead.deadline_text] = (*of_text, lead.earlier)
        return earlier


def reasons(assignments: Sequence[LineSubject], light: str) -> list[str]:
    """「資訊室落後 14 個百分點」: a sentence for each reason why departments show this light."""
    names_by_reason: dict[str, list[str]] = {}
    advice_by_reason: dict[str, str] = {}
    for assignment in assignments:
        reason = assignment.reason_for_all
        if assignment.light != light or not reason:
            continue
        names_by_reason.setdefault(reason, []).append(assignment.department_name)
        # Said once, behind the departments: it is for those of them that the reader belongs to.
        if assignment.advice_to_own:
            advice_by_reason[reason] = assignment.advice_to_own
    sentences = []
    for reason, names in names_by_reason.items():
        subject = _names_in_short(names, len(assignments))
        advice = advice_by_reason.get(reason, "")
        sentences.append(f"{subject}{reason}{advice}")
    return sentences


def _names_in_short(names: Sequence[str], all_departments: int) -> str:
    """The departments that a reason is about: nobody is named where it is all of them."""
    if len(names) == all_departments:
        return ""
    if len(names) <= NAMES_SHOWN:
        return "、".join(names)
    return f"{names[0]}等 {len(names)} 個單位"


def cell_spans(keys: Iterable[Hashable]) -> list[int]:
    """How far the cell of each line reaches down: [3, 0, 0, 1] for the keys a a a b."""
    spans = []
    for _, equal_keys in groupby(keys):
        length = len(list(equal_keys))
        spans.append(length)
        spans.extend([0] * (length - 1))
    return spans


_ACTIONS = PreparedForPersonAndKeys(
    lambda user, keys: access.visible_actions(user).filter(pk__in=keys).with_path().order_by()
)
_ASSIGNMENTS = PreparedForPersonAndKeys(
    lambda user, keys: (
        access.visible_assignments(user)
        .filter(action__in=keys)
        .select_related("department")
        .order_by("kind", "position", "id")
    )
)


def actions_for_lines(user: User, keys: Sequence[int], basis: LightBasis) -> list[Action]:
    """The actions in the order of their keys, with all that a line shows, in two queries."""
    action_of = {action.pk: action for action in _ACTIONS(user, keys)}
    assignments = _ASSIGNMENTS(user, keys)
    shown = keep_assignments(action_of, assignments)
    light_up(shown, basis)
    # The database returns them in its own order.
    return [action_of[key] for key in keys]
