"""What the passes of a comparison find wrong or odd in a row, and all of it as remarks."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from items.exchange.plan_import.preview import Remark
from items.exchange.plan_table.rows import Place, PlanRow, PlanTable, TableProblem


class Finding(NamedTuple):
    """Something that one pass has to say about a cell of a row.

    `place` is given where the cell does not stand on the first line of the row's action.
    """

    row: PlanRow
    heading: str
    message: str
    is_error: bool
    place: Place | None = None


def error(row: PlanRow, heading: str, message: str, place: Place | None = None) -> Finding:
    """A finding that keeps the whole file from being imported."""
    return Finding(row=row, heading=heading, message=message, is_error=True, place=place)


def warning(row: PlanRow, heading: str, message: str) -> Finding:
    """A finding that a person should look at; the row is imported all the same."""
    return Finding(row=row, heading=heading, message=message, is_error=False)


class Findings:
    """All errors and warnings so far, beginning with those of the reading.

    Only `compare` adds to it, after each pass. `cells_in_error` is {number of the row: headings}.
    """

    def __init__(self, table: PlanTable) -> None:
        self.sheet = table.sheet
        self.errors = [self._remark_of_reading(problem) for problem in table.problems]
        self.warnings = [self._remark_of_reading(problem) for problem in table.warnings]
        self.cells_in_error = _cells_in_error(table)

    @property
    def failed(self) -> frozenset[int]:
        """The numbers of the rows with an error."""
        return frozenset(self.cells_in_error)

    def add(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            if finding.is_error:
                self.errors.append(self._remark(finding))
                self.cells_in_error[finding.row.number].add(finding.heading)
            else:
                self.warnings.append(self._remark(finding))

    def sorted_errors(self) -> tuple[Remark, ...]:
        """By row; those of one row in the order of the passes."""
        # What is about the whole sheet has no row, and is read first.
        return tuple(sorted(self.errors, key=lambda remark: remark.row or 0))

    def _remark_of_reading(self, problem: TableProblem) -> Remark:
        return Remark(
            sheet=self.sheet,
            row=problem.row or None,
            column=problem.column or None,
            message=problem.message,
        )

    def _remark(self, finding: Finding) -> Remark:
        row = finding.row
        place = finding.place or row.places.get(finding.heading)
        if place is None:
            return Remark(self.sheet, row.number, finding.heading, message=finding.message)
        # A cell that is merged down from the rows above counts as an error of this row.
        number = row.number
        if place.row in row.numbers:
            number = place.row
        message = f"儲存格 {place.address}：{finding.message}"
        return Remark(self.sheet, number, finding.heading, message=message)


def _cells_in_error(table: PlanTable) -> dict[int, set[str]]:
    """{number of the row: headings} of the problems that the reading has found."""
    # A problem names a line of the sheet, and a row may stand on several lines.
    columns_by_line = defaultdict(list)
    for problem in table.problems:
        columns_by_line[problem.row].append(problem.column)
    cells: dict[int, set[str]] = defaultdict(set)
    for row in table.rows:
        for line in row.numbers:
            if line in columns_by_line:
                cells[row.number].update(columns_by_line[line])
    return cells


def problems_of_no_row(table: PlanTable) -> int:
    """How many lines have a problem that belongs to no row: they could not be taken for an item."""
    lines = {problem.row for problem in table.problems}
    for row in table.rows:
        lines.difference_update(row.numbers)
    # 0 stands for the whole sheet.
    lines.discard(0)
    return len(lines)
