"""Whether a text after a page break is the rest of the cell above it, judged by its column.

Text copied from a document has the heading again on each page, and a cell that did not fit on the
page goes on in the first row after it. No program marks such a cell: what gives it away is that it
breaks off where the other cells of its column end as sentences do.
"""

from collections import Counter
from collections.abc import Mapping

from items.exchange.columns import BENEFIT, METHOD, PLAN, STRATEGY
from items.exchange.plan_table.ignored_rows import NUMBERED
from items.exchange.plan_table.merged_cells import SourceCell
from items.exchange.spreadsheets.text import key

_FINISHED = tuple("。！？；!?;」』）)】")


class ColumnsSoFar:
    """What the columns hold down to a row: the last cell of each, and how its cells end."""

    def __init__(self) -> None:
        self.last: dict[str, SourceCell] = {}
        self._written: Counter[str] = Counter()
        self._finished: Counter[str] = Counter()

    def add(self, cells: Mapping[str, SourceCell]) -> None:
        """Take in the cells of another row; one that only reaches down to it counts once."""
        for name, cell in cells.items():
            if cell.is_blank or self.last.get(name) is cell:
                continue
            self.last[name] = cell
            self._written[name] += 1
            if cell.text.endswith(_FINISHED):
                self._finished[name] += 1

    def begins_strategy(self, written: Mapping[str, SourceCell]) -> bool:
        """Whether a new number stands in the first column, as no rest of a cut cell has it."""
        above = self.last.get(STRATEGY)
        if above is None or STRATEGY not in written:
            return False
        is_numbered = NUMBERED.match(written[STRATEGY].text)
        return bool(is_numbered and NUMBERED.match(above.text))

    def is_rest(self, name: str, written: Mapping[str, SourceCell]) -> bool:
        """Whether the text under a heading goes on with the cell above; `written` is its row."""
        above = self.last.get(name)
        text = written[name].text
        if above is None or above.text.endswith(_FINISHED):
            return False
        if NUMBERED.match(text) or is_same_text(text, above.text):
            return False
        if name == STRATEGY:
            return self._is_rest_of_strategy(above, written)
        # The rest of a cell ends as the others do.
        if not text.endswith(_FINISHED) or not self._is_mostly_finished(name):
            return False
        # A new plan would bring its own benefit: beside one, the cell above has to look cut.
        return BENEFIT not in written or self.looks_cut(name)

    def _is_rest_of_strategy(self, above: SourceCell, written: Mapping[str, SourceCell]) -> bool:
        """A new strategy would bring its own number and method; this text brings no number."""
        # Where the strategies are written without numbers, nothing tells a new one from a rest.
        if not NUMBERED.match(above.text):
            return False
        return METHOD not in written or self.is_rest(METHOD, written)

    def looks_cut(self, name: str) -> bool:
        """Whether the cell written last breaks off, while its column's cells mostly end well."""
        above = self.last.get(name)
        if above is None or above.text.endswith(_FINISHED):
            return False
        # One cell alone shows no habit of its column.
        return self._written[name] > 1 and self._is_mostly_finished(name)

    def is_of_this_plan(self, benefit: SourceCell) -> bool:
        """Whether a benefit was written since the plan now in force began."""
        plan = self.last.get(PLAN)
        return plan is None or benefit.row >= plan.row

    def _is_mostly_finished(self, name: str) -> bool:
        """Whether the cells of a column before the last end as sentences do."""
        # Without the last one, which is the cell in question.
        return 2 * self._finished[name] >= self._written[name] - 1


def is_same_text(one: str, other: str) -> bool:
    """Whether two cells say the same, apart from width, case and spaces."""
    return one == other or key(one) == key(other)
