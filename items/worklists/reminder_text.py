"""催辦郵件 in words: the subject with the counts, and a text that says what is missing and where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from items.day_words import days_left, moment_words
from items.models import Department
from items.roc import format_roc
from items.worklists.owed_rows import LINES, unnamed_words
from items.worklists.person_load import Owed
from items.worklists.reminder_run import PlannedMail


@dataclass(frozen=True)
class MailFrame:
    """What all messages of a run have in common."""

    organisation: str
    site: str
    """The address under which people reach the service, without a slash at its end."""
    at: datetime
    departments: Mapping[int, str]
    """{key: name}"""


def departments_by_key() -> dict[int, str]:
    return dict(Department.objects.values_list("pk", "name"))


def subject_of(mail: PlannedMail) -> str:
    """「【計畫管考催辦】待填 3 件，逾期 1 件」: another one every time that the counts change."""
    return f"【計畫管考催辦】{mail.counts_words}"


def body_of(mail: PlannedMail, frame: MailFrame) -> str:
    """Plain text; titles that somebody typed may hold line breaks, which would end a line."""
    lines = [
        f"{mail.person}您好：",
        "",
        f"這是{frame.organisation}計畫管考系統的催辦通知，資料截至 {moment_words(frame.at)}。",
    ]
    if mail.stands_in_for:
        names = "、".join(mail.stands_in_for)
        lines.append(f"其中也有您現在代理的{names}的事項。")
    lines += _section("待填", mail.to_report, mail, frame, page="todo")
    lines += _section("待您核可", mail.to_endorse, mail, frame, page="inbox")
    lines += _section("待辦裁示", mail.to_answer, mail, frame, page="todo")
    lines += _section("單位多次催辦仍未完成", mail.escalated, mail, frame, page="dashboard")
    wishes = f"{frame.site}{reverse('mail_wish')}"
    lines += [
        "",
        "送出或核可之後就不會再催；寄信之後才完成的，請不必理會這封信。",
        f"想少收催辦郵件，請到 {wishes} 設定（逾期的仍會寄）。",
        "這封信由系統寄出，請不要直接回信；有疑問請洽研考。",
    ]
    return "\n".join(lines) + "\n"


def _section(
    heading: str, steps: Sequence[Owed], mail: PlannedMail, frame: MailFrame, *, page: str
) -> list[str]:
    if not steps:
        return []
    lines = ["", f"{heading} {len(steps):,} 件："]
    for step in steps[:LINES]:
        lines.append(f"・{_line(step, mail, frame)}")
    unnamed = len(steps) - LINES
    if unnamed > 0:
        lines.append(f"・{unnamed_words(unnamed)}")
    # One address is enough: the page says what waits in other years.
    lines.append(f"請到 {frame.site}{reverse(page, args=[steps[0].year])}")
    return lines


def _line(step: Owed, mail: PlannedMail, frame: MailFrame) -> str:
    """「115-04 設置休憩區（行政處）：第4季尚未填報，11月16日起；期限 12月1日（剩 9 天）」"""
    department = frame.departments.get(step.department, "")
    item = f"{step.subject_words}（{department}）"
    # Which step is missing, and since when: people complain that they had finished long ago.
    words = f"{item}：{step.what_words}，{format_roc(step.since)}起"
    if step.due_on is None:
        return f"{words}；未定期限"
    due = format_roc(step.due_on)
    left = days_left(step.due_on, mail.today)
    return f"{words}；期限 {due}（{left}）"
