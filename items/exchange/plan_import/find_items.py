"""Which item each row of a file means: by its code, else by its text; never by a guess."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

from items.exchange.columns import ACTION, CODE
from items.exchange.departments import folded
from items.exchange.plan_import.findings import Finding, error
from items.exchange.plan_import.path_tree import PathTree
from items.exchange.plan_import.plan_now import PlanNow
from items.exchange.plan_import.stored_rows import StoredAction
from items.exchange.plan_table.rows import PlanRow
from items.exchange.spreadsheets.text import shorten
from items.workflow.codes import running_number, year_of_code


class FoldedPath(NamedTuple):
    """Where an item stands: the strategy's number, and the texts of method and plan folded."""

    strategy: int
    method: str
    plan: str


class FoldedText(NamedTuple):
    """Path and text of an item, without what does not tell two texts apart."""

    path: FoldedPath
    action: str


@dataclass(frozen=True, slots=True)
class Matches:
    """`items` are known items by the number of the row; the other rows are new or have failed."""

    items: dict[int, StoredAction]
    findings: list[Finding]


def match(
    rows: Sequence[PlanRow],
    tree: PathTree,
    failed: AbstractSet[int],
    plan_now: PlanNow,
    year: int,
) -> Matches:
    """Find the item of each row; a row without a code that is in `failed` is not looked for."""
    texts = _texts_of_rows(rows, tree)
    with_code = [row for row in rows if row.code]
    without_code = [row for row in rows if not row.code]

    # What a code says goes before what a text says: a code stays when the text is rewritten.
    by_code = _match_codes(with_code, plan_now, year)
    twins = _find_twins(without_code, with_code, texts)

    failed = failed | {finding.row.number for finding in twins}
    unmatched = [row for row in without_code if row.number not in failed]
    free = _without(plan_now.actions.values(), by_code.items)
    by_path = _match_paths(unmatched, texts, free, plan_now=plan_now)

    # A row that could be several items has its error; its text alone would only be a guess.
    ambiguous = {finding.row.number for finding in by_path.findings}
    settled = ambiguous | by_path.items.keys()
    unmatched = [row for row in unmatched if row.number not in settled]
    free = _without(free, by_path.items)
    by_text = _match_texts(unmatched, texts, free)
    return Matches(
        items=by_code.items | by_path.items | by_text,
        findings=by_code.findings + twins + by_path.findings,
    )


def _texts_of_rows(rows: Iterable[PlanRow], tree: PathTree) -> dict[int, FoldedText]:
    """By the number of the row; the rows of one plan share their path."""
    paths = {}
    for plan in tree.plans:
        method = plan.parent
        assert method is not None
        # The strategy's number is that of the tree: the row itself may have only its title.
        strategy = method.parent
        assert strategy is not None
        paths[plan] = FoldedPath(strategy.number, folded(method.title), folded(plan.title))
    texts = {}
    for row in rows:
        path = paths[tree.plan_of[row.number]]
        texts[row.number] = FoldedText(path, folded(row.action))
    return texts


def _paths_of_plans(plan_now: PlanNow) -> dict[int, FoldedPath]:
    """By the key of the stored plan."""
    paths = {}
    for plan in plan_now.plans.values():
        method = plan_now.methods[plan.method_id]
        strategy = plan_now.strategies[method.strategy_id]
        paths[plan.pk] = FoldedPath(strategy.number, folded(method.title), folded(plan.title))
    return paths


def _without(
    actions: Iterable[StoredAction], matched: Mapping[int, StoredAction]
) -> list[StoredAction]:
    """The actions that no row has been matched with."""
    taken = {action.pk for action in matched.values()}
    return [action for action in actions if action.pk not in taken]


def _match_codes(rows: Sequence[PlanRow], plan_now: PlanNow, year: int) -> Matches:
    # A file that did not come from here has no codes: then nothing is gathered of 10,000 items.
    if not rows:
        return Matches({}, [])
    by_code = {action.code: action for action in plan_now.actions.values()}
    # For a code that is written otherwise than ours: 115-001 for 115-01.
    by_number = {running_number(code): code for code in by_code}
    items = {}
    findings = []
    first_row: dict[str, PlanRow] = {}
    for row in rows:
        # Full-width figures are common where somebody typed with a Chinese keyboard.
        code = folded(row.code)
        if code in first_row:
            words = (
                f"項次編號 {code} 在第 {first_row[code].number} 列已經出現過，"
                "一個編號只能有一列，請改正其中一個。"
            )
            findings.append(error(row, CODE, words))
            continue
        first_row[code] = row
        if code in by_code:
            items[row.number] = by_code[code]
        else:
            findings.append(error(row, CODE, _unknown(code, year, by_number)))
    return Matches(items, findings)


def _unknown(code: str, year: int, by_number: Mapping[int, str]) -> str:
    """Why no item has this code; `by_number` has the codes of the plan by their running number."""
    year_of_row = year_of_code(code)
    if year_of_row is None:
        return (
            f"「{shorten(code)}」不是項次編號，編號的形式如「{year}-01」"
            "（若被試算表改成了日期，請把儲存格設為文字再填一次）；新項目請把這一格留白。"
        )
    if year_of_row != year:
        # Without the code, here and below: a table of last year has it in each of its rows, and
        # equal messages are shown as one.
        return f"項次編號是 {year_of_row} 年度的編號，不能匯入 {year} 年度的計畫；新項目請把這一格留白。"
    # 115-001 is 115-01 in the form, too, which gives no second item this number.
    known = by_number.get(running_number(code))
    if known is not None:
        return f"項次編號 {code} 與計畫裡的 {known} 是同一個流水號，請照計畫寫成 {known}。"
    return f"項次編號不在 {year} 年度的計畫裡；新項目請把這一格留白，系統會自動編號。"


def _find_twins(
    without_code: Iterable[PlanRow],
    with_code: Iterable[PlanRow],
    texts: Mapping[int, FoldedText],
) -> list[Finding]:
    """Two rows with one text could not be told apart at the next import."""
    coded = {texts[row.number]: row for row in with_code}
    first_row: dict[FoldedText, PlanRow] = {}
    findings = []
    for row in without_code:
        text = texts[row.number]
        twin = first_row.get(text)
        if twin is None:
            first_row[text] = row
            twin = coded.get(text)
        if twin is not None:
            findings.append(error(row, ACTION, _twins(row, twin)))
    return findings


def _twins(row: PlanRow, twin: PlanRow) -> str:
    if row.departments == twin.departments:
        return f"與第 {twin.number} 列完全相同（同一執行計畫、同一作法），請刪除其中一列。"
    return (
        f"與第 {twin.number} 列是同一執行計畫的同一作法。若是分給不同的單位，請把單位寫在同一格，"
        "或合併各列的「具體推動作法」；否則請刪除其中一列。"
    )


def _match_paths(
    rows: Iterable[PlanRow],
    texts: Mapping[int, FoldedText],
    free: Iterable[StoredAction],
    plan_now: PlanNow,
) -> Matches:
    """An item with the same path and text; where there are several, only a code can say which."""
    paths = _paths_of_plans(plan_now)
    by_text = defaultdict(list)
    for action in free:
        text = FoldedText(paths[action.plan_id], folded(action.title))
        by_text[text].append(action)
    items = {}
    findings = []
    for row in rows:
        candidates = by_text.get(texts[row.number], [])
        if len(candidates) > 1:
            candidates = _still_standing(candidates)
        if len(candidates) > 1:
            codes = "、".join(action.code for action in candidates)
            words = (
                f"計畫裡有 {len(candidates):,} 項的文字都是這樣（{codes}），"
                f"請加上「{CODE}」欄說明是哪一項。"
            )
            findings.append(error(row, CODE, words))
        elif candidates:
            items[row.number] = candidates[0]
    return Matches(items, findings)


def _still_standing(candidates: list[StoredAction]) -> list[StoredAction]:
    """Leave out items that have gone into others (併案, 分案), unless there are no others.

    The item that took over may have the same text: the file means the one that goes on.
    """
    going_on = [action for action in candidates if not action.has_gone_into_others]
    return going_on or candidates


def _match_texts(
    rows: Iterable[PlanRow],
    texts: Mapping[int, FoldedText],
    free: Iterable[StoredAction],
) -> dict[int, StoredAction]:
    """Items that were moved to another plan: file and plan have their text exactly once."""
    in_file = Counter(texts[row.number].action for row in rows)
    in_plan = defaultdict(list)
    for action in free:
        in_plan[folded(action.title)].append(action)
    items = {}
    for row in rows:
        text = texts[row.number].action
        candidates = _still_standing(in_plan.get(text, []))
        # Where a text stands twice in the file or in the plan, nothing says which one was moved.
        if len(candidates) == 1 and in_file[text] == 1:
            items[row.number] = candidates[0]
    return items
