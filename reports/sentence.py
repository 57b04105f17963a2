"""The dashboard's answer in whole sentences, grammatical in every case.

Nothing may be late, nothing reported, nobody in the lead, or the year may not have begun.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from items.day_words import days_left
from items.lights import ATTENTION, Light
from items.models import Department, Period, Programme
from items.roc import format_roc, format_roc_near
from reports.changes import ChangesSincePeriod
from reports.counts import PlanCounts, mean_progress, number_by_light
from reports.plan_links import light_query

GOOD = (Light.OK, Light.DONE, Light.SOON, Light.NOT_YET)
BAD = (Light.BEHIND, Light.OVER, Light.UNREPORTED)
CHANGES_ANCHOR = "changes"
"""The id of the part of the page that lists what changed."""


@dataclass(frozen=True)
class SentencePart:
    """A piece of the sentence: `query` leads to the plan table, `anchor` down the page."""

    text: str
    query: str = ""
    anchor: str = ""


def status(programme: Programme, period: Period | None, today: date) -> str:
    """Where the year is: before it, between periods, or in one that is being reported."""
    if today < programme.starts_on:
        first_day = format_roc(programme.starts_on)
        return f"{programme.year}年度從 {first_day} 開始"
    if period is None:
        return "還沒有開放填報"
    if period.is_closed:
        return f"{period.name}填報已關閉"
    due = format_roc_near(period.due_on, today)
    left = days_left(period.due_on, today, past="逾填報期限")
    return f"{period.name}填報中（期限 {due}，{left}）"


def answer(
    programme: Programme,
    today: date,
    *,
    total: int,
    counts: PlanCounts,
    departments: list[Department],
    changes: ChangesSincePeriod | None,
) -> list[SentencePart]:
    """The whole answer, as parts: how many show which light, where, how far, and what changed.

    `total` is the number of controlled actions, those included that nobody leads yet.
    """
    if not total:
        return [SentencePart(f"{programme.year}年度沒有列管中的項目。")]
    if not counts.actions:
        return [SentencePart(f"{total:,} 項都還沒有主辦單位，沒有進度可以統計。")]
    # Before the first day everything is planned at 0%: the sentence would say that all is as planned.
    if today < programme.starts_on:
        start = format_roc(programme.starts_on)
        text = f"已核定 {total:,} 項，年度還沒有開始，進度從 {start} 起算。"
        return [SentencePart(text)]

    lights = number_by_light(counts.actions)
    parts = count_parts(lights)
    parts += department_parts(_late_by_department(counts), departments)
    parts += progress_parts(counts)
    parts += change_parts(changes)
    # An action without a lead has no light.
    waiting = total - lights.total()
    if waiting:
        parts.append(SentencePart(f"另有 {waiting:,} 項還沒有主辦單位。"))
    return parts


def count_parts(counts: Counter[Light]) -> list[SentencePart]:
    """「7 項中 2 項正常；1 項落後」: how many show which light.

    Ends the sentence only where nothing asks for attention: else the departments follow.
    """
    number = counts.total()
    good = _listed(counts, GOOD)
    bad = _listed(counts, BAD)
    if len(counts) == 1:
        [light] = counts
        words = f"{number:,} 項全部{light.label}"
        if light == Light.NOT_YET:
            words = f"{number:,} 項都還沒有填報"
        every = SentencePart(words, query=light_query(light))
        if bad:
            return [every]
        return [every, SentencePart("。")]

    parts = [SentencePart(f"{number:,} 項中 ")]
    parts += good
    if not bad:
        parts.append(SentencePart("，沒有落後、逾期或未填報。"))
        return parts
    # The semicolon separates what is well from what is not; with only one of them it would be wrong.
    if good:
        parts.append(SentencePart("；"))
    parts += bad
    return parts


def _listed(counts: Counter[Light], lights: tuple[Light, ...]) -> list[SentencePart]:
    """「22 項正常、3 項已完成」, each a link; empty where none of these lights is lit."""
    parts: list[SentencePart] = []
    for light in lights:
        number = counts[light]
        if not number:
            continue
        if parts:
            parts.append(SentencePart("、"))
        # Each figure leads to the list that it counts.
        query = light_query(light)
        parts.append(SentencePart(f"{number:,} 項{light.label}", query=query))
    return parts


def _late_by_department(counts: PlanCounts) -> Counter[int]:
    """{department: how many of its leads need attention}"""
    late: Counter[int] = Counter()
    for group in counts.assignments:
        if group.is_lead and group.light in ATTENTION:
            late[group.department] += group.number
    return late


def department_parts(late: Counter[int], departments: list[Department]) -> list[SentencePart]:
    """Which departments have most of what needs attention; ends the sentence that was begun.

    「，都在資訊室。」 where one department has all of it, 「，集中在資訊室與行政處。」 where one or two
    have at least two thirds of it, else 「，分散在 4 個單位，資訊室最多。」. Departments with equally
    much are named in the order of `departments`.
    """
    if not late:
        return []

    concerned = [department for department in departments if late[department.pk]]
    worst_first = sorted(concerned, key=lambda department: late[department.pk], reverse=True)
    names = [department.name for department in worst_first]
    counts = [late[department.pk] for department in worst_first]
    number = len(names)
    # In an office of two departments, "all of it in both of them" would say nothing.
    two_of_more = number == 2 and len(departments) > 2
    if number == 1 or two_of_more:
        all_names = "與".join(names)
        return [SentencePart(f"，都在{all_names}。")]
    for few in (1, 2):
        few_have = sum(counts[:few])
        # In whole numbers: no share is rounded into two thirds, or out of them.
        is_two_thirds = 3 * few_have >= 2 * late.total()
        if is_two_thirds and few < number:
            few_names = "與".join(names[:few])
            return [SentencePart(f"，集中在{few_names}。")]
    most = ""
    # Of two with equally much, neither is said to have most.
    if counts[0] > counts[1]:
        most = f"，{names[0]}最多"
    return [SentencePart(f"，分散在 {number} 個單位{most}。")]


def progress_parts(counts: PlanCounts) -> list[SentencePart]:
    """「平均進度 68%，比預定 80% 少 12 個百分點。」"""
    # Without any report 實際 is 0% by rule, which would read as if nobody had worked. Where all is
    # 尚無填報, the counts before have said so already.
    if all(group.light == Light.NOT_YET for group in counts.assignments):
        return []
    progress = mean_progress(counts.actions)
    has_report = any(group.has_report for group in counts.assignments)
    if not has_report or progress.actual is None or progress.planned is None:
        return [SentencePart("還沒有任何單位送出填報，沒有實際進度。")]
    gap = progress.actual - progress.planned
    if gap > 0:
        comparison = f"比預定 {progress.planned}% 多 {gap} 個百分點"
    elif gap < 0:
        comparison = f"比預定 {progress.planned}% 少 {-gap} 個百分點"
    else:
        comparison = "與預定相同"
    return [SentencePart(f"平均進度 {progress.actual}%，{comparison}。")]


def change_parts(changes: ChangesSincePeriod | None) -> list[SentencePart]:
    """「與第3季相比：新逾期 2 項、新落後 1 項；追上 3 項。」"""
    if changes is None:
        return []
    worse = []
    better = []
    for group in changes.groups:
        words = f"{group.name} {group.count:,} 項"
        if group.is_worse:
            worse.append(words)
        else:
            better.append(words)
    if not worse and not better:
        return [SentencePart(f"與{changes.period.name}相比沒有變化。")]
    halves = []
    for half in (worse, better):
        if half:
            halves.append("、".join(half))
    return [
        SentencePart(f"與{changes.period.name}相比："),
        # Down the page and not to the plan table: no filter there lists what has changed.
        SentencePart("；".join(halves), anchor=CHANGES_ANCHOR),
        SentencePart("。"),
    ]
