"""我的填報 as values: one assignment to write, all of a period, and all open periods together."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from items.day_words import days_left, moment_words
from items.models import Assignment, Period, ProgressReport, ReportState, ReportStep, User
from items.worklists.report_steps import return_sentence, steps_since_sent, way_words
from items.worklists.whose_turn import Turn, words_of
from items.worklists.work_numbers import TO_DO, WorkNumbers
from items.worklists.writing_order import LATE, WorkStage


@dataclass(frozen=True)
class WorkItem:
    """One assignment of the reader's departments, with its report of the period if there is one."""

    assignment: Assignment
    report: ProgressReport | None
    reader: User
    turn: Turn | None = None
    """Whose turn it is now, of a report that was sent or returned."""

    @property
    def turn_words(self) -> str:
        return words_of(self.turn)

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
        return return_sentence(self.report.steps_at_hand, self.report.period)

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

    Where no 承辦人 is named anywhere, all of it is `own`, as one list. The lists are those that the
    page shows; the numbers count everything.
    """

    own: list[WorkItem]
    others: list[WorkItem]
    number_of_others: int
    without_contact: int
    """How many of the others have no 承辦人."""

    @property
    def others_are_open(self) -> bool:
        """Whether the others are shown at once: where the reader has none, or nobody is named."""
        return not self.own or self.without_contact > 0

    @property
    def others_words(self) -> str:
        """「本單位其他 2 件，其中 1 件沒有承辦人」"""
        words = f"本單位其他 {self.number_of_others:,} 件"
        if self.without_contact == self.number_of_others:
            words += "，沒有承辦人"
        elif self.without_contact:
            words += f"，其中 {self.without_contact:,} 件沒有承辦人"
        return words


@dataclass(frozen=True)
class PeriodWork:
    """Everything of one open period, sorted by what is to be done with it.

    The lists are the first `to_write.WINDOW` of each kind: when some of `to_write` were sent, the
    next ones come up. `numbers` counts everything.
    """

    period: Period
    today: date
    numbers: WorkNumbers
    returned: list[WorkItem]
    to_write: list[WorkItem]
    submitted: list[WorkItem]
    finished: list[WorkItem]

    @property
    def is_divided(self) -> bool:
        """Whether a 承辦人 is named for anything that is to be done."""
        return self.numbers.named(*TO_DO) > 0

    @property
    def division_words(self) -> str:
        """「我的 4 件，本單位其他 2 件」; empty where no 承辦人 is named."""
        if not self.is_divided:
            return ""
        number_of_reader = self.numbers.mine(*TO_DO)
        number_of_others = self.number_to_do - number_of_reader
        if not number_of_others:
            return f"都是我的，{number_of_reader:,} 件"
        return f"我的 {number_of_reader:,} 件，本單位其他 {number_of_others:,} 件"

    @property
    def shared_out(self) -> SharedOut:
        """What the page lists of `to_write`, by whose it is."""
        # An office that names nobody has one list: two headings would look like two kinds of work.
        if not self.is_divided:
            return SharedOut(self.to_write, [], 0, without_contact=0)
        of_reader = []
        of_others = []
        for item in self.to_write:
            if item.is_mine:
                of_reader.append(item)
            else:
                of_others.append(item)
        number_of_reader = self.numbers.mine(WorkStage.TO_WRITE)
        number_named = self.numbers.named(WorkStage.TO_WRITE)
        return SharedOut(
            own=of_reader,
            others=of_others,
            number_of_others=self.number_to_write - number_of_reader,
            # The reader's own items have a 承辦人, the reader: all without one are others.
            without_contact=self.number_to_write - number_named,
        )

    @property
    def most_urgent(self) -> WorkItem | None:
        """The first that `WritingOrder` has of what the page lists; None where all is sent."""
        # `min` keeps the first of equal ones, and both lists end in official order.
        return min([*self.returned, *self.to_write], key=_urgency, default=None)

    @property
    def number_to_do(self) -> int:
        return self.numbers.to_do

    @property
    def number_returned(self) -> int:
        return self.numbers.number(WorkStage.RETURNED)

    @property
    def number_to_write(self) -> int:
        return self.numbers.number(WorkStage.TO_WRITE)

    @property
    def number_submitted(self) -> int:
        return self.numbers.number(WorkStage.SUBMITTED)

    @property
    def number_finished(self) -> int:
        return self.numbers.number(WorkStage.FINISHED)

    @property
    def heading(self) -> str:
        """「第4季待填 3 件，剩 9 天」, 「第4季都已送出」 or 「第4季沒有要填的項目」."""
        name = self.period.name
        # Beside the current quarter an old one would look like a mistake.
        if self.period.is_reopened:
            name = f"{name}（重新開放）"
        if not self.number_to_do:
            if not self.number_submitted:
                return f"{name}沒有要填的項目"
            return f"{name}都已送出"
        when = days_left(self.period.due_on, self.today)
        return f"{name}待填 {self.number_to_do:,} 件，{when}"

    @property
    def submitted_words(self) -> str:
        """「已送出 8 件，其中備查 5 件」"""
        words = f"已送出 {self.number_submitted:,} 件"
        if self.number_submitted:
            words += f"，其中備查 {self.numbers.accepted:,} 件"
        return words

    @property
    def is_cut(self) -> bool:
        return self.number_to_write > len(self.to_write)

    @property
    def returned_is_cut(self) -> bool:
        return self.number_returned > len(self.returned)


class _Urgency(NamedTuple):
    """As `WritingOrder` sorts in the database; the most urgent is the least."""

    is_of_others: bool
    is_new: bool
    """Whether it is to be written for the first time: what was returned comes before."""
    has_time: bool
    deadline: date


def _urgency(item: WorkItem) -> _Urgency:
    assignment = item.assignment
    is_returned = item.report is not None and item.report.state == ReportState.RETURNED
    return _Urgency(
        is_of_others=not item.is_mine,
        is_new=not is_returned,
        has_time=assignment.light not in LATE,
        deadline=assignment.deadline,
    )


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
        """「待填 5 件：第4季 4 件、第1季 1 件」 or 「待填 5 件，都是第4季的」, of several open periods."""
        if not self.number_to_do:
            names = "、".join(work.period.name for work in self.works)
            if not any(work.number_submitted for work in self.works):
                return f"{names}沒有要填的項目"
            return f"{names}都已送出"
        parts = []
        with_work = []
        for work in self.works:
            if work.number_to_do:
                with_work.append(work.period.name)
                parts.append(f"{work.period.name} {work.number_to_do:,} 件")
        if len(with_work) == 1:
            return f"待填 {self.number_to_do:,} 件，都是{with_work[0]}的"
        return f"待填 {self.number_to_do:,} 件：{'、'.join(parts)}"


def draft_words(report: ProgressReport) -> str:
    """「王美玲的草稿，115年11月22日 10:00」"""
    return f"{report.writer_words}的草稿，{moment_words(report.updated_at)}"
