"""當天的填報: what the office had reported on a day, for people who ask afterwards.

For a period that was closed by then it is what was kept at the closing. For a period that was being
filled in it is what each report said at its last step up to that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from items import access
from items.lights import Light
from items.models import (
    SUBMITTED,
    Change,
    KeptLine,
    Period,
    PeriodClosing,
    Programme,
    ReportState,
    ReportStep,
    StepKind,
    User,
)
from items.models.filing_states import MISSING
from items.models.history_words import label_of
from items.models.period_line import ClosingCounts, LineCounter, PeriodLine
from items.models.taken_steps import ACTORS
from items.workflow.period_lines import period_lines
from items.worklists.period_on_day import PeriodOnDay


@dataclass(frozen=True)
class LightNumber:
    """How many lines have one light."""

    light: Light
    number: int


@dataclass(frozen=True)
class StateOnDay:
    """Everything that was reported for one period by a day."""

    on_day: PeriodOnDay
    counts: ClosingCounts
    kept: QuerySet[Any] | None
    """The kept lines, of a closed period."""
    lines: Sequence[PeriodLine]
    """The lines of a period that was being filled in, of which nothing is kept."""

    @property
    def number_expected(self) -> int:
        return sum(sum(one.states.values()) for one in self.counts.departments)

    @property
    def number_accepted(self) -> int:
        return sum(one.states.get(ReportState.ACCEPTED, 0) for one in self.counts.departments)

    @property
    def counted_words(self) -> str:
        """「應填 52 件，已送出 50 件，其中備查 48 件」"""
        return (
            f"應填 {self.number_expected:,} 件，已送出 {self.counts.sent:,} 件，"
            f"其中備查 {self.number_accepted:,} 件"
        )

    @property
    def progress_words(self) -> str:
        """「平均預定 75%、實際 68%」; empty where nothing was kept of it."""
        closing = self.on_day.closing
        if closing is None or closing.planned is None:
            return ""
        if closing.actual is None:
            return f"平均預定 {closing.planned}%"
        return f"平均預定 {closing.planned}%、實際 {closing.actual}%"

    @property
    def lights(self) -> list[LightNumber]:
        """The worst first; empty of a day on which no light was kept."""
        numbers = []
        for light in Light:
            number = self.counts.lights.get(light.value, 0)
            if number:
                numbers.append(LightNumber(light, number))
        return numbers

    @cached_property
    def departments(self) -> list[tuple[str, str]]:
        """(key, name as it was then) of the departments, for a choice."""
        return [(str(one.key), one.name) for one in self.counts.departments]

    def limited(
        self, *, department: str, code: str, is_changed: bool = False
    ) -> QuerySet[Any] | list[PeriodLine]:
        """The lines of a department, of a code, or all: kept ones, or plain ones.

        With `is_changed`, those that the closing before had otherwise or had not.
        """
        if self.kept is not None:
            return self._limited_kept(
                self.kept, department=department, code=code, is_changed=is_changed
            )
        lines = []
        for line in self.lines:
            is_of_department = not department or str(line.department_key) == department
            if is_of_department and code in ("", line.code):
                lines.append(line)
        return lines

    def _limited_kept(
        self, lines: QuerySet[Any], *, department: str, code: str, is_changed: bool
    ) -> QuerySet[Any]:
        before = self.on_day.closing_before
        if is_changed and before is not None:
            # Lines are kept as canonical JSON (sorted keys, no spaces): the same content is the
            # same text, so that the database can compare it.
            same = KeptLine.objects.filter(
                closing=before,
                assignment_key=OuterRef("assignment_key"),
                content=OuterRef("content"),
            )
            lines = lines.filter(~Exists(same))
        if department:
            lines = lines.filter(department_key=int(department))
        if code:
            # As the JSON of the line spells it. A code has only figures and a hyphen: nothing
            # that JSON would escape, or LIKE take for a wildcard.
            lines = lines.filter(content__contains=f'"code":"{code}"')
        return lines


def state_on(user: User, on_day: PeriodOnDay) -> StateOnDay:
    """What was reported for a period by the day."""
    if on_day.closing is not None:
        counts = ClosingCounts.read(on_day.closing.counts)
        return StateOnDay(on_day, counts, on_day.closing.lines.order_by("place"), [])
    lines = _lines_while_open(user, on_day)
    counter = LineCounter()
    for line in lines:
        counter.add(line)
    return StateOnDay(on_day, counter.counts(), None, lines)


LIGHT_RULES = ("behind_threshold", "soon_days")
"""What a year says of its lights: another 門檻 gives another light to the same report."""


def rules_changed_words(programme: Programme, closing: PeriodClosing, before: PeriodClosing) -> str:
    """「兩次關閉之間改過…：10 → 15；…」; empty where the lights were told by the same rules."""
    first = _entry_of(before)
    last = _entry_of(closing)
    if first is None or last is None:
        return ""
    changes = Change.objects.filter(
        model=programme._meta.model_name, object_id=programme.pk, pk__gt=first, pk__lt=last
    )
    value_before: dict[str, Any] = {}
    value_now: dict[str, Any] = {}
    for entry in changes.order_by("pk"):
        for name in LIGHT_RULES:
            if name not in entry.fields:
                continue
            old, new = entry.fields[name]
            # Of several changes the first says what it was, and the last what it is.
            value_before.setdefault(name, old)
            value_now[name] = new
    changed_rules = []
    for name, old in value_before.items():
        new = value_now[name]
        # Changed and changed back again, it made no difference to a light.
        if new != old:
            changed_rules.append(f"{label_of(Programme, name)} {old} → {new}")
    if not changed_rules:
        return ""
    rules = "、".join(changed_rules)
    return f"兩次關閉之間改過{rules}：同一份填報的燈號可能只因此不同。"


def _entry_of(closing: PeriodClosing) -> int | None:
    """The key of the entry that the closing wrote: a clock may be set back, keys only grow."""
    entries = Change.objects.filter(
        model=Period._meta.model_name, object_id=closing.period_id, at=closing.closed_at
    )
    return entries.order_by("-pk").values_list("pk", flat=True).first()


@dataclass(frozen=True)
class ShownLine:
    """A line, and the same as the closing before had it, where both are asked for.

    `before` has one line or none: a loop of its own prints the text of all departments anew.
    """

    line: PeriodLine
    before: tuple[PeriodLine, ...] = ()


def shown_lines(page: Sequence[Any], before: PeriodClosing | None = None) -> list[ShownLine]:
    """The lines of a page of `StateOnDay.limited`; one query for what was `before`."""
    lines: list[PeriodLine] = []
    for row in page:
        if isinstance(row, KeptLine):
            lines.append(row.line)
        else:
            lines.append(row)
    lines_before: dict[int, tuple[PeriodLine, ...]] = {}
    if before is not None:
        keys = [line.assignment_key for line in lines]
        for kept in before.lines.filter(assignment_key__in=keys):
            lines_before[kept.assignment_key] = (kept.line,)
    shown = []
    for line in lines:
        line_before = lines_before.get(line.assignment_key, ())
        shown.append(ShownLine(line, line_before))
    return shown


def _lines_while_open(user: User, on_day: PeriodOnDay) -> list[PeriodLine]:
    """Each line with what its report said at its last step by the end of the day."""
    if on_day.next_closing is not None:
        base = [kept.line for kept in on_day.next_closing.lines.order_by("place").iterator()]
    else:
        # What was handed out later did not exist on that day.
        there = Q(handed_out_on__isnull=True) | Q(handed_out_on__lte=on_day.day)
        assignments = access.visible_assignments(user).filter(there)
        reports = access.readable_reports(user)
        base = list(
            period_lines(on_day.period, on_day.day, assignments=assignments, reports=reports)
        )
    said = _said_by(on_day.period, on_day.day)
    lines = []
    for line in base:
        lines.append(_line_on_day(line, said.get(line.assignment_key)))
    return lines


@dataclass
class SaidOnDay:
    """The last step of a report by a day, and who had sent it when."""

    step: ReportStep
    sent_by: str = ""
    sent_at: datetime | None = None


def _said_by(period: Period, day: date) -> dict[int, SaidOnDay]:
    """{key of the assignment: what its report said at the end of the day}"""
    next_day = day + timedelta(days=1)
    end_of_day = timezone.make_aware(datetime.combine(next_day, datetime.min.time()))
    by_then = ReportStep.objects.filter(report__period=period, at__lt=end_of_day)
    steps = by_then.select_related(*ACTORS, "report")
    said: dict[int, SaidOnDay] = {}
    # By their numbers and not by their times: a clock may have been set back.
    for step in steps.order_by("number"):
        key = step.report.assignment_id
        if key not in said:
            said[key] = SaidOnDay(step)
        of_assignment = said[key]
        of_assignment.step = step
        # Later steps such as 備查 do not change who had sent it.
        if step.kind == StepKind.SUBMIT:
            of_assignment.sent_by = step.by_words
            of_assignment.sent_at = step.at
    return said


def _line_on_day(line: PeriodLine, said: SaidOnDay | None) -> PeriodLine:
    """The line as it was on the day, without its light and without 彙整文字.

    No light was kept for that day, and the text may have been composed after it.
    """
    line = replace(line, official_text="")
    if said is None or said.step.to_state not in SUBMITTED:
        # A draft of that day, or none: neither was reported.
        return replace(line, state=MISSING, light="", light_reason="", report=None, evidence=[])
    report = said.step.content | {"written_by": said.sent_by, "updated_at": said.sent_at}
    return replace(
        line,
        state=said.step.to_state,
        planned=said.step.planned_percent,
        light="",
        light_reason="",
        report=report,
        evidence=said.step.evidence,
    )
