"""manage.py backup: database and stored files in one file, while the service runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from items.backup.making import forget_old, make_backup
from items.backup.refused import BackupRefused
from items.evidence.sizes import size_words
from plan_tracker import clock
from plan_tracker.security_log import SecurityEvent, note

FILES_ARE_LOST = 2
"""The exit status where the backup is made and whole, but the service itself has lost files."""


class Command(BaseCommand):
    help = "把資料庫與佐證資料備份成一個檔案，服務不必停止；加 --keep 只保留最近幾份。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="放備份檔的資料夾，必須已經存在")
        parser.add_argument(
            "--keep", type=int, default=0, help="備份成功後，只保留最近這麼多份（預設全部保留）"
        )

    def handle(self, *, folder: Path, keep: int, **options: Any) -> None:
        if keep < 0:
            raise CommandError("--keep 不能是負數；0 表示全部保留。")
        # The real clock: a demonstration's stands still, and its backups would have one name.
        at = timezone.now().astimezone(clock.TAIPEI)
        try:
            backup = make_backup(folder, at=at)
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        # A backup holds everything: that one was made is a matter for 資安日誌.
        note(SecurityEvent.EXPORT, "manage.py backup", words=str(backup.path))
        rows = sum(backup.manifest.rows.values())
        self.stdout.write(
            f"備份完成：{backup.path}（{size_words(backup.size)}，資料 {rows:,} 筆、"
            f"佐證資料檔案 {len(backup.manifest.evidence):,} 個），已讀回核對雜湊值。"
        )
        # Only after the new one was read back: a failed backup must not cost an old one.
        if keep:
            forgotten = forget_old(folder, keep=keep, at=at)
            self.stdout.write(f"保留最近 {keep} 份，已刪除較舊的 {forgotten} 份。")
        if backup.manifest.lost_evidence:
            raise CommandError(
                f"備份已經完成，但有 {len(backup.manifest.lost_evidence):,} 個佐證資料檔案在服務裡"
                "就已經遺失，備份裡也沒有；請執行 manage.py sweep_evidence --dry-run "
                "查看，並由較早的備份取回。",
                returncode=FILES_ARE_LOST,
            )
