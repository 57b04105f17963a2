"""XML read as a stream, within limits.

It has no DOCTYPE, no entities and no endless markup, and nothing is fetched.
"""

from collections.abc import Callable, Mapping
from typing import IO, NoReturn, TypeVar
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from items.exchange.spreadsheets.limits import (
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_MARKUP_BYTES,
    MAX_MARKUP_NAMES,
)
from items.exchange.spreadsheets.refused import RefusalReason, Refused
from items.exchange.spreadsheets.zip_file import Container

_CHUNK = 128 * 1024
_SEPARATOR = " "
_NAMES_KEPT = 500
_RESAVE = "請用 Excel 或 LibreOffice 另存新檔再上傳。"

Attributes = Mapping[str, str]
StartAction = Callable[[Attributes], None]
EndAction = Callable[[], None]
_Action = TypeVar("_Action")


def local(name: str) -> str:
    """The name without its namespace: transitional, strict and bare files read alike."""
    return name[name.rfind(_SEPARATOR) + 1 :]


def locals_of(attributes: Attributes) -> dict[str, str]:
    """Attributes by their local names, for elements in which namespaces cannot clash."""
    return {local(name): value for name, value in attributes.items()}


class _Actions(dict[str, _Action | None]):
    """What to do at an element, by its full name as expat gives it.

    The local part of a name is looked up once: a sheet has a million elements and a dozen names.
    """

    def __init__(self, by_local_name: Mapping[str, _Action]) -> None:
        super().__init__()
        self._by_local_name = by_local_name

    def __missing__(self, name: str) -> _Action | None:
        action = self._by_local_name.get(local(name))
        # A hostile file invents names without end.
        if len(self) < _NAMES_KEPT:
            self[name] = action
        return action


class Handler:
    """Base of the readers: `starts` and `ends` say by local names what to do at an element.

    At most `most` elements are read of a part. Rows and texts may be many; what describes the book
    is kept, and so must be few.
    """

    most = MAX_ELEMENTS

    def __init__(
        self, part: str, starts: Mapping[str, StartAction], ends: Mapping[str, EndAction]
    ) -> None:
        self.part = part
        self.depth = 0
        self.elements = 0
        self._starts = _Actions(starts)
        self._ends = _Actions(ends)

    def opened(self, name: str, attributes: Attributes) -> None:
        """An element begins; expat calls this for each."""
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_DEPTH:
            raise Refused(
                f"檔案內的 {self.part} 標記超過 {MAX_DEPTH} 層的上限，{_RESAVE}",
                RefusalReason.TOO_LARGE,
            )
        action = self._starts[name]
        if action:
            action(attributes)

    def closed(self, name: str) -> None:
        """An element ends."""
        self.depth -= 1
        action = self._ends[name]
        if action:
            action()

    def text(self, data: str) -> None:
        """Some text inside an element, perhaps not all of it."""


def parse(container: Container, handler: Handler) -> None:
    """Feed the handler its part of the container; refuse anything but well-formed plain XML.

    The container counts the elements of all parts together.
    """
    parser = ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True
    parser.StartElementHandler = handler.opened
    parser.EndElementHandler = handler.closed
    parser.CharacterDataHandler = handler.text
    # Without a handler the prefixes would not be among the names that the parser remembers, which
    # are counted.
    parser.StartNamespaceDeclHandler = _pass_over
    # Entities are declared in a DOCTYPE: without one nothing can expand or be fetched.
    parser.StartDoctypeDeclHandler = _doctype_refuser(handler.part)
    try:
        with container.open(handler.part) as stream:
            _feed(parser, stream, handler, elements_before=container.elements)
    except (ExpatError, LookupError, ValueError, OverflowError) as error:
        raise Refused(
            f"檔案內的 {handler.part} 已損壞，無法讀取（{_where(error)}），"
            "請用 Excel 或 LibreOffice 開啟後另存新檔再上傳。",
            RefusalReason.DAMAGED,
        ) from error
    container.elements += handler.elements


def _feed(parser: XMLParserType, stream: IO[bytes], handler: Handler, elements_before: int) -> None:
    bytes_fed = 0
    while chunk := stream.read(_CHUNK):
        parser.Parse(chunk, False)
        bytes_fed += len(chunk)
        # Old expat reads an unfinished tag anew with every chunk: without this bound its time
        # grows with the square.
        if bytes_fed - parser.CurrentByteIndex > MAX_MARKUP_BYTES:
            raise Refused(
                f"檔案內的 {handler.part} 有超過 {MAX_MARKUP_BYTES:,} 位元組的標記，{_RESAVE}",
                RefusalReason.TOO_LARGE,
            )
        if len(parser.intern) > MAX_MARKUP_NAMES:
            raise Refused(
                f"檔案內的 {handler.part} 有超過 {MAX_MARKUP_NAMES:,} 種標記，{_RESAVE}",
                RefusalReason.TOO_LARGE,
            )
        if handler.elements > handler.most or elements_before + handler.elements > MAX_ELEMENTS:
            raise Refused(
                f"檔案內的標記到 {handler.part} 為止超過 {handler.most:,} 個的上限，"
                "請清除空白列、欄的格式後另存新檔再上傳。",
                RefusalReason.TOO_LARGE,
            )
    parser.Parse(b"", True)


def _pass_over(prefix: str | None, uri: str | None) -> None:
    """A prefix is declared: nothing to do."""


def _doctype_refuser(part: str) -> Callable[..., NoReturn]:
    def refuse(*_: object) -> NoReturn:
        raise Refused(
            f"檔案內的 {part} 含有 DOCTYPE 宣告，基於安全不予讀取，{_RESAVE}", RefusalReason.UNSAFE
        )

    return refuse


def _where(error: Exception) -> str:
    if isinstance(error, ExpatError):
        return f"第 {error.lineno} 行"
    return "內容不合規格"
