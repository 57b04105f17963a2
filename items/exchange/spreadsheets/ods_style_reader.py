"""The styles of an .ods that change its meaning: those that hide a table, or cross words out."""

from collections.abc import Mapping

from items.exchange.spreadsheets.limits import MAX_ODS_STYLES
from items.exchange.spreadsheets.refused import RefusalReason, Refused

# Older and newer programs say it by another one of them.
_LINE_THROUGH = ("text-line-through-style", "text-line-through-type")


class StyleReader:
    """The styles in the order in which content.xml has them, before the first table."""

    def __init__(self) -> None:
        self.hidden: set[str] = set()
        self.struck: set[str] = set()
        self._name = ""
        self._count = 0

    def start(self, name: str, parent: str | None) -> None:
        """The style that the properties are about which come next."""
        self._name = name
        # A style begins as its parent; what it says itself comes later.
        if parent in self.struck:
            self.struck.add(name)
        self._count += 1
        if self._count > MAX_ODS_STYLES:
            raise Refused(
                f"檔案的格式超過 {MAX_ODS_STYLES:,} 種的上限，請清除格式後另存新檔再上傳。",
                RefusalReason.TOO_LARGE,
            )

    def set_table_properties(self, by_name: Mapping[str, str]) -> None:
        if by_name.get("display") == "false":
            self.hidden.add(self._name)

    def set_text_properties(self, by_name: Mapping[str, str]) -> None:
        lines = {by_name[name] for name in _LINE_THROUGH if name in by_name}
        if not lines:
            return
        if lines == {"none"}:
            # It takes back what its parent says.
            self.struck.discard(self._name)
        else:
            self.struck.add(self._name)
