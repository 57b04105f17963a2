"""Excel workbooks: which parts belong together, and which sheets are to be read."""

from posixpath import dirname, join, normpath
from urllib.parse import unquote

from items.exchange.spreadsheets.limits import MAX_BOOK_ELEMENTS
from items.exchange.spreadsheets.refused import RefusalReason, Refused
from items.exchange.spreadsheets.workbook import (
    Bounds,
    SheetBuilder,
    Workbook,
    refuse_sheets_beyond,
    sheet_name,
)
from items.exchange.spreadsheets.xlsx_cells import SheetHandler, StringsHandler
from items.exchange.spreadsheets.xlsx_formats import StylesHandler
from items.exchange.spreadsheets.xml_stream import Handler, locals_of, parse

_ROOT = "xl/workbook.xml"
_RESAVE = "請用 Excel 開啟後另存新檔再上傳。"


def read_xlsx(container, name):
    """The visible sheets of an Excel file, transitional or strict."""
    root = _root(container)
    book = _parsed(container, root, BookHandler)
    parts = _relations(container, root)
    strings = _optional(container, parts, "sharedStrings", StringsHandler)
    shown, notes = _styles(container, parts)
    strings = strings.strings if strings else []
    visible = [sheet for sheet in book.sheets if sheet["state"] == "visible"]
    bounds = Bounds()
    sheets, seen = [], set()
    for sheet in visible:
        part = _sheet_part(container, parts, sheet, seen)
        if part:
            builder = SheetBuilder(sheet["name"], "xlsx", bounds)
            parse(container, SheetHandler(part, builder, strings, shown, book.is_1904))
            sheets.append(builder.sheet())
    hidden = tuple(sheet["name"] for sheet in book.sheets if sheet["state"] != "visible")
    return Workbook(name, "xlsx", tuple(sheets), hidden, notes)


class BookHandler(Handler):
    """workbook.xml: the sheets in order, and from when days are counted."""

    most = MAX_BOOK_ELEMENTS

    def __init__(self, part):
        super().__init__(part, {"workbookPr": self._properties, "sheet": self._sheet}, {})
        self.sheets = []
        self.is_1904 = False

    def _properties(self, attributes):
        self.is_1904 = locals_of(attributes).get("date1904") in ("1", "true", "on")

    def _sheet(self, attributes):
        found = locals_of(attributes)
        state = found.get("state", "visible")
        refuse_sheets_beyond(len(self.sheets) + 1)
        self.sheets.append(
            {"name": sheet_name(found.get("name", "")), "state": state, "id": found.get("id", "")}
        )


class RelationsHandler(Handler):
    """A .rels part: what each id points to."""

    most = MAX_BOOK_ELEMENTS

    def __init__(self, part):
        super().__init__(part, {"Relationship": self._relation}, {})
        self.relations = {}

    def _relation(self, attributes):
        found = locals_of(attributes)
        kind = found.get("Type", "").rpartition("/")[2]
        is_outside = found.get("TargetMode", "").lower() == "external"
        self.relations[found.get("Id", "")] = (kind, "" if is_outside else found.get("Target", ""))


def _parsed(container, part, handler_class):
    handler = handler_class(part)
    parse(container, handler)
    return handler


def _root(container):
    """The workbook part, as the package's relations name it; most writers use the usual name."""
    if "_rels/.rels" in container:
        for kind, target in _parsed(container, "_rels/.rels", RelationsHandler).relations.values():
            part = _resolve("", target)
            if kind == "officeDocument" and part in container:
                return part
    if _ROOT not in container:
        raise Refused(
            f"這個 .xlsx 檔缺少活頁簿內容（{_ROOT}），檔案可能已損壞，{_RESAVE}",
            RefusalReason.DAMAGED,
        )
    return _ROOT


def _relations(container, root):
    """The workbook's parts by id: (kind, full name of the part)."""
    folder, _, file = root.rpartition("/")
    part = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
    if part not in container:
        return {}
    found = _parsed(container, part, RelationsHandler).relations
    return {key: (kind, _resolve(dirname(root), target)) for key, (kind, target) in found.items()}


def _resolve(folder, target):
    """A target is relative to the folder of the part that names it, or absolute in the package."""
    target = unquote(target.replace("\\", "/"))
    return (
        normpath(target.lstrip("/") if target.startswith("/") else join(folder, target))
        if target
        else ""
    )


def _optional(container, parts, kind, handler_class):
    """A part named by the workbook, or by nobody but standing where such parts stand."""
    named = [part for found, part in parts.values() if found == kind]
    for part in (*named, f"xl/{kind}.xml"):
        if part in container:
            return _parsed(container, part, handler_class)
    return None


def _styles(container, parts):
    """What each cell style shows. Damaged styles stop nothing: without them a date is a number, and said to be one."""
    try:
        styles = _optional(container, parts, "styles", StylesHandler)
    except Refused as refused:
        if refused.reason is not RefusalReason.DAMAGED:
            raise
        return [], ("檔案的格式設定（styles）已損壞，日期格式無法辨識。",)
    return (styles.shown if styles else []), ()


def _sheet_part(container, parts, sheet, seen):
    """The part of a sheet, none for a chart; a part that is missing or stands for two sheets is refused."""
    kind, part = parts.get(sheet["id"], ("", ""))
    if kind in ("chartsheet", "dialogsheet"):
        return None
    if kind in ("xlMacrosheet", "xlIntlMacrosheet"):
        raise Refused(
            f"工作表「{sheet['name']}」是巨集表，請另存為不含巨集的 .xlsx 後再上傳。",
            RefusalReason.MACRO,
        )
    if kind != "worksheet" or part not in container:
        raise Refused(
            f"工作表「{sheet['name']}」的內容不在檔案裡，檔案可能已損壞，{_RESAVE}",
            RefusalReason.DAMAGED,
        )
    if part.lower() in seen:
        raise Refused(
            f"工作表「{sheet['name']}」與另一張工作表指向同一份內容，檔案可能已損壞，{_RESAVE}",
            RefusalReason.DAMAGED,
        )
    seen.add(part.lower())
    return part
