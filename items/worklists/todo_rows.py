"""The rows of 我的填報 as templates draw them: plain values, for their HTML is kept."""

from dataclasses import dataclass

from items.worklists.period_work import OpenWork, PeriodWork, WorkItem


@dataclass(frozen=True)
class TodoHead:
    """Which item it is; `department` only where the reader belongs to several."""

    year: int
    code: str
    title: str
    department: str


@dataclass(frozen=True)
class ReturnedRow:
    """A report that was returned, in the period of this number."""

    head: TodoHead
    period: int
    assignment: int
    is_next: bool
    contact_words: str
    returned_words: str
    turn_words: str


@dataclass(frozen=True)
class ToWriteRow:
    """A report that is to be written, in the period of this number."""

    head: TodoHead
    period: int
    assignment: int
    is_next: bool
    light: str
    light_reason: str
    progress_words: str
    returned_words: str
    contact_words: str
    button_words: str


@dataclass(frozen=True)
class SentRow:
    """A report that was sent; `way_words` are empty where it took no step."""

    head: TodoHead
    report: int
    way_words: str
    state_words: str
    turn_words: str


@dataclass(frozen=True)
class TodoPageWork:
    """The work of one period with the rows of its lists."""

    work: PeriodWork
    returned: list[ReturnedRow]
    own: list[ToWriteRow]
    others: list[ToWriteRow]
    submitted: list[SentRow]


@dataclass(frozen=True)
class _Surroundings:
    """What all rows of one period have in common."""

    year: int
    period: int
    next: WorkItem | None
    several_departments: bool


def works_to_draw(
    open_work: OpenWork, year: int, *, several_departments: bool
) -> list[TodoPageWork]:
    works = []
    for work in open_work.works:
        around = _Surroundings(year, work.period.number, work.most_urgent, several_departments)
        shared = work.shared_out
        works.append(
            TodoPageWork(
                work,
                returned=[_returned(item, around) for item in work.returned],
                own=[_to_write(item, around) for item in shared.own],
                others=[_to_write(item, around) for item in shared.others],
                submitted=_submitted(work, around),
            )
        )
    return works


def _head(item: WorkItem, around: _Surroundings) -> TodoHead:
    department = ""
    if around.several_departments:
        department = item.assignment.department.name
    action = item.assignment.action
    return TodoHead(around.year, action.code, title=action.title, department=department)


def _returned(item: WorkItem, around: _Surroundings) -> ReturnedRow:
    return ReturnedRow(
        head=_head(item, around),
        period=around.period,
        assignment=item.assignment.pk,
        is_next=item is around.next,
        contact_words=item.contact_words,
        returned_words=item.returned_words,
        turn_words=item.turn_words,
    )


def _to_write(item: WorkItem, around: _Surroundings) -> ToWriteRow:
    return ToWriteRow(
        head=_head(item, around),
        period=around.period,
        assignment=item.assignment.pk,
        is_next=item is around.next,
        light=item.assignment.light,
        light_reason=item.assignment.light_reason,
        progress_words=item.progress_words,
        returned_words=item.returned_words,
        contact_words=item.contact_words,
        button_words=item.button_words,
    )


def _submitted(work: PeriodWork, around: _Surroundings) -> list[SentRow]:
    rows = []
    for item in work.submitted:
        report = item.report
        # What was sent is a report.
        assert report is not None
        way_words = ""
        if item.steps:
            way_words = item.way_words
        rows.append(
            SentRow(
                head=_head(item, around),
                report=report.pk,
                way_words=way_words,
                state_words=report.state_words,
                turn_words=item.turn_words,
            )
        )
    return rows
