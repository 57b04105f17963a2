"""Which item each row of a file speaks of: by its code, else by its text; never by a guess."""

import re
from collections import Counter, defaultdict

from items.exchange.columns import ACTION, CODE
from items.exchange.plan_import.path_tree import folded
from items.exchange.spreadsheets.text import shorten

_CODE = re.compile(r"(1\d\d)-\d+")


def match(lines, stored, year, say):
    """Set `line.action` of every line that is an item of the programme; the others are new or have failed."""
    taken = _by_code([line for line in lines if line.row.code], stored, year, say)
    rest = [line for line in lines if not line.row.code]
    _refuse_twins(rest, lines, say)
    rest = [line for line in rest if not line.failed]
    rest = _by_path(rest, stored, taken, say)
    _by_text(rest, stored, taken)


def _by_code(lines, stored, year, say):
    by_code = {action.code: action for action in stored.actions.values()}
    first = {}
    for line in lines:
        code = folded(line.row.code)
        if code in first:
            say.fail(
                line,
                CODE,
                f"項次編號 {code} 在第 {first[code].row.number} 列已經出現過，一個編號只能有一列，請改正其中一個。",
            )
            continue
        first[code] = line
        line.action = by_code.get(code)
        if line.action is None:
            say.fail(line, CODE, _unknown(code, year))
    return {line.action.pk for line in first.values() if line.action}


def _unknown(code, year):
    written = _CODE.fullmatch(code)
    if not written:
        return (
            f"「{shorten(code)}」不是項次編號，編號的形式如「{year}-01」（若被試算表改成了日期，請把儲存格設為文字再填一次）；"
            "新項目請把這一格留白。"
        )
    if written[1] != str(year):
        return f"項次編號 {code} 是 {written[1]} 年度的編號，不能匯入 {year} 年度的計畫；新項目請把這一格留白。"
    return f"項次編號 {code} 不在 {year} 年度的計畫裡；新項目請把這一格留白，系統會自動編號。"


def _refuse_twins(lines, everything, say):
    """Two rows with one text would be told apart by nothing at the next import."""
    first = {}
    coded = {line.text: line for line in everything if line.row.code}
    for line in lines:
        twin = first.setdefault(line.text, line)
        twin = coded.get(line.text) if twin is line else twin
        if twin:
            say.fail(line, ACTION, _twins(line.row, twin.row))


def _twins(row, twin):
    if row.departments == twin.departments:
        return f"與第 {twin.number} 列完全相同（同一執行計畫、同一作法），請刪除其中一列。"
    return (
        f"與第 {twin.number} 列是同一執行計畫的同一作法。若是分給不同的單位，請把單位寫在同一格，"
        "或合併各列的「具體推動作法」；否則請刪除其中一列。"
    )


def _by_path(lines, stored, taken, say):
    by_path = defaultdict(list)
    for action in stored.actions.values():
        if action.pk not in taken:
            strategy, method, plan = stored.path(action)
            by_path[
                strategy.order, folded(method.title), folded(plan.title), folded(action.title)
            ].append(action)
    rest = []
    for line in lines:
        found = by_path.get(line.text, ())
        if len(found) > 1:
            codes = "、".join(action.code for action in found)
            say.fail(
                line,
                CODE,
                f"計畫裡有 {len(found)} 項的文字都是這樣（{codes}），請加上「{CODE}」欄說明是哪一項。",
            )
        elif found:
            line.action = found[0]
            taken.add(found[0].pk)
        else:
            rest.append(line)
    return rest


def _by_text(lines, stored, taken):
    """An item that stands elsewhere in the file, its own text untouched and the only one of its kind on both sides."""
    free = [action for action in stored.actions.values() if action.pk not in taken]
    if not free or not lines:
        return
    texts = Counter(line.text[-1] for line in lines)
    by_text = defaultdict(list)
    for action in free:
        by_text[folded(action.title)].append(action)
    for line in lines:
        found = by_text.get(line.text[-1], ())
        if len(found) == 1 and texts[line.text[-1]] == 1:
            line.action = found[0]
            taken.add(found[0].pk)
