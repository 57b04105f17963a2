"""XML read as a stream, within bounds: no DOCTYPE, no entities, nothing fetched, no deep or endless markup."""

from xml.parsers.expat import ExpatError, ParserCreate

from items.exchange.spreadsheets.limits import (
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_MARKUP_BYTES,
    MAX_MARKUP_NAMES,
)
from items.exchange.spreadsheets.refused import RefusalReason, Refused

_CHUNK = 128 * 1024
_SEPARATOR = " "
_NAMES_KEPT = 500


def local(name):
    """The name without its namespace, whatever the prefix: transitional, strict and bare files read alike."""
    return name[name.rfind(_SEPARATOR) + 1 :]


def locals_of(attributes):
    """Attributes by their local names, for elements where namespaces cannot clash."""
    return {local(name): value for name, value in attributes.items()}


class _Actions(dict):
    """What to do at an element, by its full name as expat gives it; found once for each name by its local part."""

    def __init__(self, by_local_name):
        super().__init__()
        self._by_local_name = by_local_name

    def __missing__(self, name):
        action = self._by_local_name.get(local(name))
        if len(self) < _NAMES_KEPT:
            self[name] = action
        return action


class Handler:
    """Base of the readers: `starts` and `ends` map local names to functions, of the attributes and of nothing.

    `most` elements are read of a part: rows and texts may be many, what describes the book is kept and so must be few.
    """

    most = MAX_ELEMENTS

    def __init__(self, part, starts, ends):
        self.part = part
        self.depth = 0
        self.elements = 0
        self._starts = _Actions(starts)
        self._ends = _Actions(ends)

    def opened(self, name, attributes):
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_DEPTH:
            raise Refused(
                f"檔案內的 {self.part} 標記超過 {MAX_DEPTH} 層的上限，請用 Excel 或 LibreOffice 另存新檔再上傳。",
                RefusalReason.TOO_LARGE,
            )
        action = self._starts[name]
        if action:
            action(attributes)

    def closed(self, name):
        self.depth -= 1
        action = self._ends[name]
        if action:
            action()

    def text(self, data):
        """Some text inside an element."""


def parse(container, handler):
    """Feed the handler its part of the container; anything but well-formed plain XML is refused, naming the part.

    Elements are counted over all parts of a file.
    """
    parser = ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True
    parser.StartElementHandler = handler.opened
    parser.EndElementHandler = handler.closed
    parser.CharacterDataHandler = handler.text
    # Without a handler the prefixes would not be among the names that the parser remembers, which are counted.
    parser.StartNamespaceDeclHandler = _pass_over
    parser.StartDoctypeDeclHandler = _refuse_doctype(handler.part)
    try:
        with container.open(handler.part) as stream:
            _feed(parser, stream, handler, container.elements)
    except (ExpatError, LookupError, ValueError, OverflowError) as error:
        raise Refused(
            f"檔案內的 {handler.part} 已損壞，無法讀取（{_where(error)}），請用 Excel 或 LibreOffice 開啟後另存新檔再上傳。",
            RefusalReason.DAMAGED,
        ) from error
    container.elements += handler.elements


def _feed(parser, stream, handler, elements_before):
    fed = 0
    while chunk := stream.read(_CHUNK):
        parser.Parse(chunk, False)
        fed += len(chunk)
        # Old expat reads an unfinished tag anew with every chunk: without this bound its time grows with the square.
        if fed - parser.CurrentByteIndex > MAX_MARKUP_BYTES:
            raise Refused(
                f"檔案內的 {handler.part} 有超過 {MAX_MARKUP_BYTES:,} 位元組的標記，"
                "請用 Excel 或 LibreOffice 另存新檔再上傳。",
                RefusalReason.TOO_LARGE,
            )
        if len(parser.intern) > MAX_MARKUP_NAMES:
            raise Refused(
                f"檔案內的 {handler.part} 有超過 {MAX_MARKUP_NAMES:,} 種標記，請用 Excel 或 LibreOffice 另存新檔再上傳。",
                RefusalReason.TOO_LARGE,
            )
        if elements_before + handler.elements > MAX_ELEMENTS or handler.elements > handler.most:
            raise Refused(
                f"檔案內的標記到 {handler.part} 為止超過 {handler.most:,} 個的上限，請清除空白列、欄的格式後另存新檔再上傳。",
                RefusalReason.TOO_LARGE,
            )
    parser.Parse(b"", True)


def _pass_over(prefix, uri):
    """A prefix is declared."""


def _refuse_doctype(part):
    def refuse(*_):
        raise Refused(
            f"檔案內的 {part} 含有 DOCTYPE 宣告，基於安全不予讀取，請用 Excel 或 LibreOffice 另存新檔再上傳。",
            RefusalReason.UNSAFE,
        )

    return refuse


def _where(error):
    line = getattr(error, "lineno", None)
    return f"第 {line} 行" if line else "內容不合規格"
