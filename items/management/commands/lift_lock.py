"""manage.py lift_lock USERNAME: let an account sign in again before its time.

For the day on which the only 系統管理 is locked out; everybody else is let in on 人員與移交.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from items.models import Door, User
from items.workflow.sign_in_locks import lift_lock
from plan_tracker import clock
from plan_tracker.ready_database import database_problem


class Command(BaseCommand):
    help = "解除一個帳號因為密碼錯太多次的登入鎖定。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME", help="帳號，例如 admin")

    def handle(self, *, username: str, **options: Any) -> None:
        problem = database_problem()
        if problem:
            raise CommandError(problem)
        user = User.objects.filter(username=User.normalize_username(username)).first()
        if user is None:
            raise CommandError(f"沒有「{username}」這個帳號，沒有改動任何資料。")
        # Whoever has a shell on the server is not signed in: nobody else could be named.
        if lift_lock(user, by=user, at=clock.now(), door=Door.COMMAND):
            self.stdout.write(f"帳號「{user.username}」（{user}）的登入鎖定已解除。")
        else:
            self.stdout.write(f"帳號「{user.username}」（{user}）沒有鎖定，沒有變動。")
