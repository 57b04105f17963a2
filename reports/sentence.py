"""The dashboard's answer in whole sentences, grammatical in every case: none behind, nothing reported, no plan."""

from collections import Counter
from dataclasses import dataclass

from django.utils.http import urlencode

from items.lights import ATTENTION, Light
from items.roc import format_roc, format_roc_month_day

GOOD = (Light.OK, Light.DONE, Light.SOON)
BAD = (Light.BEHIND, Light.OVER, Light.UNREPORTED)
CHANGES = "#changes"


@dataclass(frozen=True)
class Part:
    """A piece of a sentence; with `link` (query string of the plan table, or a place on the page) it is a link."""

    text: str
    link: str = ""

    @property
    def is_on_page(self):
        return self.link.startswith("#")


def status(programme, period, today):
    """Where the year is: before it, between periods, or in one that is being reported."""
    if today < programme.starts_on:
        return f"{programme.year}年度從 {format_roc(programme.starts_on)} 開始"
    if period is None:
        return "還沒有開放填報"
    if period.is_closed:
        return f"{period.name}填報已關閉"
    days = (period.due_on - today).days
    left = f"剩 {days} 天" if days > 0 else "今天截止" if days == 0 else f"逾填報期限 {-days} 天"
    return f"{period.name}填報中（期限 {format_roc_month_day(period.due_on)}，{left}）"


def sentence(programme, items, shares, progress, departments, changes, today):
    """The whole answer, as parts."""
    if not items:
        return [Part(f"{programme.year}年度沒有列管中的項目。")]
    led = [item for item in items if item.light]
    if not led:
        return [Part(f"{len(items)} 項都還沒有主辦單位，沒有進度可以統計。")]
    if today < programme.starts_on:
        return [
            Part(
                f"已核定 {len(items)} 項，年度還沒有開始，進度從 {format_roc(programme.starts_on)} 起算。"
            )
        ]
    waiting = len(items) - len(led)
    return [
        *counted(led),
        *concentrated(led, departments),
        *averaged(progress, shares),
        *compared(changes),
        *([Part(f"另有 {waiting} 項還沒有主辦單位。")] if waiting else []),
    ]


def listed(counts, lights):
    """「22 項正常、3 項已完成」, each a link; empty where there is none."""
    found = []
    for light in lights:
        if counts[light]:
            part = Part(f"{counts[light]} 項{light.label}", urlencode({"light": light}))
            found += [Part("、"), part] if found else [part]
    return found


def counted(items):
    """How many show which light; ends the sentence only where nothing asks for attention."""
    counts = Counter(item.light for item in items)
    good, bad = listed(counts, GOOD), listed(counts, BAD)
    if len(counts) == 1:
        light = items[0].light
        every = Part(f"{len(items)} 項全部{light.label}", urlencode({"light": light}))
        return [every] if bad else [every, Part("。")]
    head = Part(f"{len(items)} 項中 ")
    if not bad:
        return [head, *good, Part("，沒有落後、逾期或未填報。")]
    return [head, *good, Part("；"), *bad] if good else [head, *bad]


def concentrated(items, departments):
    """「，集中在資訊室與行政處。」: where two thirds of what needs attention lie with at most two departments."""
    troubled = Counter(
        share.department for item in items for share in item.shares if share.light in ATTENTION
    )
    if not troubled:
        return []
    names = {department.pk: department.name for department in departments}
    ranked = [(names[pk], count) for pk, count in troubled.most_common()]
    if len(ranked) == 1 or len(ranked) == 2 < len(departments):
        return [Part(f"，都在{'與'.join(name for name, _ in ranked)}。")]
    for few in (1, 2):
        if 3 * sum(count for _, count in ranked[:few]) >= 2 * troubled.total() and few < len(
            ranked
        ):
            return [Part(f"，集中在{'與'.join(name for name, _ in ranked[:few])}。")]
    most = f"，{ranked[0][0]}最多" if ranked[0][1] > ranked[1][1] else ""
    return [Part(f"，分散在 {len(ranked)} 個單位{most}。")]


def averaged(progress, shares):
    if not any(share.has_report for share in shares):
        return [Part("還沒有任何單位送出填報，沒有實際進度。")]
    gap = progress.actual - progress.planned
    than = (
        f"比預定 {progress.planned}% {'多' if gap > 0 else '少'} {abs(gap)} 個百分點"
        if gap
        else "與預定相同"
    )
    return [Part(f"平均進度 {progress.actual}%，{than}。")]


def compared(changes):
    """「與第3季相比：新逾期 2 項、新落後 1 項；追上 3 項。」"""
    if changes is None:
        return []
    worse = [f"{group.name} {group.count} 項" for group in changes.groups if group.is_worse]
    better = [f"{group.name} {group.count} 項" for group in changes.groups if not group.is_worse]
    if not worse and not better:
        return [Part(f"與{changes.period.name}相比沒有變化。")]
    moved = "；".join("、".join(found) for found in (worse, better) if found)
    return [Part(f"與{changes.period.name}相比："), Part(moved, CHANGES), Part("。")]
