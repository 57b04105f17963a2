"""manage.py unlink_single_sign_on USERNAME: the person behind the account is another one there."""

from typing import Any

from items.management.account_command import AccountCommand
from items.models import Door, User
from items.workflow.single_sign_on import unlink
from plan_tracker import clock


class Command(AccountCommand):
    help = "解除一個帳號和單一登入的連結；下一次符合的人登入時重新連結。"

    def handle_account(self, user: User, **options: Any) -> None:
        if unlink(user, by=user, at=clock.now(), door=Door.COMMAND):
            self.stdout.write(f"帳號「{user.username}」（{user}）已解除單一登入的連結。")
        else:
            self.stdout.write(f"帳號「{user.username}」（{user}）沒有連結，沒有變動。")
