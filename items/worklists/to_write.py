"""我的填報: what a department still has to write, and what became of what it sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.db.models import Q

from items import access
from items.day_words import days_left, moment_words
from items.lights import Light
from items.models import (
    EDITABLE,
    Assignment,
    Period,
    ProgressReport,
    ReportState,
    ReportStep,
    User,
    current_first,
)
from items.models.assignments import AssignmentQuerySet
from items.models.light_basis import LightBasis
from items.worklists.report_steps import return_sentence, steps_since_sent, way_words

WINDOW = 200
"""How many items of one kind a page lists."""


class WorkStage(Enum):
    """What is to be done with an assignment in an open period."""

    RETURNED = "returned"
    TO_WRITE = "to_write"
    SUBMITTED = "submitted"
    FINISHED = "finished"


@dataclass(frozen=True)
class WorkItem:
    """One assignment of the reader's departments, with its report of the period if there is one."""

    assignment: Assignment
    report: ProgressReport | None
    reader: User

    @property
    def is_mine(self) -> bool:
        """Whether the reader is its 承辦人."""
        return self.assignment.contact_id == self.reader.pk

    @property
    def contact_words(self) -> str:
        """「承辦人 王美玲」, empty where nobody is named or it is the reader."""
        if self.is_mine or not self.assignment.contact_words:
            return ""
        return f"承辦人 {self.assignment.contact_words}"

    @property
    def stage(self) -> WorkStage:
        if self.report is None:
            if self.assignment.finished_before:
                return WorkStage.FINISHED
            return WorkStage.TO_WRITE
        if self.report.is_submitted:
            return WorkStage.SUBMITTED
        # Before the drafts, and with its reason: the department has to do it again.
        if self.report.state == ReportState.RETURNED:
            return WorkStage.RETURNED
        return WorkStage.TO_WRITE

    @property
    def steps(self) -> list[ReportStep]:
        """The way of the report since it was last sent."""
        return steps_since_sent(self.report) if self.report else []

    @property
    def way_words(self) -> str:
        if self.report is None:
            return ""
        return way_words(self.steps, self.report.period)

    @property
    def returned_words(self) -> str:
        """Who returned the report, when and why."""
        if self.report is None:
            return ""
        return return_sentence(list(self.report.steps.all()), self.report.period)

    @property
    def progress_words(self) -> str:
        """「上次 88%，與預定相符；王美玲的草稿，115年11月22日 10:00」"""
        assignment = self.assignment
        if not assignment.reported_until:
            words = "還沒有填報過"
        # Behind by less than the threshold lights nothing, but is not called "as planned" either.
        elif assignment.behind_by <= 0:
            words = f"上次 {assignment.actual}%，與預定相符"
        else:
            words = f"上次 {assignment.actual}%"
        if self.report:
            # Several people write for a department: nobody should write over a colleague unawares.
            words += f"；{draft_words(self.report)}"
        return words

    @property
    def button_words(self) -> str:
        return "繼續填" if self.report else "填報"


@dataclass(frozen=True)
class SharedOut:
    """What is to be written, the reader's own before that of others in the department.

    Where no 承辦人 is named anywhere, all of it is `own`, as one list.
    """

    own: list[WorkItem]
    others: list[WorkItem]

    @property
    def without_contact(self) -> int:
        """How many of the others are nobody's in particular."""
        number = 0
        for item in self.others:
            if item.assignment.named_contact is None:
                number += 1
        return number

    @property
    def others_are_open(self) -> bool:
        """Whether the others are shown at once: where the reader has none, or nobody is named."""
        return not self.own or self.without_contact > 0

    @property
    def others_words(self) -> str:
        """「本單位其他 2 件，其中 1 件沒有承辦人」"""
        words = f"本單位其他 {len(self.others)} 件"
        if self.without_contact == len(self.others):
            words += "，沒有承辦人"
        elif self.without_contact:
            words += f"，其中 {self.without_contact} 件沒有承辦人"
        return words


@dataclass(frozen=True)
class PeriodWork:
    """Everything of one open period, sorted by what is to be done with it."""

    period: Period
    today: date
    returned: list[WorkItem]
    to_write: list[WorkItem]
    submitted: list[WorkItem]
    finished: list[WorkItem]

    @property
    def is_divided(self) -> bool:
        """Whether a 承辦人 is named for anything that is to be done."""
        items = self.returned + self.to_write
        return any(item.assignment.named_contact is not None for item in items)

    @property
    def division_words(self) -> str:
        """「我的 4 件，本單位其他 2 件」; empty where no 承辦人 is named."""
        if not self.is_divided:
            return ""
        mine = 0
        for item in self.returned + self.to_write:
            if item.is_mine:
                mine += 1
        others = self.number_to_do - mine
        if not others:
            return f"都是我的，{mine} 件"
        return f"我的 {mine} 件，本單位其他 {others} 件"

    @property
    def shared_out(self) -> SharedOut:
        """What the page lists of `to_write`, by whose it is."""
        if not self.is_divided:
            return SharedOut(own=self.to_write_shown, others=[])
        own = []
        others = []
        for item in self.to_write_shown:
            if item.is_mine:
                own.append(item)
            else:
                others.append(item)
        return SharedOut(own, others)

    @property
    def number_to_do(self) -> int:
        return len(self.returned) + len(self.to_write)

    @property
    def heading(self) -> str:
        """「第4季待填 3 件，剩 9 天」, 「第4季都已送出」 or 「第4季沒有要填的項目」."""
        name = self.period.name
        if self.period.is_reopened:
            name = f"{name}（重新開放）"
        if not self.number_to_do and not self.submitted:
            return f"{name}沒有要填的項目"
        if not self.number_to_do:
            return f"{name}都已送出"
        when = days_left(self.period.due_on, self.today)
        return f"{name}待填 {self.number_to_do} 件，{when}"

    @property
    def submitted_words(self) -> str:
        """「已送出 8 件，其中備查 5 件」"""
        words = f"已送出 {len(self.submitted)} 件"
        if self.submitted:
            words += f"，其中備查 {self._number_accepted()} 件"
        return words

    def _number_accepted(self) -> int:
        accepted = 0
        for item in self.submitted:
            if item.report and item.report.state == ReportState.ACCEPTED:
                accepted += 1
        return accepted

    # A page lists the first ones of each kind: sending those of `to_write` brings up the next.

    @property
    def to_write_shown(self) -> list[WorkItem]:
        return self.to_write[:WINDOW]

    @property
    def is_cut(self) -> bool:
        return len(self.to_write) > WINDOW

    @property
    def submitted_shown(self) -> list[WorkItem]:
        return self.submitted[:WINDOW]

    @property
    def finished_shown(self) -> list[WorkItem]:
        return self.finished[:WINDOW]


@dataclass(frozen=True)
class OpenWork:
    """The work of all open periods: the current one first, then the newest of the others."""

    works: list[PeriodWork]

    @property
    def number_to_do(self) -> int:
        return sum(work.number_to_do for work in self.works)

    @property
    def has_several_periods(self) -> bool:
        return len(self.works) > 1

    @property
    def heading(self) -> str:
        """「待填 5 件：第4季 4 件、第1季 1 件」, where several periods are open."""
        if not self.number_to_do:
            names = "、".join(work.period.name for work in self.works)
            if not any(work.submitted for work in self.works):
                return f"{names}沒有要填的項目"
            return f"{names}都已送出"
        parts = []
        for work in self.works:
            if work.number_to_do:
                parts.append(f"{work.period.name} {work.number_to_do} 件")
        return f"待填 {self.number_to_do} 件：{'、'.join(parts)}"


def open_work_of(user: User, periods: Sequence[Period], today: date) -> OpenWork:
    """The reader's work of these open periods, in three queries for each."""
    works = [work_of(user, period, today) for period in current_first(periods, today)]
    return OpenWork(works)


def work_of(user: User, period: Period, today: date) -> PeriodWork:
    """The reader's work of one period, in three queries."""
    reports = _reports_by_assignment(user, period)
    items: dict[WorkStage, list[WorkItem]] = {stage: [] for stage in WorkStage}
    for assignment in assignments_to_report(user, period, today):
        item = WorkItem(assignment, reports.get(assignment.pk), reader=user)
        items[item.stage].append(item)
    items[WorkStage.RETURNED].sort(key=lambda item: not item.is_mine)
    items[WorkStage.TO_WRITE].sort(key=lambda item: order_of_work(item.assignment, user))
    return PeriodWork(
        period=period,
        today=today,
        returned=items[WorkStage.RETURNED],
        to_write=items[WorkStage.TO_WRITE],
        submitted=items[WorkStage.SUBMITTED],
        finished=items[WorkStage.FINISHED],
    )


def _reports_by_assignment(user: User, period: Period) -> dict[int, ProgressReport]:
    """{key of the assignment: the report of the period}, of the reader's departments."""
    reports = (
        access.visible_reports(user)
        .filter(period=period, assignment__department__in=access.departments_of(user))
        .select_related("period", "written_by")
        .prefetch_related("steps__by")
    )
    return {report.assignment_id: report for report in reports}


def assignments_to_report(user: User, period: Period, today: date) -> AssignmentQuerySet:
    """What the reader's departments report on, in official order, with their report state."""
    return (
        access.visible_assignments(user)
        .filter(Q(reportable=True))
        .for_programme(period.programme)
        .with_light(LightBasis.of(period.programme, today))
        .finished_before(period)
        .with_report(period)
        .of_period(period)
        .with_contact()
        .with_path()
        .in_order()
    )


def order_of_work(assignment: Assignment, user: User) -> tuple[bool, bool, bool, date]:
    """The key to sort by: the reader's own first, and of these the most urgent."""
    is_mine = assignment.contact_id == user.pk
    return (not is_mine, *urgency(assignment))


def urgency(assignment: Assignment) -> tuple[bool, bool, date]:
    """The key to sort by: what was returned, then what is late or behind, then by deadline."""
    is_returned = assignment.report_state == ReportState.RETURNED
    is_late = assignment.light in (Light.OVER, Light.BEHIND)
    return (not is_returned, not is_late, assignment.deadline)


def waiting_for(user: User, period: Period, today: date) -> list[Assignment]:
    """What still has to be written or sent, the most urgent first."""
    assignments = assignments_to_report(user, period, today)
    waiting = [assignment for assignment in assignments if is_waiting(assignment)]
    # Stable: what is equally urgent stays in official order.
    return sorted(waiting, key=lambda assignment: order_of_work(assignment, user))


def first_to_write(user: User, period: Period, today: date) -> Assignment | None:
    """The most urgent assignment that is left; None when everything is sent."""
    waiting = waiting_for(user, period, today)
    return waiting[0] if waiting else None


def next_to_write(user: User, period: Period, today: date, after: Assignment) -> Assignment | None:
    """The next assignment to write without sending this one; None where no other is left.

    Looks from `after` to the end of the list, and then from its beginning.
    """
    waiting = waiting_for(user, period, today)
    keys = [assignment.pk for assignment in waiting]
    others = waiting
    if after.pk in keys:
        place = keys.index(after.pk)
        others = waiting[place + 1 :] + waiting[:place]
    return others[0] if others else None


def draft_words(report: ProgressReport) -> str:
    """「王美玲的草稿，115年11月22日 10:00」"""
    return f"{report.written_by}的草稿，{moment_words(report.updated_at)}"


def is_waiting(assignment: Assignment) -> bool:
    """Whether a row of `assignments_to_report` still has to be written or sent."""
    # Only where nothing was begun: a report that was returned is owed, whatever was said before.
    if assignment.report_state is None:
        return not assignment.finished_before
    return assignment.report_state in EDITABLE
