"""manage.py export_plan YEAR FILE: the official table as xlsx, ods or csv, by the file's ending."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from items.exchange.plan_export.official import official_table
from items.exchange.spreadsheets.write import FORMATS, write
from items.management.ready import require_database
from items.models import Programme
from plan_tracker.security_log import SecurityEvent, note

NOT_EXPORTED = 2
"""The exit status of a refusal, the same as that of `import_plan`."""


class Command(BaseCommand):
    help = "匯出計畫表；格式看副檔名：.xlsx、.ods 或 .csv。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int, metavar="YEAR", help="民國年度，例如 115")
        parser.add_argument("file", metavar="FILE", help="要寫入的檔案")

    def handle(self, *args: Any, **options: Any) -> None:
        year = options["year"]
        file = options["file"]
        # Before the database is asked: a wrong ending is put right in a moment.
        format = format_of(file)
        require_database(returncode=NOT_EXPORTED)
        programme = Programme.objects.filter(year=year).first()
        if programme is None:
            raise CommandError(f"沒有 {year} 年度的計畫。", returncode=NOT_EXPORTED)
        table = official_table(programme)
        write_file(file, write(table, format))
        # What leaves the service is logged, by whatever door.
        note(SecurityEvent.EXPORT, f"manage.py export_plan {programme}", words=file)
        self.stdout.write(f"已匯出 {len(table.rows):,} 項到 {file}。")


def format_of(file: str) -> str:
    """The format that the ending of the file names."""
    format = Path(file).suffix.lower().removeprefix(".")
    if format not in FORMATS:
        endings = "、".join(f".{known}" for known in FORMATS)
        raise CommandError(f"檔名要以 {endings} 結尾。", returncode=NOT_EXPORTED)
    return format


def write_file(file: str, content: bytes) -> None:
    try:
        Path(file).write_bytes(content)
    except OSError as error:
        words = f"無法寫入「{file}」：{error.strerror}。"
        raise CommandError(words, returncode=NOT_EXPORTED) from None
