"""manage.py load_demonstration: the 115 plan with invented people and progress, into an empty database only."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from items.demonstration import story
from items.demonstration.accounts import demonstration_accounts
from items.models import Assignment, ProgressReport, User


class Command(BaseCommand):
    help = "載入 115 年度計畫與虛構的示範資料；只在示範模式、而且資料庫是空的時候載入。"

    def add_arguments(self, parser):
        parser.add_argument("--accounts", action="store_true", help="只列出示範帳號，不載入資料")

    def handle(self, *, accounts, **options):
        if not settings.DEMONSTRATION:
            raise CommandError("現在不是示範模式，示範資料不會載入；要試用請設定 DEMONSTRATION=1。")
        if not accounts:
            self.stdout.write(load())
        else:
            self.stdout.write(table(demonstration_accounts()))


def load():
    """Load where nothing is, and say what was done."""
    if not story.is_empty():
        return "資料庫裡已經有資料，保留不動，沒有載入示範資料。"
    story.load()
    return (
        f"已載入 115 年度計畫與示範資料（人物與進度都是虛構的）：分辦 {Assignment.objects.count()} 件、"
        f"辦理情形 {ProgressReport.objects.count()} 份、帳號 {User.objects.count()} 個。"
    )


def table(rows):
    """Lines of role, username, password and person; a Chinese character is two columns wide in a terminal."""
    lines = [("身分", "帳號", "密碼", "姓名"), *rows]
    widths = [max(width(line[column]) for line in lines) for column in range(3)]
    return "\n".join(
        "  ".join(
            cell + " " * (size - width(cell)) for cell, size in zip(line, widths, strict=False)
        )
        + "  "
        + line[3]
        for line in lines
    )


def width(text):
    return sum(1 if character.isascii() else 2 for character in text)
