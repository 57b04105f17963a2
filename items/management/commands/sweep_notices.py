"""manage.py sweep_notices: delete notices of long ago; what they are about stays."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from items.management.ready import require_database
from items.workflow import notices
from plan_tracker import clock


class Command(BaseCommand):
    help = (
        f"刪除超過 {notices.DAYS_KEPT} 天的通知（項目與歷程的紀錄不受影響）；"
        "加 --dry-run 只計數，不刪除。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="只計數，不刪除")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        require_database()
        number = notices.sweep(at=clock.now(), dry_run=dry_run)
        done = "已刪除"
        if dry_run:
            done = "會刪除"
        self.stdout.write(f"超過 {notices.DAYS_KEPT} 天的通知：{done} {number:,} 則。")
