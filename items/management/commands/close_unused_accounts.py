"""manage.py close_unused_accounts: disable accounts in which nobody has signed in for long."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from items.management.ready import require_database
from items.models import Door
from items.workflow.accounts import deactivate
from items.worklists.account_review import AccountKind, account_rows, accounts_of
from plan_tracker import clock


class Command(BaseCommand):
    help = "停用久未登入的帳號（最後一個系統管理除外）；所寫的紀錄都保留。先用 --dry-run 看名單。"

    def add_arguments(self, parser: CommandParser) -> None:
        days = settings.ACCOUNT_UNUSED_DAYS
        parser.add_argument(
            "--days", type=int, default=days, help=f"幾天沒有登入算久未使用；不寫就是 {days} 天"
        )
        parser.add_argument("--dry-run", action="store_true", help="只列出名單，不停用")

    def handle(self, *, days: int, dry_run: bool, **options: Any) -> None:
        require_database()
        # 0 days would be every account in which nobody has signed in this very moment.
        if days < 1:
            raise CommandError("--days 請寫 1 以上的天數；沒有停用任何帳號。")
        at = clock.now()
        unused = accounts_of(AccountKind.UNUSED, at, days)
        rows = account_rows(unused, at)
        for row in rows:
            self.stdout.write(f"{row.user.username}　{row.user}　{row.role}　{row.quiet_words}")
        if dry_run:
            self.stdout.write(f"共 {len(rows):,} 個；這次沒有停用。")
            return
        users = [row.user for row in rows]
        # Without an author, since nobody is signed in at the server: each account stands as its own.
        closed = deactivate(users, by=None, at=at, door=Door.COMMAND)
        self.stdout.write(f"已停用 {len(closed):,} 個帳號。")
        if len(closed) < len(rows):
            self.stdout.write("最後一個系統管理沒有停用。")
