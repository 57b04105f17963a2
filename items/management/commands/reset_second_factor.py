"""manage.py reset_second_factor USERNAME: for the day on which the only 系統管理 loses the phone."""

from typing import Any

from items.management.account_command import AccountCommand
from items.models import Door, User
from items.workflow.second_factor import FactorChange, remove
from plan_tracker import clock


class Command(AccountCommand):
    help = "重設一個帳號的雙重驗證：手機和備援碼都沒有了的時候用。"

    def handle_account(self, user: User, **options: Any) -> None:
        at = clock.now()
        was_removed = remove(user, FactorChange.RESET_AT_SERVER, by=user, at=at, door=Door.COMMAND)
        account = f"帳號「{user.username}」（{user}）"
        if was_removed:
            # Signed out everywhere: the phone may be in somebody else's hands.
            self.stdout.write(f"{account}的雙重驗證已重設，並已在各處登出。")
        else:
            self.stdout.write(f"{account}沒有設定雙重驗證，沒有變動。")
