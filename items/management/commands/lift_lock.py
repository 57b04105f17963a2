"""manage.py lift_lock USERNAME: let an account sign in again before its time.

For the day on which the only 系統管理 is locked out; everybody else is let in on 人員與移交.
"""

from typing import Any

from items.management.account_command import AccountCommand
from items.models import Door, User
from items.workflow.sign_in_locks import lift_lock
from plan_tracker import clock


class Command(AccountCommand):
    help = "解除一個帳號因為密碼錯太多次的登入鎖定。"

    def handle_account(self, user: User, **options: Any) -> None:
        if lift_lock(user, by=user, at=clock.now(), door=Door.COMMAND):
            self.stdout.write(f"帳號「{user.username}」（{user}）的登入鎖定已解除。")
        else:
            self.stdout.write(f"帳號「{user.username}」（{user}）沒有鎖定，沒有變動。")
