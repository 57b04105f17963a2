"""Excel workbooks: which parts belong together, and which sheets are to be read."""

from posixpath import dirname, join, normpath
from typing import NamedTuple
from urllib.parse import unquote

from items.exchange.spreadsheets.cell_values import ShownAs
from items.exchange.spreadsheets.limits import MAX_BOOK_ELEMENTS
from items.exchange.spreadsheets.refused import RefusalReason, Refused
from items.exchange.spreadsheets.sheet_builder import (
    Bounds,
    SheetBuilder,
    refuse_sheets_beyond,
    sheet_name,
)
from items.exchange.spreadsheets.workbook import Cell, Sheet, Workbook
from items.exchange.spreadsheets.xlsx_cells import SheetHandler
from items.exchange.spreadsheets.xlsx_formats import StylesHandler
from items.exchange.spreadsheets.xlsx_strings import StringsHandler
from items.exchange.spreadsheets.xml_stream import Attributes, Handler, locals_of, parse
from items.exchange.spreadsheets.zip_file import Container

_ROOT = "xl/workbook.xml"
_RESAVE = "請用 Excel 開啟後另存新檔再上傳。"


class ListedSheet(NamedTuple):
    """A sheet as the book lists it; `id` is that of a relation."""

    name: str
    id: str
    is_visible: bool


class Relation(NamedTuple):
    """What an id points to; `target` is empty for what lies outside of the file."""

    kind: str
    target: str


class CellStyles(NamedTuple):
    """How each style shows a number, notes for the preview, and which styles cross words out."""

    styles: list[ShownAs]
    notes: tuple[str, ...] = ()
    struck: frozenset[str] = frozenset()


def read_xlsx(container: Container, name: str) -> Workbook:
    """The visible sheets of an Excel file, transitional or strict."""
    root = _root(container)
    book = BookHandler(root)
    parse(container, book)
    parts = _parts(container, root)
    strings = _strings(container, parts)
    cell_styles = _cell_styles(container, parts)

    bounds = Bounds()
    sheets: list[Sheet] = []
    parts_read: set[str] = set()
    for listed in book.sheets:
        # Named in the preview and not read: nobody would see what came in with it.
        if not listed.is_visible:
            continue
        part = _sheet_part(container, parts, listed)
        if part is None:
            continue
        # Otherwise a small file could name one large part two thousand times, and have it read as often.
        if part.lower() in parts_read:
            raise Refused(
                f"工作表「{listed.name}」與另一張工作表指向同一份內容，檔案可能已損壞，{_RESAVE}",
                RefusalReason.DAMAGED,
            )
        parts_read.add(part.lower())
        builder = SheetBuilder(listed.name, "xlsx", bounds)
        handler = SheetHandler(
            part,
            builder,
            strings,
            styles=cell_styles.styles,
            is_1904=book.is_1904,
            struck_styles=cell_styles.struck,
        )
        parse(container, handler)
        sheets.append(builder.sheet())

    hidden_sheets = [listed.name for listed in book.sheets if not listed.is_visible]
    return Workbook(
        name,
        "xlsx",
        tuple(sheets),
        hidden_sheets=tuple(hidden_sheets),
        notes=cell_styles.notes,
    )


class BookHandler(Handler):
    """workbook.xml: the sheets in order, and from when days are counted."""

    most = MAX_BOOK_ELEMENTS

    def __init__(self, part: str) -> None:
        super().__init__(
            part, starts={"workbookPr": self._set_properties, "sheet": self._add_sheet}, ends={}
        )
        self.sheets: list[ListedSheet] = []
        self.is_1904 = False

    def _set_properties(self, attributes: Attributes) -> None:
        # Excel on the Mac used to count from there: the same number is a day four years later.
        self.is_1904 = locals_of(attributes).get("date1904") in ("1", "true", "on")

    def _add_sheet(self, attributes: Attributes) -> None:
        by_name = locals_of(attributes)
        refuse_sheets_beyond(len(self.sheets) + 1)
        listed = ListedSheet(
            name=sheet_name(by_name.get("name", "")),
            id=by_name.get("id", ""),
            is_visible=by_name.get("state", "visible") == "visible",
        )
        self.sheets.append(listed)


class RelationsHandler(Handler):
    """A .rels part: what each id points to."""

    most = MAX_BOOK_ELEMENTS

    def __init__(self, part: str) -> None:
        super().__init__(part, starts={"Relationship": self._add_relation}, ends={})
        self.relations: dict[str, Relation] = {}

    def _add_relation(self, attributes: Attributes) -> None:
        by_name = locals_of(attributes)
        # Kinds are addresses, which differ between the transitional and the strict format.
        _, _, kind = by_name.get("Type", "").rpartition("/")
        target = by_name.get("Target", "")
        # The address of something outside of the file: there is no such part, and we fetch nothing.
        if by_name.get("TargetMode", "").lower() == "external":
            target = ""
        self.relations[by_name.get("Id", "")] = Relation(kind, target)


def _root(container: Container) -> str:
    """The workbook part, as the package's relations name it; most writers use the usual name."""
    if "_rels/.rels" in container:
        for relation in _relations(container, "_rels/.rels").values():
            part = _resolve("", relation.target)
            if relation.kind == "officeDocument" and part in container:
                return part
    if _ROOT not in container:
        raise Refused(
            f"這個 .xlsx 檔缺少活頁簿內容（{_ROOT}），檔案可能已損壞，{_RESAVE}",
            RefusalReason.DAMAGED,
        )
    return _ROOT


def _relations(container: Container, part: str) -> dict[str, Relation]:
    handler = RelationsHandler(part)
    parse(container, handler)
    return handler.relations


def _parts(container: Container, root: str) -> dict[str, Relation]:
    """The workbook's parts by id, with the full names of the parts as targets."""
    folder, _, file = root.rpartition("/")
    part = join(folder, "_rels", f"{file}.rels")
    if part not in container:
        return {}
    parts = {}
    for relation_id, relation in _relations(container, part).items():
        target = _resolve(dirname(root), relation.target)
        parts[relation_id] = Relation(relation.kind, target)
    return parts


def _resolve(folder: str, target: str) -> str:
    """The full name of a part; empty where the target is.

    A target is relative to the folder of the part that names it, or absolute in the package.
    """
    target = unquote(target.replace("\\", "/"))
    if not target:
        return ""
    if target.startswith("/"):
        return normpath(target.lstrip("/"))
    return normpath(join(folder, target))


def _optional_part(container: Container, parts: dict[str, Relation], kind: str) -> str | None:
    """The part that the workbook names as such, or one that stands where such parts stand."""
    for relation in parts.values():
        if relation.kind == kind and relation.target in container:
            return relation.target
    usual_part = f"xl/{kind}.xml"
    if usual_part in container:
        return usual_part
    return None


def _strings(container: Container, parts: dict[str, Relation]) -> list[Cell]:
    """The texts that cells refer to by number; many programs write none."""
    part = _optional_part(container, parts, "sharedStrings")
    if part is None:
        return []
    handler = StringsHandler(part)
    parse(container, handler)
    return handler.strings


def _cell_styles(container: Container, parts: dict[str, Relation]) -> CellStyles:
    """How each style shows a number.

    Damaged styles stop nothing: without them a date is a number, and a note says so.
    """
    part = _optional_part(container, parts, "styles")
    if part is None:
        return CellStyles([])
    handler = StylesHandler(part)
    try:
        parse(container, handler)
    except Refused as refused:
        if refused.reason is not RefusalReason.DAMAGED:
            raise
        return CellStyles([], ("檔案的格式設定（styles）已損壞，日期格式無法辨識。",))
    return CellStyles(handler.styles, struck=frozenset(handler.struck_styles))


def _sheet_part(
    container: Container, parts: dict[str, Relation], listed: ListedSheet
) -> str | None:
    """The part of a sheet, none for a chart; a part that is missing is refused."""
    relation = parts.get(listed.id, Relation("", ""))
    if relation.kind in ("chartsheet", "dialogsheet"):
        return None
    if relation.kind in ("xlMacrosheet", "xlIntlMacrosheet"):
        raise Refused(
            f"工作表「{listed.name}」是巨集表，請另存為不含巨集的 .xlsx 後再上傳。",
            RefusalReason.MACRO,
        )
    if relation.kind != "worksheet" or relation.target not in container:
        raise Refused(
            f"工作表「{listed.name}」的內容不在檔案裡，檔案可能已損壞，{_RESAVE}",
            RefusalReason.DAMAGED,
        )
    return relation.target
