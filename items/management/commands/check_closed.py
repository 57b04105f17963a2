"""manage.py check_closed: whether everything that was kept at closing is still as it was."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from items.management.ready import require_database
from items.models import KeptLine, PeriodClosing
from items.workflow import closing


class Command(BaseCommand):
    help = (
        "核對各填報期關閉時保存的內容是否與當時的指紋相符；"
        "加 --add-missing 則補建沒有保存的（照現在的計畫，並註明補建日期）。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--add-missing", action="store_true", help="補建沒有保存的")

    def handle(self, *, add_missing: bool, **options: Any) -> None:
        require_database()
        sentences = []
        without = closing.periods_without_state()
        if without and add_missing:
            # Closed before lines were kept (decision 0009): made up from the plan of now, and marked
            # so.
            closing.keep_missing(without, at=timezone.now())
            self.stdout.write(f"已補建 {len(without)} 個填報期關閉時的內容。")
            without = []
        for period in without:
            self.stdout.write(f"沒有保存關閉時的內容：{period}")
        if without:
            sentences.append(
                f"{len(without)} 個已關閉的填報期沒有保存內容；請加 --add-missing 補建。"
            )
        faults = list(closing.faults_of_closings())
        for fault in faults:
            self.stdout.write(fault.words)
        if faults:
            sentences.append(
                f"{len(faults):,} 處與關閉時保存的內容不符；請保留現在的資料庫，由備份查明原因。"
            )
        if sentences:
            raise CommandError("\n".join(sentences))
        states = PeriodClosing.objects.count()
        lines = KeptLine.objects.count()
        self.stdout.write(f"{states:,} 次關閉、{lines:,} 件內容都與關閉時相符。")
