"""manage.py reset_second_factor USERNAME: for the day on which the only 系統管理 loses the phone."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from items.models import Door, User
from items.workflow.second_factor import FactorChange, remove
from plan_tracker import clock
from plan_tracker.ready_database import database_problem


class Command(BaseCommand):
    help = "重設一個帳號的雙重驗證：手機和備援碼都沒有了的時候用。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME", help="帳號，例如 admin")

    def handle(self, *, username: str, **options: Any) -> None:
        problem = database_problem()
        if problem:
            raise CommandError(problem)
        user = User.objects.filter(username=User.normalize_username(username)).first()
        if user is None:
            raise CommandError(f"沒有「{username}」這個帳號，沒有改動任何資料。")
        what = FactorChange.RESET_AT_SERVER
        # Whoever has a shell on the server is not signed in: nobody else could be named.
        if remove(user, what, by=user, at=clock.now(), door=Door.COMMAND):
            self.stdout.write(
                f"帳號「{user.username}」（{user}）的雙重驗證已重設，並已在各處登出。"
            )
        else:
            self.stdout.write(f"帳號「{user.username}」（{user}）沒有設定雙重驗證，沒有變動。")
