"""The official table as rows and as a file, for the tests of import and export."""

import csv
import io

from django.conf import settings

from items.exchange.plan_export.official import official_table
from items.exchange.plan_import.confirm import Source, compare, confirm
from items.exchange.plan_import.source import table_of
from items.exchange.spreadsheets.write import write
from tests.items.exchange.spreadsheets.files import rows_xml, worksheet, zip_of

ROOT = settings.BASE_DIR
TEXT = ROOT / "fixtures" / "115_plan.txt"
HEADINGS = ["實施策略", "推動方法", "執行計畫", "具體推動作法", "完成期限", "主辦單位", "預期效益"]


def rows_of(programme):
    """The official table as lists of cells, heading first; the first column is 項次編號."""
    table = official_table(programme)
    headings = [column.heading for column in table.columns]
    return [headings, *map(list, table.rows)]


def without_codes(rows):
    return [row[1:] for row in rows]


def as_csv(rows):
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


def row(title="設置民眾休憩區", **cells):
    """One line of a small table without codes."""
    given = {
        "實施策略": "1. 完備基礎服務項目，注重服務特性差異化",
        "推動方法": "建立標準作業流程",
        "執行計畫": "滾動檢討作業流程",
        "具體推動作法": title,
        "完成期限": "115年12月",
        "主辦單位": "行政處",
        "預期效益": "增進便利性。",
    }
    return [({**given, **cells})[heading] for heading in HEADINGS]


def read(rows, programme, name="計畫.csv"):
    """The table of `rows`: lists of cells, or the bytes of a file."""
    table, _ = table_of(_content(rows), name, programme)
    return table


def _content(rows):
    if isinstance(rows, bytes):
        return rows
    return as_csv(rows)


def look(rows, programme):
    return compare(read(rows, programme), programme)


def bring_in(rows, programme, by, at, **options):
    """Import `rows`; the batch."""
    content = _content(rows)
    table = read(content, programme)
    return confirm(table, programme, Source("計畫.csv", content), by=by, at=at, **options)


def exported(programme, format):
    return write(official_table(programme), format)


def two_sheets(names=("甲", "乙")):
    """An Excel file with a table in each of two sheets."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(names, 1)
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="{relations}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in (1, 2)
    )
    return zip_of(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" '
            f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>{sheets}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">{links}</Relationships>',
            "xl/worksheets/sheet1.xml": worksheet(rows_xml([HEADINGS, row("甲的作法")])),
            "xl/worksheets/sheet2.xml": worksheet(rows_xml([HEADINGS, row("乙的作法")])),
        }
    )


def statuses(preview):
    """{number of a row: what it would do to the plan}"""
    return {row.number: row.status.value for row in preview.rows}


def messages(preview):
    """(row, column, message) of each error."""
    return [(remark.row, remark.column, remark.message) for remark in preview.errors]
