"""manage.py sweep_evidence: delete files of 佐證資料 that belong to nothing, and name lost ones."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from items.evidence.storage import StoreAway
from items.management.ready import require_database
from items.workflow import evidence_files
from plan_tracker import clock

SHOWN = 20
"""How many files are named before the rest is counted."""
YOUNGEST_HOURS = 24
"""A younger file may belong to a request that is still going on."""


class Command(BaseCommand):
    help = (
        "刪除不屬於任何佐證資料的檔案，以及送出前就移除、已超過時限的檔案，並列出遺失的檔案；"
        "加 --dry-run 只列出，加 --verify 另核對每個檔案的內容。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="只列出，不刪除")
        parser.add_argument(
            "--hours",
            type=int,
            default=YOUNGEST_HOURS,
            help=f"只處理早於這麼多小時的檔案（預設 {YOUNGEST_HOURS}）",
        )
        parser.add_argument("--verify", action="store_true", help="核對每個檔案的雜湊值")

    def handle(self, *, dry_run: bool, hours: int, verify: bool, **options: Any) -> None:
        require_database()
        if hours < 1:
            raise CommandError("--hours 至少是 1：更新的檔案可能正要附上。")
        try:
            self._sweep(dry_run=dry_run, hours=hours, verify=verify)
        except StoreAway as error:
            raise CommandError(f"存放佐證資料的地方連不上：{error}") from None

    def _sweep(self, *, dry_run: bool, hours: int, verify: bool) -> None:
        age = timedelta(hours=hours)
        done = "已刪除"
        if dry_run:
            done = "會刪除"
        removed_before = clock.now() - age
        number_forgotten = evidence_files.forget_removed(before=removed_before, dry_run=dry_run)
        self.stdout.write(f"送出前就移除的檔案：{done} {number_forgotten:,} 個。")
        # By the clock of the file system, which does not stand still in a demonstration.
        orphans = evidence_files.orphans(before=timezone.now() - age)
        for name in orphans[:SHOWN]:
            self.stdout.write(f"不屬於任何佐證資料：{name}")
        if not dry_run:
            evidence_files.sweep(orphans)
        self.stdout.write(f"不屬於任何佐證資料的檔案：{done} {len(orphans):,} 個。")
        # Last, since it ends the command with an error where something is lost.
        self._name_damaged(verify=verify)

    def _name_damaged(self, *, verify: bool) -> None:
        damaged = evidence_files.damaged_files(verify=verify)
        for one in damaged[:SHOWN]:
            what = "內容與附上時不同"
            if one.is_lost:
                what = "遺失"
            self.stdout.write(f"{what}：{one.place}「{one.name}」")
        if damaged:
            raise CommandError(f"{len(damaged):,} 個檔案遺失或內容有變；請由備份還原。")
