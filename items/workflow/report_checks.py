"""What a report lacks before it can be sent; what one looks at afterwards is `report_flags`."""

from datetime import date

from items.models import Period, ProgressReport, WorkStatus
from items.models.labels import field_label
from items.roc_month import end_of_month
from items.workflow.report_planned import planned_for

NO_PROGRESS = "本期無進度，原因："
"""What a text begins with that says why nothing was done; the reason follows."""


FINISHED_BELOW = "辦理狀態是「已完成」時，實際進度要是 100%。"
NOT_STARTED_AT_100 = "實際進度是 100% 時，辦理狀態不能是「未開始」，請改選「已完成」。"


def mismatch(percent: int | None, work_status: str) -> str:
    """Why percent and 辦理狀態 do not fit each other, as a sentence; empty where they do."""
    if percent is None:
        return ""
    if work_status == WorkStatus.FINISHED and percent != 100:
        return FINISHED_BELOW
    if work_status == WorkStatus.NOT_STARTED and percent == 100:
        return NOT_STARTED_AT_100
    return ""


def missing(report: ProgressReport, today: date, planned: int | None = None) -> dict[str, str]:
    """{field: sentence} of what a report still lacks before it can be submitted.

    A caller that has many reports gives `planned`, and spares a query for each.
    """
    lacking = {}
    if not report.text.strip():
        lacking["text"] = "請寫辦理情形：做了什麼、成果多少、什麼時候。"
    elif _lacks_reason(report.text):
        lacking["text"] = f"請在「{NO_PROGRESS}」後面寫出這一期沒有進度的原因。"
    if report.percent is None:
        lacking["percent"] = "請填實際進度，0 到 100。"
    if not report.work_status:
        lacking["work_status"] = "請選辦理狀態。"
    # The rules below compare the percent with something: without one they have nothing to say.
    if report.percent is None:
        return lacking
    problem = mismatch(report.percent, report.work_status)
    if problem:
        # Beside the field that is probably wrong: 「已完成」 is chosen on purpose, 100 as well.
        field = "work_status"
        if problem == FINISHED_BELOW:
            field = "percent"
        lacking[field] = problem
    if planned is None:
        planned = planned_for(report.assignment, report.period, today)
    if report.catch_up_month and end_of_month(report.catch_up_month) < today:
        label = field_label(ProgressReport, "catch_up_month")
        lacking["catch_up_month"] = f"{label}{report.catch_up_month}已經過了，請改選還沒過的月份。"
    points_behind = planned - report.percent
    if points_behind >= report.period.programme.behind_threshold:
        lacking |= _missing_explanation(report, points_behind)
    return lacking


def _lacks_reason(text: str) -> bool:
    """Whether a text says 本期無進度 and nothing behind it."""
    # A button of the form writes the words as a line of their own, with the cursor behind them.
    lines = [line.strip() for line in text.splitlines()]
    return NO_PROGRESS in lines


def _missing_explanation(report: ProgressReport, points_behind: int) -> dict[str, str]:
    """What a report that is behind has to say besides."""
    lacking = {}
    for field in ("delay_reason", "remedy"):
        words: str = getattr(report, field)
        if not words.strip():
            label = field_label(ProgressReport, field)
            lacking[field] = f"比預定進度落後 {points_behind} 個百分點，請寫{label}。"
    return lacking


def factors_of(period: Period, stored: str = "") -> list[str]:
    """落後因素 to choose from: the list of the year, and what the report has from an older list."""
    factors = period.programme.delay_factor_list
    # Without it the form would show a blank, and saving would lose what somebody has chosen.
    if stored and stored not in factors:
        factors.append(stored)
    return factors


def problem_of_factor(factor: str, period: Period, current: ProgressReport | None) -> str:
    """Why a report cannot have this 落後因素, as a sentence; empty where it can."""
    stored = ""
    if current is not None:
        stored = current.delay_factor
    factors = factors_of(period, stored)
    if not factor or factor in factors:
        return ""
    label = field_label(ProgressReport, "delay_factor")
    # A cell of a 填報表 may hold any text, as long as a book.
    quoted = f"{label}「{factor[:20]}」"
    if not factors:
        year = period.programme.year
        return f"{quoted}不能填：{year}年度沒有列{label}，請留白。"
    return f"{quoted}不在清單裡，請填其中一個：{'、'.join(factors)}。"
