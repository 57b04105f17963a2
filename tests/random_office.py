"""A year by lot with every verb: heads and plan office, periods, the 填報表, an import, a release."""

import io
from contextlib import suppress
from datetime import date

import openpyxl

from items import access
from items.exchange.offline.confirm import take
from items.exchange.offline.kept_lines import lines_of_new_file
from items.exchange.offline.returned import compare
from items.exchange.offline.workbook import workbook
from items.exchange.plan_export.official import official_table
from items.exchange.plan_import.confirm import Source, confirm
from items.exchange.plan_import.source import table_of
from items.exchange.spreadsheets.refused import Refused
from items.exchange.spreadsheets.write import write
from items.models import Action, Assignment, ControlStatus, Period, ProgressReport, ReportState
from items.models.actions import GONE_INTO_OTHERS
from items.workflow import WorkflowError, periods, report_writing, reporting
from tests.items.succession import merge_or_split_by_lot
from tests.making import TODAY
from tests.plain_count import PlainYear
from tests.random_year import RandomYear

DEADLINES = ("115年6月30日", "115年10月", "115年11月30日", "115年12月", "每季")
FIRST_ROW = 4
"""Of the 填報表, below title, help and headings."""


class RandomOffice(RandomYear):
    """Draws steps by whoever may take them; `done` counts those that were taken, by their verb.

    `kept` is what a plain count said of each period when it was last closed.
    """

    def __init__(self, seed, programme, people, *, takes_over=False):
        """With `takes_over`, items are merged and split as well."""
        super().__init__(seed, people["reporter"], people["coordinator"])
        self.takes_over = takes_over
        self.programme = programme
        self.head = people["head"]
        self.done = {}
        self.kept = {}

    def step(self):
        super().step()
        verbs = [self.write_draft, self.write_draft, self.endorse, self.endorse, self.endorse]
        verbs += [self.fill_in_workbook, self.import_again, self.release]
        if self.takes_over:
            verbs.append(self.merge_or_split)
        verb = self.random.choice(verbs)
        with suppress(WorkflowError, Refused):
            verb()
            self.done[verb.__name__] = self.done.get(verb.__name__, 0) + 1

    def any_period(self):
        return self.random.choice(list(self.programme.periods.select_related("programme")))

    def close(self):
        period = self.any_period()
        periods.close_period(period, by=self.coordinator, at=self.at)
        year = PlainYear(self.programme)
        self.kept[period.pk] = year.filed_in(period)

    def reopen(self):
        period = self.any_period()
        periods.reopen_period(period, because="更正件數", by=self.coordinator, at=self.at)

    def write_draft(self):
        assignment = self.random.choice(list(Assignment.objects.with_path().order_by("pk")))
        period = self.any_period()
        report = ProgressReport.objects.filter(assignment=assignment, period=period).first()
        content = {"text": "寫到一半", "percent": self.random.choice([None, 30, 100])}
        content |= {"work_status": "", "delay_reason": "", "remedy": ""}
        version = report.version if report else 0
        report_writing.write(
            assignment, period, content, version=version, by=self.reporter, at=self.at
        )

    def endorse(self):
        waiting = ProgressReport.objects.filter(state=ReportState.WITH_HEAD).order_by("pk")
        report = self.random.choice([*waiting.with_path(), None])
        if report is None:
            raise WorkflowError("沒有待核可的。")
        reporting.endorse(report, by=self.head, at=self.at)

    def merge_or_split(self):
        merge_or_split_by_lot(self.random, self.reporter, self.coordinator, self.at)

    def release(self):
        going_on = Action.objects.exclude(control_status__in=GONE_INTO_OTHERS)
        action = self.random.choice(list(going_on.order_by("pk")))
        action.control_status = self.random.choice(
            [ControlStatus.RELEASED, *[ControlStatus.UNDER_CONTROL] * 3]
        )
        action.save()

    def fill_in_workbook(self):
        """A department's 填報表: downloaded, one open row filled in, and sent back."""
        period = self.random.choice([one for one in Period.objects.all() if one.is_open] or [None])
        if period is None:
            raise WorkflowError("沒有開放的填報期。")
        mine = access.visible_assignments(self.reporter).filter(access.can_report(self.reporter))
        department = self.reporter.memberships.get().department
        file = workbook(mine, department, period, today=TODAY)
        book = openpyxl.load_workbook(io.BytesIO(file.content))
        sheet = book["填報表"]
        columns = {cell.value: cell.column for cell in sheet[FIRST_ROW - 1]}
        row = self.random.randrange(FIRST_ROW, sheet.max_row + 1)
        cells = {"辦理情形": "離線寫的", "實際進度（%）": 65, "辦理狀態": "辦理中"}
        cells |= {"落後原因": "缺料", "因應對策": "改採替代品"}
        for heading, value in cells.items():
            sheet.cell(row, columns[heading]).value = value
        stream = io.BytesIO()
        book.save(stream)
        lines = lines_of_new_file(stream.getvalue(), file.name, by=self.reporter)
        sheet_read = compare(lines, mine, period=period, today=TODAY)
        submit = self.random.random() < 0.6
        taken = take(sheet_read, period, by=self.reporter, at=self.at, today=TODAY, submit=submit)
        if not taken:
            raise WorkflowError("沒有要寫入的。")

    def import_again(self):
        """The official table as it went out, with another deadline and another department."""
        content = write(official_table(self.programme), "xlsx")
        book = openpyxl.load_workbook(io.BytesIO(content))
        sheet = book.worksheets[0]
        heading_row = next(row for row in sheet.iter_rows() if row[0].value == "項次編號")
        columns = {cell.value: cell.column for cell in heading_row}
        first = heading_row[0].row + 1
        row = self.random.randrange(first, sheet.max_row + 1)
        cell = sheet.cell(row, columns["完成期限"])
        if not isinstance(cell, openpyxl.cell.cell.Cell) or "\n" in str(cell.value):
            raise WorkflowError("合併的儲存格。")
        cell.value = self.random.choice(DEADLINES)
        stream = io.BytesIO()
        book.save(stream)
        content = stream.getvalue()
        table = table_of(content, "計畫.xlsx", self.programme).table
        source = Source("計畫.xlsx", content)
        batch = confirm(table, self.programme, source, by=self.coordinator, at=self.at)
        if batch is None:
            raise WorkflowError("沒有變動。")


def hand_out(dice, action):
    """Kinds, days and deadlines by lot for the assignments of a new item."""
    for assignment in action.assignments.all():
        assignment.kind = dice.choice(["lead", "lead", "lead", "support"])
        assignment.handed_out_on = dice.choice([None, None, date(2026, 8, 20), date(2026, 11, 20)])
        assignment.save()
