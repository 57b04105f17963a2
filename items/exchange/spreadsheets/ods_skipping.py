"""What an OpenDocument sheet has beside the text of its cells is passed over."""

from collections.abc import Mapping

from items.exchange.spreadsheets.limits import MAX_DEPTH
from items.exchange.spreadsheets.xml_stream import Attributes, EndAction, Handler, StartAction

# These may hold text that is not the cell's: notes, pictures and their frames, readings of
# characters, tracked changes, and outside of tables the lists of ranges and links.
_SKIPPED = frozenset(
    ["annotation", "shapes", "tracked-changes", "ruby-text", "frame", "g", "custom-shape", "rect",
     "line", "path", "polygon", "polyline", "ellipse", "circle", "caption", "connector", "control",
     "measure", "page-thumbnail", "scene", "sub-table", "dde-links", "forms", "event-listeners",
     "scripts"]
)  # fmt: skip


class SkippingHandler(Handler):
    """Passes over such elements with all that stands in them; `skip` begins it for any other."""

    def __init__(
        self, part: str, starts: Mapping[str, StartAction], ends: Mapping[str, EndAction]
    ) -> None:
        skipped = dict.fromkeys(_SKIPPED, self.skip)
        super().__init__(part, {**starts, **skipped}, ends)
        self.skipped_depth = 0

    def skip(self, attributes: Attributes) -> None:
        self.skipped_depth = 1

    def opened(self, name: str, attributes: Attributes) -> None:
        if not self.skipped_depth or self.depth >= MAX_DEPTH:
            # Beyond the depth that is allowed this refuses, also in what is passed over.
            super().opened(name, attributes)
            return
        self.depth += 1
        self.elements += 1
        self.skipped_depth += 1

    def closed(self, name: str) -> None:
        if not self.skipped_depth:
            super().closed(name)
            return
        self.depth -= 1
        self.skipped_depth -= 1
