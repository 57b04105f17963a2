"""manage.py forget_person USERNAME: 去識別化 of somebody who has left (docs/personal-data.md)."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from items.management.account_command import AccountCommand
from items.models import Door, User
from items.workflow import WorkflowError
from items.workflow.forgetting import forget, going, replaced_fields, require_possible
from plan_tracker import clock


class Command(AccountCommand):
    help = "把離職人員去識別化：移除姓名、帳號、電子郵件和登入資料，所寫的紀錄都保留。不能復原。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="只說會移除什麼，不改動資料")

    def handle_account(self, user: User, *, dry_run: bool = False, **options: Any) -> None:
        at = clock.now()
        # Before it is replaced: afterwards nobody knows who was meant.
        name = f"{user}（{user.username}）"
        try:
            if dry_run:
                require_possible(user, today=at.date())
                counts = going(user)
            else:
                counts = forget(user, at=at, door=Door.COMMAND)
        except WorkflowError as error:
            raise CommandError(str(error)) from None
        done = "已把"
        if dry_run:
            done = "會把"
        self.stdout.write(f"{done}{name}的{replaced_fields()}換成「離職人員 {user.pk}」。")
        for count in counts:
            self.stdout.write(f"  刪除{count.words} {count.number:,} 筆")
        self.stdout.write(
            "填報、核可、退回等紀錄保留，改以「離職人員」顯示；異動紀錄、結案時留存的內容、"
            "匯入的檔案和資安日誌照當時所寫保留，見 docs/personal-data.md。"
        )
        if dry_run:
            self.stdout.write("這是試跑，沒有改動任何資料。")
