"""manage.py load_demonstration: the 115 plan with invented people and progress.

It loads into an empty database only.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from items.demonstration import story
from items.demonstration.accounts import DemonstrationAccount, demonstration_accounts
from items.management.ready import require_database
from items.models import Assignment, ProgressReport, User

HEADINGS = ("身分", "帳號", "密碼", "姓名")
GAP = "  "
"""Between two columns: one space would run into the spaces that fill a cell up."""


class Command(BaseCommand):
    help = "載入 115 年度計畫與虛構的示範資料；只在示範模式、而且資料庫是空的時候載入。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="只列出示範帳號，不載入資料")

    def handle(self, *, accounts: bool, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("現在不是示範模式，示範資料不會載入；要試用請設定 DEMONSTRATION=1。")
        if accounts:
            self.stdout.write(account_table(demonstration_accounts()))
            return
        require_database()
        self.stdout.write(load())


def load() -> str:
    """Load where nothing is, and say what was done."""
    # Beside an office's own data, invented people would be taken for real ones.
    if not story.is_empty():
        return "資料庫裡已經有資料，保留不動，沒有載入示範資料。"
    story.load()
    assignments = Assignment.objects.count()
    reports = ProgressReport.objects.count()
    users = User.objects.count()
    return (
        f"已載入 115 年度計畫與示範資料（人物與進度都是虛構的）：分辦 {assignments:,} 件、"
        f"辦理情形 {reports:,} 份、帳號 {users:,} 個。"
    )


def account_table(accounts: list[DemonstrationAccount]) -> str:
    """One line for each account under a line of headings, in columns of even width."""
    rows = [HEADINGS]
    for account in accounts:
        row = (account.role, account.username, account.password, account.person)
        rows.append(row)
    columns = zip(*rows, strict=True)
    widths = [widest(column) for column in columns]
    # Spaces after the last column would only make lines wrap.
    widths[-1] = 0
    lines = [padded(row, widths) for row in rows]
    return "\n".join(lines)


def padded(cells: tuple[str, ...], widths: list[int]) -> str:
    """The cells of one line, with spaces up to the widths of their columns."""
    padded_cells = []
    for cell, width in zip(cells, widths, strict=True):
        # Not by `ljust`, which counts a Chinese character as one.
        spaces = " " * (width - terminal_width(cell))
        padded_cells.append(f"{cell}{spaces}")
    return GAP.join(padded_cells)


def widest(cells: tuple[str, ...]) -> int:
    """The columns of a terminal that the widest of the cells takes."""
    return max(terminal_width(cell) for cell in cells)


def terminal_width(text: str) -> int:
    """The columns of a terminal that a text takes; a Chinese character takes two."""
    columns = 0
    for character in text:
        columns += 1
        if not character.isascii():
            columns += 1
    return columns
