"""One assignment in one period, as a plain row: what tables of a period are made from.

It is made from the plan as it is now (`workflow/period_lines.py`), or read from what was kept when
the period was closed (`KeptLine`). Tables need not know which: both look the same.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from items.day_words import moment_words
from items.lights import Light
from items.models.actions import GONE_INTO_OTHERS
from items.models.assignment_queries import AssignmentKind
from items.models.deputies import acting_words
from items.models.filing_states import MISSING
from items.models.progress import ReportState, WorkStatus
from items.roc import format_roc


@dataclass(frozen=True)
class PeriodLine:
    """分辦 in a 填報期, in the words of that time.

    `report` has the fields of the report by name, None unless it was submitted: a draft belongs to
    its department alone. `planned` is the percent that the report was held against; without a
    report it is that of the day. For a day on which the period was still open, `light` is empty and
    `planned` may be None.
    """

    assignment_key: int
    action_key: int
    department_key: int
    report_key: int | None
    strategy_key: int
    method_key: int
    plan_key: int
    code: str
    strategy_number: int
    strategy: str
    method: str
    plan: str
    action: str
    expected_benefit: str
    separate_deadlines: bool
    control_status: str
    department: str
    kind: str
    deadline: str
    """As ISO writes it, since the row is kept as JSON; `deadline_day` is the day."""
    deadline_text: str
    contact: str
    is_expected: bool
    state: str
    planned: int | None
    light: str
    light_reason: str
    report: dict[str, Any] | None
    evidence: list[dict[str, Any]]
    """佐證資料 of the report, as `Evidence.as_kept` says it; only of what is kept at closing."""
    official_text: str = ""
    """彙整文字 of the item for the period; empty where nobody composed one."""
    earlier_deadline: str = ""
    """原期限 as written, which an approved 展延 had replaced by then; empty where none had."""

    @classmethod
    def read(cls, content: str) -> PeriodLine:
        """The line that `written` has written."""
        return cls(**json.loads(content))

    def written(self) -> str:
        """As JSON in one spelling, so that the same line is always the same text."""
        values = dict(vars(self))
        if not self.earlier_deadline:
            # Lines kept before there were applications have no such field. Left out where it is
            # empty, the same line is still the same text, and the digests of closings hold.
            del values["earlier_deadline"]
        return _ENCODER.encode(values)

    @property
    def deadline_day(self) -> date:
        return date.fromisoformat(self.deadline)

    @property
    def is_lead(self) -> bool:
        return self.kind == AssignmentKind.LEAD

    @property
    def is_counted(self) -> bool:
        """Whether a table counts the line.

        An item that has gone into others is counted with those. What it had reported before counts
        all the same, since it was reported.
        """
        return self.report is not None or self.control_status not in GONE_INTO_OTHERS

    @property
    def light_label(self) -> str:
        if not self.light:
            return ""
        return str(Light(self.light).label)

    @property
    def percent(self) -> int | None:
        if self.report is None:
            return None
        percent: int = self.report["percent"]
        return percent

    @property
    def public_state_words(self) -> str:
        """填報狀態 for every reader: that there is a draft is known to its department alone."""
        if self.report is None:
            return "未填報"
        if self.state == ReportState.ACCEPTED:
            return str(ReportState.ACCEPTED.label)
        return str(ReportState(self.state).label)

    @property
    def public_state(self) -> str:
        """The state as a badge shows it to every reader."""
        if self.report is None:
            return MISSING
        return self.state

    @property
    def deadline_words(self) -> str:
        """「115年12月（115年12月31日）」, the day left out where the words are the day."""
        day = format_roc(self.deadline_day)
        words = day
        if day != self.deadline_text:
            words = f"{self.deadline_text}（{day}）"
        if self.earlier_deadline:
            words = f"{words}（原 {self.earlier_deadline}）"
        return words

    @property
    def work_status_words(self) -> str:
        return str(dict(WorkStatus.choices).get(self.report_text("work_status"), ""))

    @property
    def written_words(self) -> str:
        """「王美玲 115年11月22日 10:00」, both names of a deputy's; empty where nothing was submitted."""
        if self.report is None:
            return ""
        moment = self.report["updated_at"]
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
        # Lines that were kept before there was 代理 have no such field.
        writer = acting_words(self.report["written_by"], self.report.get("written_for"))
        return f"{writer} {moment_words(moment)}"

    def report_text(self, name: str) -> str:
        """A text of the report; empty where nothing was submitted, or had no such field then."""
        if self.report is None:
            return ""
        return str(self.report.get(name) or "")


_ENCODER = DjangoJSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class DepartmentStates:
    """How many expected lines of one department are in which 填報狀態; MISSING for 未填."""

    key: int
    name: str
    states: dict[str, int]


@dataclass(frozen=True)
class ClosingCounts:
    """The counts of a state, for pages that show several periods."""

    departments: list[DepartmentStates]
    lights: dict[str, int]
    sent: int

    @classmethod
    def read(cls, text: str) -> ClosingCounts:
        """The counts that `written` has written."""
        values = json.loads(text)
        departments = [DepartmentStates(**entry) for entry in values["departments"]]
        return cls(departments, values["lights"], values["sent"])

    def written(self) -> str:
        values = vars(self) | {"departments": [vars(entry) for entry in self.departments]}
        return _ENCODER.encode(values)


class LineCounter:
    """Counts lines one after the other, in the order of the plan."""

    def __init__(self) -> None:
        self.number = 0
        self._sent = 0
        self._lights: dict[str, int] = {}
        self._departments: dict[int, DepartmentStates] = {}

    def add(self, line: PeriodLine) -> None:
        self.number += 1
        if line.report is not None:
            self._sent += 1
        _count_one(self._lights, line.light)
        # What was released owes no report, and is no missing one of its department.
        if not line.is_expected:
            return
        department = self._departments.get(line.department_key)
        if department is None:
            department = DepartmentStates(line.department_key, line.department, {})
            self._departments[line.department_key] = department
        _count_one(department.states, line.state)

    def counts(self) -> ClosingCounts:
        # By key: the same lines give the same text, whichever department comes first.
        departments = sorted(self._departments.values(), key=lambda one: one.key)
        return ClosingCounts(departments, self._lights, self._sent)


def _count_one(numbers: dict[str, int], name: str) -> None:
    numbers[name] = numbers.get(name, 0) + 1
