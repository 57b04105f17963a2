"""Our columns and their names: which row is the heading, and what stands in which column (gates 5 and 6)."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from items.exchange.columns import (
    ACTION,
    BENEFIT,
    CODE,
    DEADLINE,
    LEAD,
    METHOD,
    OFFICIAL,
    PLAN,
    STRATEGY,
    SUPPORT,
)
from items.exchange.spreadsheets.limits import HEADING_WITHIN_ROWS
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.text import clean, key, shorten
from items.exchange.spreadsheets.workbook import CellKind, column_letter

_SYNONYMS = {
    STRATEGY: ("策略", "推動策略", "執行策略"),
    METHOD: ("推動方式", "推動做法與方法"),
    PLAN: ("執行計劃", "計畫", "計畫名稱"),
    ACTION: (
        "具體推動做法", "具體作法", "具體做法", "推動作法", "推動做法", "具體推動措施", "具體措施",
    ),
    DEADLINE: ("辦理期限", "期限", "完成時限", "辦理時限", "預定完成期限", "預定完成日期", "完成日期", "完成時間"),
    LEAD: (
        "承辦單位", "主辦機關", "主(協)辦單位", "主/協辦單位", "主協辦單位", "權責單位", "主政單位", "負責單位",
        "辦理單位", "執行單位", "主辦",
    ),
    BENEFIT: ("效益", "預期成果", "預期效果", "預期成效", "預期目標效益"),
    SUPPORT: ("協辦機關", "配合單位", "協辦"),
    CODE: ("代碼", "編號", "項次", "項目編號", "序號"),
}  # fmt: skip
FIELDS = {key(word): name for name, words in _SYNONYMS.items() for word in (name, *words)}
# These may as well head a running number, which is no code of ours.
RUNNING = frozenset(("項次", "編號", "序號"))
_REQUIRED = frozenset(OFFICIAL)
_ENOUGH = 4


class NoTable(Refused):
    """The file can be read, but no sheet that one sees holds our table: perhaps it belongs to another page."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading row: where each of our columns stands, and what else stands beside them.

    `columns` maps our names to column numbers, `keys` every headed column to its folded heading.
    """

    row: int
    columns: dict[str, int]
    keys: dict[int, str]
    duplicates: tuple[str, ...]
    ignored: tuple[str, ...]
    has_running_number: bool

    @property
    def missing(self):
        return tuple(name for name in OFFICIAL if name not in self.columns)

    @property
    def is_complete(self):
        return not self.missing and not self.duplicates

    def is_repeated_by(self, texts):
        """Whether a later row says the same over all of our columns, if by a synonym; `texts` maps our names to its text."""
        return all(self.is_said_by(texts[name].text, name) for name in self.columns)

    def is_said_by(self, text, name):
        said = key(text[:200])
        return said == self.keys[self.columns[name]] or (
            FIELDS.get(said) == name and said not in RUNNING
        )


def count_headings(texts):
    """How many of the required headings stand in a row."""
    return len(_REQUIRED.intersection(_field(text[:60]) for text in texts))


@lru_cache(maxsize=4096)
def _field(text):
    return FIELDS.get(key(text))


def find_heading(sheet):
    """The row within the first thirty that has most of our headings, at least four; none if there is no such row.

    A heading merged over two rows counts in both, so that a heading with a second line is found by that.
    """
    best, most = None, _ENOUGH - 1
    for row in takewhile(lambda row: row.number <= HEADING_WITHIN_ROWS, sheet.rows):
        cells = _with_cells_above(sheet, row)
        found = count_headings(cell.text for cell in cells.values())
        if found > most or (
            found == most and best and _reaches(sheet.merges, best.row, row.number)
        ):
            best, most = _heading(row.number, cells), found
    return best


def candidate_sheets(workbook):
    """The visible sheets with our heading row, complete ones first choice; Refused, naming what was looked for, if none.

    With several, the caller asks which.
    """
    found = [(sheet, heading) for sheet in workbook.sheets if (heading := find_heading(sheet))]
    complete = [sheet for sheet, heading in found if heading.is_complete]
    if complete:
        return complete
    if found:
        refuse_incomplete(*found[0])
    raise NoTable(_nothing_found(workbook))


def refuse_incomplete(sheet, heading):
    """Name the headings that are missing or stand twice."""
    place = f"工作表「{sheet.name}」第 {heading.row} 列的表頭"
    if heading.missing:
        raise NoTable(f"{place}缺少欄位：{_quoted(heading.missing)}。請補上後再上傳。")
    if heading.duplicates:
        raise NoTable(
            f"{place}有重複的欄位：{'；'.join(heading.duplicates)}。請各保留一欄後再上傳。"
        )


def _nothing_found(workbook):
    looked = (
        f"在{_quoted([sheet.name for sheet in workbook.sheets[:10]])}的前 {HEADING_WITHIN_ROWS} 列"
    )
    text = f"{looked if workbook.sheets else '檔案中'}找不到表頭。表頭應在同一列，包含：{_quoted(OFFICIAL)}。"
    if workbook.hidden_sheets:
        text += (
            f"隱藏的工作表不會讀取：{_quoted(workbook.hidden_sheets[:10])}，如要匯入請先取消隱藏。"
        )
    return text + "請確認檔案後再上傳。"


def _reaches(merges, top, row):
    """Whether merges tie two rows together: then the lower one is the second line of a heading, and says more."""
    return sum(merge.top == top and merge.bottom >= row for merge in merges) >= _ENOUGH


def _with_cells_above(sheet, row):
    """The row's cells, with those that a merge from a row above reaches down into."""
    cells = dict(row.cells)
    by_number = {}
    for merge in sheet.merges:
        if merge.top < row.number <= merge.bottom and merge.top <= HEADING_WITHIN_ROWS:
            by_number = by_number or {
                other.number: other for other in sheet.rows[:HEADING_WITHIN_ROWS]
            }
            above = by_number.get(merge.top)
            if above and merge.left in above.cells:
                cells[merge.left] = above.cells[merge.left]
    return cells


def _heading(number, cells):
    columns, keys, ignored, duplicates = {}, {}, [], []
    has_running_number = False
    for column in sorted(cells):
        text, _ = clean(cells[column].text)
        keys[column] = key(text[:200])
        name = FIELDS.get(keys[column]) if cells[column].kind is CellKind.TEXT else None
        is_running = keys[column] in RUNNING
        if name is None or (is_running and name in columns):
            if text:
                ignored.append(f"{shorten(text)}（{column_letter(column)} 欄）")
        elif name in columns and not (name == CODE and has_running_number):
            duplicates.append(
                f"「{name}」（{column_letter(columns[name])}、{column_letter(column)} 欄）"
            )
        else:
            columns[name] = column
            has_running_number = is_running if name == CODE else has_running_number
    return Heading(number, columns, keys, tuple(duplicates), tuple(ignored), has_running_number)


def _quoted(names):
    return "、".join(f"「{shorten(name)}」" for name in names)
