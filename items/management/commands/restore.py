"""manage.py restore: put a backup back into an empty service, all of it or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from items.backup import restoring
from items.backup.archive import Archive
from items.backup.refused import BackupRefused
from plan_tracker.security_log import SecurityEvent, note


class Command(BaseCommand):
    help = "把 manage.py backup 的備份還原到空的資料庫；加 --check 只核對備份檔，不還原。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="備份檔")
        parser.add_argument("--check", action="store_true", help="只核對，不還原")

    def handle(self, *, file: Path, check: bool, **options: Any) -> None:
        try:
            with Archive(file) as archive:
                self._take(archive, file, check_only=check)
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None

    def _take(self, archive: Archive, file: Path, *, check_only: bool) -> None:
        words = restoring.made_words(archive.manifest)
        if check_only:
            restoring.check(archive)
            self.stdout.write(f"{words}完好，可以還原。")
            return
        # It refuses a database in which anything is: nothing is overwritten by a wrong command.
        restored = restoring.restore(archive)
        note(SecurityEvent.IMPORT, "manage.py restore", words=f"{file}（{words}）")
        self.stdout.write(
            f"已還原 {words}：資料 {restored.rows:,} 筆、佐證資料檔案 {restored.evidence:,} 個。"
            "所有人都要重新登入。"
        )
        if restored.was_upgraded:
            self.stdout.write("備份比程式舊，資料表已更新到目前的版本。")
        if archive.manifest.lost_evidence:
            lost = len(archive.manifest.lost_evidence)
            self.stdout.write(f"有 {lost:,} 個佐證資料檔案在備份時就已經遺失。")
