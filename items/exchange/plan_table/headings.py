"""Which row is the heading, and which of our columns stands where (gates 5 and 6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

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
from items.exchange.plan_table.merged_cells import SourceCell
from items.exchange.spreadsheets.limits import HEADING_WITHIN_ROWS
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.text import clean, key, shorten
from items.exchange.spreadsheets.workbook import (
    Cell,
    CellKind,
    MergedArea,
    Sheet,
    SheetRow,
    Workbook,
    column_letter,
)

# What offices have called these columns in the files that we know.
_SYNONYMS = {
    STRATEGY: ("策略", "推動策略", "執行策略"),
    METHOD: ("推動方式", "推動做法與方法"),
    PLAN: ("執行計劃", "計畫", "計畫名稱"),
    ACTION: (
        "具體推動做法", "具體作法", "具體做法", "推動作法", "推動做法", "具體推動措施",
        "具體措施",
    ),
    DEADLINE: (
        "辦理期限", "期限", "完成時限", "辦理時限", "預定完成期限", "預定完成日期", "完成日期",
        "完成時間",
    ),
    LEAD: (
        "承辦單位", "主辦機關", "主(協)辦單位", "主/協辦單位", "主協辦單位", "權責單位",
        "主政單位", "負責單位", "辦理單位", "執行單位", "主辦",
    ),
    BENEFIT: ("效益", "預期成果", "預期效果", "預期成效", "預期目標效益"),
    SUPPORT: ("協辦機關", "配合單位", "協辦"),
    CODE: ("代碼", "編號", "項次", "項目編號", "序號"),
}  # fmt: skip


def _headings_by_word() -> dict[str, str]:
    """By folded word, which of our headings it means."""
    by_word = {}
    for heading, synonyms in _SYNONYMS.items():
        for word in (heading, *synonyms):
            by_word[key(word)] = heading
    return by_word


FIELDS = _headings_by_word()
# These may as well head a running number, which is no code of ours.
RUNNING = frozenset(("項次", "編號", "序號"))
_REQUIRED = frozenset(OFFICIAL)
_ENOUGH = 4
# No heading is longer, and folding whole cells for each row is slow.
_COMPARED = 200
_COUNTED = 60
_SHEETS_NAMED = 10


class NoTable(Refused):
    """The file can be read, but no sheet that one sees holds our table.

    Perhaps it belongs to another page.
    """


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading row: where each of our columns stands, and what else stands beside them.

    `columns` maps our headings to column numbers, `keys` every headed column to its folded text.
    `duplicates` and `ignored` are words for the person who sent the file.
    """

    row: int
    columns: dict[str, int]
    keys: dict[int, str]
    duplicates: tuple[str, ...]
    ignored: tuple[str, ...]
    has_running_number: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """Our headings that the row does not have."""
        return tuple(heading for heading in OFFICIAL if heading not in self.columns)

    @property
    def is_complete(self) -> bool:
        """Whether a table can be read by it."""
        return not self.missing and not self.duplicates

    def is_repeated_by(self, cells: Mapping[str, SourceCell]) -> bool:
        """Whether a later row says the same over all of our columns, if by a synonym."""
        return all(self.is_said_by(cells[heading].text, heading) for heading in self.columns)

    def is_said_by(self, text: str, heading: str) -> bool:
        """Whether a later row's text says what stands over the column of one of our headings."""
        folded = key(text[:_COMPARED])
        if folded == self.keys[self.columns[heading]]:
            return True
        return FIELDS.get(folded) == heading and folded not in RUNNING


@dataclass(frozen=True, slots=True)
class HeadedSheet:
    """A sheet and the heading row that was found in it."""

    sheet: Sheet
    heading: Heading


def count_headings(texts: Iterable[str]) -> int:
    """How many of the required headings stand in a row."""
    headings = {_heading_of(text[:_COUNTED]) for text in texts}
    return len(_REQUIRED & headings)


# Asked for every cell of a table; most cells of a column say what the one above them says.
@lru_cache(maxsize=4096)
def _heading_of(text: str) -> str | None:
    return FIELDS.get(key(text))


def find_heading(sheet: Sheet) -> Heading | None:
    """The row within the first thirty that has most of our headings; None if none has four.

    A heading merged over two rows counts in both, so that the second line of a heading is taken.
    """
    best_row: int | None = None
    best_cells: dict[int, Cell] = {}
    most = 0
    for row in sheet.rows:
        if row.number > HEADING_WITHIN_ROWS:
            break
        cells = _with_cells_above(sheet, row)
        count = count_headings(cell.text for cell in cells.values())
        if count < _ENOUGH:
            continue
        is_second_line = (
            count == most
            and best_row is not None
            and _are_tied(sheet.merges, upper=best_row, lower=row.number)
        )
        if count > most or is_second_line:
            best_row, best_cells, most = row.number, cells, count
    if best_row is None:
        return None
    return _heading(best_row, best_cells)


def candidate_sheets(workbook: Workbook) -> list[Sheet]:
    """The visible sheets with a complete heading row; with several, the caller asks which.

    Raises `NoTable` if there is none, with the name of what was looked for.
    """
    headed_sheets = []
    for sheet in workbook.sheets:
        heading = find_heading(sheet)
        if heading:
            headed_sheets.append(HeadedSheet(sheet, heading))
    complete = [headed.sheet for headed in headed_sheets if headed.heading.is_complete]
    if complete:
        return complete
    if headed_sheets:
        first = headed_sheets[0]
        refuse_incomplete(first.sheet, first.heading)
    raise NoTable(_nothing_found(workbook))


def refuse_incomplete(sheet: Sheet, heading: Heading) -> None:
    """Name the headings that are missing or stand twice."""
    place = f"工作表「{sheet.name}」第 {heading.row} 列的表頭"
    if heading.missing:
        raise NoTable(f"{place}缺少欄位：{_quoted(heading.missing)}。請補上後再上傳。")
    if heading.duplicates:
        duplicates = "；".join(heading.duplicates)
        raise NoTable(f"{place}有重複的欄位：{duplicates}。請各保留一欄後再上傳。")


def _nothing_found(workbook: Workbook) -> str:
    where = "檔案中"
    if workbook.sheets:
        names = [sheet.name for sheet in workbook.sheets[:_SHEETS_NAMED]]
        where = f"在{_quoted(names)}的前 {HEADING_WITHIN_ROWS} 列"
    text = f"{where}找不到表頭。表頭應在同一列，包含：{_quoted(OFFICIAL)}。"
    if workbook.hidden_sheets:
        hidden = _quoted(workbook.hidden_sheets[:_SHEETS_NAMED])
        text += f"隱藏的工作表不會讀取：{hidden}，如要匯入請先取消隱藏。"
    return text + "請確認檔案後再上傳。"


def _are_tied(merges: Iterable[MergedArea], *, upper: int, lower: int) -> bool:
    """Whether merges tie two rows together.

    Then the lower one is the second line of a heading, and says more.
    """
    number_of_ties = 0
    for merge in merges:
        if merge.top == upper and merge.bottom >= lower:
            number_of_ties += 1
    return number_of_ties >= _ENOUGH


def _with_cells_above(sheet: Sheet, row: SheetRow) -> dict[int, Cell]:
    """The row's cells, with those that a merge from a row above reaches down into."""
    cells = dict(row.cells)
    reaching = [merge for merge in sheet.merges if merge.top < row.number <= merge.bottom]
    if not reaching:
        return cells
    rows_by_number = {other.number: other for other in sheet.rows[:HEADING_WITHIN_ROWS]}
    for merge in reaching:
        above = rows_by_number.get(merge.top)
        if above and merge.left in above.cells:
            cells[merge.left] = above.cells[merge.left]
    return cells


def _heading(row: int, cells: Mapping[int, Cell]) -> Heading:
    """What a heading row says, column by column from the left."""
    columns: dict[str, int] = {}
    keys: dict[int, str] = {}
    duplicates = []
    ignored = []
    has_running_number = False
    for column in sorted(cells):
        cell = cells[column]
        text, _ = clean(cell.text)
        folded = key(text[:_COMPARED])
        keys[column] = folded
        name = None
        # A number or an error is never a heading, also where it looks like one.
        if cell.kind is CellKind.TEXT:
            name = FIELDS.get(folded)
        is_running = folded in RUNNING
        # A running number beside a code of ours is one of the office's own columns.
        if is_running and name in columns:
            name = None
        if name is None:
            if text:
                ignored.append(f"{shorten(text)}（{column_letter(column)} 欄）")
            continue
        # Where 項次 and 項次編號 both stand, the second holds the codes.
        is_code_after_number = name == CODE and has_running_number
        if name in columns and not is_code_after_number:
            letters = f"{column_letter(columns[name])}、{column_letter(column)}"
            duplicates.append(f"「{name}」（{letters} 欄）")
            continue
        columns[name] = column
        if name == CODE:
            has_running_number = is_running
    return Heading(
        row=row,
        columns=columns,
        keys=keys,
        duplicates=tuple(duplicates),
        ignored=tuple(ignored),
        has_running_number=has_running_number,
    )


def _quoted(names: Iterable[str]) -> str:
    return "、".join(f"「{shorten(name)}」" for name in names)
