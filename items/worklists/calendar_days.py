"""行事曆: the days that concern one person, as plain data; `calendar_file` writes them as iCalendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from items import access
from items.models import (
    Assignment,
    DirectiveAnswer,
    Meeting,
    Period,
    Programme,
    ProgrammeState,
    User,
    WorkingCalendar,
)


@dataclass(frozen=True)
class CalendarDay:
    """One entry of a whole day; `uid` stays the same when the rest changes."""

    uid: str
    day: date
    summary: str
    description: str
    path: str
    place: str = ""


def calendar_days(user: User) -> list[CalendarDay]:
    """Due days, deadlines and meetings of the running years; seven queries.

    Nothing of drafts, reasons and other departments' instructions: the file lies on telephones.
    """
    running = Programme.objects.filter(state=ProgrammeState.RUNNING)
    days = _due_days(running)
    days += _deadlines(user)
    days += _directives(user)
    days += _meetings(user, running)
    # By the uid as well: entries of one day keep their order from one fetch to the next.
    return sorted(days, key=lambda entry: (entry.day, entry.uid))


def _due_days(running: Iterable[Programme]) -> list[CalendarDay]:
    calendar = WorkingCalendar.load()
    days = []
    periods = Period.objects.filter(programme__in=running).select_related("programme")
    for period in periods:
        year = period.programme.year
        words = period.state_words
        if period.is_open:
            words = f"填報中。{calendar.due_day_words(period.due_on)}"
        summary = f"{period}填報期限"
        if period.opened_at is None:
            summary += "（預定）"
        # 總覽 answers what became of a period in which nobody can write.
        path = reverse("dashboard", args=[year])
        if period.is_open:
            path = reverse("home")
        entry = CalendarDay(
            uid=f"period-{period.pk}",
            day=period.due_on,
            summary=summary,
            description=words,
            path=path,
        )
        days.append(entry)
    return days


def _deadlines(user: User) -> list[CalendarDay]:
    """Deadlines of unfinished items that the person looks after, or that have no 承辦人."""
    # Whoever stands in for somebody has their days too: the other one is away.
    people = [user, *access.principals_of(user)]
    departments = access.departments_of(user)
    shares = Assignment.objects.filter(department__in=departments).still_going_on()
    running = shares.filter(action__plan__method__strategy__programme__state=ProgrammeState.RUNNING)
    # `exclude` keeps those that have not reported yet, whose percent is None.
    unfinished = running.exclude(newest_percent__gte=100)
    days = []
    for share in unfinished.with_path().select_related("contact").in_order():
        # A colleague looks after it: their calendar has the day.
        if share.contact is not None and share.contact not in people:
            continue
        action = share.action
        entry = CalendarDay(
            # By its key: a calendar moves the entry it has when the deadline is put off.
            uid=f"assignment-{share.pk}",
            day=share.deadline,
            summary=f"{action.code} 完成期限：{action.title}",
            description=f"{share.department}，期限寫法「{share.deadline_text}」",
            path=reverse("action", args=[action.programme.year, action.code]),
        )
        days.append(entry)
    return days


def _directives(user: User) -> list[CalendarDay]:
    """主席裁示 that the own departments still have to answer by a day."""
    answers: Iterable[DirectiveAnswer] = (
        access.answers_to_write(user)
        .to_do()
        .filter(directive__due_on__isnull=False)
        .select_related("directive__meeting__programme", "department")
        .order_by("directive__due_on", "pk")
    )
    days = []
    for answer in answers:
        directive = answer.directive
        due_on = directive.due_on
        # The filter above has left these out already.
        if due_on is None:
            continue
        year = directive.meeting.programme.year
        days.append(
            CalendarDay(
                uid=f"directive-answer-{answer.pk}",
                day=due_on,
                summary=f"主席裁示辦理期限：{directive.text}",
                description=f"{directive.meeting.name}，{answer.department}",
                path=reverse("directive_answer", args=[year, answer.pk]),
            )
        )
    return days


def _meetings(user: User, running: Iterable[Programme]) -> list[CalendarDay]:
    meetings: Iterable[Meeting] = (
        access.visible_meetings(user)
        .filter(programme__in=running)
        .select_related("programme")
        .order_by("held_on", "pk")
    )
    days = []
    for meeting in meetings:
        chair = ""
        if meeting.chair:
            chair = f"主席：{meeting.chair}\n"
        days.append(
            CalendarDay(
                uid=f"meeting-{meeting.pk}",
                day=meeting.held_on,
                summary=meeting.name,
                description=f"{chair}{meeting.agenda}",
                path=reverse("meeting", args=[meeting.programme.year, meeting.pk]),
                place=meeting.place,
            )
        )
    return days
