"""Whether a file speaks of another year than the one that it is to be imported into."""

import re
from collections import Counter

from items.exchange.plan_table.rows import PlanTable
from items.models import Programme
from items.roc import roc_year

_YEAR = re.compile(r"(?<!\d)(?P<year>1\d\d) *年")
_SHOWN = 40


def other_year_words(table: PlanTable, programme: Programme) -> str:
    """One sentence on all that speaks of another year; "" where nothing does.

    Last year's table is easily taken for this year's, and every cell of it may be right.
    """
    signs: list[str] = []
    if table.year and table.year != programme.year:
        signs.append(f"標題寫的是 {table.year} 年度（「{table.title[:_SHOWN]}」）")
    # A text file has one sheet, which is called as the file is.
    of_sheet = _YEAR.search(table.sheet)
    if of_sheet and int(of_sheet["year"]) != programme.year:
        signs.append(f"名稱是「{table.sheet[:_SHOWN]}」")
    deadlines = _deadlines_of_other_year(table, programme.year)
    if deadlines:
        signs.append(deadlines)
    if not signs:
        return ""
    return (
        f"這個檔案的{'，'.join(signs)}，是不是選錯年度？"
        f"現在要匯入的是 {programme.year} 年度，請確認。"
    )


def _deadlines_of_other_year(table: PlanTable, year: int) -> str:
    """How many rows are due in another year, where that are most of the rows with a day."""
    rows_of_year: Counter[int] = Counter()
    # Most of 10,000 rows share a few deadlines: the years of these are looked at once.
    rows_with = Counter(row.deadlines for row in table.rows)
    for deadlines, count in rows_with.items():
        # 持續辦理 means the programme's last day, and says nothing about the file's year.
        years = set()
        for deadline in deadlines:
            if not deadline.is_open_ended:
                years.add(roc_year(deadline.date))
        if len(years) == 1:
            rows_of_year[years.pop()] += count
    if not rows_of_year:
        return ""
    ((commonest, count),) = rows_of_year.most_common(1)
    if commonest == year or 2 * count <= rows_of_year.total():
        return ""
    return f" {count:,} 列的期限都在 {commonest} 年"
